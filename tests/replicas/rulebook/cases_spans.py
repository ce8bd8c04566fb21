"""Truth tables: time."""

from datetime import date, timedelta

from tests.replicas.rulebook.cases import (
    ANSWERING,
    BLOCK,
    COMPOSING,
    DAY,
    LICENSE_USE,
    ONE_DAY,
    SCAN,
    SCAN_AT,
    SECOND,
    WARN,
    asked,
    facts,
    of,
    person,
    places,
    scan,
)

H48 = timedelta(hours=48)
LATE = (BLOCK, "scan_at", None)
TOO_LATE, SHORT = SCAN_AT - H48 + SECOND, SCAN_AT - H48 / 2
R05 = of(
    "R05",
    SCAN,
    ("exactly 48 hours", scan(notice_at=SCAN_AT - H48)),
    ("a second less", scan(notice_at=TOO_LATE), LATE),
    ("no notice at all", scan(notice_at=None), LATE),
    ("after the scan", scan(notice_at=SCAN_AT + SECOND), LATE),
    ("a day that is not known", scan(scan_at=None)),
    ("no scan", facts()),
    ("engaged later, told at the engagement", scan(notice_at=SHORT, engaged_at=SHORT)),
    ("engaged later, told a second after it", scan(notice_at=SHORT + SECOND, engaged_at=SHORT), LATE),
    ("engaged exactly 48 hours before is not later", scan(notice_at=TOO_LATE, engaged_at=SCAN_AT - H48), LATE),
    ("engaged a second less than 48 hours before", scan(notice_at=TOO_LATE, engaged_at=TOO_LATE)),
)
BORN = date(2012, 6, 15)  # of age on 2030-06-15
STARTS = date(2027, 4, 1)


def young(ends_on: date, starts_on: date = STARTS, born_on: date = BORN, **more: object):
    return asked(
        person(**{"born_on": born_on, "guardian": True, "court_ref": "BC-1", **more}),
        starts_on=starts_on,
        ends_on=ends_on,
    )


FOUR = date(2023, 6, 15)  # born then: four years old on DAY
R15 = [
    *of(
        "R15",
        COMPOSING,
        ("five years", young(date(2032, 4, 1), born_on=FOUR)),
        ("five years and a day", young(date(2032, 4, 2), born_on=FOUR), (BLOCK, "ends_on", 0)),
        ("from February 29, five years", young(date(2033, 2, 28), date(2028, 2, 29), FOUR)),
        ("from February 29, a day more", young(date(2033, 3, 1), date(2028, 2, 29), FOUR), (BLOCK, "ends_on", 0)),
        ("through the day before the birthday", young(date(2030, 6, 14))),
        ("on the birthday", young(date(2030, 6, 15)), (BLOCK, "ends_on", 0)),
        ("born on February 29: through the last of February", young(date(2030, 2, 28), born_on=date(2012, 2, 29))),
        ("… but not on March 1", young(date(2030, 3, 1), born_on=date(2012, 2, 29)), (BLOCK, "ends_on", 0)),
        ("too long and too old", young(date(2032, 4, 2)), (BLOCK, "ends_on", 0), (BLOCK, "ends_on", 0)),
        ("no guardian", young(date(2028, 4, 1), guardian=False), (BLOCK, "guardian", None)),
        ("no court", young(date(2028, 4, 1), court_ref=""), (BLOCK, "court_ref", None)),
        ("guardian and court not known", young(date(2028, 4, 1), guardian=None, court_ref=None)),
        ("eighteen today", young(date(2036, 4, 1), born_on=date(2009, 3, 1))),
        ("eighteen tomorrow", young(date(2036, 4, 1), born_on=date(2009, 3, 2)), *[(BLOCK, "ends_on", 0)] * 2),
        ("an age that is not known", asked(ends_on=date(2036, 4, 1))),
        ("a last day that is not known", asked(person(born_on=BORN), ends_on=None)),
    ),
    *of("R15", ANSWERING, ("on the birthday", young(date(2030, 6, 15)), (BLOCK, "ends_on", 0))),
]
R16 = [
    *of(
        "R16",
        COMPOSING,
        ("ten years", asked(starts_on=STARTS, ends_on=date(2037, 4, 1))),
        ("ten years and a day", asked(starts_on=STARTS, ends_on=date(2037, 4, 2)), (BLOCK, "ends_on", 0)),
        ("to the end of the calendar", asked(starts_on=date(9995, 1, 1), ends_on=date.max)),
        ("no first day", asked(starts_on=None, ends_on=date.max)),
        ("a minor, where R15 speaks", young(date(2040, 4, 1))),
    ),
    *of("R16", ANSWERING, ("eleven years", asked(ends_on=date(2038, 4, 1)), (BLOCK, "ends_on", 0))),
]
NOBODY, ENDED, CLAIM = (BLOCK, "died_on", None), (WARN, "died_on", None), (WARN, "claim_ref", None)


def gone(died_on: date = DAY - ONE_DAY, *codes: str, **more: object):
    return facts(**person(died_on=died_on, **more), **places(*codes))


R17 = [
    *of(
        "R17",
        COMPOSING,
        ("alive, as far as anybody knows", facts()),
        ("nobody may answer", gone(), NOBODY),
        ("the estate", gone(estate=True)),
        ("the union", gone(union_speaks=True)),
        ("the estate in New York without a claim", gone(DAY, "US-NY", estate=True), CLAIM),
        ("with its claim", gone(DAY, "US-NY", estate=True, claim_ref="NY-77")),
        ("New York, the last day of 40 years", gone(date(1987, 3, 1), "US-NY"), NOBODY),
        ("New York, the day after", gone(date(1987, 2, 28), "US-NY"), ENDED),
        ("California too: 70 years", gone(date(1987, 2, 28), "US-NY", "US-CA"), NOBODY),
        ("California, the last day of 70 years", gone(date(1957, 3, 1), "US-CA"), NOBODY),
        ("California, the day after", gone(date(1957, 2, 28), "US-CA"), ENDED),
        ("no place is known: the longer period", gone(date(1957, 3, 1)), NOBODY),
    ),
    *of("R17", ANSWERING, ("nobody may answer", gone(), NOBODY)),
    *of("R17", LICENSE_USE, ("nobody may answer", gone(), NOBODY)),
]
CASES = [*R05, *R15, *R16, *R17]
