"""Truth tables: who says yes, and how."""

from dataclasses import replace
from datetime import date

from tests.replicas.rulebook.cases import (
    ANSWERING,
    AT,
    BLOCK,
    COMPOSING,
    LICENSE_USE,
    SCAN,
    SECOND,
    asked,
    facts,
    of,
    person,
    places,
    scan,
)


def weak(place: str = "US-CA", represented: object = "none", **changes: object):
    """A vague use that replaces work in person, with nobody beside the performer."""
    more = {**places(place), **person(represented=represented)}
    return asked(more, **{"work_replaced": True, "description": "A crowd.", **changes})


ALL_THREE = (BLOCK, "description", 0)
R03 = [
    *of(
        "R03",
        COMPOSING,
        ("all three in California", weak(), ALL_THREE),
        ("in New York", weak("US-NY"), ALL_THREE),
        ("in Illinois", weak("US-IL"), ALL_THREE),
        ("vague by its words", weak(description="A crowd at the harbor, used in perpetuity, in any film."), ALL_THREE),
        ("elsewhere", weak("US-TN")),
        ("described", weak(description="A crowd at the harbor fair, three shots.")),
        ("no work replaced", weak(work_replaced=False)),
        ("work replaced is not known", weak(work_replaced=None)),
        ("a lawyer", weak(represented="counsel")),
        ("the union", weak(represented="union")),
        ("representation is not known", weak(represented=None)),
        ("the first day of the law", replace(weak(), day=date(2025, 1, 1)), ALL_THREE),
        ("the day before", replace(weak(), day=date(2024, 12, 31))),
    ),
    *of("R03", ANSWERING, ("all three", weak(), ALL_THREE)),
]
R04 = [
    *of(
        "R04",
        ANSWERING,
        ("apart, by its own act", facts(signed_apart=True, signed_by_own_act=True)),
        ("not known", facts()),
        ("in another paper", facts(signed_apart=False), (BLOCK, "signed_apart", None)),
        ("no act of its own", facts(signed_by_own_act=False), (BLOCK, "signed_by_own_act", None)),
    ),
    *of("R04", SCAN, ("in the voucher", scan({"signed_apart": False}), (BLOCK, "signed_apart", None))),
    *of("R04", LICENSE_USE, ("in another paper", facts(signed_apart=False), (BLOCK, "signed_apart", None))),
]
R18 = of(
    "R18",
    ANSWERING,
    ("it ends", facts(**person(after_death="ends"))),
    ("not asked yet", facts(**person(after_death=None))),
    ("left open", facts(**person(after_death="")), (BLOCK, "after_death", None)),
)
R19 = of(
    "R19",
    ANSWERING,
    ("a second before", facts(answer_by=AT + SECOND)),
    ("at the deadline", facts(answer_by=AT), (BLOCK, "answer_by", None)),
    ("a second after", facts(answer_by=AT - SECOND), (BLOCK, "answer_by", None)),
    ("no deadline", facts()),
    ("the moment is not known", facts(at=None, answer_by=AT)),
)
R21 = of(
    "R21",
    COMPOSING,
    ("never asked", facts(refused_before=False)),
    ("not known", facts()),
    ("asked and not agreed", facts(refused_before=True), (BLOCK, "", None)),
)
R22 = of(
    "R22",
    ANSWERING,
    ("the performer", facts(signer="performer")),
    ("a guardian", facts(signer="guardian")),
    ("the estate", facts(signer="estate")),
    ("not known", facts()),
    ("the agency", facts(signer="agency"), (BLOCK, "signer", None)),
)
ILLINOIS = places("US-IL", "US-CA")
R25 = of(
    "R25",
    SCAN,
    ("everything in writing", scan(ILLINOIS, release=True)),
    ("a release that is still asked for", scan(ILLINOIS)),
    ("no release", scan(ILLINOIS, release=False), (BLOCK, "release", None)),
    ("no notice", scan(ILLINOIS, notice_at=None), (BLOCK, "scan_at", None)),
    ("no purpose", scan(ILLINOIS, description=""), (BLOCK, "description", None)),
    ("the purpose as a use", scan(ILLINOIS, description="", uses="For the crowd in the stadium.")),
    ("no term", scan(ILLINOIS, retention_until=None), (BLOCK, "retention_until", None)),
    ("elsewhere", scan(places("US-CA"), release=False)),
    ("no scan", facts(**ILLINOIS)),
)
CASES = [*R03, *R04, *R18, *R19, *R21, *R22, *R25]
