"""The one plain sentence a request is asked in. Pure; the page sets the marked parts in its own type."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from replicas.rules.money import amount
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import Medium, Territory


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the sentence. ``mark`` is "" (plain), "strong" (what and how much) or "title" (the project)."""

    text: str
    mark: str = ""


def ask_in_parts(
    organization: str, replica: str, project: str, terms: OfferedTerms, *, whose: str, proposed_by: str = ""
) -> list[Part]:
    """“Nova Pictures wants to use *your 2024 body scan* in … of *Harbor Lights*, streaming, worldwide, until …, for …”

    ``whose`` is "your", or a name with its possessive for everybody else's page. ``proposed_by`` is who put these terms
    forward while the other side has not taken them ("You", a name): nobody is said to want what was only proposed to
    them.
    """
    first, *more = terms.uses
    what = f"“{first.title}”" if not more else f"{len(terms.uses)} uses"
    media = _join([Medium(medium).label.lower() for medium in dict.fromkeys(use.medium for use in terms.uses)])
    places = _join([_place(place) for place in dict.fromkeys(use.territory for use in terms.uses)])
    until = max(use.ends_on for use in terms.uses)
    return [
        Part(f"{_opening(organization, proposed_by)} use "),
        Part(f"{whose} {replica}", "strong"),
        Part(" for " if more else " in "),
        Part(what, "strong"),
        Part(" of "),
        Part(project, "title"),
        Part(f", {media}, {places}, until {day(until)}, for "),
        Part(f"{amount(terms.total, terms.currency)}.", "strong"),
    ]


def ask_in_words(organization: str, replica: str, project: str, terms: OfferedTerms, *, whose: str = "your") -> str:
    """The same sentence as plain text, for letters and lists."""
    return "".join(part.text for part in ask_in_parts(organization, replica, project, terms, whose=whose))


def _opening(organization: str, proposed_by: str) -> str:
    if not proposed_by:
        return f"{organization} wants to"
    return f"{proposed_by} propose{'' if proposed_by == 'You' else 's'} that {organization} may"


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def day(value: date) -> str:
    return f"{value:%b} {value.day}, {value.year}"


def moment_words(moment: datetime | None, zone: ZoneInfo) -> str:
    """``Mon, Nov 23, 2:02 PM`` in ``zone``; “earlier” when it is not known."""
    if moment is None:
        return "earlier"
    here = moment.astimezone(zone)
    return f"{here:%a, %b} {here.day}, {here.hour % 12 or 12}:{here:%M} {'AM' if here.hour < 12 else 'PM'}"


def span(seconds: float) -> str:
    """A span of seconds in its two largest units, downward: ``3 d 22 h``, ``2 h 5 min``, ``4 min``."""
    whole = int(seconds)
    if whole < 60:
        return "under 1 min"
    days, rest = divmod(whole, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes and hours < 6 else f"{hours} h"
    return f"{minutes} min"


def _place(territory: str) -> str:
    label = Territory(territory).label
    return label.lower() if territory == Territory.WORLD else f"in the {label}" if label[0] in "UE" else f"in {label}"


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
