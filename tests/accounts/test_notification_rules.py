"""When a letter may go: quiet hours, the morning, and four hours before a deadline."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.notifications.rules import (
    KINDS,
    LONGEST_SUBJECT,
    NO_QUIET_WITHIN,
    RETRY_AFTER,
    retry_after,
    subject_line,
    when_to_send,
)

LA = ZoneInfo("America/Los_Angeles")
POLITE, AT_ONCE, MORNING = KINDS["request-advice"], KINDS["request-received"], KINDS["client-reminder"]


def la(day, hour, minute=0, second=0):
    return datetime(2026, 11, day, hour, minute, second, tzinfo=LA)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (la(23, 20, 59, 59), la(23, 20, 59, 59)),
        (la(23, 21), la(24, 8)),
        (la(23, 23, 59, 59), la(24, 8)),
        (la(24, 0), la(24, 8)),
        (la(24, 7, 59, 59), la(24, 8)),
        (la(24, 8), la(24, 8)),
    ],
)
def test_polite_letters_wait_out_the_night(at, goes):
    assert when_to_send(POLITE, at.astimezone(UTC), LA, None) == goes


def test_some_letters_go_at_any_hour():
    assert when_to_send(AT_ONCE, la(24, 3), LA, la(30, 17)) == la(24, 3)


def test_under_four_hours_nothing_waits():
    at = la(23, 22)
    assert when_to_send(POLITE, at, LA, at + NO_QUIET_WITHIN - timedelta(seconds=1)) == at
    assert when_to_send(MORNING, at, LA, at + NO_QUIET_WITHIN - timedelta(seconds=1)) == at
    assert when_to_send(POLITE, at, LA, at + NO_QUIET_WITHIN) == at
    assert when_to_send(POLITE, at, LA, la(24, 11, 59)) == la(24, 7, 59)
    assert when_to_send(POLITE, at, LA, la(24, 12)) == la(24, 8)


def test_morning_letters_wait_for_the_next_eight_o_clock():
    assert when_to_send(MORNING, la(23, 7, 59, 59), LA, None) == la(23, 8)
    assert when_to_send(MORNING, la(23, 8), LA, None) == la(24, 8)
    assert when_to_send(MORNING, la(23, 15), LA, None) == la(24, 8)


def test_the_night_the_clocks_change():
    at = datetime(2026, 11, 1, 0, 30, tzinfo=LA)
    assert when_to_send(POLITE, at, LA, None).astimezone(UTC) == datetime(2026, 11, 1, 16, 0, tzinfo=UTC)


def test_tries_grow_apart_and_end():
    waits = [retry_after(number) for number in range(1, len(RETRY_AFTER) + 2)]
    assert waits == [*RETRY_AFTER, None]
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)


@pytest.mark.parametrize("due", [None, la(26, 17)])
def test_a_subject_is_one_printable_line(due):
    line = subject_line(AT_ONCE, "a\r\nBcc: x\u202e\u2028" + "b" * 400, due, LA)
    assert line.isprintable()
    assert len(line) == LONGEST_SUBJECT
    assert line.startswith("[Answer by Thu Nov 26, 17:00] a Bcc: x" if due else "[For information] a Bcc: x")
