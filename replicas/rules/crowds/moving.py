"""What the house may do with a crowd it has sent: which move, from which state, by whom, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused
from replicas.rules.crowds import NUDGE_EVERY, CrowdState
from replicas.rules.wording import moment_words

_C = CrowdState


class CrowdMove(StrEnum):
    NUDGE = "nudge"
    EXTEND = "extend"
    RAISE = "raise"
    ACCEPT = "accept"
    PROMOTE = "promote"
    MORE = "more"
    WITHDRAW = "withdraw"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. ``needs_people``: there must be somebody it could reach."""

    states: frozenset[CrowdState]
    needs_people: bool = False


MOVES: dict[CrowdMove, Rule] = {
    CrowdMove.NUDGE: Rule(frozenset({_C.OPEN}), needs_people=True),
    CrowdMove.EXTEND: Rule(frozenset({_C.OPEN})),
    CrowdMove.RAISE: Rule(frozenset({_C.OPEN, _C.FILLED})),
    CrowdMove.ACCEPT: Rule(frozenset({_C.OPEN}), needs_people=True),
    CrowdMove.PROMOTE: Rule(frozenset({_C.OPEN}), needs_people=True),
    CrowdMove.MORE: Rule(frozenset({_C.OPEN, _C.FILLED})),
    CrowdMove.WITHDRAW: Rule(frozenset({_C.OPEN})),
    CrowdMove.CLOSE: Rule(frozenset({_C.OPEN})),
}
STANDS = {
    _C.DRAFT: "This crowd has not been sent yet.",
    _C.SENDING: "This crowd is still being sent. Wait until everybody was asked.",
    _C.OPEN: "This crowd is open.",
    _C.FILLED: "This crowd is filled. Nobody in it has to answer any more.",
    _C.CLOSED: "This crowd is closed. To ask again, make a new one.",
}
NOBODY = {
    CrowdMove.NUDGE: "Nobody in this crowd has an answer to give right now.",
    CrowdMove.ACCEPT: "Nobody asks for these changes any more.",
    CrowdMove.PROMOTE: "There are no standbys left to call.",
}
NOT_YOURS = "Only members of the project’s house can do this. Assistants prepare, members release."


def judge_crowd(move: CrowdMove, *, state: CrowdState, may_act: bool, people: int = 1) -> None:
    """Raises Refused unless a member of the house makes a move that fits where the crowd stands.

    ``people`` is how many it could reach, as the board counts them.
    """
    if not may_act:
        raise Refused("not-yours", NOT_YOURS)
    rule = MOVES[move]
    if state not in rule.states:
        raise Refused(f"crowd-{state.value}", STANDS[state])
    if rule.needs_people and people < 1:
        raise Refused("nobody", NOBODY[move])


def next_nudge(nudged_at: datetime | None, *, at: datetime) -> datetime | None:
    """When the next nudge may go; None when it may go now. At exactly 24 hours it may."""
    if nudged_at is None or at - nudged_at >= NUDGE_EVERY:
        return None
    return nudged_at + NUDGE_EVERY


def check_nudge(nudged_at: datetime | None, *, at: datetime, zone: ZoneInfo) -> None:
    """Raises Refused within 24 hours of the last nudge, with the moment in the house's ``zone``."""
    if (then := next_nudge(nudged_at, at=at)) is not None:
        raise Refused(
            "nudged-already", f"They were reminded in the last 24 hours. You can again from {moment_words(then, zone)}."
        )


def check_more(needed: int, more: int, *, people: int) -> None:
    """Raises Refused for a number that is none, or more than are on the crowd's list of ``people``.

    The whole list counts, whatever became of each: a narrower limit would tell who can't say yes any more.
    """
    if more < 1:
        raise Refused("no-number", "Say how many more people you need.")
    if needed + more > people:
        left = people - needed
        most = f"Ask for {left:,} more at most, or make another crowd."
        if left <= 0:
            most = "To ask others, make another crowd."
        raise Refused("too-many", f"{needed:,} are needed already, and {people:,} are on the list. {most}")
