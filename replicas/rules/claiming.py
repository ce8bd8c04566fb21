"""The claim of an unknown scan: its states, who may move it from where to where, and its clock. Pure.

A claim is the actor's alone until it is sent. From then on a holder has until a day to answer; whatever they answer,
the actor says whether it settles the matter.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from replicas.rules.deadlines import end_of_day


class ClaimState(Labeled):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    ACKNOWLEDGED = "acknowledged", "Answered"
    DISPUTED = "disputed", "Disputed"
    UNANSWERED = "unanswered", "No answer"
    CLOSED = "closed", "Closed"


class ClaimSide(Labeled):
    """In whose name somebody acts on a claim. An agency reads its clients' claims and is told; it makes no move."""

    ACTOR = "actor", "Actor"
    AGENCY = "agency", "Agency"
    HOLDER = "holder", "Holder"
    PORTAL = "portal", "Understudy"


class ClaimMove(StrEnum):
    WRITE = "write"
    DISCARD = "discard"
    SEND = "send"
    ANSWER = "answer"
    DISPUTE = "dispute"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    REGISTER = "register"
    REMIND = "remind"
    EXPIRE = "expire"


class Closing(Labeled):
    """Why a closed claim is closed."""

    DISCARDED = "discarded", "Thrown away"
    SETTLED = "settled", "Settled"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Place(Labeled):
    """Where the scan was made, as far as it decides which law speaks."""

    US_IL = "us_il", "Illinois"
    US = "us", "Elsewhere in the United States"
    EU = "eu", "European Union, Iceland, Liechtenstein or Norway"
    UK = "uk", "United Kingdom"
    OTHER = "other", "Somewhere else"


class Ask(Labeled):
    ACCESS = "access", "Tell me what you hold"
    DELETION = "deletion", "Delete it"
    DISCLOSURE = "disclosure", "Tell me who has it and who can see it"


ASK_MEANS = {
    Ask.ACCESS: "What they have of you, what it is for, where it is kept and until when. A good first letter.",
    Ask.DELETION: "They delete the scan and what was made from it, or say exactly why they keep it.",
    Ask.DISCLOSURE: "Where it is, who was given it, who can open it, and how it is protected.",
}


class Outcome(Labeled):
    HOLDS = "holds", "We hold something of this performer"
    NOTHING = "nothing", "We hold nothing"
    DESTROYED = "destroyed", "We destroyed it"


