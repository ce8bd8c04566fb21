"""Truth tables of the rules about scans."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from replicas.rules.rulebook.facts import Facts, ScanFacts
from replicas.rules.rulebook.stages import Effect, Stage
from tests.replicas.rulebook.cases import Case, facts

BLOCK = Effect.BLOCK
SCAN_AT = datetime(2027, 5, 10, 8, tzinfo=UTC)
H48, SECOND = timedelta(hours=48), timedelta(seconds=1)


def scan(**changes: object) -> Facts:
    """A scan nothing is wrong with, told three days before."""
    whole = ScanFacts(
        scan_at=SCAN_AT,
        notice_at=SCAN_AT - timedelta(days=3),
        business_reason="The stadium holds 40,000 people, and we can hire 200.",
        description="A body scan for the crowd in the stadium of episode 3.",
        retention_until=date(2028, 5, 10),
    )
    return facts(uses=(), scan=replace(whole, **changes))


def at_scan(rule: str, name: str, told: Facts, *says: tuple) -> Case:
    return Case(rule, name, Stage.SCAN, told, says)


LATE = (BLOCK, "scan_at", None)
R05 = [
    at_scan("R05", "exactly 48 hours", scan(notice_at=SCAN_AT - H48)),
    at_scan("R05", "a second less", scan(notice_at=SCAN_AT - H48 + SECOND), LATE),
    at_scan("R05", "no notice at all", scan(notice_at=None), LATE),
    at_scan("R05", "a day that is not known", scan(scan_at=None)),
    at_scan(
        "R05",
        "engaged later, told at the engagement",
        scan(notice_at=SCAN_AT - H48 / 2, engaged_at=SCAN_AT - H48 / 2),
    ),
    at_scan(
        "R05",
        "engaged later, told a second after the engagement",
        scan(notice_at=SCAN_AT - H48 / 2 + SECOND, engaged_at=SCAN_AT - H48 / 2),
        LATE,
    ),
    at_scan(
        "R05",
        "engaged exactly 48 hours before is not engaged later",
        scan(notice_at=SCAN_AT - H48 + SECOND, engaged_at=SCAN_AT - H48),
        LATE,
    ),
    at_scan(
        "R05",
        "engaged a second less than 48 hours before",
        scan(notice_at=SCAN_AT - H48 + SECOND, engaged_at=SCAN_AT - H48 + SECOND),
    ),
]
NO_REASON = (BLOCK, "business_reason", None)
R06 = [
    at_scan("R06", "a reason", scan()),
    at_scan("R06", "none", scan(business_reason=None), NO_REASON),
    at_scan("R06", "only spaces", scan(business_reason="  "), NO_REASON),
    Case("R06", "a request's reason", Stage.COMPOSING, facts(business_reason="The actor is abroad.")),
    Case("R06", "a request's empty reason", Stage.COMPOSING, facts(business_reason=" "), (NO_REASON,)),
    Case("R06", "a reason nobody has asked for yet", Stage.COMPOSING, facts(business_reason=None)),
]


def illinois(**changes: object) -> Facts:
    return replace(scan(**changes), jurisdictions=frozenset({"US-IL", "US-CA"}))


R25 = [
    at_scan("R25", "everything in writing", illinois(release=True)),
    at_scan("R25", "a release that is still asked for", illinois()),
    at_scan("R25", "no release", illinois(release=False), (BLOCK, "release", None)),
    at_scan("R25", "no notice", illinois(notice_at=None), (BLOCK, "scan_at", None)),
    at_scan("R25", "no purpose", illinois(description=""), (BLOCK, "description", None)),
    at_scan("R25", "no term", illinois(retention_until=None), (BLOCK, "retention_until", None)),
    at_scan("R25", "elsewhere", scan(release=False)),
]
CASES = [*R05, *R06, *R25]
