"""An actor's guardrails: standing rules that can say no for them, and never yes. Pure.

What no rule forbids still waits for the person: the other answer is always "ask me".
"""

from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from replicas.rules.deadlines import LEAST_WINDOW
from replicas.rules.money import amount
from replicas.rules.terms import canonical
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

SCHEMA = "understudy-guardrails/1"
LEAST_NOTICE = int(LEAST_WINDOW.total_seconds() // 3600)  # hours; no rule of a person makes the window shorter
_SETS: dict[str, type[Labeled]] = {
    "never_media": Medium,
    "never_content": Sensitive,
    "never_territories": Territory,
    "never_ai": AIUse,
}


@dataclass(frozen=True, slots=True, order=True)
class Floor:
    """The least fee for one replica day in one role. Terms in another currency can't be compared and stay below it."""

    role: str
    currency: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Guardrails:
    """What one person never gives; whatever is not named here is asked for each time.

    ``longest_days`` counts both the first and the last day of a use (None: no limit of their own). ``notice_hours`` is
    the least time between sending and ``answer_by``. ``languages`` are the only ones a use may be in (None: any).
    ``blocked`` are ids of organizations, private to the person. Raises ValueError for values no form can send.
    """

    never_media: frozenset[str] = frozenset()
    never_content: frozenset[str] = frozenset()
    never_territories: frozenset[str] = frozenset()
    never_ai: frozenset[str] = frozenset(AIUse)
    longest_days: int | None = None
    notice_hours: int = LEAST_NOTICE
    floors: frozenset[Floor] = frozenset()
    languages: frozenset[str] | None = None
    blocked: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for name, words in _SETS.items():
            unknown = {str(value) for value in getattr(self, name)} - {word.value for word in words}
            if unknown:
                raise ValueError(f"{name}: {', '.join(sorted(unknown))} is not among the choices.")
        if (self.languages or frozenset()) - {word.value for word in Language}:
            raise ValueError("languages: one of them is not among the choices.")
        if self.longest_days is not None and self.longest_days < 1:
            raise ValueError("longest_days starts at 1.")
        if self.notice_hours < LEAST_NOTICE:
            raise ValueError(f"notice_hours starts at {LEAST_NOTICE}.")
        if len({(floor.role, floor.currency) for floor in self.floors}) < len(self.floors):
            raise ValueError("There is one least fee for a role and a currency.")
        for floor in self.floors:
            UseRole(floor.role), Currency(floor.currency)
            if not floor.least.is_finite() or floor.least < 0:
                raise ValueError("A least fee is not below zero.")

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, sorted, so that the same rules give the same text."""
        floors = [{"role": f.role, "currency": f.currency, "least": f"{f.least:.2f}"} for f in sorted(self.floors)]
        return {
            "schema": SCHEMA,
            **{name: sorted(str(value) for value in getattr(self, name)) for name in _SETS},
            "longest_days": self.longest_days,
            "notice_hours": self.notice_hours,
            "floors": floors,
            "languages": None if self.languages is None else sorted(self.languages),
            "blocked": sorted(self.blocked),
        }

    def as_text(self) -> str:
        """The canonical JSON."""
        return canonical(self.as_dict())

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """The value ``as_dict`` wrote. Raises ValueError for anything else."""
        if document.get("schema") != SCHEMA:
            raise ValueError("These are not guardrails.")
        try:
            languages = document["languages"]
            return cls(
                **{name: frozenset(document[name]) for name in _SETS},
                longest_days=document["longest_days"],
                notice_hours=document["notice_hours"],
                floors=frozenset(Floor(f["role"], f["currency"], Decimal(f["least"])) for f in document["floors"]),
                languages=None if languages is None else frozenset(languages),
                blocked=frozenset(document["blocked"]),
            )
        except (KeyError, TypeError, InvalidOperation) as fault:
            raise ValueError("These guardrails can't be read.") from fault


class Preset(Labeled):
    CAUTIOUS = "cautious", "Cautious"
    UNION = "union", "Union default"
    OPEN = "open", "Open to work"


PRESETS: dict[str, Guardrails] = {
    Preset.CAUTIOUS: Guardrails(
        never_media=frozenset({Medium.COMMERCIAL, Medium.ONLINE}),
        never_content=frozenset({Sensitive.NUDITY, Sensitive.SEX, Sensitive.POLITICAL, Sensitive.ENDORSEMENT}),
        never_territories=frozenset({Territory.WORLD}),
        longest_days=365,
        notice_hours=96,
    ),
    Preset.UNION: Guardrails(),
    Preset.OPEN: Guardrails(never_ai=frozenset({AIUse.GENERATIVE_TRAINING})),
}
PRESET_MEANS = {
    Preset.CAUTIOUS: "No commercials, social media or worldwide use, no nudity, simulated sex, politics or "
    "endorsements, nothing into AI; one year at most, four days to answer.",
    Preset.UNION: "You are asked about everything, and nothing goes into an AI system.",
    Preset.OPEN: "You are asked about everything. Only training generative AI is ruled out.",
}


def tighten(inherited: Guardrails, own: Guardrails) -> Guardrails:
    """Both at once: whatever either of the two forbids, the result forbids."""
    both = {name: getattr(inherited, name) | getattr(own, name) for name in [*_SETS, "blocked"]}
    limits = [days for days in (inherited.longest_days, own.longest_days) if days is not None]
    floors: dict[tuple[str, str], Floor] = {}
    for floor in inherited.floors | own.floors:
        key = (floor.role, floor.currency)
        floors[key] = max(floor, floors.get(key, floor))
    listed = [languages for languages in (inherited.languages, own.languages) if languages is not None]
    return replace(
        own,
        **both,
        longest_days=min(limits, default=None),
        notice_hours=max(inherited.notice_hours, own.notice_hours),
        floors=frozenset(floors.values()),
        languages=frozenset.intersection(*listed) if listed else None,
    )


def loosened(inherited: Guardrails, own: Guardrails) -> list[str]:
    """The rules of ``inherited`` that ``own`` would take back, as short phrases; empty when ``own`` only tightens."""
    merged = tighten(inherited, own)
    names: list[str] = []
    for field in fields(Guardrails):
        if field.name in _SETS:
            gone = getattr(inherited, field.name) - getattr(own, field.name)
            names += [word.label for word in _SETS[field.name] if word in gone]
        elif getattr(merged, field.name) != getattr(own, field.name):
            names.append(_NAMES[field.name])
    return names


_NAMES = {
    "longest_days": "The longest term",
    "notice_hours": "The time to answer",
    "floors": "The least fee",
    "languages": "The languages",
    "blocked": "Who is ruled out",
}


def floor_words(floor: Floor) -> str:
    return f"{amount(floor.least, floor.currency)} a day as {UseRole(floor.role).label.lower()}"
