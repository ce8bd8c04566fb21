"""The request's state machine over every state × move × side × before, at and after the deadline."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.answering import MOVES, OVER, UNDECIDED, WAITING, Move, RequestState, Side, judge

DEADLINE = datetime(2026, 11, 26, 17, tzinfo=UTC)
CLOCK = {"before": DEADLINE - timedelta(microseconds=1), "at": DEADLINE, "after": DEADLINE + timedelta(seconds=1)}

# Written out by hand and apart from the code: (move, side, state) → where it leads before the deadline.
ALLOWED = {
    ("send", "licensee", "draft"): "open",
    ("approve", "actor", "open"): "approved",
    ("deny", "actor", "open"): "denied",
    ("deny", "actor", "countered"): "denied",
    ("propose", "actor", "open"): "countered",
    ("propose", "agency", "open"): "countered",
    ("counter", "licensee", "countered"): "open",
    ("accept", "licensee", "countered"): "open",
    ("ask", "actor", "open"): "open",
    ("ask", "actor", "countered"): "countered",
    ("ask", "agency", "open"): "open",
    ("ask", "agency", "countered"): "countered",
    ("ask", "licensee", "open"): "open",
    ("ask", "licensee", "countered"): "countered",
    ("advise", "agency", "open"): "open",
    ("advise", "agency", "countered"): "countered",
    ("extend", "licensee", "open"): "open",
    ("withdraw", "licensee", "draft"): "withdrawn",
    ("withdraw", "licensee", "open"): "withdrawn",
    ("withdraw", "licensee", "countered"): "withdrawn",
    ("reopen", "actor", "denied"): "open",
    ("lapse", "portal", "open"): "lapsed",
    ("lapse", "portal", "countered"): "lapsed",
    ("hold", "portal", "open"): "held",
    ("hold", "portal", "countered"): "held",
    ("release", "portal", "held"): "open",
    ("fill", "portal", "open"): "filled",
    ("fill", "portal", "countered"): "filled",
    ("fill", "portal", "held"): "filled",
    ("call", "portal", "filled"): "open",
    ("deny", "actor", "held"): "denied",
    ("withdraw", "licensee", "held"): "withdrawn",
    ("ask", "actor", "held"): "held",
    ("ask", "agency", "held"): "held",
    ("ask", "licensee", "held"): "held",
    ("advise", "agency", "held"): "held",
}
ANY_TIME = {"send", "withdraw", "hold", "release", "fill", "call"}
# What goes on while a strike stands, and what waits for its end.
GOES_ON = {"deny", "withdraw", "ask", "advise", "hold", "release", "fill", "call"}
MOVABLE_BY = {  # what each side could do in an open or countered request
    "actor": {"approve", "propose"},
    "agency": {"propose"},
    "licensee": {"counter", "accept", "extend"},
    "portal": {"lapse"},
}
AFTER_ONLY = {"lapse"}


def expected(move: str, side: str, state: str, clock: str) -> str | None:
    leads_to = ALLOWED.get((move, side, state))
    late = clock != "before"
    if move in ANY_TIME or state == "held":  # the clock of a held request stands still
        return leads_to
    return leads_to if late == (move in AFTER_ONLY) else None


@pytest.mark.parametrize(("move", "side"), list(product(Move, Side)))
def test_every_move_from_every_state_at_every_time(move, side):
    found = {}
    for state, clock in product(RequestState, CLOCK):
        try:
            leads_to = judge(move, state=state, sides=frozenset({side}), at=CLOCK[clock], answer_by=DEADLINE)
        except Refused:
            leads_to = None
        found[state.value, clock] = leads_to and leads_to.value
    assert found == {
        (state.value, clock): expected(move.value, side.value, state.value, clock)
        for state, clock in product(RequestState, CLOCK)
    }


@pytest.mark.parametrize(("move", "side"), list(product(Move, Side)))
def test_a_strike_stops_what_leads_to_a_yes_and_the_clock_whatever_the_row_says(move, side):
    """From the strike's first second, held or not yet: no and conversation go on, everything else waits."""
    for state, clock in product(RequestState, CLOCK):
        leads_to = ALLOWED.get((move.value, side.value, state.value))
        moment = {"at": CLOCK[clock], "answer_by": DEADLINE}
        if move in GOES_ON and leads_to:
            assert judge(move, state=state, sides=frozenset({side}), struck="A strike stands.", **moment) == leads_to
            continue
        with pytest.raises(Refused) as refused:
            judge(move, state=state, sides=frozenset({side}), struck="A strike stands.", **moment)
        waits = leads_to or (state == "held" and move not in GOES_ON and move in MOVABLE_BY.get(side, ()))
        code = "strike" if waits else "not-yours" if side not in MOVES[move].sides else f"already-{state.value}"
        assert (refused.value.code, refused.value.sentence == "A strike stands.") == (code, code == "strike")


@pytest.mark.parametrize("move", sorted(set(Move) - GOES_ON - {"send", "reopen"}))
def test_held_says_so_even_without_the_strike_at_hand(move):
    with pytest.raises(Refused) as refused:
        judge(Move(move), state=RequestState.HELD, sides=frozenset(Side), at=CLOCK["after"], answer_by=DEADLINE)
    assert refused.value.code == "strike"


@pytest.mark.parametrize(("turn", "state"), [(Side.ACTOR, "open"), (Side.AGENCY, "open"), (Side.LICENSEE, "countered")])
def test_a_release_leads_back_to_whose_turn_it_was(turn, state):
    portal = frozenset({Side.PORTAL})
    assert judge(Move.RELEASE, state=RequestState.HELD, sides=portal, at=DEADLINE, answer_by=None, turn=turn) == state


def test_somebody_on_no_side_may_do_nothing():
    for move, state in product(Move, RequestState):
        with pytest.raises(Refused) as refused:
            judge(move, state=state, sides=frozenset(), at=CLOCK["before"], answer_by=DEADLINE)
        assert refused.value.code == "not-yours"


def test_only_the_actor_approves():
    assert MOVES[Move.APPROVE].sides == {Side.ACTOR}


def test_nothing_leads_to_approved_but_approving():
    assert [move for move, rule in MOVES.items() if rule.leads_to is RequestState.APPROVED] == [Move.APPROVE]


def test_states_are_waiting_or_over_or_a_draft():
    assert set(RequestState) == UNDECIDED | OVER | {RequestState.DRAFT}
    assert set() == UNDECIDED & OVER
    assert WAITING | {RequestState.HELD} == UNDECIDED
