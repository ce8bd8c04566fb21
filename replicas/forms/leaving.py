"""Withdrawing from a replica altogether: what becomes of each license, by when it has to be gone, and the name."""

from typing import Any

from django import forms

from replicas.forms.replicas import explained
from replicas.models import Holding, License
from replicas.rules.leaving import FATE_MEANS, Fate


class LeaveForm(forms.Form):
    """One choice for each license (nothing is preset), an address for each holder who has none, the day, the name."""

    due_on = forms.DateField(
        label="Everybody has to prove the destruction by",
        help_text="At least a week from now. Who holds it for a license that runs on has until 30 days after its end.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Write the day as year-month-day, like 2027-03-14."},
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    typed_name = forms.CharField(
        label="Type your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name as it stands above the button."},
    )
    understood = forms.BooleanField(
        label="I have read what happens now. It can’t be undone",
        error_messages={"required": "Tick this box once you have read what happens now."},
    )

    def __init__(self, *args: Any, licenses: list[License], holdings: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licenses, self.holdings = licenses, holdings
        for license_ in licenses:
            self.fields[f"fate_{license_.ref}"] = forms.ChoiceField(
                label=f"{license_.organization}: {license_.request.project}",
                choices=explained(Fate, FATE_MEANS),
                widget=forms.RadioSelect,
                error_messages={"required": "Choose what becomes of this license."},
            )
        for holding in self.without_address:
            self.fields[f"contact_{holding.pk}"] = forms.EmailField(
                label=f"An e-mail address of {holding.holder}",
                required=False,
                help_text="They are not on Understudy. Without an address you hand them the letter yourself.",
                error_messages={"invalid": "That is no e-mail address."},
            )

    @property
    def without_address(self) -> list[Holding]:
        return [holding for holding in self.holdings if holding.organization_id is None and not holding.contact]

    @property
    def fate_fields(self) -> list[tuple[License, forms.BoundField]]:
        return [(license_, self[f"fate_{license_.ref}"]) for license_ in self.licenses]

    @property
    def contact_fields(self) -> list[forms.BoundField]:
        return [self[f"contact_{holding.pk}"] for holding in self.without_address]

    def fates(self) -> dict[str, str]:
        return {license_.ref: self.cleaned_data[f"fate_{license_.ref}"] for license_ in self.licenses}

    def contacts(self) -> dict[int, str]:
        return {holding.pk: self.cleaned_data[f"contact_{holding.pk}"] for holding in self.without_address}
