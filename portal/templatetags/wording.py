"""How dates, spans, counts and lists are worded. Formatted by hand: the ``date`` filter costs a list page too much.

Moments are shown in Django's current time zone, which the middleware sets to the viewer's own.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django import template
from django.template.context import RequestContext
from django.utils import timezone

from replicas.rules.wording import span

register = template.Library()

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTE, HOUR = 60, 3600


def local(when: datetime) -> datetime:
    """The same moment in the viewer's zone; a naive one is taken as UTC."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return aware.astimezone(timezone.get_current_timezone())


def clock(when: datetime) -> str:
    """The time of day of an already local moment, as sentences say it: ``5:00 PM``."""
    return f"{when.hour % 12 or 12}:{when.minute:02d} {'AM' if when.hour < 12 else 'PM'}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day: ``Nov 30, 2027``. Of a moment, the viewer's day. Nothing for nothing."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = local(value)
    return f"{MONTHS[value.month]} {value.day}, {value.year}"


@register.filter
def moment(value: datetime | None, zone: object = False) -> str:
    """A moment: ``Thu, Nov 26, 5:00 PM``; the year when it is not this one; with ``zone``, its abbreviation."""
    if not value:
        return ""
    here = local(value)
    year = "" if here.year == local(timezone.now()).year else f", {here.year}"
    tail = f" {here.tzname()}" if zone else ""
    return f"{WEEKDAYS[here.weekday()]}, {MONTHS[here.month]} {here.day}{year}, {clock(here)}{tail}"


@register.filter
def left(value: datetime | None, at: datetime | None = None) -> str:
    """How much is left until a moment: ``3 d 22 h left``, or ``time is up``."""
    if not value:
        return ""
    seconds = (value - (at or timezone.now())).total_seconds()
    return f"{span(seconds)} left" if seconds > 0 else "time is up"


@register.filter
def ago(value: datetime | None, at: datetime | None = None) -> str:
    """How long ago: ``just now``, ``5 min ago``, ``3 h ago``, ``yesterday``, ``4 days ago``, then the day."""
    if not value:
        return ""
    now = at or timezone.now()
    seconds = (now - value).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    days = (local(now).date() - local(value).date()).days
    if days == 0 or seconds < 6 * HOUR:
        return f"{int(seconds // HOUR)} h ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 14 else day(value)


def due_words(when: datetime, at: datetime) -> tuple[str, bool]:
    """The words of a deadline in the viewer's zone, and whether it is urgent (under 24 hours away).

    ``2 h left`` under 24 hours, ``Tomorrow 17:00``, ``Thu 17:00`` within the week, ``Dec 3``, ``Closed Nov 20``.
    """
    here, now = local(when), local(at)
    away = when - at
    if away <= timedelta(0):
        return f"Closed {MONTHS[here.month]} {here.day}", False
    if away < timedelta(hours=24):
        minutes = int(away.total_seconds()) // MINUTE
        return (f"{minutes // 60} h left" if minutes >= 60 else f"{max(minutes, 1)} min left"), True
    days = (here.date() - now.date()).days
    if days == 1:
        return f"Tomorrow {here:%H:%M}", False
    if days < 7:
        return f"{WEEKDAYS[here.weekday()]} {here:%H:%M}", False
    year = "" if here.year == now.year else f", {here.year}"
    return f"{MONTHS[here.month]} {here.day}{year}", False


@register.filter
def count_of(number: int | None, nouns: str) -> str:
    """A counted noun: ``{{ 3|count_of:"request" }}`` is ``3 requests``; ``"reply,replies"`` names the plural."""
    one, _, many = nouns.partition(",")
    number = number or 0
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.filter
def listed(items: Iterable[object] | None, word: str = "and") -> str:
    """A list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    words = [str(item) for item in items or ()]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {word} {words[-1]}"


@register.simple_tag(takes_context=True)
def qs(context: RequestContext, **changes: object) -> str:
    """This page's query string with some parameters changed: ``{% qs page=2 kind=None %}``; ``None`` or "" removes.

    A list gives the parameter several values. ``?`` alone when nothing is left, so that a link drops the old query.
    """
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "" or value == []:
            query.pop(key, None)
        elif isinstance(value, list | tuple):
            query.setlist(key, [str(item) for item in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "a Chromebook",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """What a browser says of itself, in words: ``Safari on an iPhone``. The more telling names are looked for first."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
