"""Calendar arithmetic that never fails, however far away a day is. Pure."""

from calendar import monthrange
from datetime import date, timedelta

from accounts.rules.ages import OF_AGE, birthday


def months_later(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month; ``date.max`` past the calendar's end."""
    month = day.month - 1 + months
    year = day.year + month // 12
    if year > date.max.year:
        return date.max
    number = month % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))


def years_later(day: date, years: int) -> date:
    """The same day some years on; February 29 becomes February 28 where there is none."""
    return months_later(day, 12 * years)


def of_age_on(born_on: date) -> date:
    """The first day on which somebody born on ``born_on`` is an adult."""
    return birthday(born_on, OF_AGE) if born_on.year + OF_AGE <= date.max.year else date.max


def days_later(day: date, days: int) -> date:
    """``days`` days on; ``date.max`` past the calendar's end."""
    return day + timedelta(days=min(days, (date.max - day).days))


def is_minor(born_on: date | None, day: date | None) -> bool:
    """Whether somebody is known to be under eighteen on ``day``. False where either is not known."""
    return born_on is not None and day is not None and day < of_age_on(born_on)
