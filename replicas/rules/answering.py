"""The request's state machine: who may move it from where to where, and when. Pure; tested over every combination."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused


class RequestState(Labeled):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    COUNTERED = "countered", "Changes proposed"
    HELD = "held", "Held"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    LAPSED = "lapsed", "Lapsed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    FILLED = "filled", "Filled"


class Side(Labeled):
    """In whose name somebody acts on a request. The clock's own side is the portal."""

    ACTOR = "actor", "Actor"
    AGENCY = "agency", "Agency"
    LICENSEE = "licensee", "Licensee"
    PORTAL = "portal", "Understudy"


class Move(StrEnum):
    SEND = "send"
    APPROVE = "approve"
    DENY = "deny"
    PROPOSE = "propose"
    COUNTER = "counter"
    ACCEPT = "accept"
    ASK = "ask"
    ADVISE = "advise"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    LAPSE = "lapse"
    HOLD = "hold"
    RELEASE = "release"
    FILL = "fill"
    CALL = "call"


WAITING = frozenset({RequestState.OPEN, RequestState.COUNTERED})
UNDECIDED = WAITING | {RequestState.HELD}  # sent, and not over
OVER = frozenset(RequestState) - UNDECIDED - {RequestState.DRAFT}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. ``clock``: ``before`` the deadline, ``after`` (at or past it), or ``any`` time.

    While a request is held its clock stands still, so its deadline is not looked at then. A release leads back to
    whose turn it was.
    """

    sides: frozenset[Side]
    states: frozenset[RequestState]
    leads_to: RequestState | None  # None: the state stays
    clock: str = "before"


def _rule(sides: set[Side], states: set[RequestState], leads_to: RequestState | None, clock: str = "before") -> Rule:
    return Rule(frozenset(sides), frozenset(states), leads_to, clock)


_S, _P = RequestState, Side
MOVES: dict[Move, Rule] = {
    Move.SEND: _rule({_P.LICENSEE}, {_S.DRAFT}, _S.OPEN, "any"),
    Move.APPROVE: _rule({_P.ACTOR}, {_S.OPEN}, _S.APPROVED),
    Move.DENY: _rule({_P.ACTOR}, {_S.OPEN, _S.COUNTERED, _S.HELD}, _S.DENIED),
    Move.PROPOSE: _rule({_P.ACTOR, _P.AGENCY}, {_S.OPEN}, _S.COUNTERED),
    Move.COUNTER: _rule({_P.LICENSEE}, {_S.COUNTERED}, _S.OPEN),
    Move.ACCEPT: _rule({_P.LICENSEE}, {_S.COUNTERED}, _S.OPEN),
    Move.ASK: _rule({_P.ACTOR, _P.AGENCY, _P.LICENSEE}, {_S.OPEN, _S.COUNTERED, _S.HELD}, None),
    Move.ADVISE: _rule({_P.AGENCY}, {_S.OPEN, _S.COUNTERED, _S.HELD}, None),
    Move.EXTEND: _rule({_P.LICENSEE}, {_S.OPEN}, None),
    Move.WITHDRAW: _rule({_P.LICENSEE}, {_S.DRAFT, _S.OPEN, _S.COUNTERED, _S.HELD}, _S.WITHDRAWN, "any"),
    Move.REOPEN: _rule({_P.ACTOR}, {_S.DENIED}, _S.OPEN),
    Move.LAPSE: _rule({_P.PORTAL}, {_S.OPEN, _S.COUNTERED}, _S.LAPSED, "after"),
    Move.HOLD: _rule({_P.PORTAL}, {_S.OPEN, _S.COUNTERED}, _S.HELD, "any"),
    Move.RELEASE: _rule({_P.PORTAL}, {_S.HELD}, _S.OPEN, "any"),
    # In a crowd: every place was taken before this answer, and a place came free for somebody who agreed to wait.
    Move.FILL: _rule({_P.PORTAL}, {_S.OPEN, _S.COUNTERED, _S.HELD}, _S.FILLED, "any"),
    Move.CALL: _rule({_P.PORTAL}, {_S.FILLED}, _S.OPEN, "any"),
}
STRUCK_WORK = frozenset(  # what a strike under the project's agreement stops (R10): what leads to a yes, and the clock
    {Move.SEND, Move.APPROVE, Move.PROPOSE, Move.COUNTER, Move.ACCEPT, Move.EXTEND, Move.REOPEN, Move.LAPSE}
)

ALREADY = {
    _S.DRAFT: "This request has not been sent yet.",
    _S.OPEN: "This request is open and waits for the actor.",
    _S.COUNTERED: "Changes were proposed, and the people who asked have to reply first.",
    _S.HELD: "This request is held while a strike stands. Its clock stands still.",
    _S.APPROVED: "This request was already approved.",
    _S.DENIED: "This request was already denied.",
    _S.LAPSED: "The deadline passed without an answer, so the answer is no.",
    _S.WITHDRAWN: "This request was withdrawn by the people who asked.",
    _S.FILLED: "Every place in this crowd was taken before your answer.",
}
ONLY_THE_ACTOR = "Only the actor can approve. Nobody else can do it for them."


def judge(
    move: Move,
    *,
    state: RequestState,
    sides: frozenset[Side],
    at: datetime,
    answer_by: datetime | None,
    struck: str = "",
    turn: Side = Side.ACTOR,
    over_as: RequestState | None = None,
) -> RequestState:
    """The state ``move`` leads to, or Refused.

    ``sides`` are the names in which the person may act. ``at`` and ``answer_by`` are aware. The deadline itself is too
    late: at ``answer_by`` the answer is no, whether or not anything has written that down yet. ``struck`` says, when a
    strike has stopped this request, which one and until when: it holds from the strike's first second, whether or not
    the row says so yet. ``turn`` is whose move it is, or was when the request was held. ``over_as`` is what the end of
    its crowd makes of it where it had no answer (``models.ReuseRequest.over_as``): it holds from that moment, too, and
    a no can't be taken back any more.
    """
    rule = MOVES[move]
    if not rule.sides & sides:
        raise Refused("not-yours", _not_yours(move))
    if over_as and move is not Move.FILL and (state in UNDECIDED or (move is Move.REOPEN and state is _S.DENIED)):
        raise Refused(f"already-{over_as.value}", ALREADY[over_as])
    held = state is RequestState.HELD
    stopping = move in STRUCK_WORK and bool(struck or held)
    if state not in rule.states and not (stopping and held and rule.states & WAITING):
        raise Refused(f"already-{state.value}", ALREADY[state])
    if stopping:
        raise Refused("strike", struck or ALREADY[state])
    late = not (struck or held) and answer_by is not None and at >= answer_by
    if rule.clock == "before" and late:
        raise Refused("too-late", ALREADY[_S.LAPSED])
    if rule.clock == "after" and not late:
        raise Refused("too-early", "The deadline has not passed yet.")
    return released(turn) if move is Move.RELEASE else rule.leads_to or state


def released(turn: Side) -> RequestState:
    """Where a held request goes back to: to the people who asked when they were to reply, else to the actor."""
    return RequestState.COUNTERED if turn is Side.LICENSEE else RequestState.OPEN


def _not_yours(move: Move) -> str:
    if move is Move.APPROVE:
        return ONLY_THE_ACTOR
    return "This is not yours to do in this request."
