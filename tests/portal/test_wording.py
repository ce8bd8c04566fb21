"""How dates, spans, counts and lists are worded, in the viewer's zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from portal.templatetags import wording

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # Monday, 10:00 in Los Angeles


@pytest.fixture(autouse=True)
def _los_angeles() -> Iterator[None]:
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        yield


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 11, 30), "Nov 30, 2027"),
        (datetime(2027, 12, 1, 7, 59, tzinfo=UTC), "Nov 30, 2027"),
        (datetime(2027, 12, 1, 8, 0, tzinfo=UTC), "Dec 1, 2027"),
        (None, ""),
    ],
)
def test_a_day_is_the_viewers_day(value: date | datetime | None, words: str) -> None:
    assert wording.day(value) == words


def test_a_moment_names_its_zone_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    when = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert wording.moment(when) == "Thu, Nov 26, 5:00 PM"
    assert wording.moment(when, True) == "Thu, Nov 26, 5:00 PM PST"
    assert wording.moment(when.replace(year=2027)) == "Fri, Nov 26, 2027, 5:00 PM"
    assert wording.moment(None) == ""


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "12:00 AM"), (9, "9:00 AM"), (12, "12:00 PM"), (13, "1:00 PM"), (23, "11:00 PM")]
)
def test_noon_and_midnight(hour: int, words: str) -> None:
    assert wording.clock(datetime(2026, 1, 1, hour, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=3, hours=22, minutes=59), "3 d 22 h left"),
        (timedelta(days=2), "2 d left"),
        (timedelta(hours=23, minutes=59), "23 h left"),
        (timedelta(hours=2, minutes=5), "2 h 5 min left"),
        (timedelta(minutes=4, seconds=59), "4 min left"),
        (timedelta(seconds=20), "under 1 min left"),
        (timedelta(0), "time is up"),
        (timedelta(days=-1), "time is up"),
    ],
)
def test_what_is_left_is_never_rounded_up(away: timedelta, words: str) -> None:
    assert wording.left(NOW + away, NOW) == words


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=4), "4 days ago"),
        (timedelta(days=30), "Oct 24, 2026"),
    ],
)
def test_how_long_ago(back: timedelta, words: str) -> None:
    assert wording.ago(NOW - back, NOW) == words


@pytest.mark.parametrize(
    ("away", "words", "urgent"),
    [
        (timedelta(minutes=30), "30 min left", True),
        (timedelta(seconds=1), "1 min left", True),
        (timedelta(hours=2, minutes=59), "2 h left", True),
        (timedelta(hours=24) - timedelta(seconds=1), "23 h left", True),
        (timedelta(hours=24), "Tomorrow 10:00", False),
        (timedelta(days=3, hours=7), "Thu 17:00", False),
        (timedelta(days=7), "Nov 30", False),
        (timedelta(days=60), "Jan 22, 2027", False),
        (timedelta(0), "Closed Nov 23", False),
    ],
)
def test_a_deadline_in_words(away: timedelta, words: str, urgent: bool) -> None:
    assert wording.due_words(NOW + away, NOW) == (words, urgent)


def test_counts_and_lists() -> None:
    assert wording.count_of(1, "request") == "1 request"
    assert wording.count_of(0, "request") == "0 requests"
    assert wording.count_of(1200, "reply,replies") == "1,200 replies"
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b"]) == "a and b"
    assert wording.listed(["a", "b", "c"], "or") == "a, b or c"
    assert wording.listed(None) == ""


def test_one_parameter_changes_and_the_others_stay() -> None:
    request = RequestFactory().get("/replicas/", {"q": "stunt & fall", "kind": ["body", "face"], "page": "3"})
    page = Template("{% load wording %}{% qs page=None q='x' %}").render(Context({"request": request}))
    assert page == "?q=x&amp;kind=body&amp;kind=face"
    assert wording.qs(Context({"request": RequestFactory().get("/")})) == "?"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_in_words(said: str, words: str) -> None:
    assert wording.device(said) == words
