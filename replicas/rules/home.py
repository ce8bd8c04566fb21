"""The sentence a home page opens with, and how it words a moment. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(hours=24)
ENDS_SOON = timedelta(days=60)  # licenses that end within this stand on the home page
SHOWN = 20  # requests of one state that are shown; the inbox has the rest


def by_when(due: datetime, *, at: datetime, zone: ZoneInfo) -> str:
    """“within 3 hours”, “by tomorrow 17:00”, “by Thu 17:00” within the week, “by Dec 3”. Worded in ``zone``."""
    left = due - at
    if left < _DAY:
        minutes = max(int(left.total_seconds()) // 60, 1)
        number, unit = (minutes, "minute") if minutes < 60 else (minutes // 60, "hour")
        return f"within {number} {unit}{'' if number == 1 else 's'}"
    here, now = due.astimezone(zone), at.astimezone(zone)
    days = (here.date() - now.date()).days
    if days == 1:
        return f"by tomorrow {here:%H:%M}"
    if days < 7:
        return f"by {here:%a %H:%M}"
    year = "" if here.year == now.year else f", {here.year}"
    return f"by {here:%b} {here.day}{year}"


def opening(
    kind: str,
    number: int,
    first: datetime | None,
    *,
    at: datetime,
    zone: ZoneInfo,
    scans: Sequence[datetime] = (),
    more: bool = False,
) -> str:
    """“3 requests need your answer, the first by tomorrow 17:00.” “1 request and 1 scan need your answer, …”

    ``kind`` is the desk's, ``number`` how many need it, ``first`` when the first is due (aware). ``scans`` are the
    moments of those that wait for an answer (only at a performer's desk); ``more`` says that something else stands
    below, so that the sentence doesn't claim that all is done.
    """
    if not number and not scans:
        return (_NO_REQUEST if more else _NOTHING).get(kind, "Nothing needs you now.")
    one, many = _NEED[kind]
    if scans:
        one, many = f"needs {_ANSWER[kind]}", f"need {_ANSWER[kind]}"
        counted = [_counted(number, "request"), _counted(len(scans), "scan")]
        subject = " and ".join(words for words in counted if words)
    else:
        subject = f"{number:,}"
    number += len(scans)
    need = f"{subject} {one if number == 1 else many}"
    due = [moment for moment in (first, *scans) if moment is not None]
    if not due:
        return f"{need}."
    moment = by_when(min(due), at=at, zone=zone)
    return f"{need} {moment}." if number == 1 else f"{need}, the first {moment}."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""


_ANSWER = {"actor": "your answer", "guarded": "a guardian’s answer"}
_NEED = {
    "actor": ("request needs your answer", "requests need your answer"),
    "guarded": ("request needs a guardian’s answer", "requests need a guardian’s answer"),
    "agency": ("client must answer a request", "requests wait for your clients’ answers"),
    "casting": ("actor waits for your reply", "actors wait for your reply"),
}
_NOTHING = {
    "actor": "Nothing needs your answer now.",
    "guarded": "Nothing needs an answer now.",
    "agency": "No client of yours has to answer now.",
    "casting": "Nobody waits for your reply now.",
}
_NO_REQUEST = {
    "actor": "No request needs your answer now.",
    "guarded": "No request needs an answer now.",
    "agency": "No client of yours has to answer a request now.",
    "casting": "No request waits for your reply now.",
}
