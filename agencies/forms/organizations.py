"""Founding a house."""

from typing import Any

from django import forms

from accounts.forms.fields import LineField
from agencies.rules.organizations import OrganizationKind


def _house_fields() -> dict[str, forms.Field]:
    """Where a house is found; the same words when it is founded and when it is corrected."""
    return {
        "place": LineField(label="City", max_length=80, required=False),
        "website": forms.URLField(
            label="Website",
            max_length=200,
            required=False,
            assume_scheme="https",
            widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),  # northlight.example will do
            error_messages={"invalid": "This is no web address. Write it like https://northlight.example."},
        ),
        "license_number": LineField(
            label="Agency license number",
            max_length=40,
            required=False,
            help_text="For agencies that have one, as in California. People you deal with see it.",
        ),
    }


class DescribeForm(forms.Form):
    """``agency`` tells whether there can be a license number."""

    def __init__(self, *args: Any, agency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_house_fields())
        if not agency:
            del self.fields["license_number"]

    def described(self) -> dict[str, str]:
        """Everything an owner may change, empty where it was left empty."""
        return {"license_number": "", **self.cleaned_data}


class FoundForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind of house is it?",
        choices=OrganizationKind.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of house it is."},
    )
    name = LineField(
        label="Its name",
        max_length=120,
        help_text="As actors and agents know it.",
        error_messages={"required": "Give the house a name."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_house_fields())

    def clean_kind(self) -> OrganizationKind:
        return OrganizationKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") != OrganizationKind.AGENCY:
            cleaned["license_number"] = ""
        return cleaned
