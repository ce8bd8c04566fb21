"""How a truth table is written: a rule, facts, and what it says about them. One list for every module of rules."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from replicas.rules.rulebook.facts import (
    BACKGROUND,
    DAY_PERFORMER,
    Facts,
    LicenseFacts,
    PersonFacts,
    ProductionFacts,
    ReplicaFacts,
    ScanFacts,
    UseFacts,
)
from replicas.rules.rulebook.stages import Effect, Stage

DAY = date(2027, 3, 1)
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
SCAN_AT = datetime(2027, 5, 10, 8, tzinfo=UTC)
SECOND, ONE_DAY = timedelta(seconds=1), timedelta(days=1)
RATES = {BACKGROUND: Decimal(231), DAY_PERFORMER: Decimal(1283)}
TV, COMMERCIALS, INTERACTIVE = "sag_tv_theatrical_2026", "sag_commercials_2025", "sag_interactive_2025"
BLOCK, WARN, INFORM = Effect.BLOCK, Effect.WARN, Effect.INFORM
COMPOSING, ANSWERING, SCAN, LICENSE_USE = Stage
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
        return f"{self.rule} {self.stage} {'fires' if self.says else 'quiet'}: {self.name}"


def of(rule: str, stage: Stage, *rows: tuple) -> list[Case]:
    """Rows of (name, facts, *said) as cases."""
    return [Case(rule, name, stage, told, tuple(said)) for name, told, *said in rows]


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


def asked(more: dict[str, object] | None = None, **changes: object) -> Facts:
    """The same request with one use changed, and ``more`` of the facts."""
    return facts(uses=(use(**changes),), **(more or {}))


def person(**changes: object) -> dict[str, PersonFacts]:
    return {"person": PersonFacts(**changes)}


def replica(**changes: object) -> dict[str, ReplicaFacts]:
    return {"replica": ReplicaFacts(**changes)}


def production(**changes: object) -> dict[str, ProductionFacts]:
    return {"production": ProductionFacts(**changes)}


def licensed(license_use: UseFacts | None = None, **changes: object) -> dict[str, LicenseFacts]:
    """A license for ``P-1`` and the use nothing is wrong with."""
    whole = LicenseFacts(project="P-1", uses=(license_use or use(),), agreed_on=date(2027, 2, 1))
    return {"license": replace(whole, **changes)}


def places(*codes: str) -> dict[str, frozenset[str]]:
    return {"jurisdictions": frozenset(codes)}


def scan(more: dict[str, object] | None = None, **changes: object) -> Facts:
    """A scan nothing is wrong with, told three days before."""
    whole = ScanFacts(
        scan_at=SCAN_AT,
        notice_at=SCAN_AT - timedelta(days=3),
        business_reason="The stadium holds 40,000 people, and we can hire 200.",
        description="A body scan for the crowd in the stadium of episode 3.",
        role="background",
        equipment="Two rings of 60 cameras",
        modalities=("body",),
        hours=Decimal(2),
        storage="Nova Pictures’ vault in Burbank",
        access="The visual effects supervisor and two artists",
        retention_until=date(2028, 5, 10),
        training=False,
        contact="Dana Whitfield, 555 0100",
        place="Stage 4, Burbank",
    )
    return facts(uses=(), scan=replace(whole, **changes), **(more or {}))
