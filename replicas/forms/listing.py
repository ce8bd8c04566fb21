"""What a casting person looks for, read from the page's address and written back into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from replicas.rules.listing import FACETS, LIMITS, Counts, Filters, capped, options

ORDERS = [("name", "By name"), ("day", "Shuffled daily")]
RANGES = {"age": ("Playing age", ""), "height": ("Height", " cm")}
NOT_FILTERS = ("order", "day", "page")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet. ``count`` is worded; "" where nothing certain can be said."""

    value: str
    label: str
    count: str
    on: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]
    open: bool


@dataclass(frozen=True, slots=True)
class Pill:
    """A chosen filter and the address without it. ``left``: how many rows would show then, worded, where known."""

    label: str
    url: str
    left: str = ""


def _number(label: str, name: str) -> forms.IntegerField:
    low, high = LIMITS[name]
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=low,
        max_value=high,
        error_messages={
            "invalid": "Write a whole number.",
            "min_value": f"At least {low}.",
            "max_value": f"At most {high}.",
        },
    )


class ListingForm(forms.Form):
    """Every filter of the search. One that can't be read is named beside its field and left out."""

    q = forms.CharField(label="Words", max_length=200, required=False)
    place = forms.CharField(label="Lives in", max_length=80, required=False)
    age_from = _number("Playing age from", "age")
    age_to = _number("to", "age")
    height_from = _number("Height from", "height")
    height_to = _number("to", "height")
    order = forms.ChoiceField(label="Order", choices=ORDERS, required=False)

    def __init__(self, query: QueryDict, *, today: date) -> None:
        super().__init__(query)
        self.query, self.options = query, options(today)
        for name, choices in self.options.items():
            self.fields[name] = forms.MultipleChoiceField(label=FACETS[name], choices=choices, required=False)
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, (label, _) in RANGES.items():
            low, high = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if low is not None and high is not None and low > high:
                self.add_error(f"{name}_to", f"{label} can’t end before it begins.")
        return cleaned

    def filters(self) -> Filters:
        """What could be read; the rest stands as an error beside its field."""
        found = {name: self.cleaned_data.get(name) for name in Filters.__dataclass_fields__}
        return Filters(**{name: _plain(value) for name, value in found.items() if value not in (None, "", [])})

    @property
    def by_day(self) -> bool:
        return self.cleaned_data.get("order") == "day"

    def facets(self, counts: Counts) -> list[Facet]:
        """The facets as they are shown: with counts, and open where something is chosen."""
        shown = []
        for name, choices in self.options.items():
            chosen = set(self.cleaned_data.get(name) or ())
            lines = [
                Choice(value, label, self._count(counts, name, value), value in chosen) for value, label in choices
            ]
            lines = [line for line in lines if line.on or line.count != "0"] if name == "language" else lines
            if lines:
                shown.append(Facet(name, FACETS[name], lines, bool(chosen) or name in ("modality", "kind")))
        return shown

    def _count(self, counts: Counts, name: str, value: str) -> str:
        number = counts.of[name][value]
        if name not in counts.least:
            return capped(number)
        return f"{number:,}+" if number else ""

    def pills(self, counts: Counts) -> list[Pill]:
        """Each chosen filter, to be removed with one click."""
        return list(self._pills(counts))

    def _pills(self, counts: Counts) -> Iterator[Pill]:
        filters = self.filters()
        for name, words in (("q", filters.q), ("place", filters.place)):
            if words:
                yield Pill(f"“{words}”" if name == "q" else f"Lives in {words}", self._without(name))
        for name, (label, unit) in RANGES.items():
            low, high = getattr(filters, f"{name}_from"), getattr(filters, f"{name}_to")
            if low is not None or high is not None:
                yield Pill(f"{label} {_span(low, high)}{unit}", self._without(f"{name}_from", f"{name}_to"))
        for name, choices in self.options.items():
            labels = dict(choices)
            chosen = getattr(filters, name)
            for value in chosen:
                rest = [other for other in chosen if other != value]
                left = "" if rest or name in counts.least else capped(counts.without[name])
                yield Pill(labels[value], self._without(name, keep=rest), left)

    def _without(self, *names: str, keep: list[str] | None = None) -> str:
        query = self.query.copy()
        for name in ("page", "day", *(() if keep else names)):
            query.pop(name, None)
        if keep:
            query.setlist(names[0], keep)
        return f"?{query.urlencode()}"

    def reordered(self) -> list[tuple[str, str, bool]]:
        """The two orders as ``(label, address, chosen)``."""
        found = []
        for value, label in ORDERS:
            query = self.query.copy()
            for name in NOT_FILTERS:
                query.pop(name, None)
            if value != "name":
                query["order"] = value
            found.append((label, f"?{query.urlencode()}", (value == "day") == self.by_day))
        return found


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _span(low: int | None, high: int | None) -> str:
    if low is None:
        return f"up to {high}"
    return f"from {low}" if high is None else f"{low}–{high}"
