"""What the clock does to requests: deliveries that start or stop it, reminders, lapses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from accounts.notifications.rules import DeliveryState
from agencies.rules.organizations import BondState
from replicas.actions.answering import deny
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due, mark_seen, note_deliveries, remind_due
from replicas.models import ReuseRequest
from tests.factories import approve_request, make_agency, make_request, offered_terms, represent, use_terms

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NOTING = 9


def first_letter(request):
    return Delivery.objects.filter(notification__kind="request-received", notification__subject_id=request.pk)


def kinds(name):
    return sorted(Notification.objects.filter(recipient__name=name).values_list("kind", flat=True))


def test_a_letter_that_goes_out_at_once_leaves_the_deadline_alone():
    request = make_request(delivered=False)
    first_letter(request).update(state=DeliveryState.SENT, sent_at=request.sent_at + timedelta(minutes=2))
    assert note_deliveries(at=request.sent_at + timedelta(minutes=3)) == 1
    assert note_deliveries(at=request.sent_at + timedelta(minutes=4)) == 0
    now = ReuseRequest.objects.get()
    assert now.delivered_at == request.sent_at + timedelta(minutes=2)
    assert now.answer_by == request.answer_by
    assert now.next_reminder_at is not None


def test_a_window_starts_with_the_delivery():
    request = make_request(delivered=False)
    first_letter(request).update(state=DeliveryState.SENT, sent_at=request.sent_at + 30 * HOUR)
    note_deliveries(at=request.sent_at + 31 * HOUR)
    now = ReuseRequest.objects.get()
    assert now.answer_by == request.answer_by + 30 * HOUR
    assert lapse_due(by=None, at=request.answer_by + HOUR) == 0
    assert lapse_due(by=None, at=now.answer_by) == 1


def test_a_letter_that_never_arrives_stops_the_clock_and_is_told():
    request = make_request(delivered=False)
    represent(make_agency(), request.actor)
    first_letter(request).update(state=DeliveryState.FAILED, error="550 No such mailbox.")
    assert note_deliveries(at=request.sent_at + HOUR) == 1
    assert note_deliveries(at=request.sent_at + 2 * HOUR) == 0
    now = ReuseRequest.objects.get()
    assert (now.undelivered_at, now.delivered_at) == (request.sent_at + HOUR, None)
    assert "request-undelivered" in kinds("Alex Agent")
    assert "request-undelivered" in kinds("Dana Director")
    assert "request-undelivered" not in kinds("Alice Ames")
    assert lapse_due(by=None, at=request.answer_by + timedelta(days=30)) == 0


def test_opening_the_request_is_a_delivery_too():
    request = make_request(delivered=False)
    first_letter(request).update(state=DeliveryState.FAILED)
    note_deliveries(at=request.sent_at + HOUR)
    request.refresh_from_db()
    mark_seen(request, by=request.sent_by, at=request.sent_at + 2 * HOUR)
    assert ReuseRequest.objects.get().delivered_at is None  # somebody else looking is none
    mark_seen(request, by=request.actor.user, at=request.sent_at + 2 * HOUR)
    now = ReuseRequest.objects.get()
    assert (now.delivered_at, now.undelivered_at) == (request.sent_at + 2 * HOUR, None)
    assert now.answer_by == request.answer_by + 2 * HOUR
    approve_request(now, at=now.answer_by - SECOND)


def test_reminders_go_to_the_side_whose_turn_it_is_and_stop_with_the_answer():
    request = make_request()
    agency = make_agency()
    represent(agency, request.actor)
    half = request.sent_at + (request.answer_by - request.sent_at) / 2
    assert remind_due(by=None, at=half - SECOND) == 0
    assert remind_due(by=None, at=half) == 1
    assert remind_due(by=None, at=half) == 0
    assert kinds("Alice Ames") == ["request-received", "request-reminder"]
    assert "client-reminder" in kinds("Alex Agent")

    request.refresh_from_db()
    terms = request.current_terms
    new = offered_terms(use_terms(fee=Decimal("900.00")))
    propose(request, terms=new, terms_hash=terms.sha256, by=request.actor.user, at=half + HOUR)
    request.refresh_from_db()
    remind_due(by=None, at=request.answer_by - HOUR)
    assert "reply-reminder" in kinds("Dana Director")
    assert kinds("Alice Ames").count("request-reminder") == 1

    request.refresh_from_db()
    deny(request, by=request.actor.user, at=request.answer_by - HOUR / 2)
    before = Notification.objects.count()
    assert remind_due(by=None, at=request.answer_by - SECOND) == 0
    assert Notification.objects.count() == before


def test_after_an_outage_only_the_latest_reminder_goes():
    request = make_request()
    remind_due(by=None, at=request.answer_by - 2 * HOUR)
    assert kinds("Alice Ames").count("request-reminder") == 1
    assert remind_due(by=None, at=request.answer_by - HOUR) == 0


def test_a_former_agency_is_not_told():
    request = make_request()
    represent(make_agency(), request.actor, state=BondState.FORMER)
    lapse_due(by=None, at=request.answer_by)
    assert kinds("Alex Agent") == []


@pytest.mark.parametrize("rows", [1, 30])
def test_a_sweep_takes_the_same_statements_for_one_and_for_thirty(rows, django_assert_num_queries):
    first = make_request()
    for _ in range(rows - 1):
        make_request(replica=first.replica, project=first.project, at=first.sent_at, answer_by=first.answer_by)
    with django_assert_num_queries(19):
        assert lapse_due(by=None, at=first.answer_by) == rows
    assert AuditEntry.objects.filter(event="request.lapsed").count() == rows


def test_nothing_due_is_one_query(django_assert_num_queries):
    make_request()
    with django_assert_num_queries(3):  # a savepoint around one look
        assert lapse_due(by=None, at=timezone.now()) == 0


def test_deliveries_of_many_are_noted_together_each_with_its_own_moment(django_assert_num_queries):
    """One statement for each, and nine for all: what a crowd's letters bring in by the thousand."""
    requests = [make_request(delivered=False) for _ in range(3)]
    for minutes, request in enumerate(requests, 1):
        first_letter(request).update(state=DeliveryState.SENT, sent_at=request.sent_at + timedelta(minutes=minutes))
    with django_assert_num_queries(NOTING + len(requests)):
        assert note_deliveries(at=requests[0].sent_at + HOUR) == 3
    heard = ReuseRequest.objects.order_by("pk").values_list("delivered_at", "opened_at")
    moments = [request.sent_at + timedelta(minutes=minutes) for minutes, request in enumerate(requests, 1)]
    assert list(heard) == [(moment, moment) for moment in moments]
    assert AuditEntry.objects.filter(event="request.delivered").count() == 3
