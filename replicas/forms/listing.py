"""What a casting person looks for, read from the page's address and written back into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from replicas.rules.listing import FACETS, LIMITS, MOST_TYPED, Counts, Filters, capped, options
from replicas.rules.vocabulary import Modality

ORDERS = [("name", "By name"), ("day", "Shuffled daily")]
RANGES = {"age": ("Playing age", ""), "height": ("Height", " cm"), "year": ("Captured", "")}
WAYS = [("", "Any"), ("yes", "Yes"), ("no", "No")]
NOT_FILTERS = ("order", "day", "page")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a facet. ``count`` is worded; "" where nothing certain can be said."""

    value: str
    label: str
    count: str
    on: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be asked for, ruled out, or left open. ``choices`` are Any, Yes and No."""

    name: str
    label: str
    choices: list[Choice]


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


def _words(label: str, longest: int) -> forms.CharField:
    errors = {"max_length": f"At most {longest} characters, please. Now it has %(show_value)d."}
    return forms.CharField(label=label, max_length=longest, required=False, error_messages=errors)


class ListingForm(forms.Form):
    """Every filter of the search. One that can't be read is named beside its field and left out."""

    q = _words("Words", MOST_TYPED)
    place = _words("Lives in", 80)
    age_from = _number("Playing age from", "age")
    age_to = _number("to", "age")
    height_from = _number("Height from", "height")
    height_to = _number("to", "height")
    year_from = _number("From", "year")
    year_to = _number("to", "year")
    order = forms.ChoiceField(label="Order", choices=ORDERS, required=False)

    def __init__(self, query: QueryDict, *, today: date) -> None:
        self.query, self.options = _by_ways(query), options(today)
        super().__init__(self.query)
        del self.options["modality"]  # a way of its own for each
        for name, choices in self.options.items():
            self.fields[name] = forms.MultipleChoiceField(label=FACETS[name], choices=choices, required=False)
        for name, label in Modality.choices():
            self.fields[name] = forms.ChoiceField(label=label, choices=WAYS, required=False)
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
        found |= {"modality": self._captured("yes"), "lacks": self._captured("no")}
        return Filters(**{name: _plain(value) for name, value in found.items() if value not in (None, "", [])})

    def _captured(self, way: str) -> list[str]:
        """The modalities asked for (``yes``) or ruled out (``no``)."""
        return [name for name, _ in Modality.choices() if self.cleaned_data.get(name) == way]

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
                shown.append(Facet(name, FACETS[name], lines, bool(chosen) or name in self._open()))
        return shown

    def _open(self) -> set[str]:
        """Facets that stand open though nothing in them is ticked."""
        years = self["year_from"].value() or self["year_to"].value()
        return {"kind", "year"} if years else {"kind"}

    def ways(self, counts: Counts) -> list[Way]:
        """What was captured: each with how many have it, and how many don't."""
        shown = []
        for name, label in Modality.choices():
            numbers = {"yes": self._count(counts, "modality", name), "": ""}
            numbers["no"] = self._worded(counts, "modality", counts.lacks[name])
            chosen = self.cleaned_data.get(name, "")
            shown.append(Way(name, label, [Choice(way, word, numbers[way], way == chosen) for way, word in WAYS]))
        return shown

    def _count(self, counts: Counts, name: str, value: str) -> str:
        return self._worded(counts, name, counts.of[name][value])

    def _worded(self, counts: Counts, name: str, number: int) -> str:
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
        asked = [*filters.modality, *filters.lacks]
        for name in asked:
            word = f"{'With' if name in filters.modality else 'Without'} {Modality(name).label.lower()}"
            left = "" if len(asked) > 1 or "modality" in counts.least else capped(counts.without["modality"])
            yield Pill(word, self._without(name), left)
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

    def meaning(self, words: str) -> str:
        """The address with other words."""
        query = self.query.copy()
        for name in ("page", "day"):
            query.pop(name, None)
        query["q"] = words
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


def _by_ways(query: QueryDict) -> QueryDict:
    """The address with ``face=yes`` for each ``modality=face``, as addresses had it once."""
    changed = query.copy()
    for name in changed.pop("modality", []):
        if name in dict(Modality.choices()) and name not in changed:
            changed[name] = "yes"
    return changed


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _span(low: int | None, high: int | None) -> str:
    if low is None:
        return f"up to {high}"
    return f"from {low}" if high is None else f"{low}–{high}"