_S, _P, _M = ClaimState, ClaimSide, ClaimMove
RUNNING = frozenset({_S.SENT, _S.DISPUTED})  # the clock runs
WAITING = frozenset({*RUNNING, _S.UNANSWERED})  # a holder can still answer


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. ``clock``: ``before`` the due moment, ``after`` (at or past it), or ``any`` time."""

    sides: frozenset[ClaimSide]
    states: frozenset[ClaimState]
    leads_to: ClaimState | None  # None: the state stays
    clock: str = "any"


def _rule(side: ClaimSide, states: set[ClaimState], leads_to: ClaimState | None, clock: str = "any") -> Rule:
    return Rule(frozenset({side}), frozenset(states), leads_to, clock)


MOVES: dict[ClaimMove, Rule] = {
    _M.WRITE: _rule(_P.ACTOR, {_S.DRAFT}, None),
    _M.DISCARD: _rule(_P.ACTOR, {_S.DRAFT}, _S.CLOSED),
    _M.SEND: _rule(_P.ACTOR, {_S.DRAFT}, _S.SENT),
    _M.ANSWER: _rule(_P.HOLDER, {_S.SENT, _S.DISPUTED, _S.UNANSWERED}, _S.ACKNOWLEDGED),
    _M.DISPUTE: _rule(_P.ACTOR, {_S.ACKNOWLEDGED}, _S.DISPUTED),
    _M.SETTLE: _rule(_P.ACTOR, {_S.ACKNOWLEDGED}, _S.CLOSED),
    _M.WITHDRAW: _rule(_P.ACTOR, {_S.SENT, _S.DISPUTED, _S.UNANSWERED}, _S.CLOSED),
    _M.REGISTER: _rule(_P.ACTOR, {_S.ACKNOWLEDGED, _S.DISPUTED, _S.CLOSED}, None),
    _M.REMIND: _rule(_P.PORTAL, {_S.SENT, _S.DISPUTED}, None, "before"),
    _M.EXPIRE: _rule(_P.PORTAL, {_S.SENT, _S.DISPUTED}, _S.UNANSWERED, "after"),
}

ALREADY = {
    _S.DRAFT: "This claim has not been sent yet.",
    _S.SENT: "This claim was sent and waits for an answer.",
    _S.ACKNOWLEDGED: "This claim was already answered.",
    _S.DISPUTED: "The answer was disputed, and the holder has to answer once more.",
    _S.UNANSWERED: "The time for an answer is over. The holder can still answer.",
    _S.CLOSED: "This claim is closed.",
}


def judge(
    move: ClaimMove, *, state: ClaimState, sides: frozenset[ClaimSide], at: datetime, due_at: datetime | None
) -> ClaimState:
    """The state ``move`` leads to, or Refused. ``sides`` are the names in which the person may act.

    ``at`` and ``due_at`` are aware. The due moment itself is too late for a reminder and early enough to be overdue.
    """
    rule = MOVES[move]
    if not rule.sides & sides:
        raise Refused("not-yours", "This is not yours to do with this claim.")
    if state not in rule.states:
        raise Refused(f"already-{state.value}", ALREADY[state])
    late = due_at is not None and at >= due_at
    if rule.clock == "before" and late:
        raise Refused("too-late", "The time for an answer is over.")
    if rule.clock == "after" and not late:
        raise Refused("too-early", "The time for an answer is not over yet.")
    return rule.leads_to or state


def moves(state: ClaimState, side: ClaimSide, *, at: datetime, due_at: datetime | None) -> set[ClaimMove]:
    """What the page of this side offers right now. The actions ask the same table again."""
    found = set()
    for move in ClaimMove:
        try:
            judge(move, state=state, sides=frozenset({side}), at=at, due_at=due_at)
        except Refused:
            continue
        found.add(move)
    return found


# --- The clock --------------------------------------------------------------------------------------------------------

PORTAL_DAYS = 30  # where no law names a time, the portal asks for an answer within this many days
LAST_WARNING = timedelta(days=7)
LINK_LASTS = timedelta(days=90)
LETTER_LEAVES_WITHIN = timedelta(days=1)  # after that its last try is over: time to look whether it ever left


class Threshold(IntEnum):
    """The reminders of a window, in the order they come: at half time, and seven days before its end."""

    NONE = 0
    HALF = 1
    WEEK = 2


def month_later(day: date) -> date:
    """The same day of the next calendar month, or that month's last day: Jan 31 → Feb 28 (29 in a leap year).

    GDPR Art. 12(3) and 15 give one month (DOMAIN R29); a month is a calendar month, not 30 days.
    """
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def due_day(sent_on: date, *, by_month: bool) -> date:
    """The last day on which an answer is in time: a calendar month by law, else the portal's own 30 days."""
    return month_later(sent_on) if by_month else sent_on + timedelta(days=PORTAL_DAYS)


