"""How old somebody is, and the moment they come of age. Pure: days are days in the person's own zone.

Who is born on February 29 has their birthday on March 1 where there is no 29th: the later of the two days people use,
so that nobody is taken for an adult a day too soon.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused

OF_AGE = 18
OWN_ACCOUNT = 13  # COPPA, 16 CFR 312: below it the guardian opens the profile, and the child has no account
OLDEST = 120
SETTLED = timedelta(days=2)  # so close before it, a change of the time zone moves the moment of majority no more


def birthday(born_on: date, years: int) -> date:
    """The day somebody turns ``years``."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def age_on(born_on: date, day: date) -> int:
    """Whole years on ``day``; negative before the birth."""
    years = day.year - born_on.year
    return years if day >= birthday(born_on, years) else years - 1


def majority(born_on: date, zone: ZoneInfo) -> datetime:
    """The moment somebody is 18: the birthday at 00:00 in ``zone``, as aware UTC.

    Where the clocks skip that midnight it is the moment they skip it.
    """
    return datetime.combine(birthday(born_on, OF_AGE), time(), tzinfo=zone).astimezone(UTC)


def is_minor(adult_at: datetime | None, at: datetime) -> bool:
    """Whether somebody who comes of age at ``adult_at`` is a minor at ``at``. At the moment itself they are not.

    ``None`` is somebody who stated at sign-up that they are an adult.
    """
    return adult_at is not None and at < adult_at


def moved_majority(adult_at: datetime, born_on: date, zone: ZoneInfo, *, at: datetime) -> datetime:
    """The moment of majority after a move to ``zone``. In the last two days before it, and after it, it stays."""
    return adult_at if at >= adult_at - SETTLED else majority(born_on, zone)


def check_birth_date(born_on: date, *, today: date, own_account: bool = True) -> None:
    """Raises Refused for a day nobody alive was born on and, for an account of one's own, for a child under 13."""
    age = age_on(born_on, today)
    if not 0 <= age <= OLDEST:
        raise Refused("birth-date", "Check the year of birth: nobody alive was born then.")
    if own_account and age < OWN_ACCOUNT:
        raise Refused(
            "too-young",
            f"Under {OWN_ACCOUNT} a parent or guardian opens the profile: they sign up here as “A parent or guardian”.",
        )
