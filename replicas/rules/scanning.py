"""The state machine of one person's scan: who may move it from where to where, and when. Pure; tested exhaustively.

The clock is the moment of the scan. An agreement can be given, refused and taken back until then; at that moment an
unanswered scan is not agreed to, whether or not anything has written that down. Nothing can be recorded as performed
before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from replicas.rules.answering import Side

NOTICE = timedelta(hours=48)  # rule R05: SAG-AFTRA digital replica terms, in a secondary source
REMIND_BEFORE = timedelta(hours=24)
NOT_AVAILABLE = "not_available"


class ScanState(Labeled):
    ANNOUNCED = "announced", "Announced"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Taken back"
    CALLED_OFF = "called_off", "Called off"
    PERFORMED = "performed", "Scanned"
    DESTROYED = "destroyed", "Destroyed"


class ScanMove(StrEnum):
    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    ASK = "ask"
    CHANGE = "change"
    CALL_OFF = "call-off"
    PERFORM = "perform"
    DESTROY = "destroy"


class BreachKind(Labeled):
    NO_AGREEMENT = "no_agreement", "Scanned without an agreement"
    NO_NOTICE = "no_notice", "Scanned without a notice"
    LATE_NOTICE = "late_notice", "The notice came too late"
    OTHER_PURPOSE = "other_purpose", "Scanned for another purpose"
    OTHER_PLACE = "other_place", "Scanned at another place"


BEFORE, AFTER, ANY = "before", "after", "any"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. ``when``: the states it may start from, each with its clock: ``before`` the scan, ``after``
    (at its moment or past it), or ``any`` time. ``leads_to`` None: the state stays."""

    sides: frozenset[Side]
    when: Mapping[ScanState, str]
    leads_to: ScanState | None


_S = ScanState
_OPEN = (_S.ANNOUNCED, _S.AGREED, _S.REFUSED, _S.WITHDRAWN)
_HOUSE = frozenset({Side.LICENSEE})
MOVES: dict[ScanMove, Rule] = {
    ScanMove.AGREE: Rule(
        frozenset({Side.ACTOR}), {_S.ANNOUNCED: BEFORE, _S.REFUSED: BEFORE, _S.WITHDRAWN: BEFORE}, _S.AGREED
    ),
    ScanMove.REFUSE: Rule(frozenset({Side.ACTOR}), {_S.ANNOUNCED: BEFORE}, _S.REFUSED),
    ScanMove.WITHDRAW: Rule(frozenset({Side.ACTOR}), {_S.AGREED: BEFORE}, _S.WITHDRAWN),
    ScanMove.ASK: Rule(
        frozenset({Side.ACTOR, Side.AGENCY, Side.LICENSEE}),
        {_S.ANNOUNCED: BEFORE, _S.AGREED: BEFORE, _S.PERFORMED: AFTER},
        None,
    ),
    ScanMove.CHANGE: Rule(_HOUSE, dict.fromkeys(_OPEN, BEFORE), _S.ANNOUNCED),
    ScanMove.CALL_OFF: Rule(_HOUSE, dict.fromkeys(_OPEN, ANY), _S.CALLED_OFF),
    ScanMove.PERFORM: Rule(_HOUSE, dict.fromkeys((*_OPEN, _S.CALLED_OFF), AFTER), _S.PERFORMED),
    ScanMove.DESTROY: Rule(frozenset({Side.LICENSEE, Side.PORTAL}), {_S.PERFORMED: AFTER}, _S.DESTROYED),
}

ALREADY = {
    _S.ANNOUNCED: "This scan waits for the performer’s answer.",
    _S.AGREED: "This scan was already agreed to.",
    _S.REFUSED: "This scan was already refused.",
    _S.WITHDRAWN: "The agreement to this scan was taken back.",
    _S.CALLED_OFF: "This scan was called off.",
    _S.PERFORMED: "This scan was already recorded as done.",
    _S.DESTROYED: "The files of this scan were destroyed.",
}
TOO_LATE = "The time of the scan has come. Without a yes before it, the answer is no."
TOO_EARLY = "A scan can be recorded once its time has come, not before."


def judge(move: ScanMove, *, state: ScanState, sides: frozenset[Side], at: datetime, scan_at: datetime) -> ScanState:
    """The state ``move`` leads to, or Refused. ``at`` and ``scan_at`` are aware; at ``scan_at`` it is too late."""
    rule = MOVES[move]
    if not rule.sides & sides:
        raise Refused("not-yours", _not_yours(move))
    clock = rule.when.get(state)
    if clock is None:
        raise Refused(f"already-{state.value}", ALREADY[state])
    if clock == BEFORE and at >= scan_at:
        raise Refused("too-late", TOO_LATE)
    if clock == AFTER and at < scan_at:
        raise Refused("too-early", TOO_EARLY)
    return rule.leads_to or state


def may(move: ScanMove, *, state: ScanState, sides: frozenset[Side], at: datetime, scan_at: datetime) -> bool:
    """Whether ``judge`` would allow it, for what a page offers."""
    try:
        judge(move, state=state, sides=sides, at=at, scan_at=scan_at)
    except Refused:
        return False
    return True


def seen_by_house(state: ScanState, *, at: datetime, scan_at: datetime) -> str:
    """The state as the announcing house may know it: a refusal, a yes taken back and a silence are one (R20)."""
    if state in (ScanState.REFUSED, ScanState.WITHDRAWN) or (state is ScanState.ANNOUNCED and at >= scan_at):
        return NOT_AVAILABLE
    return state.value


def remind_at(told_at: datetime, scan_at: datetime) -> datetime | None:
    """When somebody who has not answered is reminded: a day before, unless they were told later than that."""
    reminder = scan_at - REMIND_BEFORE
    return reminder if told_at < reminder else None


def _not_yours(move: ScanMove) -> str:
    if move in (ScanMove.AGREE, ScanMove.REFUSE, ScanMove.WITHDRAW):
        return "Only the performer answers for their own body. Nobody else can do it for them."
    return "This is not yours to do with this scan."
