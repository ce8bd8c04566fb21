"""An actor's guardrails: standing rules that can say no for them, and never yes. Pure.

What no rule forbids still waits for the person: the other answer is always "ask me".
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from replicas.rules.deadlines import LEAST_WINDOW
from replicas.rules.money import amount
from replicas.rules.terms import canonical
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

SCHEMA = "understudy-guardrails/2"
FIRST_SCHEMA = "understudy-guardrails/1"  # before media and content could be ruled out together
LEAST_NOTICE = int(LEAST_WINDOW.total_seconds() // 3600)  # hours; no rule of a person makes the window shorter
SETS: dict[str, type[Labeled]] = {
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
    the least time between sending and ``answer_by``. ``languages`` are the only ones a use may be in (None: any, so
    that dubbing is asked for each time). ``never_pairs`` are (medium, content) that are ruled out only together.
    ``blocked`` are ids of organizations, private to the person. Raises ValueError for values no form can send.
    """

    never_media: frozenset[str] = frozenset()
    never_content: frozenset[str] = frozenset()
    never_territories: frozenset[str] = frozenset()
    never_ai: frozenset[str] = frozenset(AIUse)
    never_pairs: frozenset[tuple[str, str]] = frozenset()
    longest_days: int | None = None
    notice_hours: int = LEAST_NOTICE
    floors: frozenset[Floor] = frozenset()
    languages: frozenset[str] | None = None
    blocked: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for name, words in SETS.items():
            unknown = {str(value) for value in getattr(self, name)} - {word.value for word in words}
            if unknown:
                raise ValueError(f"{name}: {', '.join(sorted(unknown))} is not among the choices.")
        for medium, content in self.never_pairs:
            Medium(medium), Sensitive(content)
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
            **{name: sorted(str(value) for value in getattr(self, name)) for name in SETS},
            "never_pairs": sorted([str(medium), str(content)] for medium, content in self.never_pairs),
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
        """The value ``as_dict`` wrote, now or under the first schema. Raises ValueError for anything else."""
        if document.get("schema") not in (SCHEMA, FIRST_SCHEMA):
            raise ValueError("These are not guardrails.")
        try:
            languages = document["languages"]
            return cls(
                **{name: frozenset(document[name]) for name in SETS},
                never_pairs=frozenset((medium, content) for medium, content in document.get("never_pairs", ())),
                longest_days=document["longest_days"],
                notice_hours=document["notice_hours"],
                floors=frozenset(Floor(f["role"], f["currency"], Decimal(f["least"])) for f in document["floors"]),
                languages=None if languages is None else frozenset(languages),
                blocked=frozenset(document["blocked"]),
            )
        except (KeyError, TypeError, InvalidOperation) as fault:
            raise ValueError("These guardrails can't be read.") from fault


def floor_words(floor: Floor) -> str:
    return f"{amount(floor.least, floor.currency)} a day as {UseRole(floor.role).label.lower()}"
