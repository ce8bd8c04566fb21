"""How a truth table is written: a rule, facts, and what it says about them. One list for every module of rules."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from replicas.rules.rulebook.facts import Facts, UseFacts
from replicas.rules.rulebook.stages import Effect, Stage

DAY = date(2027, 3, 1)
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
Said = tuple[Effect, str, int | None]  # effect, field, position of the use


@dataclass(frozen=True)
class Case:
    """``says`` is every finding of the rule, in order; empty: it stays quiet."""

    rule: str
    name: str
    stage: Stage
    facts: Facts
    says: tuple[Said, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.rule} {'fires' if self.says else 'quiet'}: {self.name}"


def use(**changes: object) -> UseFacts:
    """A use nothing is wrong with."""
    whole = UseFacts(
        title="Crowd at the harbor fair",
        description="Seen from afar in the crowd at the harbor fair, three shots, no lines.",
        role="background",
        scenes="12A, 14",
        medium="streaming",
        territory="us",
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        alterations="None",
        ai=(),
        sensitive=(),
        languages=("en",),
        replica_days=3,
        fee=Decimal(693),
        project="P-1",
    )
    return replace(whole, **changes)


def facts(**changes: object) -> Facts:
    """A request nothing is wrong with, on ``DAY``, under no union agreement that is known."""
    return replace(Facts(day=DAY, at=AT, currency="USD", uses=(use(),)), **changes)


def asked(**changes: object) -> Facts:
    """The same request with one use changed."""
    return facts(uses=(use(**changes),))
