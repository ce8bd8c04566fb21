"""The scan's state machine over every state, move, side and clock; and what the house may know of it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.answering import Side
from replicas.rules.scanning import NOT_AVAILABLE, ScanMove, ScanState, judge, may, remind_at, seen_by_house

SCAN_AT = datetime(2026, 12, 3, 17, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
CLOCKS = {"before": SCAN_AT - MOMENT, "at": SCAN_AT, "after": SCAN_AT + timedelta(days=30)}
OPEN = ("announced", "agreed", "refused", "withdrawn")


def expected() -> dict[tuple[str, str, str, str], str]:
    """(move, state, side, clock) → the state it leads to, written out by hand; everything else is refused."""
    table = {}
    for state in ("announced", "refused", "withdrawn"):
        table["agree", state, "actor", "before"] = "agreed"
    table["refuse", "announced", "actor", "before"] = "refused"
    table["withdraw", "agreed", "actor", "before"] = "withdrawn"
    for side in ("actor", "agency", "licensee"):
        for state in ("announced", "agreed"):
            table["ask", state, side, "before"] = state
        for clock in ("at", "after"):
            table["ask", "performed", side, clock] = "performed"
    for state in OPEN:
        table["change", state, "licensee", "before"] = "announced"
        for clock in CLOCKS:
            table["call-off", state, "licensee", clock] = "called_off"
    for state, clock in product((*OPEN, "called_off"), ("at", "after")):
        table["perform", state, "licensee", clock] = "performed"
    for side, clock in product(("licensee", "portal"), ("at", "after")):
        table["destroy", "performed", side, clock] = "destroyed"
    return table


@pytest.mark.parametrize("move", list(ScanMove))
def test_every_state_side_and_clock(move):
    got = {}
    for state, side, (clock, at) in product(ScanState, Side, CLOCKS.items()):
        with suppress(Refused):
            got[move.value, state.value, side.value, clock] = judge(
                move, state=state, sides=frozenset({side}), at=at, scan_at=SCAN_AT
            ).value
    assert got == {key: leads_to for key, leads_to in expected().items() if key[0] == move.value}


def test_nobody_may_do_anything_in_nobodys_name():
    for move, state, at in product(ScanMove, ScanState, CLOCKS.values()):
        assert not may(move, state=state, sides=frozenset(), at=at, scan_at=SCAN_AT)


def test_two_sides_may_what_either_may():
    both = frozenset({Side.ACTOR, Side.LICENSEE})
    assert may(ScanMove.AGREE, state=ScanState.ANNOUNCED, sides=both, at=CLOCKS["before"], scan_at=SCAN_AT)
    assert may(ScanMove.CALL_OFF, state=ScanState.ANNOUNCED, sides=both, at=CLOCKS["before"], scan_at=SCAN_AT)


@pytest.mark.parametrize(
    ("move", "state", "clock", "code"),
    [
        (ScanMove.AGREE, ScanState.ANNOUNCED, "at", "too-late"),
        (ScanMove.WITHDRAW, ScanState.AGREED, "at", "too-late"),
        (ScanMove.PERFORM, ScanState.AGREED, "before", "too-early"),
        (ScanMove.REFUSE, ScanState.REFUSED, "before", "already-refused"),
    ],
)
def test_a_refusal_says_why(move, state, clock, code):
    side = Side.LICENSEE if move is ScanMove.PERFORM else Side.ACTOR
    with pytest.raises(Refused) as refused:
        judge(move, state=state, sides=frozenset({side}), at=CLOCKS[clock], scan_at=SCAN_AT)
    assert refused.value.code == code


def test_only_the_performer_answers():
    with pytest.raises(Refused) as refused:
        judge(
            ScanMove.AGREE,
            state=ScanState.ANNOUNCED,
            sides=frozenset({Side.AGENCY, Side.LICENSEE, Side.PORTAL}),
            at=CLOCKS["before"],
            scan_at=SCAN_AT,
        )
    assert refused.value.code == "not-yours"


def test_a_refusal_a_yes_taken_back_and_a_silence_read_alike_to_the_house():
    """Rule R20, at the moment of the scan and after it."""
    for at in (CLOCKS["at"], CLOCKS["after"]):
        words = {seen_by_house(ScanState(state), at=at, scan_at=SCAN_AT) for state in OPEN if state != "agreed"}
        assert words == {NOT_AVAILABLE}
    before = {state: seen_by_house(ScanState(state), at=CLOCKS["before"], scan_at=SCAN_AT) for state in OPEN}
    assert before == {
        "announced": "announced",
        "agreed": "agreed",
        "refused": NOT_AVAILABLE,
        "withdrawn": NOT_AVAILABLE,
    }


def test_moves_the_house_may_make_do_not_tell_a_refusal_from_a_silence():
    """What the board offers must not say what the words do not."""
    house = frozenset({Side.LICENSEE})
    for at in (CLOCKS["at"], CLOCKS["after"]):
        offered = {
            frozenset(
                move for move in ScanMove if may(move, state=ScanState(state), sides=house, at=at, scan_at=SCAN_AT)
            )
            for state in OPEN
            if state != "agreed"
        }
        assert len(offered) == 1


def test_a_reminder_comes_a_day_before_and_never_in_the_past():
    assert remind_at(SCAN_AT - timedelta(days=3), SCAN_AT) == SCAN_AT - timedelta(hours=24)
    assert remind_at(SCAN_AT - timedelta(hours=24), SCAN_AT) is None
    assert remind_at(SCAN_AT - timedelta(hours=24) - MOMENT, SCAN_AT) == SCAN_AT - timedelta(hours=24)
