"""The inbox in words: its piles for each side, and the sentence it opens with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from replicas.rules.answering import RequestState

_S = RequestState
SOON = timedelta(hours=24)
NAMED = 3  # how many the opening sentence names
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Pile:
    """One tab: which states lie on it, and by which moment it is sorted (soonest first, or latest with ``-``)."""

    key: str
    label: str
    states: frozenset[RequestState]
    order: str
    empty: str


def _pile(key: str, label: str, states: set[RequestState], order: str, empty: str) -> Pile:
    return Pile(key, label, frozenset(states), order, empty)


_HELD = _pile(
    "held",
    "On hold",
    {_S.HELD},
    "answer_by",
    "What a strike stops waits here, and its clock stands still.",
)
ACTORS_SIDE = (
    _pile(
        "action", "Action required", {_S.OPEN}, "answer_by", "When somebody asks for a replica, it stands here first."
    ),
    _pile("waiting", "Waiting", {_S.COUNTERED}, "answer_by", "Requests with proposed changes wait here for a reply."),
    _HELD,
    _pile(
        "done",
        "Done",
        {_S.APPROVED, _S.WITHDRAWN, _S.FILLED},
        "-decided_at",
        "Approved requests, those taken back by the people who asked, and crowds that were full.",
    ),
    _pile("denied", "Denied", {_S.DENIED}, "-decided_at", "Nobody outside sees what lies here."),
    _pile("lapsed", "Lapsed", {_S.LAPSED}, "-decided_at", "A deadline that passes means no. Such requests end here."),
)
LICENSEES_SIDE = (
    _pile(
        "action",
        "Action required",
        {_S.COUNTERED},
        "answer_by",
        "When an actor proposes changes, your reply is due here.",
    ),
    _pile("waiting", "Waiting", {_S.OPEN}, "answer_by", "Requests you sent wait here for the actor’s answer."),
    _HELD,
    _pile("drafts", "Drafts", {_S.DRAFT}, "-changed_at", "A request you begin is kept here until you send it."),
    _pile("licensed", "Licensed", {_S.APPROVED}, "-decided_at", "What was approved, each with its license."),
    _pile(
        "unavailable",
        "Not available",
        {_S.DENIED, _S.LAPSED, _S.FILLED},
        "-sent_at",
        "Requests that did not find a yes. It says nothing about others.",
    ),
    _pile("withdrawn", "Withdrawn", {_S.WITHDRAWN}, "-decided_at", "Requests your house took back."),
)


def piles_of(kind: str) -> tuple[Pile, ...]:
    """The tabs of a desk of this kind."""
    return LICENSEES_SIDE if kind == "casting" else ACTORS_SIDE


def shown(pile: Pile, current: Pile, counts: Mapping[str, int]) -> bool:
    """Whether a tab stands there: what strikes stopped only while there is something."""
    return pile.key != "held" or pile == current or counts["held"] > 0


@dataclass(frozen=True, slots=True)
class Urgent:
    """A request due soon: whom the sentence names, when it is due (aware), and where it leads."""

    name: str
    due: datetime
    ref: str


@dataclass(frozen=True, slots=True)
class Opening:
    """``lead`` comes first; each of ``named`` is (words, reference) and is a link; ``rest`` is the quiet line below."""

    lead: str
    named: Sequence[tuple[str, str]] = ()
    rest: str = ""


def opening(
    kind: str, counts: Mapping[str, int], urgent: Sequence[Urgent], *, soon: int, at: datetime, zone: ZoneInfo
) -> Opening:
    """The sentence at the top. ``soon`` counts what is due within 24 hours, of which ``urgent`` names the first few."""
    action, waiting = counts.get("action", 0), counts.get("waiting", 0)
    parts = [f"{_count(waiting, 'waits', 'wait')} for others."] if waiting else []
    if held := counts.get("held", 0):
        parts.append(f"{_count(held, 'is', 'are')} held by a strike; the clock stands still.")
    others = " ".join(_sentence(part) for part in parts)
    if not action:
        return Opening("Nothing needs you now.", rest=_sentence(others) or "New requests stand here first.")
    if not soon:
        return Opening(_needed(kind, action), rest=_sentence(others))
    spans = _spans([one.due - at for one in urgent[:NAMED]])
    named = [(f"{one.name} {span}", one.ref) for one, span in zip(urgent, spans, strict=False)]
    same_day = all(one.due.astimezone(zone).date() == at.astimezone(zone).date() for one in urgent[:NAMED])
    lead = f"{_who(kind, soon)} {'today' if same_day else 'within a day'}:"
    more = f"{_count(action - soon, 'more needs', 'more need')} an answer later." if action > soon else ""
    unnamed = f"{_count(soon - len(named), 'more is', 'more are')} due by then." if soon > len(named) else ""
    return Opening(lead, named, " ".join(_sentence(part) for part in (unnamed, more, others) if part))


def _who(kind: str, number: int) -> str:
    many = number != 1
    match kind:
        case "agency":
            return f"{_word(number)} {'clients' if many else 'client'} must answer"
        case "casting":
            return f"{_word(number)} {'actors need' if many else 'actor needs'} your reply"
        case "guarded":
            return f"{_word(number)} {'requests need' if many else 'request needs'} a guardian’s answer"
        case _:
            return f"{_word(number)} {'requests need' if many else 'request needs'} your answer"


def _needed(kind: str, number: int) -> str:
    many = number != 1
    match kind:
        case "agency":
            wait = "requests wait" if many else "request waits"
            return f"{_word(number)} {wait} for your clients, none due within a day."
        case "casting":
            return f"{_word(number)} {'actors propose' if many else 'actor proposes'} changes; your reply is due."
        case "guarded":
            need = "requests need" if many else "request needs"
            return f"{_word(number)} {need} a guardian’s answer, none due within a day."
        case _:
            return f"{_word(number)} {'requests need' if many else 'request needs'} your answer, none due within a day."


def _spans(lefts: Sequence[timedelta]) -> list[str]:
    """“in 2 hours”, then “in 5” as long as the hours go on; minutes under an hour."""
    words, in_hours = [], False
    for left in lefts:
        minutes = max(int(left.total_seconds()) // 60, 1)
        hours = minutes // 60
        unit = "" if in_hours else " hour" if hours == 1 else " hours"
        words.append(f"in {hours}{unit}" if hours else f"in {minutes} min")
        in_hours = hours > 0
    return words


def _count(number: int, one: str, many: str) -> str:
    return f"{_word(number)} {one if number == 1 else many}"


def _word(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
