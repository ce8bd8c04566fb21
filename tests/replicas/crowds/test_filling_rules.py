"""How a crowd fills, as truth tables: who is in play, windows, moved ends, what an end means."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.answering import UNDECIDED, Move, RequestState, Side, judge
from replicas.rules.crowds import CrowdState, Shown, to_call
from replicas.rules.crowds.filling import (
    ended_as,
    in_play,
    is_played_out,
    limit,
    moved_end,
    shown_as,
    standby_end,
    state_in_crowd,
)
from replicas.rules.crowds.showing import Step, next_step

AT = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_as_many_are_asked_as_there_are_places_left_and_the_margin_more():
    for needed, margin, approved, playing, standbys in product(range(4), range(3), range(4), range(6), range(5)):
        called = to_call(needed=needed, margin=margin, approved=approved, in_play=playing, standbys=standbys)
        assert 0 <= called <= standbys
        if called:
            assert approved + playing + called <= needed + margin
        if called < standbys:
            assert approved + playing + called >= needed + margin


@pytest.mark.parametrize(("state", "plays"), [(state, state in {"open", "held"}) for state in RequestState])
def test_who_has_not_answered_is_in_play(state, plays):
    asked = {"asks_same_currency": False, "total": Decimal(10**6), "band": None, "offered": Decimal(100)}
    assert in_play(state, **asked) is plays


@pytest.mark.parametrize(
    ("total", "band", "same", "plays"),
    [
        (100, None, True, True),
        ("100.01", None, True, False),
        (300, 300, True, True),
        ("300.01", 300, True, False),
        (300, 300, False, False),
        (90, 50, True, True),  # a band below the offer is the offer
    ],
)
def test_a_counter_offer_plays_within_the_band(total, band, same, plays):
    state, band = RequestState.COUNTERED, None if band is None else Decimal(band)
    found = in_play(state, asks_same_currency=same, total=Decimal(total), band=band, offered=Decimal(100))
    assert found is plays
    assert limit(band, Decimal(100)) >= 100


def test_a_standby_has_48_hours_to_the_second_or_is_not_called():
    assert standby_end(AT + 48 * HOUR, at=AT, end_moves=False) == AT + 48 * HOUR
    assert standby_end(AT + 48 * HOUR - SECOND, at=AT, end_moves=False) is None
    assert standby_end(AT + 48 * HOUR, at=AT, end_moves=True) == AT + 48 * HOUR
    assert standby_end(AT + 48 * HOUR - SECOND, at=AT, end_moves=True) == datetime(2027, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("minutes", range(0, 48 * 60, 7))
def test_a_moved_end_is_a_noon_that_leaves_48_hours_and_tells_no_moment(minutes):
    at = AT + timedelta(minutes=minutes)
    end = moved_end(at)
    assert (end.hour, end.minute, end.second, end.microsecond, end.utcoffset()) == (12, 0, 0, 0, timedelta(0))
    assert timedelta(hours=48) <= end - at < timedelta(hours=72)


def test_a_moved_end_at_a_noon_is_that_noon():
    noon = datetime(2027, 3, 12, 12, tzinfo=UTC)
    assert moved_end(noon) == noon + 48 * HOUR
    assert moved_end(noon + SECOND) == noon + 72 * HOUR


def test_what_the_end_of_a_crowd_makes_of_a_request():
    assert {state: ended_as(state) for state in CrowdState} == {
        CrowdState.DRAFT: None,
        CrowdState.SENDING: None,
        CrowdState.OPEN: None,
        CrowdState.FILLED: RequestState.FILLED,
        CrowdState.CLOSED: RequestState.WITHDRAWN,
    }
    for state, crowd in product(RequestState, CrowdState):
        over = crowd in (CrowdState.FILLED, CrowdState.CLOSED) and state in UNDECIDED
        assert state_in_crowd(state, crowd) == (ended_as(crowd) if over else state)


@pytest.mark.parametrize("over", [RequestState.FILLED, RequestState.WITHDRAWN])
def test_nothing_moves_in_a_crowd_that_is_over_but_its_own_end(over):
    for move, state, side in product(Move, RequestState, Side):
        known = {"state": state, "sides": frozenset({side}), "at": AT, "answer_by": AT + HOUR}
        alone, crowd = outcome(move, **known), outcome(move, **known, over_as=over)
        if alone == "not-yours" or move is Move.FILL:
            assert crowd == alone
        elif state in UNDECIDED or (move is Move.REOPEN and state is RequestState.DENIED):
            assert crowd == f"already-{over.value}"
        else:
            assert crowd == alone


def outcome(move, **known):
    try:
        return judge(move, **known)
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("late", [-SECOND, timedelta(0), SECOND])
def test_a_crowd_closes_by_itself_once_its_end_came_and_nobody_can_answer_or_be_called(late):
    for undecided, more in product(range(2), range(2)):
        found = is_played_out(at=AT + late, answer_by=AT, undecided=undecided, callable_=more)
        assert found == (late >= timedelta(0) and undecided == 0 and more == 0)


def test_a_named_board_shows_where_everybody_stands():
    assert {state: shown_as(state) for state in RequestState} == {
        RequestState.DRAFT: Shown.GONE,
        RequestState.OPEN: Shown.OPEN,
        RequestState.HELD: Shown.OPEN,
        RequestState.COUNTERED: Shown.COUNTERED,
        RequestState.APPROVED: Shown.APPROVED,
        RequestState.DENIED: Shown.GONE,
        RequestState.LAPSED: Shown.GONE,
        RequestState.WITHDRAWN: Shown.GONE,
        RequestState.FILLED: Shown.GONE,
    }


@pytest.mark.parametrize(
    ("ended", "gone", "hidden", "step"),
    [
        (4, 0, 4, Step(0, 0)),
        (5, 0, 5, Step(5, 5)),
        (7, 0, 7, Step(5, 5)),  # two more ends stay untold, and so do the two who were called for them
        (9, 5, 2, Step(0, 0)),
        (10, 5, 2, Step(5, 2)),
        (4, 5, 0, Step(0, 0)),  # somebody took a no back: the board goes on showing five
        (0, 0, 3, Step(0, 0)),  # called for counter-offers beyond the band: nothing ended, nothing is told
    ],
)
def test_the_board_follows_in_whole_steps_of_five(ended, gone, hidden, step):
    assert next_step(ended=ended, shown_gone=gone, hidden=hidden, shown_asked=40) == step


def test_whatever_happens_the_board_shows_multiples_of_five_and_never_fewer_than_before():
    """Every history of single ends and single retractions, up to twelve of them."""
    for history in product((1, -1), repeat=12):
        ended = gone = 0
        for change in history:
            ended = max(0, ended + change)
            before, gone = gone, gone + next_step(ended=ended, shown_gone=gone, hidden=0, shown_asked=100).gone
            assert gone % 5 == 0
            assert gone >= before
