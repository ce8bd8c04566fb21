"""What is written down as a breach, on the second and on the letter; and the words for where a scan stands."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from replicas.rules.answering import Side
from replicas.rules.scan_breaches import Done, breaches
from replicas.rules.scan_words import FEW, ScanFactsOf, board_words, standing
from replicas.rules.scanning import ScanState

SCAN_AT = datetime(2026, 12, 3, 17, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
SECOND = timedelta(seconds=1)


def kinds(**changes) -> list[str]:
    values = {
        "agreed": True,
        "told_at": SCAN_AT - timedelta(days=3),
        "at_engagement": False,
        "performed_at": SCAN_AT,
        "place": "Stage 4, Burbank",
        "purpose": "Three wide shots of scene 12A.",
        "announced_place": "Stage 4, Burbank",
        "announced_use": "Three wide shots of scene 12A.",
        "announced_when": "Thu",
        "zone": ZONE,
        **changes,
    }
    return [one.kind.value for one in breaches(Done(**values))]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"agreed": False}, ["no_agreement"]),
        ({"told_at": SCAN_AT - timedelta(hours=48)}, []),
        ({"told_at": SCAN_AT - timedelta(hours=48) + SECOND}, ["late_notice"]),
        ({"told_at": SCAN_AT - timedelta(hours=48) + SECOND, "at_engagement": True}, []),
        ({"told_at": SCAN_AT - SECOND}, ["late_notice"]),
        ({"told_at": SCAN_AT}, ["no_notice"]),
        ({"told_at": SCAN_AT, "at_engagement": True}, ["no_notice"]),
        ({"place": "  stage 4 Burbank"}, []),
        ({"place": "Stage 5, Burbank"}, ["other_place"]),
        ({"purpose": "Three wide shots of scene 12a"}, []),
        ({"purpose": "Training."}, ["other_purpose"]),
        (
            {"agreed": False, "told_at": SCAN_AT + SECOND, "place": "A trailer", "purpose": "Who knows"},
            ["no_agreement", "no_notice", "other_purpose", "other_place"],
        ),
    ],
)
def test_what_is_a_breach(changes, found):
    assert kinds(**changes) == found


def said(state, side, at) -> tuple[str, str, str]:
    facts = ScanFactsOf(
        ScanState(state), side, "Maya Reyes", "Nova Pictures", SCAN_AT, at, ZONE, SCAN_AT - timedelta(days=1), SCAN_AT
    )
    found = standing(facts)
    return found.badge, found.sentence, found.next


def test_every_state_has_its_sentence_for_every_side():
    for state, side, at in product(ScanState, Side, (SCAN_AT - SECOND, SCAN_AT)):
        badge, sentence, _ = said(state, side, at)
        assert badge
        assert sentence.endswith(".")


def test_the_house_reads_one_sentence_for_a_no_a_yes_taken_back_and_silence():
    after = {said(state, Side.LICENSEE, SCAN_AT) for state in ("refused", "withdrawn", "announced")}
    assert after == {("not_available", "Maya Reyes is not available for scanning.", "")}
    before = {said(state, Side.LICENSEE, SCAN_AT - SECOND) for state in ("refused", "withdrawn")}
    assert before == after


def test_a_board_counts_no_small_number_of_refusals():
    counts = {"agreed": 9, "announced": 2, "not_available": FEW - 1}
    assert board_words(counts) == "9 agreed, 2 open"
    assert board_words({**counts, "not_available": FEW}) == "9 agreed, 2 open, 5 not available"
    assert board_words({"not_available": 1}) == "nobody has agreed"
