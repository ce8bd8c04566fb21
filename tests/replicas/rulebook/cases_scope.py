"""Truth tables: one use, one project."""

from dataclasses import replace
from datetime import date

from tests.replicas.rulebook.cases import (
    ANSWERING,
    BLOCK,
    COMMERCIALS,
    COMPOSING,
    INTERACTIVE,
    LICENSE_USE,
    ONE_DAY,
    SCAN,
    TV,
    asked,
    facts,
    licensed,
    of,
    person,
    production,
    scan,
    use,
)

HELD = (BLOCK, "", None)


def planned(**changes: object):
    return asked(licensed(), **changes)


R08 = of(
    "R08",
    LICENSE_USE,
    ("the licensed use", planned()),
    ("no license", facts()),
    ("another title", planned(project="P-2"), (BLOCK, "project", 0)),
    ("another medium", planned(medium="game"), (BLOCK, "medium", 0)),
    ("another role", planned(role="principal"), (BLOCK, "role", 0)),
    ("a wider territory", planned(territory="world"), (BLOCK, "territory", 0)),
    ("a narrower one", asked(licensed(use(territory="world")), territory="eu")),
    ("the last day", planned(ends_on=date(2028, 3, 31))),
    ("a day after it", planned(ends_on=date(2028, 4, 1)), (BLOCK, "ends_on", 0)),
    ("the first day", planned(starts_on=date(2027, 4, 1))),
    ("a day before it", planned(starts_on=date(2027, 3, 31)), (BLOCK, "starts_on", 0)),
    ("only the title is known", asked(licensed(uses=()), medium="game")),
    (
        "each part of two uses, together neither",
        asked(licensed(uses=(use(medium="game", territory="us"), use(territory="eu"))), medium="game", territory="eu"),
        (BLOCK, "territory", 0),
    ),
    ("what is not known", planned(medium=None, role=None, territory=None, project=None, starts_on=None, ends_on=None)),
)
R09 = of(
    "R09",
    LICENSE_USE,
    ("nothing reported", planned()),
    ("reported as licensed", facts(reports=(use(),), **licensed())),
    ("reported elsewhere", facts(reports=(use(), use(medium="game")), **licensed()), (BLOCK, "medium", 1)),
    ("no license", facts(reports=(use(medium="game"),))),
)
R10 = [
    *of(
        "R10",
        COMPOSING,
        ("no strike", facts(agreement=TV, struck=False)),
        ("not known", facts(agreement=TV)),
        ("a strike", facts(agreement=TV, struck=True), HELD),
        ("a strike, the agreement not known", facts(struck=True), HELD),
        ("held by the performer", facts(agreement=INTERACTIVE, **person(holds_consents=True)), HELD),
        ("which only one agreement knows", facts(agreement=TV, **person(holds_consents=True))),
        (
            "both at once are one finding",
            facts(agreement=INTERACTIVE, struck=True, **person(holds_consents=True)),
            HELD,
        ),
    ),
    *of("R10", ANSWERING, ("a strike", facts(struck=True), HELD)),
    *of("R10", SCAN, ("a strike", scan({"struck": True}), HELD), ("none", scan())),
    *of("R10", LICENSE_USE, ("a strike", facts(struck=True), HELD)),
]
AD = use(medium="commercial", brand="Saltwater", product_line="Soap")


def ad(agreement: str = COMMERCIALS, more: dict[str, object] | None = None, **changes: object):
    """A planned ad under a license of February 1, 2027."""
    return facts(uses=(replace(AD, **changes),), agreement=agreement, **{**licensed(AD), **(more or {})})


MADE = date(2029, 2, 1)  # 24 months after the consent
R37 = [
    *of(
        "R37",
        COMPOSING,
        ("no ad", facts()),
        ("an ad for a brand", asked(medium="commercial", brand="Saltwater")),
        ("an ad for nobody", asked(medium="commercial", brand=""), (BLOCK, "brand", 0)),
        ("a commercial’s use elsewhere", asked(production(kind="commercial"), brand=""), (BLOCK, "brand", 0)),
        ("a brand that is not known", asked(medium="commercial")),
    ),
    *of("R37", ANSWERING, ("an ad for nobody", asked(medium="commercial", brand=""), (BLOCK, "brand", 0))),
    *of(
        "R37",
        LICENSE_USE,
        ("the same product", ad()),
        ("another advertiser", ad(brand="Freshwater"), (BLOCK, "brand", 0)),
        ("another product line", ad(product_line="Shampoo"), (BLOCK, "product_line", 0)),
        ("made 24 months after the consent", ad(more=production(photography_from=MADE))),
        ("a day later", ad(more=production(photography_from=MADE + ONE_DAY)), (BLOCK, "starts_on", 0)),
        ("no dates: the first day of use", ad(starts_on=MADE + ONE_DAY), (BLOCK, "starts_on", 0)),
        ("another agreement", ad("none", starts_on=MADE + ONE_DAY)),
        ("a consent without its day", ad(more=licensed(AD, agreed_on=None), starts_on=MADE + ONE_DAY)),
    ),
]
CASES = [*R08, *R09, *R10, *R37]
