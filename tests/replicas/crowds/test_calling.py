"""A standby is called: judged by today's rules, asked at once with a window of their own, and told once."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.models import Notification
from replicas.actions.crowds.calling import Called, call
from replicas.actions.guardrails import set_guardrails
from replicas.models import Crowd, CrowdPlace, GuardrailRefusal, Replica, ReuseRequest
from replicas.rules.events import Event
from replicas.rules.guardrails import Guardrails
from tests import factories
from tests.replicas.crowd_factory import BRIEF, make_crowd, make_people, refreshed
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
NEVER = Guardrails(never_media=frozenset({"streaming"}))


def standbys(crowd: Crowd) -> list[CrowdPlace]:
    return list(CrowdPlace.objects.filter(crowd=crowd, state="standby").order_by("rank"))


def called(crowd: Crowd, places: list[CrowdPlace]) -> Called:
    """Calls them in a move of its own, as whatever made room for them does."""

    @move(Event.CROWD_ASKED)
    def settle(*, by: None, at: datetime) -> Called:
        locked = Crowd.objects.select_for_update(of=("self",)).select_related("project", "organization", "offer")
        found = call(locked.get(pk=crowd.pk), places, answer_by=at + timedelta(days=3), at=at)
        record_all(found.happenings, at=at)
        return found

    return settle(by=None, at=timezone.now())


def test_a_standby_is_asked_by_a_request_like_everybodys_with_a_window_of_their_own():
    crowd = make_crowd(4, needed=2)
    found = called(crowd, standbys(crowd)[:1])
    place = CrowdPlace.objects.get(crowd=crowd, rank=3)
    request = ReuseRequest.objects.get(pk=found.requests[0].pk)
    assert (place.state, place.request, place.told, place.shown) == ("asked", request, True, "waiting")
    assert (request.state, request.turn, request.version, request.sent_by) == ("open", "actor", 1, crowd.sent_by)
    assert request.answer_by - request.opened_at == timedelta(days=3)
    assert request.current_terms.offered().total == Decimal("250.00")
    assert request.current_terms.document["crowd"]["brief"] == BRIEF
    notice = Notification.objects.get(recipient=place.actor.user)
    assert (notice.kind, notice.subject_ref, notice.due_at) == ("request-received", request.ref, request.answer_by)
    assert refreshed(crowd).answer_by == crowd.answer_by
    assert [entry.event for entry in found.happenings] == ["request.sent-in-crowd"]
    assert found.happenings[0].by is None


def test_who_is_ruled_out_by_now_is_not_called_and_who_is_no_standby_is_passed_over():
    people = make_people(5)
    crowd = make_crowd(people, needed=2)
    set_guardrails(
        people[2].actor, rules=NEVER, name_the_rule=False, shown=0, by=people[2].actor.user, at=timezone.now()
    )
    Replica.objects.filter(pk=people[3].pk).update(state="leaving")
    asked = CrowdPlace.objects.get(crowd=crowd, rank=1)
    found = called(crowd, [asked, *standbys(crowd)])
    assert [request.actor for request in found.requests] == [people[4].actor]
    assert found.ruled_out == 2
    assert GuardrailRefusal.objects.get().actor == people[2].actor
    states = CrowdPlace.objects.filter(crowd=crowd).order_by("rank").values_list("state", flat=True)
    assert list(states) == ["asked", "asked", "ruled_out", "ruled_out", "asked"]


def test_nobody_is_called_during_a_strike():
    project = factories.make_project(agreement="sag_tv_theatrical_2026")
    terms = factories.offered_terms(factories.use_terms(fee=Decimal("3849.00")))
    crowd = make_crowd(3, needed=2, project=project, terms=terms)
    make_strike()
    assert called(crowd, standbys(crowd)) == Called()
    assert len(standbys(crowd)) == 1


def test_agents_read_of_everybody_called_in_one_letter_in_the_morning():
    people, agency = make_people(6), factories.make_agency()
    for replica in people:
        factories.represent(agency, replica.actor)
    crowd = make_crowd(people, needed=2)
    called(crowd, standbys(crowd)[:3])
    called(crowd, standbys(crowd)[:1])
    notices = Notification.objects.filter(kind="client-called").order_by("pk")
    assert [notice.context["clients"] for notice in notices] == [3, 1]
    assert notices[1].path == f"/requests/{notices[1].context['ref']}/"
    assert notices[1].context["actor_id"] == people[5].actor.pk
    assert Notification.objects.filter(kind="client-crowd").get().context["clients"] == 2


def test_the_offer_of_now_is_what_they_are_asked():
    """A better offer was put forward after the crowd was sent."""
    crowd = make_crowd(3, needed=2)
    document = {**crowd.offer.document, "uses": [{**crowd.offer.document["uses"][0], "fee": "300.00"}]}
    crowd.offer.pk, crowd.offer.number, crowd.offer.document = None, 2, document
    crowd.offer.save(force_insert=True)
    Crowd.objects.filter(pk=crowd.pk).update(offer=crowd.offer)
    found = called(crowd, standbys(crowd))
    assert found.requests[0].current_terms.offered().total == Decimal("300.00")
