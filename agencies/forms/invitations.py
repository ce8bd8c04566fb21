"""What somebody without an actor's profile adds when they accept to be represented."""

from django import forms

from accounts.forms.fields import LineField


class NewActorForm(forms.Form):
    stage_name = LineField(
        label="Stage name",
        max_length=120,
        help_text="How casting people know you.",
        error_messages={"required": "Type the name casting people know you by."},
    )
    adult = forms.BooleanField(
        label="I am at least 18 years old.",
        error_messages={"required": "Please confirm that you are at least 18. A guardian answers for a minor."},
    )