def due_moment(sent_at: datetime, *, by_month: bool, zone: ZoneInfo) -> datetime:
    """The moment after the last day's end in ``zone``, the actor's. Aware in, aware out."""
    return end_of_day(due_day(sent_at.astimezone(zone).date(), by_month=by_month), zone)


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The day people are told: the last one on which an answer is in time, in ``zone``."""
    return (due_at.astimezone(zone) - timedelta(seconds=1)).date()


@dataclass(frozen=True, slots=True)
class Reminder:
    """``threshold`` is the reminder now due (or NONE); ``next_at`` when to look again, in the end the due moment."""

    threshold: Threshold
    next_at: datetime


def reminder(*, opened_at: datetime, due_at: datetime, last: Threshold, at: datetime) -> Reminder:
    """What to send now for a window: only the latest threshold passed, nothing twice, nothing once it is over."""
    if at >= due_at:
        return Reminder(Threshold.NONE, due_at)
    moments = thresholds(opened_at, due_at)
    passed = [threshold for threshold, moment in moments if moment <= at and threshold > last]
    coming = [moment for threshold, moment in moments if moment > at and threshold > last]
    return Reminder(max(passed, default=Threshold.NONE), min(coming, default=due_at))


def thresholds(opened_at: datetime, due_at: datetime) -> list[tuple[Threshold, datetime]]:
    """When each reminder comes. The last one is left out of a window so short that it would come before the half."""
    half = opened_at + (due_at - opened_at) / 2
    moments = [(Threshold.HALF, half)]
    if due_at - LAST_WARNING > half:
        moments.append((Threshold.WEEK, due_at - LAST_WARNING))
    return moments


# --- What is claimed --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the actor remembers. ``scanned_on`` is the day where it is known, ``about_when`` their own words for it."""

    scanned_on: date | None = None
    about_when: str = ""
    place: str = ""
    captured_by: str = ""
    production: str = ""
    told: str = ""
    remembered: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """To whom the letter goes and what it asks for. ``organization`` is the id of a house on the portal, if it is one.

    ``tell_agency``: whether the actor's agency hears when nobody answers. ``union_contact``: the address the actor
    gave for the same, empty when they gave none.
    """

    organization: int | None = None
    holder_name: str = ""
    holder_email: str = ""
    jurisdiction: str = ""
    ask: str = Ask.ACCESS
    under_union: bool = False
    tell_agency: bool = True
    union_contact: str = ""


def check_facts(facts: ClaimFacts, *, today: date) -> None:
    """Raises Refused for a scan that lies in the future."""
    if facts.scanned_on and facts.scanned_on > today:
        raise Refused("scanned-in-future", "The scan can’t lie in the future.")


def missing(facts: ClaimFacts, address: Address) -> list[str]:
    """What a letter still needs before it can go, in words; empty when it is complete."""
    needs = [
        (address.organization or (address.holder_name and address.holder_email), "who should answer, and their e-mail"),
        (address.jurisdiction, "in which part of the world it was"),
    ]
    return [*missing_facts(facts), *(words for given, words in needs if not given)]


def missing_facts(facts: ClaimFacts) -> list[str]:
    """What the performer still has to remember before a letter can go, in words."""
    needs = [
        (facts.scanned_on or facts.about_when, "when it was, or about when"),
        (facts.place, "where it was"),
        (facts.captured_by, "who made the scan"),
    ]
    return [words for given, words in needs if not given]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a holder says. For ``holds``: what, where and why, and until when if there is a day; for ``destroyed``: the
    day and who attests it."""

    outcome: str
    text: str = ""
    custodian: str = ""
    held_at: str = ""
    held_until: date | None = None
    held_why: str = ""
    destroyed_on: date | None = None
    attested_by: str = ""


_TO_SAY = {
    "text": "Say what you hold: scans, recordings, models made from them.",
    "held_at": "Say where it is kept.",
    "held_why": "Say why you keep it.",
}


def answer_faults(answer: Answer, *, today: date) -> dict[str, str]:
    """What an answer lacks or can't mean: field → sentence. Empty when it is good."""
    faults: dict[str, str] = {}
    if answer.outcome == Outcome.HOLDS:
        faults = {name: sentence for name, sentence in _TO_SAY.items() if not getattr(answer, name)}
    elif answer.outcome == Outcome.DESTROYED:
        if answer.destroyed_on is None:
            faults["destroyed_on"] = "Give the day on which it was destroyed."
        elif answer.destroyed_on > today:
            faults["destroyed_on"] = "This day has not come yet."
        if not answer.attested_by:
            faults["attested_by"] = "Somebody has to attest it by their name."
    return faults


def check_answer(answer: Answer, *, today: date) -> None:
    """Raises Refused with the first fault of an answer."""
    for sentence in answer_faults(answer, today=today).values():
        raise Refused("answer-incomplete", sentence)
