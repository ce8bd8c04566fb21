"""What the house fills in for a crowd that runs: fees, moments, numbers of people, a message."""

from decimal import Decimal
from typing import Any

from django import forms

from replicas.forms.negotiate import ExtendForm
from replicas.forms.terms import AmountField
from replicas.rules.crowds import MOST_PEOPLE
from replicas.rules.terms import OfferedTerms

__all__ = ["CloseCrowdForm", "ExtendForm", "MoreForm", "NudgeForm", "PromoteForm", "RaiseForm", "WithdrawOpenForm"]


class NudgeForm(forms.Form):
    """Nothing to fill in: the letter is the portal's own, the same for everybody."""


class CloseCrowdForm(forms.Form):
    """Nothing to fill in."""


class RaiseForm(forms.Form):
    """One fee for each use, preset with what is offered now. ``shown`` is the offer the page showed, by number."""

    shown = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, offer: OfferedTerms, number: int, **kwargs: Any) -> None:
        super().__init__(data, initial={"shown": number}, **kwargs)
        for position, use in enumerate(offer.uses):
            self.fields[f"fee-{position}"] = AmountField(
                label=f"Fee for “{use.title}”",
                initial=f"{use.fee:.2f}",
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"required": "Write the fee; leave it as it was where it stays the same."},
            )
        self.uses = len(offer.uses)

    @property
    def fees(self) -> list[Decimal]:
        """The fees of a valid form, in the order of the uses."""
        return [self.cleaned_data[f"fee-{position}"] for position in range(self.uses)]


def _people(label: str, **more: Any) -> forms.IntegerField:
    errors = {
        "required": "Say how many.",
        "invalid": "Write the number of people as a whole number.",
        "min_value": "Say at least 1.",
        "max_value": "That is more than there are: at most %(limit_value)s.",
    }
    return forms.IntegerField(label=label, min_value=1, error_messages=errors, **more)


class PromoteForm(forms.Form):
    """How many standbys are called now; ``most`` as the board counts them."""

    def __init__(self, data: Any = None, *, most: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["people"] = _people("How many to call now", max_value=max(most, 1), initial=1)


class MoreForm(forms.Form):
    """How many more are needed, and a new end where the present one leaves nobody 48 hours."""

    more = _people("How many more people you need", max_value=MOST_PEOPLE)
    answer_by = forms.DateTimeField(
        label="To be answered by",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text="In your own time zone. Leave it empty to keep the present end.",
        error_messages={"invalid": "Write the moment as year-month-day and time, like 2027-11-30 17:00."},
    )


class WithdrawOpenForm(forms.Form):
    message = forms.CharField(
        label="A line to those who have not answered",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They all read the same.",
        error_messages={
            "required": "Write a line to those who have not answered.",
            "max_length": "At most 1,000 characters, please. Now it has %(show_value)d.",
        },
    )
