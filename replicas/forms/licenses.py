"""Suspending or revoking a license, and asking whether one is real."""

from django import forms

from accounts.rules.references import read_reference


class LicenseMoveForm(forms.Form):
    """The reason for a move, and that its consequences were read."""

    reason = forms.CharField(
        label="Why",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Optional. The people who hold the license will read it.",
    )
    understood = forms.BooleanField(
        label="I have read what happens now",
        error_messages={"required": "Tick this box once you have read what happens now."},
    )


class VerifyForm(forms.Form):
    ref = forms.CharField(
        label="License number",
        max_length=40,
        help_text="It looks like L-7K3M9QXW2T and stands on the license and under its QR code.",
        error_messages={"required": "Type the license number."},
    )

    def clean_ref(self) -> str:
        return read_reference(self.cleaned_data["ref"])
