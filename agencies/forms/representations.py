"""Inviting an actor, and asking an agency."""

from django import forms

from accounts.forms.fields import LineField


def message_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Optional. Up to 600 characters.",
    )


class InviteActorForm(forms.Form):
    email = forms.EmailField(
        label="Their e-mail",
        max_length=254,
        help_text="An account they already have is linked; nothing is copied.",
        error_messages={
            "required": "Type the e-mail of the actor.",
            "invalid": "This is no e-mail address. Write it like name@example.com.",
        },
    )
    name = LineField(
        label="Their name",
        max_length=120,
        required=False,
        help_text="How they stand on your roster until they accept.",
    )
    message = message_field("A few words to them")


class AskAgencyForm(forms.Form):
    message = message_field("A few words to the agency")


class EndForm(forms.Form):
    understood = forms.BooleanField(
        label="I have read what happens now",
        error_messages={"required": "Tick this box once you have read what happens now."},
    )
