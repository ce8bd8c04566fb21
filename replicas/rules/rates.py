"""Agreements, minimum rates, contributions and jurisdictions: dated, versioned figures, and what counts on a day. Pure.

A figure is entered with the day it counts from, its source and how sure we are of it. A change is another version of
the same key and day; the newest version counts. Nothing is ever changed in place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from replicas.rules.money import amount, read_amount
from replicas.rules.rulebook.stages import Grade

NO_DAY_AFTER, NO_DAY_BEFORE = date(2100, 12, 31), date(2000, 1, 1)
BACKGROUND, PRINCIPAL, AGENT = "background", "principal", "agent"  # who or what a contribution is for


class EntryKind(Labeled):
    AGREEMENT = "agreement", "Union agreement"
    RATE = "rate", "Rate"
    CONTRIBUTION = "contribution", "Contribution"
    JURISDICTION = "jurisdiction", "Jurisdiction"


class Unit(Labeled):
    DAY = "day", "a day"
    HALF_DAY = "half_day", "half a day"
    THREE_DAYS = "three_days", "three days"
    WEEK = "week", "a week"


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one figure as it is kept. ``values`` are plain JSON values (amounts as text).

    ``key`` says what it is about (``sag_tv_theatrical_2026/background``); ``number`` counts the versions of one key and
    day from 1. A ``void`` version takes the row back: the key counts as if that day had never been entered.
    """

    kind: str
    key: str
    effective_from: date
    values: Mapping[str, Any]
    source: str
    grade: str
    number: int = 1
    void: bool = False

    @property
    def place(self) -> tuple[str, str, date]:
        return self.kind, self.key, self.effective_from


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where a figure comes from, and how sure we are of it."""

    source: str
    grade: Grade
    effective_from: date

    @property
    def unverified(self) -> bool:
        return self.grade is Grade.UNVERIFIED

    @property
    def words(self) -> str:
        """“C4, C6; secondary source, not checked by a lawyer”."""
        return f"{self.source}; {self.grade.label}"


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """A union agreement on a day. Without a union, ``rates_of`` names whose rates are shown as a measure."""

    code: str
    name: str
    version: str
    union: bool
    until: date | None
    rates_of: str
    terms: str
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Rate:
    """The least that is paid for one ``unit``. ``value`` is a Decimal with two places, in ``currency``."""

    name: str
    value: Decimal
    currency: str
    unit: Unit
    sourced: Sourced

    @property
    def words(self) -> str:
        return f"{amount(self.value, self.currency)} {self.unit.label}"


@dataclass(frozen=True, slots=True)
class Contribution:
    """Per cent on top of the pay. ``ceilings``: the pay up to which it is owed, by kind of project."""

    name: str
    percent: Decimal
    ceilings: Mapping[str, Decimal]
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction and what it implies."""

    code: str
    name: str
    implies: str
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every figure in force on ``day``. Rates by (agreement, kind), contributions by (agreement, group)."""

    day: date
    agreements: Mapping[str, AgreementTerms] = field(default_factory=dict)
    rates: Mapping[tuple[str, str], Rate] = field(default_factory=dict)
    contributions: Mapping[tuple[str, str], Contribution] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def rates_of(self, agreement: str) -> dict[str, Rate]:
        """The rates of an agreement by kind; of the one it is measured by where it has none of its own."""
        terms = self.agreements.get(agreement)
        whose = terms.rates_of if terms and terms.rates_of else agreement
        return {kind: rate for (code, kind), rate in self.rates.items() if code == whose}

    def contribution(self, agreement: str, group: str) -> Contribution | None:
        return self.contributions.get((agreement, group))

    def under_union(self, agreement: str) -> bool:
        """Whether falling below the rates is refused. An agreement nobody entered counts as one of a union."""
        terms = self.agreements.get(agreement)
        return terms.union if terms else True


def newest(entries: Iterable[Entry]) -> list[Entry]:
    """The newest version of each key and day, without those taken back, by kind, key and day."""
    versions: dict[tuple[str, str, date], Entry] = {}
    for entry in entries:
        known = versions.get(entry.place)
        if known is None or entry.number > known.number:
            versions[entry.place] = entry
    return sorted((entry for entry in versions.values() if not entry.void), key=lambda entry: entry.place)


def in_force(entries: Iterable[Entry], day: date) -> Rulebook:
    """What counts on ``day``: of each key the row that began last, on that day or before."""
    current: dict[tuple[str, str], Entry] = {}
    for entry in newest(entries):
        if entry.effective_from <= day:
            current[entry.kind, entry.key] = entry
    agreements: dict[str, AgreementTerms] = {}
    rates: dict[tuple[str, str], Rate] = {}
    contributions: dict[tuple[str, str], Contribution] = {}
    places: dict[str, Place] = {}
    for (kind, key), entry in current.items():
        owner, _, what = key.partition("/")
        if kind == EntryKind.AGREEMENT:
            agreements[key] = _agreement(entry)
        elif kind == EntryKind.RATE:
            rates[owner, what] = _rate(entry)
        elif kind == EntryKind.CONTRIBUTION:
            contributions[owner, what] = _contribution(entry)
        else:
            places[key] = Place(key, entry.values["name"], entry.values["implies"], _sourced(entry))
    return Rulebook(day, agreements, rates, contributions, places)


def _sourced(entry: Entry) -> Sourced:
    return Sourced(entry.source, Grade(entry.grade), entry.effective_from)


def _agreement(entry: Entry) -> AgreementTerms:
    values = entry.values
    until = date.fromisoformat(values["until"]) if values.get("until") else None
    return AgreementTerms(
        entry.key,
        values["name"],
        values.get("version", ""),
        values["union"],
        until,
        values.get("rates_of", ""),
        values.get("terms", ""),
        _sourced(entry),
    )


def _rate(entry: Entry) -> Rate:
    values = entry.values
    return Rate(values["name"], Decimal(values["value"]), values["currency"], Unit(values["unit"]), _sourced(entry))


def _contribution(entry: Entry) -> Contribution:
    ceilings = {kind: Decimal(ceiling) for kind, ceiling in entry.values.get("ceiling", {}).items()}
    return Contribution(entry.values["name"], Decimal(entry.values["percent"]), ceilings, _sourced(entry))


# --- What staff enter -------------------------------------------------------------------------------------------------


def headline(kind: str, values: Mapping[str, Any]) -> str:
    """The figure itself, in words: “$231 a day”, “21.5 %”, or a name."""
    if kind == EntryKind.RATE:
        return f"{amount(Decimal(values['value']), values['currency'])} {Unit(values['unit']).label}"
    if kind == EntryKind.CONTRIBUTION:
        return f"{Decimal(values['percent']).normalize():f} %"
    return f"{values['name']} {values.get('version', '')}".strip()


def figure_of(kind: str, values: Mapping[str, Any]) -> str:
    """What the form of a new version is filled with: the value, the per cent, or the sentence."""
    field_name = FIGURES[EntryKind(kind)]
    return str(values.get(field_name, ""))


FIGURES = {
    EntryKind.RATE: "value",
    EntryKind.CONTRIBUTION: "percent",
    EntryKind.AGREEMENT: "terms",
    EntryKind.JURISDICTION: "implies",
}


def with_figure(kind: str, values: Mapping[str, Any], text: str) -> dict[str, Any]:
    """``values`` with another figure, as it was typed. Raises Refused with a sentence for what can't be one."""
    text = text.strip()
    if kind == EntryKind.RATE:
        try:
            figure = f"{read_amount(text):.2f}"
        except ValueError as error:
            raise Refused("unfit-figure", str(error)) from error
        if not Decimal(figure):
            raise Refused("unfit-figure", "A minimum of nothing is none. To end a rate, take its day back below.")
    elif kind == EntryKind.CONTRIBUTION:
        figure = _percent(text)
    elif not text:
        raise Refused("unfit-figure", "Write the sentence that is shown.")
    else:
        figure = text
    return {**values, FIGURES[EntryKind(kind)]: figure}


def _percent(text: str) -> str:
    try:
        percent = Decimal(text.removesuffix("%").strip())
    except InvalidOperation as error:
        raise Refused("unfit-figure", "Write the per cent as a number, like 21.5.") from error
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != percent.quantize(Decimal("0.001")):
        raise Refused("unfit-figure", "Write a per cent between 0 and 100, with at most three digits after the point.")
    return f"{percent.normalize():f}"


def check_day(effective_from: date) -> None:
    """Raises Refused for a day that can only be a typing error."""
    if not NO_DAY_BEFORE <= effective_from <= NO_DAY_AFTER:
        raise Refused("unfit-day", "Check the year of the day it counts from.")
