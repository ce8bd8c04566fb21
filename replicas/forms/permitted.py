"""The small terms form of the search: whose rules allow what somebody has in mind."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.rules.people import Language
from replicas.rules.money import amount
from replicas.rules.permitted import SearchTerms
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

PREFIX = "t_"
SWITCH = f"{PREFIX}on"
DAY = {"invalid": "Write the day as year-month-day, like 2027-03-14."}
LONGEST = 3660  # days; no use runs longer than ten years


def _choose(label: str, words: list[tuple[str, str]]) -> forms.ChoiceField:
    error = {"invalid_choice": "Choose from the list."}
    return forms.ChoiceField(label=label, choices=[("", "Choose one"), *words], required=False, error_messages=error)


def _several(label: str, words: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=words,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list."},
    )


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=DAY)


class TermsForm(forms.Form):
    """Terms a house has in mind. All of it is in the address, and counts only while the switch is on."""

    on = forms.BooleanField(label="Only people whose rules allow my terms", required=False)
    medium = _choose("Medium", Medium.choices())
    territory = _choose("Territory", Territory.choices())
    starts_on = _day("From")
    ends_on = _day("Until")
    role = forms.ChoiceField(label="Role", choices=UseRole.choices(), required=False)
    fee = forms.DecimalField(
        label="Fee a day",
        required=False,
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        error_messages={"invalid": "Write an amount, like 250 or 199.50.", "min_value": "A fee is not below zero."},
    )
    currency = forms.ChoiceField(label="Currency", choices=Currency.choices(), required=False)
    content = _several("What it shows", Sensitive.choices())
    ai = _several("AI", AIUse.choices())
    languages = _several("Languages spoken", Language.choices())

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.query = query
        self.full_clean()

    def add_prefix(self, field_name: str) -> str:
        return f"{PREFIX}{field_name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("on"):
            return cleaned
        for name in ("medium", "territory"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, "Choose one, so that rules can be asked.")
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "A use can’t end before it begins.")
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("ends_on", "No use runs longer than ten years.")
        elif bool(first) is not bool(last) and not {"starts_on", "ends_on"} & set(self.errors):
            self.add_error("ends_on" if first else "starts_on", "Write both days, or neither.")
        return cleaned

    @property
    def wanted(self) -> bool:
        """Whether the switch is on, whatever became of the terms."""
        return bool(self.cleaned_data.get("on"))

    def faults(self) -> list[str]:
        """What keeps the terms from counting, each with its field: “Territory: choose one, …”. None while off."""
        if not self.wanted:
            return []
        found = ((self.fields[name].label, errors) for name, errors in self.errors.items())
        said = ((label, str(error)) for label, errors in found for error in errors)
        return [f"{label}: {error[:1].lower()}{error[1:]}" for label, error in said]

    def terms(self) -> SearchTerms | None:
        """The terms to search by; None while the switch is off or something can't be read, which then says so."""
        if not self.wanted or self.errors:
            return None
        found = self.cleaned_data
        several = {name: tuple(found[name]) for name in ("content", "ai", "languages")}
        return SearchTerms(
            medium=found["medium"],
            territory=found["territory"],
            starts_on=found["starts_on"],
            ends_on=found["ends_on"],
            role=found["role"] or UseRole.BACKGROUND.value,
            currency=found["currency"] or Currency.USD.value,
            fee=found["fee"],
            **several,
        )

    def without(self) -> str:
        """The address without these terms."""
        query = self.query.copy()
        for name in list(self.query):
            if name.startswith(PREFIX) or name in ("page", "day"):
                query.pop(name, None)
        return f"?{query.urlencode()}"


def terms_words(terms: SearchTerms) -> str:
    """“Rules allow streaming, worldwide, Mar 1 to Mar 30, 2027, nudity, $300 a day as background”."""
    said = [Medium(terms.medium).label.lower(), Territory(terms.territory).label]
    if terms.starts_on and terms.ends_on:
        said.append(f"{_spoken(terms.starts_on)} to {_spoken(terms.ends_on)}")
    for vocabulary, chosen in ((Sensitive, terms.content), (AIUse, terms.ai), (Language, terms.languages)):
        said += [word.label.lower() if vocabulary is Sensitive else word.label for word in vocabulary if word in chosen]
    if terms.fee is not None:
        said.append(f"{amount(terms.fee, terms.currency)} a day as {UseRole(terms.role).label.lower()}")
    return f"Rules allow {', '.join(said)}"


def _spoken(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
