"""Deadlines and reminders, computed from state on every tick. All moments are aware; zones are named."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused

LEAST_WINDOW = timedelta(hours=48)  # from sending, and after every change of terms, to the answer
MOST_WINDOW = timedelta(days=60)
DEFAULT_WORKING_DAYS = 5
END_OF_WORK = time(17)
DELIVERY_GRACE = timedelta(minutes=15)  # a first notice later than this moves the deadline by its delay


class Threshold(IntEnum):
    """The reminders of a window, in the order they come."""

    NONE = 0
    HALF = 1
    DAY = 2
    HOURS = 3


def default_answer_by(at: datetime, zone: ZoneInfo) -> datetime:
    """Five working days from ``at``, at 17:00 in the actor's zone, and never less than 48 hours away."""
    day = at.astimezone(zone).date()
    left = DEFAULT_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return datetime.combine(day, END_OF_WORK, tzinfo=zone)


def check_answer_by(answer_by: datetime, *, at: datetime) -> None:
    """Raises Refused unless the window is at least 48 hours and at most 60 days."""
    if answer_by - at < LEAST_WINDOW:
        raise Refused("window-too-short", "Give the actor at least 48 hours to answer.")
    if answer_by - at > MOST_WINDOW:
        raise Refused("window-too-long", "Ask for an answer within 60 days.")


def after_new_terms(answer_by: datetime, *, at: datetime) -> datetime:
    """The deadline once terms change hands: at least 48 hours from now, never earlier than it was."""
    return max(answer_by, at + LEAST_WINDOW)


def window_from_delivery(sent_at: datetime, delivered_at: datetime, answer_by: datetime) -> datetime:
    """The deadline when the first notice arrived at ``delivered_at``: the window starts with the delivery."""
    delay = delivered_at - sent_at
    return answer_by if delay <= DELIVERY_GRACE else answer_by + delay


@dataclass(frozen=True, slots=True)
class Reminder:
    """``threshold`` is the reminder now due (or NONE); ``next_at`` when to look again (None: never)."""

    threshold: Threshold
    next_at: datetime | None


def reminder(*, opened_at: datetime, answer_by: datetime, last: Threshold, at: datetime) -> Reminder:
    """What to send now for a window: only the latest threshold passed, nothing twice, nothing once it is over.

    ``opened_at`` is when the window began (delivery, or the last change of terms).
    """
    if at >= answer_by:
        return Reminder(Threshold.NONE, None)
    moments = thresholds(opened_at, answer_by)
    passed = [threshold for threshold, moment in moments if moment <= at and threshold > last]
    coming = [moment for threshold, moment in moments if moment > at and threshold > last]
    return Reminder(max(passed, default=Threshold.NONE), min(coming, default=None))


def thresholds(opened_at: datetime, answer_by: datetime) -> list[tuple[Threshold, datetime]]:
    """When each reminder comes: half of the window, 24 h and 4 h before the end.

    A threshold that would fall before the window's half is left out: two letters in a row are no help.
    """
    half = opened_at + (answer_by - opened_at) / 2
    moments = [(Threshold.HALF, half)]
    for threshold, hours in ((Threshold.DAY, 24), (Threshold.HOURS, 4)):
        moment = answer_by - timedelta(hours=hours)
        if moment > half:
            moments.append((threshold, moment))
    return moments


def first_reminder_at(opened_at: datetime, answer_by: datetime) -> datetime:
    return thresholds(opened_at, answer_by)[0][1]


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment after ``day``'s last, in ``zone``: a license runs through its last day."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone)
