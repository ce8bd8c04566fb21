"""Truth tables: who holds it, and what happens when something goes wrong."""

from datetime import date
from decimal import Decimal

from replicas.rules.rulebook.facts import DestructionFacts, TransferFacts
from tests.replicas.rulebook.cases import (
    ANSWERING,
    AT,
    BLOCK,
    COMPOSING,
    DAY,
    INFORM,
    LICENSE_USE,
    ONE_DAY,
    SECOND,
    TV,
    WARN,
    asked,
    facts,
    licensed,
    of,
    places,
    replica,
)

R23 = [
    *of(
        "R23",
        LICENSE_USE,
        ("all on record", facts(**replica(holder_registered=True, place_registered=True, copies_registered=True))),
        ("not known", facts()),
        ("no holder", facts(**replica(holder_registered=False)), (BLOCK, "holder_registered", None)),
        ("no place", facts(**replica(place_registered=False)), (BLOCK, "place_registered", None)),
        ("copies", facts(**replica(copies_registered=False)), (BLOCK, "copies_registered", None)),
        ("opened without need", facts(**replica(access_needed=False)), (BLOCK, "access_needed", None)),
    ),
    *of("R23", COMPOSING, ("no holder", facts(**replica(holder_registered=False)), (WARN, "holder_registered", None))),
    *of("R23", ANSWERING, ("no holder", facts(**replica(holder_registered=False)), (WARN, "holder_registered", None))),
]


def moved(agreement: str = TV, **changes: object):
    whole = {"performer_agreed": True, "assumption_signed": True, "union_approved": True, **changes}
    return facts(agreement=agreement, transfer=TransferFacts(**whole))


R24 = of(
    "R24",
    LICENSE_USE,
    ("all three", moved()),
    ("no transfer", facts()),
    ("the performer was not asked", moved(performer_agreed=None), (BLOCK, "performer_agreed", None)),
    ("the performer said no", moved(performer_agreed=False), (BLOCK, "performer_agreed", None)),
    ("nothing in writing", moved(assumption_signed=False), (BLOCK, "assumption_signed", None)),
    ("the union was not asked", moved(union_approved=None), (BLOCK, "union_asked_on", None)),
    ("the union said no", moved(union_approved=False), (BLOCK, "union_approved", None)),
    (
        "the last of 21 days",
        moved(union_approved=None, union_asked_on=DAY - 21 * ONE_DAY),
        (BLOCK, "union_approved", None),
    ),
    ("the day after", moved(union_approved=None, union_asked_on=DAY - 22 * ONE_DAY), (BLOCK, "union_approved", None)),
    ("no union", moved("none", union_approved=None)),
    ("the agreement is not known", moved("", union_approved=None)),
)
OVERDUE, SOON = (BLOCK, "retention_until", None), (INFORM, "retention_until", None)


def clock(**days: object):
    return facts(destruction=DestructionFacts(**days))


R26 = [
    *of(
        "R26",
        LICENSE_USE,
        ("31 days before", clock(retention_until=DAY + 31 * ONE_DAY)),
        ("30 days before", clock(retention_until=DAY + 30 * ONE_DAY), SOON),
        ("on the day", clock(retention_until=DAY), SOON),
        ("the day after", clock(retention_until=DAY - ONE_DAY), OVERDUE),
        ("attested", clock(retention_until=DAY - ONE_DAY, attested=True)),
        ("the purpose was met 30 days ago", clock(purpose_met_on=DAY - 30 * ONE_DAY), SOON),
        ("31 days ago", clock(purpose_met_on=DAY - 31 * ONE_DAY), OVERDUE),
        ("the license ended 30 days ago", clock(license_ended_on=DAY - 30 * ONE_DAY, retention_until=date.max), SOON),
        (
            "31 days ago, retention or not",
            clock(license_ended_on=DAY - 31 * ONE_DAY, retention_until=date.max),
            OVERDUE,
        ),
        ("three years after the last contact", clock(last_interaction_on=date(2024, 3, 1)), SOON),
        ("three years and a day", clock(last_interaction_on=date(2024, 2, 29)), OVERDUE),
        ("no clock", clock()),
        ("the day is not known", facts(day=None, destruction=DestructionFacts(retention_until=DAY))),
    ),
    *of("R26", COMPOSING, ("the day after", clock(retention_until=DAY - ONE_DAY), OVERDUE)),
]
RAW = (BLOCK, "delivers", 0)
R27 = [
    *of(
        "R27",
        COMPOSING,
        ("finished pictures", asked(places("US-IL"), delivers="performance")),
        ("geometry for a fee", asked(places("US-IL"), delivers="geometry"), RAW),
        ("a voiceprint for a fee", asked(places("US-IL"), delivers="voiceprint"), RAW),
        ("for a cent", asked(places("US-IL"), delivers="geometry", fee=Decimal("0.01")), RAW),
        ("for nothing", asked(places("US-IL"), delivers="geometry", fee=Decimal(0))),
        ("elsewhere", asked(places("US-CA"), delivers="geometry")),
        ("not known", asked(places("US-IL"))),
    ),
    *of("R27", ANSWERING, ("geometry for a fee", asked(places("US-IL"), delivers="geometry"), RAW)),
    *of("R27", LICENSE_USE, ("geometry for a fee", asked(places("US-IL"), delivers="geometry"), RAW)),
]
R28 = of(
    "R28",
    LICENSE_USE,
    ("in force", facts(**licensed())),
    ("a second before the withdrawal", facts(**licensed(withdrawn_at=AT + SECOND))),
    ("at the withdrawal", facts(**licensed(withdrawn_at=AT)), (BLOCK, "", None)),
    ("the moment is not known", facts(at=None, **licensed(withdrawn_at=AT)), (BLOCK, "", None)),
    ("no license", facts()),
)
ASKED_ON = "access_request_sent_on"
R29 = of(
    "R29",
    LICENSE_USE,
    ("nobody asked", facts()),
    ("a month, to the day", facts(access_request_sent_on=date(2027, 2, 1)), (INFORM, ASKED_ON, None)),
    ("the day after", facts(access_request_sent_on=date(2027, 1, 31)), (WARN, ASKED_ON, None)),
    ("answered", facts(access_request_sent_on=date(2027, 1, 1), access_request_answered=True)),
)
LATE = DAY - ONE_DAY
R38 = [
    *of(
        "R38",
        COMPOSING,
        ("nothing due", facts()),
        ("due today", facts(usage_report_due=DAY)),
        ("due yesterday", facts(usage_report_due=LATE), (BLOCK, "usage_report_due", None)),
        ("due yesterday, received", facts(usage_report_due=LATE, usage_report_received=True)),
    ),
    *of("R38", LICENSE_USE, ("due yesterday", facts(usage_report_due=LATE), (INFORM, "usage_report_due", None))),
]
CASES = [*R23, *R24, *R26, *R27, *R28, *R29, *R38]
