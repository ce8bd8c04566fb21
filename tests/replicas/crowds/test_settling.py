"""Looking after a crowd: standbys step up, the board follows in steps, the end is told to everybody once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from replicas.access.crowds.life import crowds_to_settle
from replicas.actions.answering import deny, reopen
from replicas.actions.crowds.keeping import keep_asked
from replicas.actions.crowds.settling import settle
from replicas.actions.licensing import revoke
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due
from replicas.models import Crowd, CrowdPlace, Decision, ReuseRequest
from replicas.rules.crowds import CrowdState
from tests.factories import approve_request, make_agency, offered_terms, represent, use_terms
from tests.replicas.crowds.running import make_crowd, request_of, shown, states

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def settled(crowd: Crowd, at: datetime) -> Crowd:
    """After every step that is due at ``at``."""
    for _ in range(20):
        if not settle(crowd.pk, at=at):
            break
    crowd.refresh_from_db()
    return crowd


def say_no(crowd: Crowd, *ranks: int, at: datetime) -> None:
    for rank in ranks:
        request = request_of(crowd, rank)
        deny(request, by=request.actor.user, at=at)


def ask_for(crowd: Crowd, rank: int, fee: int, at: datetime) -> None:
    request = request_of(crowd, rank)
    terms = offered_terms(use_terms(fee=Decimal(fee)))
    propose(request, terms=terms, terms_hash=request.current_terms.sha256, by=request.actor.user, at=at)


def test_a_no_calls_the_next_standby_with_a_full_window_and_they_are_told_once():
    at = timezone.now()
    crowd = make_crowd(4, needed=2, at=at)
    say_no(crowd, 1, at=at)
    settled(settled(crowd, at), at)
    assert states(crowd) == {1: "denied", 2: "open", 3: "open", 4: "standby"}
    called = request_of(crowd, 3)
    assert called.answer_by == crowd.answer_by
    assert Notification.objects.filter(subject_ref=called.ref, kind="request-received").count() == 1
    assert CrowdPlace.objects.get(crowd=crowd, rank=3).told


def test_a_lapse_and_a_withdrawal_by_the_persons_side_call_the_next_too():
    at = timezone.now()
    crowd = make_crowd(3, needed=1, at=at)
    ReuseRequest.objects.filter(crowd=crowd).update(answer_by=at + HOUR)
    assert lapse_due(by=None, at=at + HOUR) == 1
    settled(crowd, at + HOUR)
    assert states(crowd) == {1: "lapsed", 2: "open", 3: "standby"}


@pytest.mark.parametrize(("fee", "band", "calls"), [(900, None, True), (900, 1000, False), (1001, 1000, True)])
def test_a_counter_offer_calls_a_standby_only_beyond_the_band(fee, band, calls):
    at = timezone.now()
    crowd = make_crowd(2, needed=1, band=band, at=at)
    ask_for(crowd, 1, fee, at)
    settled(crowd, at)
    assert states(crowd) == {1: "countered", 2: "open" if calls else "standby"}
    assert shown(crowd) == {"countered": 1, "waiting": 1}  # that somebody was called stays untold


def test_who_would_have_less_than_48_hours_is_not_called_unless_the_end_moves():
    at = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)
    for moves, then in ((False, None), (True, datetime(2027, 3, 14, 12, tzinfo=UTC))):
        crowd = make_crowd(2, needed=1, end_moves=moves, at=at - 4 * DAY, answer_by=at + 47 * HOUR)
        say_no(crowd, 1, at=at)
        settled(crowd, at)
        assert states(crowd) == {1: "denied", 2: "open" if moves else "standby"}
        assert crowd.answer_by == (then or at + 47 * HOUR)
        if moves:
            assert request_of(crowd, 2).answer_by == then


def test_the_board_of_an_anonymous_crowd_follows_in_steps_of_five_with_who_was_called():
    at = timezone.now()
    crowd = make_crowd(14, needed=8, at=at)
    for number in (1, 2, 3, 4):
        say_no(crowd, number, at=at)
        settled(crowd, at)
        assert shown(crowd) == {"open": 8, "waiting": 6}
    say_no(crowd, 5, at=at)
    settled(crowd, at)
    assert shown(crowd) == {"open": 8, "gone": 5, "waiting": 1}
    assert list(states(crowd).values()) == ["denied"] * 5 + ["open"] * 8 + ["standby"]


def test_a_no_that_is_taken_back_never_shows():
    at = timezone.now()
    crowd = make_crowd(6, needed=6, at=at)
    say_no(crowd, 1, 2, 3, 4, 5, at=at)
    settled(crowd, at)
    assert shown(crowd) == {"gone": 5, "open": 1}
    sorry = request_of(crowd, 1)
    reopen(sorry, by=sorry.actor.user, at=at)
    settled(crowd, at)
    assert shown(crowd) == {"gone": 5, "open": 1}
    approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    assert shown(crowd) == {"gone": 5, "approved": 1}  # as if somebody had said yes who was open all along


def test_a_named_board_shows_each_no_at_once_and_who_came_in_for_it():
    at = timezone.now()
    crowd = make_crowd(4, needed=2, anonymous=False, at=at)
    say_no(crowd, 1, at=at)
    settled(crowd, at)
    assert shown(crowd) == {"gone": 1, "open": 2, "waiting": 1}


def test_once_filled_everybody_left_is_told_once_and_the_house_gets_one_letter_that_names_nobody():
    at = timezone.now()
    crowd = make_crowd(9, needed=1, margin=6, at=at)
    agency = make_agency()
    for rank in (2, 3):
        represent(agency, request_of(crowd, rank).actor)
    approve_request(request_of(crowd, 1), at=at)
    assert crowds_to_settle() == [crowd.pk]
    settled(settled(crowd, at), at + HOUR)
    assert states(crowd) == {1: "approved", **dict.fromkeys(range(2, 8), "filled"), 8: "released", 9: "released"}
    assert shown(crowd) == {"approved": 1, "gone": 8}
    assert crowd.settled_at == at
    assert crowds_to_settle() == []
    told = Notification.objects.filter(kind="request-filled")
    assert sorted(told.values_list("recipient__name", flat=True)) == [f"Person {n:02d}" for n in range(2, 8)]
    assert Notification.objects.filter(kind="client-crowd-over").count() == 1
    letter = Notification.objects.get(kind="crowd-complete")
    assert letter.recipient == crowd.created_by
    assert {key: letter.context[key] for key in ("approved", "needed", "others", "filled")} == {
        "approved": 1,
        "needed": 1,
        "others": 8,
        "filled": True,
    }
    assert "Person" not in str(letter.context)
    assert Decision.objects.filter(outcome="filled").count() == 6
    asking = Delivery.objects.filter(notification__kind="request-received", state="queued")
    assert asking.exclude(notification__subject_ref=request_of(crowd, 1).ref).count() == 0
    assert AuditEntry.objects.filter(event="request.filled").count() == 6


def test_a_crowd_closes_by_itself_when_its_end_has_come_and_nobody_is_left():
    at = timezone.now()
    crowd = make_crowd(3, needed=2, at=at)
    approve_request(request_of(crowd, 1), at=at)
    lapse_due(by=None, at=crowd.answer_by)
    settled(crowd, crowd.answer_by)
    assert (crowd.state, crowd.over_at, crowd.approved) == (CrowdState.CLOSED, crowd.answer_by, 1)
    assert states(crowd) == {1: "approved", 2: "lapsed", 3: "released"}
    assert shown(crowd) == {"approved": 1, "gone": 2}
    assert Notification.objects.get(kind="crowd-complete").context["others"] is None  # fewer than five


def test_a_crowd_waits_for_who_still_has_time_to_answer():
    at = timezone.now()
    crowd = make_crowd(1, needed=1, at=at)
    ReuseRequest.objects.filter(crowd=crowd).update(answer_by=crowd.answer_by + DAY)
    settled(crowd, crowd.answer_by)
    assert crowd.state == CrowdState.OPEN


def test_who_wants_to_be_asked_is_called_first_when_a_place_comes_free_and_signs_anew():
    at = timezone.now()
    crowd = make_crowd(5, needed=1, margin=2, at=at)
    license_ = approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    late = request_of(crowd, 3)
    keep_asked(late, wanted=True, by=late.actor.user, at=at)
    settled(crowd, at)
    assert crowd.state == CrowdState.FILLED
    revoke(license_, reason="", by=license_.actor.user, at=at + HOUR)
    settled(crowd, at + HOUR)
    assert (crowd.state, crowd.approved, crowd.over_at, crowd.settled_at) == (CrowdState.OPEN, 0, None, None)
    assert states(crowd) == {1: "approved", 2: "filled", 3: "open", 4: "standby", 5: "standby"}
    assert shown(crowd) == {"gone": 4, "open": 1}
    called = request_of(crowd, 3)
    assert called.answer_by == crowd.answer_by
    assert Notification.objects.filter(subject_ref=called.ref, kind="request-called").count() == 1
    assert not Decision.objects.filter(request=called, taken_back_at__isnull=True).exists()
    approve_request(request_of(crowd, 3), at=at + 2 * HOUR)
    settled(crowd, at + 2 * HOUR)
    assert (crowd.state, crowd.approved) == (CrowdState.FILLED, 1)
    assert shown(crowd) == {"approved": 1, "gone": 4}


def test_without_their_consent_nobody_is_asked_twice():
    at = timezone.now()
    crowd = make_crowd(2, needed=1, margin=1, at=at)
    license_ = approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    revoke(license_, reason="", by=license_.actor.user, at=at)
    settled(crowd, at)
    assert states(crowd) == {1: "approved", 2: "filled"}
    assert (crowd.state, crowd.approved) == (CrowdState.FILLED, 0)
    late = request_of(crowd, 2)
    keep_asked(late, wanted=True, by=late.actor.user, at=at)  # a place is free: they are called at once
    settled(crowd, at)
    assert states(crowd) == {1: "approved", 2: "open"}
