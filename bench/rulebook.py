"""Judging one request against the whole rulebook: pure Python, no database, in this very process."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bench.report import Row, counted, p95
from replicas.rules.rulebook import RULES, Facts, Stage, judge, judged_ids
from replicas.rules.rulebook.facts import (
    BACKGROUND,
    DAY_PERFORMER,
    PersonFacts,
    ProductionFacts,
    ReplicaFacts,
    UseFacts,
)

MOST = 1.0  # milliseconds
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
CROWD = UseFacts(
    title="Crowd at the harbor fair",
    description="Seen from afar in the crowd at the harbor fair: three shots on the quay at dusk, turning towards the "
    "fireworks with the others. No lines, not recognizable in close-up, nothing is said about the person.",
    role="background",
    scenes="12A, 14, 41",
    medium="streaming",
    territory="world",
    starts_on=date(2027, 4, 1),
    ends_on=date(2029, 3, 31),
    alterations="Color of the clothes and the light of the evening, to match the other shots of the sequence.",
    ai=("ai_inference",),
    sensitive=("drugs",),
    languages=("en", "es"),
    replica_days=3,
    fee=Decimal(693),
    project="J-1",
    work_replaced=True,
)
TRAILER = replace(CROWD, title="Festival trailer", medium="trailer", fee=Decimal(150), ai=("ai_generative_training",))


def request(uses: int) -> Facts:
    """A request as it is sent: under a union agreement, in two states, with rates. The second use is underpaid."""
    return Facts(
        day=AT.date(),
        at=AT,
        agreement="sag_tv_theatrical_2026",
        jurisdictions=frozenset({"US-CA", "US-IL"}),
        currency="USD",
        business_reason="The fair was shot in May with two hundred people; the square holds a thousand.",
        uses=((CROWD, TRAILER) * uses)[:uses],
        person=PersonFacts(born_on=date(1991, 7, 14), represented="none", ai_agreed=frozenset()),
        replica=ReplicaFacts(kind="badr", captured_on=date(2024, 5, 3), captured_for="J-2", holder_registered=True),
        production=ProductionFacts(project="J-1", kind="series", photography_from=date(2027, 5, 10), signatory=True),
        struck=False,
        rates={BACKGROUND: Decimal(231), DAY_PERFORMER: Decimal(1283)},
        contribution=Decimal("21.5"),
        contributions_offered=True,
        signer="performer",
        signed_apart=True,
        signed_by_own_act=True,
        answer_by=AT + timedelta(days=5),
        refused_before=False,
        disclosure="End credits",
    )


def rulebook(*, quick: bool) -> Iterator[Row]:
    """The median of one judgment with its list of rules asked, for two uses and for the most a request can have."""
    for uses in (2, 8):
        facts = request(uses)
        asked = len(judged_ids(Stage.COMPOSING, facts))
        samples = timed(facts, rounds=200 if quick else 2_000)
        name = f"rulebook, {uses} uses, {asked} of {len(RULES)} rules"
        if uses == 2:
            yield counted(f"{name}, median", statistics.median(samples), "ms", MOST)
            yield Row(f"{name}, p95", p95([samples]), "ms", "no limit; how busy the machine was", None)
        else:
            yield Row(f"{name}, median", statistics.median(samples), "ms", "no limit; for the record", None)


def timed(facts: Facts, *, rounds: int) -> list[float]:
    """Milliseconds of each judgment before sending, after a first one that warms up."""
    judge(facts, Stage.COMPOSING)
    samples = []
    for _ in range(rounds):
        start = time.perf_counter()
        judge(facts, Stage.COMPOSING)
        judged_ids(Stage.COMPOSING, facts)
        samples.append((time.perf_counter() - start) * 1000)
    return samples
