"""The request's state machine over every state × move × side × before, at and after the deadline."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.answering import MOVES, OVER, WAITING, Move, RequestState, Side, judge

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
}
ANY_TIME = {"send", "withdraw"}
AFTER_ONLY = {"lapse"}


def expected(move: str, side: str, state: str, clock: str) -> str | None:
    leads_to = ALLOWED.get((move, side, state))
    late = clock != "before"
    if move in ANY_TIME:
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
    assert set(RequestState) == WAITING | OVER | {RequestState.DRAFT}
    assert set() == WAITING & OVER
