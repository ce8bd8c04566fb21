"""What somebody without an actor's profile adds when they accept to be represented."""

from django import forms

from accounts.forms.fields import LineField, birth_date_field


class NewActorForm(forms.Form):
    stage_name = LineField(
        label="Stage name",
        max_length=120,
        help_text="How casting people know you.",
        error_messages={"required": "Type the name casting people know you by."},
    )
    birth_date = birth_date_field(required=True)
