"""Truth tables: what may never be assumed."""

from datetime import date

from tests.replicas.rulebook.cases import (
    ANSWERING,
    BLOCK,
    COMPOSING,
    DAY,
    LICENSE_USE,
    ONE_DAY,
    TV,
    WARN,
    asked,
    facts,
    licensed,
    of,
    person,
    places,
    production,
    replica,
    use,
)

TRAIN, MINE, INPUT = "ai_generative_training", "data_mining", "ai_inference"


def agreed(*permissions: str):
    return person(ai_agreed=frozenset(permissions))


def training(asked_for: tuple[str, ...], *permissions: str):
    return asked(agreed(*permissions), ai=asked_for)


R11 = [
    *of(
        "R11",
        COMPOSING,
        ("nothing", facts()),
        ("input alone", asked(ai=(INPUT,))),
        ("training, the opt-in not known", asked(ai=(TRAIN,)), (WARN, "ai", 0)),
        ("training, not opted in", training((TRAIN,)), (BLOCK, "ai", 0)),
        ("training, opted in", training((TRAIN,), TRAIN)),
        ("one of two", training((TRAIN, MINE), TRAIN), (BLOCK, "ai", 0)),
        ("permissions that are not known", asked(ai=None)),
    ),
    *of("R11", ANSWERING, ("training, not opted in", training((TRAIN,)), (BLOCK, "ai", 0))),
    *of(
        "R11",
        LICENSE_USE,
        ("licensed", asked(licensed(use(ai=(TRAIN,))), ai=(TRAIN,))),
        ("not licensed", asked(licensed(use(ai=(INPUT,))), ai=(TRAIN,)), (BLOCK, "ai", 0)),
        ("opted in but not licensed", asked({**licensed(), **agreed(TRAIN)}, ai=(TRAIN,)), (BLOCK, "ai", 0)),
    ),
]
UNTOLD = (BLOCK, "union_told_on", 0)


def sold(agreement: str = TV, day: date = DAY, **changes: object):
    return asked({"agreement": agreement, "day": day}, **{"ai": (TRAIN,), "training_recipient": "Glow AI", **changes})


R12 = [
    *of(
        "R12",
        COMPOSING,
        ("the union is told today", sold(union_told_on=DAY)),
        ("tomorrow", sold(union_told_on=DAY + ONE_DAY), UNTOLD),
        ("never", sold(), UNTOLD),
        ("nobody else trains", sold(training_recipient="")),
        ("no training", sold(ai=(INPUT, MINE))),
        ("another agreement", sold("none")),
        ("the first day of the agreement", sold(day=date(2026, 7, 1)), UNTOLD),
        ("the day before", sold(day=date(2026, 6, 30))),
    ),
    *of("R12", ANSWERING, ("never", sold(), UNTOLD)),
    *of("R12", LICENSE_USE, ("never", sold(), UNTOLD)),
]


def dubbed(begins: date | None, agreement: str = TV, **changes: object):
    return asked({"agreement": agreement, **production(photography_from=begins)}, **{"dubbing": ("fr",), **changes})


FIRST = date(2027, 7, 1)
R13 = [
    *of(
        "R13",
        COMPOSING,
        ("agreed to", dubbed(FIRST, languages=("en", "fr"))),
        ("photography on July 1, 2027", dubbed(FIRST), (BLOCK, "languages", 0)),
        ("the day before", dubbed(FIRST - ONE_DAY), (WARN, "languages", 0)),
        ("dates not known", dubbed(None), (WARN, "languages", 0)),
        ("no dubbing", dubbed(FIRST, dubbing=())),
        ("languages not known", dubbed(FIRST, languages=None)),
        ("another agreement", dubbed(FIRST, "none")),
    ),
    *of("R13", ANSWERING, ("photography on July 1, 2027", dubbed(FIRST), (BLOCK, "languages", 0))),
    *of(
        "R13",
        LICENSE_USE,
        (
            "a language that was not licensed",
            asked({"agreement": TV, **production(photography_from=FIRST), **licensed()}, languages=("en", "fr")),
            (BLOCK, "languages", 0),
        ),
        ("the licensed language", asked({"agreement": TV, **production(photography_from=FIRST), **licensed()})),
    ),
]
CHILD = (BLOCK, "sensitive", 0)


def intimate(born_on: date | None = None, captured_on: date | None = None, **changes: object):
    more = {**person(born_on=born_on), **replica(captured_on=captured_on)}
    return asked(more, **{"sensitive": ("nudity",), "rider": True, **changes})


R14 = [
    *of(
        "R14",
        COMPOSING,
        ("nothing intimate", asked(sensitive=("violence",))),
        ("with a rider", intimate()),
        ("without one", intimate(rider=False), CHILD),
        ("a rider that is not known", intimate(rider=None), (WARN, "sensitive", 0)),
        ("simulated sex without one", intimate(rider=False, sensitive=("simulated_sex",)), CHILD),
        ("eighteen today", intimate(date(2009, 3, 1))),
        ("eighteen tomorrow", intimate(date(2009, 3, 2)), CHILD),
        ("captured on the birthday", intimate(date(2000, 5, 5), date(2018, 5, 5))),
        ("captured the day before", intimate(date(2000, 5, 5), date(2018, 5, 4)), CHILD),
        ("shown as eighteen", intimate(depicted_age=18)),
        ("shown as seventeen", intimate(depicted_age=17), CHILD),
    ),
    *of("R14", ANSWERING, ("shown as seventeen", intimate(depicted_age=17), CHILD)),
    *of("R14", LICENSE_USE, ("shown as seventeen", intimate(depicted_age=17), CHILD)),
]
SILENT = (WARN, "disclosure", 0)


def shown(*codes: str, **changes: object):
    return asked({"disclosure": "", **places(*codes)}, **changes)


R39 = [
    *of(
        "R39",
        COMPOSING,
        ("in the US alone", shown()),
        ("worldwide", shown(territory="world"), SILENT),
        ("in the EU", shown(territory="eu"), SILENT),
        ("Ireland is in the EU", shown(territory="uk_ie"), SILENT),
        ("a project in the EU", shown("EU"), SILENT),
        ("an ad in New York", shown("US-NY", medium="commercial"), SILENT),
        ("a film in New York", shown("US-NY")),
        ("in the credits", asked({"disclosure": "End credits"}, territory="world")),
        ("not known", asked(territory="world")),
        ("until the day before the EU’s act", shown(territory="eu", ends_on=date(2026, 8, 1))),
        ("until its first day", shown(territory="eu", ends_on=date(2026, 8, 2)), SILENT),
        ("an ad until the day before New York’s", shown("US-NY", medium="commercial", ends_on=date(2026, 6, 8))),
        ("until its first day", shown("US-NY", medium="commercial", ends_on=date(2026, 6, 9)), SILENT),
    ),
    *of("R39", LICENSE_USE, ("worldwide", shown(territory="world"), SILENT)),
]
CASES = [*R11, *R12, *R13, *R14, *R39]
