"""The claim's states, moves and clock, with boundaries on the day and on the second."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.claiming import (
    Address,
    Answer,
    ClaimFacts,
    ClaimMove,
    ClaimSide,
    ClaimState,
    Threshold,
    answer_faults,
    check_facts,
    due_day,
    due_moment,
    judge,
    missing,
    month_later,
    moves,
    reminder,
    thresholds,
)

DUE = datetime(2026, 12, 25, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
S, P, M = ClaimState, ClaimSide, ClaimMove
ANY, BEFORE, AFTER = ("before", "at", "after"), ("before",), ("at", "after")
# (move, side, state) → (the state it leads to, at which times); everything else is refused.
ALLOWED = {
    (M.WRITE, P.ACTOR, S.DRAFT): (S.DRAFT, ANY),
    (M.DISCARD, P.ACTOR, S.DRAFT): (S.CLOSED, ANY),
    (M.SEND, P.ACTOR, S.DRAFT): (S.SENT, ANY),
    (M.ANSWER, P.HOLDER, S.SENT): (S.ACKNOWLEDGED, ANY),
    (M.ANSWER, P.HOLDER, S.DISPUTED): (S.ACKNOWLEDGED, ANY),
    (M.ANSWER, P.HOLDER, S.UNANSWERED): (S.ACKNOWLEDGED, ANY),
    (M.DISPUTE, P.ACTOR, S.ACKNOWLEDGED): (S.DISPUTED, ANY),
    (M.SETTLE, P.ACTOR, S.ACKNOWLEDGED): (S.CLOSED, ANY),
    (M.WITHDRAW, P.ACTOR, S.SENT): (S.CLOSED, ANY),
    (M.WITHDRAW, P.ACTOR, S.DISPUTED): (S.CLOSED, ANY),
    (M.WITHDRAW, P.ACTOR, S.UNANSWERED): (S.CLOSED, ANY),
    (M.REGISTER, P.ACTOR, S.ACKNOWLEDGED): (S.ACKNOWLEDGED, ANY),
    (M.REGISTER, P.ACTOR, S.DISPUTED): (S.DISPUTED, ANY),
    (M.REGISTER, P.ACTOR, S.CLOSED): (S.CLOSED, ANY),
    (M.REMIND, P.PORTAL, S.SENT): (S.SENT, BEFORE),
    (M.REMIND, P.PORTAL, S.DISPUTED): (S.DISPUTED, BEFORE),
    (M.EXPIRE, P.PORTAL, S.SENT): (S.UNANSWERED, AFTER),
    (M.EXPIRE, P.PORTAL, S.DISPUTED): (S.UNANSWERED, AFTER),
}
TIMES = {"before": DUE - SECOND, "at": DUE, "after": DUE + SECOND}


@pytest.mark.parametrize(("move", "side", "state", "when"), list(product(M, P, S, TIMES)))
def test_every_move_of_every_side_in_every_state(move, side, state, when):
    leads_to, times = ALLOWED.get((move, side, state), (None, ()))
    given = {"state": state, "sides": frozenset({side}), "at": TIMES[when], "due_at": DUE}
    if when in times:
        assert judge(move, **given) == leads_to
        return
    with pytest.raises(Refused):
        judge(move, **given)


def test_a_page_offers_what_the_table_allows():
    assert moves(S.ACKNOWLEDGED, P.ACTOR, at=DUE, due_at=DUE) == {M.DISPUTE, M.SETTLE, M.REGISTER}
    assert moves(S.SENT, P.HOLDER, at=DUE, due_at=DUE) == {M.ANSWER}
    assert moves(S.SENT, P.AGENCY, at=DUE, due_at=DUE) == set()


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),  # a leap year
        (date(2026, 1, 28), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 3, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 11, 30), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_month_is_a_calendar_month(day, later):
    assert month_later(day) == later
    assert due_day(day, by_month=True) == later


def test_without_a_law_the_portal_asks_for_thirty_days():
    assert due_day(date(2026, 1, 31), by_month=False) == date(2026, 3, 2)


def test_the_last_day_ends_at_midnight_where_the_actor_is():
    los_angeles = ZoneInfo("America/Los_Angeles")
    late_in_january = datetime(2026, 2, 1, 7, 59, tzinfo=UTC)  # still January 31 in Los Angeles
    assert due_moment(late_in_january, by_month=True, zone=los_angeles) == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert due_moment(late_in_january, by_month=True, zone=ZoneInfo("UTC")) == datetime(2026, 3, 2, tzinfo=UTC)


OPENED = datetime(2026, 11, 25, 8, tzinfo=UTC)
HALF = OPENED + timedelta(days=15)
WEEK = DUE - timedelta(days=7)


@pytest.mark.parametrize(
    ("at", "last", "threshold", "next_at"),
    [
        (HALF - SECOND, Threshold.NONE, Threshold.NONE, HALF),
        (HALF, Threshold.NONE, Threshold.HALF, WEEK),
        (HALF, Threshold.HALF, Threshold.NONE, WEEK),
        (WEEK - SECOND, Threshold.HALF, Threshold.NONE, WEEK),
        (WEEK, Threshold.HALF, Threshold.WEEK, DUE),
        (WEEK, Threshold.NONE, Threshold.WEEK, DUE),  # after an outage only the latest goes
        (WEEK, Threshold.WEEK, Threshold.NONE, DUE),
        (DUE - SECOND, Threshold.WEEK, Threshold.NONE, DUE),
        (DUE, Threshold.NONE, Threshold.NONE, DUE),
    ],
)
def test_at_most_one_reminder_at_half_time_and_one_a_week_before_the_end(at, last, threshold, next_at):
    found = reminder(opened_at=OPENED, due_at=DUE, last=last, at=at)
    assert (found.threshold, found.next_at) == (threshold, next_at)


def test_a_window_of_two_weeks_or_less_has_one_reminder():
    assert thresholds(DUE - timedelta(days=14), DUE) == [(Threshold.HALF, WEEK)]
    assert [threshold for threshold, _ in thresholds(DUE - timedelta(days=15), DUE)] == [Threshold.HALF, Threshold.WEEK]


def test_a_letter_says_what_it_still_needs():
    whole = ClaimFacts(about_when="spring 2023", place="Atlanta", captured_by="Volume Stage")
    address = Address(holder_name="Volume Stage", holder_email="desk@volume.example", jurisdiction="us")
    assert missing(whole, address) == []
    assert missing(whole, Address(organization=7, jurisdiction="us")) == []
    assert missing(ClaimFacts(), Address()) == [
        "when it was, or about when",
        "where it was",
        "who made the scan",
        "who should answer, and their e-mail",
        "in which part of the world it was",
    ]
    assert missing(whole, Address(holder_name="Volume Stage", jurisdiction="us")) == [
        "who should answer, and their e-mail"
    ]


def test_a_scan_can_be_today_but_not_tomorrow():
    today = date(2026, 11, 25)
    check_facts(ClaimFacts(scanned_on=today), today=today)
    with pytest.raises(Refused):
        check_facts(ClaimFacts(scanned_on=today + timedelta(days=1)), today=today)


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (Answer("nothing"), set()),
        (Answer("holds"), {"text", "held_at", "held_why"}),
        (Answer("holds", text="A mesh", held_at="Atlanta", held_why="Pick-ups"), set()),
        (Answer("destroyed"), {"destroyed_on", "attested_by"}),
        (Answer("destroyed", destroyed_on=date(2026, 11, 25), attested_by="Ann Archive"), set()),
        (Answer("destroyed", destroyed_on=date(2026, 11, 26), attested_by="Ann Archive"), {"destroyed_on"}),
    ],
)
def test_an_answer_says_all_of_it(answer, lacks):
    assert set(answer_faults(answer, today=date(2026, 11, 25))) == lacks
