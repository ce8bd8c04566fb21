"""Deadlines and reminders, with boundaries on the second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.refusal import Refused
from replicas.rules.deadlines import (
    Threshold,
    after_new_terms,
    check_answer_by,
    default_answer_by,
    end_of_day,
    reminder,
    thresholds,
    window_from_delivery,
)

LA = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
END = START + timedelta(days=5)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 10, tzinfo=LA), datetime(2026, 11, 30, 17, tzinfo=LA)),  # Monday to Monday
        (datetime(2026, 11, 27, 23, 59, tzinfo=LA), datetime(2026, 12, 4, 17, tzinfo=LA)),  # Friday night
        (datetime(2026, 11, 28, 8, tzinfo=LA), datetime(2026, 12, 4, 17, tzinfo=LA)),  # Saturday
        (datetime(2027, 3, 10, 10, tzinfo=LA), datetime(2027, 3, 17, 17, tzinfo=LA)),  # over the start of summer time
    ],
)
def test_the_usual_deadline_is_five_working_days_at_five_in_the_actors_zone(at, expected):
    assert default_answer_by(at, LA) == expected


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (timedelta(hours=48) - SECOND, "window-too-short"),
        (timedelta(hours=48), ""),
        (timedelta(days=60), ""),
        (timedelta(days=60) + SECOND, "window-too-long"),
    ],
)
def test_a_window_is_between_48_hours_and_60_days(window, code):
    if not code:
        check_answer_by(START + window, at=START)
        return
    with pytest.raises(Refused) as refused:
        check_answer_by(START + window, at=START)
    assert refused.value.code == code


def test_new_terms_leave_at_least_48_hours_and_never_less_than_before():
    assert after_new_terms(END, at=START) == END
    assert after_new_terms(END, at=END - timedelta(hours=1)) == END + timedelta(hours=47)


@pytest.mark.parametrize(
    ("delay", "moved"),
    [(timedelta(minutes=15), timedelta(0)), (timedelta(minutes=15) + SECOND, timedelta(minutes=15) + SECOND)],
)
def test_a_late_first_notice_moves_the_deadline_by_its_delay(delay, moved):
    assert window_from_delivery(START, START + delay, END) == END + moved


def test_reminders_come_at_half_a_day_before_and_four_hours_before():
    assert thresholds(START, END) == [
        (Threshold.HALF, START + timedelta(hours=60)),
        (Threshold.DAY, END - timedelta(hours=24)),
        (Threshold.HOURS, END - timedelta(hours=4)),
    ]


@pytest.mark.parametrize(
    ("before_end", "last", "now", "next_in"),
    [
        (timedelta(hours=60) + SECOND, Threshold.NONE, Threshold.NONE, timedelta(hours=60)),
        (timedelta(hours=60), Threshold.NONE, Threshold.HALF, timedelta(hours=24)),
        (timedelta(hours=24) + SECOND, Threshold.HALF, Threshold.NONE, timedelta(hours=24)),
        (timedelta(hours=24), Threshold.HALF, Threshold.DAY, timedelta(hours=4)),
        (timedelta(hours=3), Threshold.NONE, Threshold.HOURS, None),  # after an outage: the latest only
        (SECOND, Threshold.HOURS, Threshold.NONE, None),
        (timedelta(0), Threshold.NONE, Threshold.NONE, None),  # over
        (-SECOND, Threshold.NONE, Threshold.NONE, None),
    ],
)
def test_only_the_latest_reminder_that_was_not_sent(before_end, last, now, next_in):
    found = reminder(opened_at=START, answer_by=END, last=last, at=END - before_end)
    assert found.threshold is now
    assert found.next_at == (END - next_in if next_in else None)


@given(
    window=st.integers(48 * 60, 60 * 24 * 60),
    ticks=st.lists(st.integers(0, 61 * 24 * 60), min_size=1, max_size=40),
)
def test_however_the_clock_ticks_each_reminder_goes_once_and_none_after_the_end(window, ticks):
    """Random outages: whatever moments the sweep runs at, thresholds only rise and stop at the deadline."""
    end = START + timedelta(minutes=window)
    last, sent = Threshold.NONE, []
    for minute in sorted(ticks):
        at = START + timedelta(minutes=minute)
        found = reminder(opened_at=START, answer_by=end, last=last, at=at)
        if found.threshold:
            assert at < end
            sent.append(found.threshold)
            last = found.threshold
        assert found.next_at is None or at < found.next_at < end
    assert sent == sorted(set(sent))


def test_a_license_runs_through_its_last_day_where_the_actor_lives():
    assert end_of_day(date(2027, 11, 30), LA) == datetime(2027, 12, 1, 8, tzinfo=UTC)
