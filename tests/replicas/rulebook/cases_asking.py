"""Truth tables: what is asked."""

from dataclasses import replace
from datetime import date

from tests.replicas.rulebook.cases import (
    ANSWERING,
    BLOCK,
    COMPOSING,
    INFORM,
    LICENSE_USE,
    SCAN,
    TV,
    WARN,
    asked,
    facts,
    of,
    production,
    replica,
    scan,
    use,
)

FORTY = "A crowd at the harbor fair, three shots."  # exactly the least a description needs
CAPTURED = date(2026, 10, 5)


def scripted(**changes: object):
    whole = {"as_scripted": True, "script_version": "blue", "script_dated": date(2026, 10, 4), **changes}
    return asked({"agreement": TV, **replica(captured_on=CAPTURED)}, **whole)


R01 = [
    *of(
        "R01",
        COMPOSING,
        ("everything is said", facts()),
        ("no uses yet", facts(uses=())),
        ("forty characters", asked(description=FORTY)),
        ("thirty-nine", asked(description=FORTY[1:]), (BLOCK, "description", 0)),
        ("padded with spaces", asked(description=f"{FORTY[1:]}    "), (BLOCK, "description", 0)),
        ("no description", asked(description=None), (BLOCK, "description", 0)),
        ("no role", asked(role=""), (BLOCK, "role", 0)),
        ("no scenes", asked(scenes=" "), (BLOCK, "scenes", 0)),
        ("no medium", asked(medium=None), (BLOCK, "medium", 0)),
        ("no territory", asked(territory=""), (BLOCK, "territory", 0)),
        ("no alterations", asked(alterations=""), (BLOCK, "alterations", 0)),
        ("no last day", asked(ends_on=None), (BLOCK, "ends_on", 0)),
        ("the second use alone", facts(uses=(use(), use(scenes=""))), (BLOCK, "scenes", 1)),
        ("no photography dates", facts(**production(project="P-1")), (WARN, "photography_from", None)),
        ("one photography date", facts(**production(project="P-1", photography_to=CAPTURED))),
        ("a project that is not known", facts(**production())),
    ),
    *of("R01", ANSWERING, ("as it was sent", facts()), ("no medium", asked(medium=""), (BLOCK, "medium", 0))),
    *of(
        "R01",
        SCAN,
        ("everything is said", scan()),
        ("the use in words is enough", scan(description="", uses=FORTY)),
        ("no intended use", scan(description=""), (BLOCK, "description", None)),
        ("too short", scan(description="For the crowd."), (BLOCK, "description", None)),
        ("nothing captured", scan(modalities=()), (BLOCK, "modalities", None)),
        ("no equipment", scan(equipment=None), (BLOCK, "equipment", None)),
        ("no place", scan(place=" "), (BLOCK, "place", None)),
        ("no storage", scan(storage=""), (BLOCK, "storage", None)),
        ("no access", scan(access=""), (BLOCK, "access", None)),
        ("no contact", scan(contact=""), (BLOCK, "contact", None)),
        ("no length", scan(hours=None), (BLOCK, "hours", None)),
        ("no end of keeping", scan(retention_until=None), (BLOCK, "retention_until", None)),
        ("training not said", scan(training=None), (BLOCK, "training", None)),
        ("training is said", scan(training=True)),
    ),
]
R02 = [
    *of(
        "R02",
        COMPOSING,
        ("plain words", facts(business_reason="The actor is abroad.")),
        ("perpetuity", asked(description=f"{FORTY} In perpetuity."), (BLOCK, "description", 0)),
        (
            "two reasons in one text",
            asked(description=f"{FORTY} Irrevocable, throughout the universe."),
            (BLOCK, "description", 0),
            (BLOCK, "description", 0),
        ),
        ("in the title", asked(title="All media"), (BLOCK, "title", 0)),
        ("in the scenes", asked(scenes="12A, for any purpose"), (BLOCK, "scenes", 0)),
        ("in the alterations", asked(alterations="In any manner"), (BLOCK, "alterations", 0)),
        ("a limit in the same words", asked(alterations="Color, and not for any other purpose")),
        ("in the reason", facts(business_reason="We need it forever."), (BLOCK, "business_reason", None)),
    ),
    *of("R02", ANSWERING, ("plain words", facts()), ("all media", asked(title="All media"), (BLOCK, "title", 0))),
    *of(
        "R02",
        SCAN,
        ("plain words", scan()),
        ("in the use", scan(description=f"{FORTY} In perpetuity."), (BLOCK, "description", None)),
        (
            "in both texts at once",
            scan(description=f"{FORTY} In perpetuity.", uses=f"{FORTY} In perpetuity."),
            (BLOCK, "description", None),
        ),
        ("in the storage", scan(storage="Anywhere in the universe"), (BLOCK, "storage", None)),
    ),
]
NO_REASON = (BLOCK, "business_reason", None)
R06 = [
    *of(
        "R06",
        SCAN,
        ("a reason", scan()),
        ("none", scan(business_reason=None), NO_REASON),
        ("only spaces", scan(business_reason="  "), NO_REASON),
    ),
    *of(
        "R06",
        COMPOSING,
        ("a reason", facts(business_reason="The actor is abroad.")),
        ("an empty reason", facts(business_reason=" "), NO_REASON),
        ("a reason nobody has asked for yet", facts(business_reason=None)),
    ),
    *of("R06", ANSWERING, ("an empty reason", facts(business_reason=""), NO_REASON)),
]
R07 = [
    *of(
        "R07",
        COMPOSING,
        ("the day before the performance", scripted()),
        ("the day of the performance", scripted(script_dated=CAPTURED), (WARN, "script_dated", 0)),
        ("no version", scripted(script_version=""), (WARN, "script_version", 0)),
        ("no date", scripted(script_dated=None), (WARN, "script_version", 0)),
        ("not said to be scripted", scripted(as_scripted=False, script_dated=None)),
        ("a performance that is not known", replace(scripted(script_dated=CAPTURED), **replica())),
        ("another agreement", replace(scripted(script_dated=None), agreement="none")),
        (
            "the first day of the agreement",
            replace(scripted(script_dated=None), day=date(2026, 7, 1)),
            (WARN, "script_version", 0),
        ),
        ("the day before it", replace(scripted(script_dated=None), day=date(2026, 6, 30))),
    ),
    *of("R07", ANSWERING, ("no date", scripted(script_dated=None), (WARN, "script_version", 0))),
]
R40 = [
    *of(
        "R40",
        COMPOSING,
        ("no claim", facts(exception_claim="")),
        ("parody", facts(exception_claim="Parody"), (WARN, "exception_claim", None)),
    ),
    *of("R40", LICENSE_USE, ("news", facts(exception_claim="News"), (WARN, "exception_claim", None))),
]
R41 = of(
    "R41",
    COMPOSING,
    ("a person’s replica", facts(agreement=TV, **replica(synthetic=False))),
    ("a synthetic", facts(agreement=TV, **replica(synthetic=True)), (INFORM, "value_statement", None)),
    ("with its value written down", facts(agreement=TV, **replica(synthetic=True, value_statement="A dragon."))),
    ("another agreement", facts(agreement="none", **replica(synthetic=True))),
    ("before the agreement", facts(agreement=TV, day=date(2026, 6, 30), **replica(synthetic=True))),
)
CASES = [*R01, *R02, *R06, *R07, *R40, *R41]
