"""A crowd is released in one move, written in chunks nobody sees, asked at once, and told once each."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.access.crowds.sending import crowds_on_their_way, progress_of
from replicas.actions.crowds import sending
from replicas.actions.crowds.releasing import release
from replicas.actions.crowds.sending import send_on
from replicas.actions.guardrails import set_guardrails
from replicas.actions.telling import about
from replicas.models import Crowd, CrowdOffer, CrowdPlace, GuardrailRefusal, Replica, ReuseRequest
from replicas.rules.crowds.sending import Phase
from replicas.rules.guardrails import Guardrails
from replicas.rules.terms import digest, document
from tests import factories
from tests.replicas.crowd_factory import (
    BRIEF,
    crowd_plan,
    crowd_terms,
    make_crowd,
    make_people,
    refreshed,
    requests_in,
    send_whole,
)
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
WRITING = 12  # statements of one chunk
TELLING = 15


def never_streaming(replica: Replica) -> None:
    rules = Guardrails(never_media=frozenset({"streaming"}))
    user = replica.actor.user
    set_guardrails(replica.actor, rules=rules, name_the_rule=True, shown=0, by=user, at=timezone.now())


def states_of(crowd: Crowd) -> list[str]:
    return list(CrowdPlace.objects.filter(crowd=crowd).order_by("rank").values_list("state", flat=True))


def shown_of(crowd: Crowd) -> list[str]:
    return list(CrowdPlace.objects.filter(crowd=crowd).order_by("rank").values_list("shown", flat=True))


def test_a_released_crowd_is_frozen_and_nobody_is_asked_yet():
    crowd, at = make_crowd(4, released=False), timezone.now()
    plan = crowd_plan(needed=2, at=at, margin=1, band=Decimal("300"), end_moves=True)
    release(crowd, plan=plan, by=crowd.created_by, at=at)
    crowd = refreshed(crowd)
    assert (crowd.state, crowd.needed, crowd.margin, crowd.band) == ("sending", 2, 1, Decimal("300"))
    assert (crowd.brief, crowd.anonymous, crowd.end_moves, crowd.sent_by) == (BRIEF, True, True, crowd.created_by)
    offer = CrowdOffer.objects.get(crowd=crowd)
    assert crowd.offer == offer
    assert (offer.number, offer.total) == (1, Decimal("250.00"))
    assert offer.sha256 == digest(document(plan.terms, parties={}))
    numbers = sorted(CrowdPlace.objects.filter(crowd=crowd).values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]
    assert not ReuseRequest.objects.exists()
    assert not Notification.objects.exists()
    assert crowds_on_their_way() == [crowd.pk]


def test_everybody_by_rank_is_asked_by_a_request_of_their_own():
    crowd = make_crowd(6, needed=3, margin=1, delivered=False)
    assert crowd.state == "open"
    assert states_of(crowd) == ["asked"] * 4 + ["standby"] * 2
    assert shown_of(crowd) == ["open"] * 4 + ["waiting"] * 2
    requests = requests_in(crowd)
    assert [request.actor.stage_name for request in requests] == [f"Person {n:03d}" for n in (1, 2, 3, 4)]
    for request in requests:
        assert (request.state, request.turn, request.version) == ("open", "actor", 1)
        assert request.answer_by == crowd.answer_by
        assert request.sent_at == request.opened_at == crowd.asked_at
        terms = request.current_terms
        assert terms is not None
        assert terms.sha256 == digest(terms.document)
        assert terms.document["performer"] == request.actor.stage_name
        assert terms.document["crowd"] == {"ref": crowd.ref, "title": crowd.title, "brief": BRIEF}
        assert terms.offered() == crowd_terms()
        assert "R01.1" in terms.judged
    told = Notification.objects.filter(kind="request-received")
    assert sorted(told.values_list("subject_ref", flat=True)) == sorted(request.ref for request in requests)
    notice = told.get(subject_ref=requests[0].ref)
    assert about(requests[0]).items() <= notice.context.items()
    assert notice.context["brief"] == BRIEF
    assert crowd.told_at is not None
    assert crowds_on_their_way() == []
    assert send_on(crowd.pk, by=None, at=timezone.now()) == 0


def test_what_is_frozen_is_what_a_single_request_would_freeze():
    """The same document and rules as ``send`` writes for another title, but for the crowd in it."""
    replica, project = factories.make_replica(), factories.make_project()
    crowd = make_crowd([replica], needed=1, project=project)
    in_crowd = requests_in(crowd)[0].current_terms
    another = factories.make_project(project.organization)
    alone = factories.make_request(replica, another, terms=crowd_terms()).current_terms
    assert in_crowd is not None
    assert alone is not None
    other = {"request", "crowd", "project"}
    assert {k: v for k, v in in_crowd.document.items() if k not in other} == {
        k: v for k, v in alone.document.items() if k not in other
    }
    assert in_crowd.judged == alone.judged
    assert [use.offered() for use in in_crowd.uses.all()] == [use.offered() for use in alone.uses.all()]


def test_nobody_sees_a_request_before_everybody_is_asked(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK", 2)
    crowd, at = make_crowd(5, released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=5, at=at), by=crowd.created_by, at=at)
    for written in (2, 4, 5):
        send_on(crowd.pk, by=None, at=at)
        assert list(ReuseRequest.objects.values_list("state", flat=True)) == ["draft"] * written
        assert (progress_of(refreshed(crowd)).phase, progress_of(refreshed(crowd)).done) == (Phase.WRITING, written)
    assert not Notification.objects.exists()
    send_on(crowd.pk, by=None, at=at)
    assert list(ReuseRequest.objects.values_list("state", flat=True)) == ["open"] * 5
    assert progress_of(refreshed(crowd)).words == "Everybody was asked at once. 0 of 5 letters are written."
    send_on(crowd.pk, by=None, at=at)
    assert Notification.objects.filter(kind="request-received").count() == 2
    assert progress_of(refreshed(crowd)).percent == 40
    send_whole(crowd, at=at)
    assert Notification.objects.filter(kind="request-received").count() == 5
    assert (progress_of(refreshed(crowd)).phase, progress_of(refreshed(crowd)).percent) == (Phase.SENT, 100)


def test_who_is_ruled_out_is_replaced_by_the_next_and_remembered_for_them_alone():
    people = make_people(5)
    never_streaming(people[1])
    crowd = make_crowd(people, needed=3)
    assert states_of(crowd) == ["asked", "ruled_out", "asked", "asked", "standby"]
    assert shown_of(crowd) == ["open", "waiting", "open", "open", "waiting"]
    kept = GuardrailRefusal.objects.get()
    assert (kept.actor, kept.phrase, kept.request.state) == (people[1].actor, "streaming", "draft")
    assert Notification.objects.filter(recipient=people[1].actor.user).values_list("kind", flat=True).get() == (
        "guardrails-refused"
    )
    entry = AuditEntry.objects.get(refused="outside-guardrails")
    assert (entry.by_id, entry.subject_ref) == (None, kept.request.ref)


def test_where_the_list_is_too_short_who_was_ruled_out_is_shown_as_open():
    people = make_people(4)
    never_streaming(people[0])
    crowd = make_crowd(people, needed=3, margin=1)
    assert states_of(crowd) == ["ruled_out", "asked", "asked", "asked"]
    assert shown_of(crowd) == ["open"] * 4
    assert AuditEntry.objects.get(event="crowd.asked").data["people"] == 4


def test_a_crowd_that_names_people_shows_at_once_who_is_not_available():
    people = make_people(4)
    never_streaming(people[0])
    crowd = make_crowd(people, needed=2, anonymous=False)
    assert shown_of(crowd) == ["gone", "open", "open", "waiting"]


def test_whoever_sets_rules_or_hides_while_it_is_written_is_not_asked():
    people, at = make_people(4), timezone.now()
    crowd = make_crowd(people, released=False)
    release(crowd, plan=crowd_plan(needed=3, at=at), by=crowd.created_by, at=at)
    send_on(crowd.pk, by=None, at=at)
    assert states_of(crowd) == ["asked", "asked", "asked", "standby"]
    never_streaming(people[0])
    Replica.objects.filter(pk=people[1].pk).update(visibility="hidden")
    harmless = Guardrails(never_media=frozenset({"game"}))
    version = set_guardrails(
        people[2].actor, rules=harmless, name_the_rule=True, shown=0, by=people[2].actor.user, at=timezone.now()
    )
    send_whole(crowd)
    assert states_of(crowd) == ["ruled_out", "ruled_out", "asked", "asked"]
    assert [request.actor for request in requests_in(crowd)] == [people[2].actor, people[3].actor]
    assert requests_in(crowd)[0].guardrails == version
    assert requests_in(crowd)[0].guardrails_judged == {"own": 1}
    assert GuardrailRefusal.objects.get().actor == people[0].actor
    assert sorted(ReuseRequest.objects.values_list("state", flat=True)) == ["draft", "draft", "open", "open"]


def test_the_window_starts_when_they_are_asked():
    crowd, at = make_crowd(2, released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=2, at=at), by=crowd.created_by, at=at)
    late = at + timedelta(hours=7)
    send_whole(crowd, at=late)
    assert refreshed(crowd).answer_by == at + timedelta(days=5, hours=7)
    assert {request.answer_by for request in requests_in(crowd)} == {at + timedelta(days=5, hours=7)}


def test_a_strike_stops_it_wherever_it_is_and_it_goes_on_afterwards():
    project, at = factories.make_project(agreement="sag_tv_theatrical_2026"), timezone.now()
    terms = crowd_terms("1283.00")
    crowd = make_crowd(2, released=False, project=project)
    release(crowd, plan=crowd_plan(needed=2, at=at, terms=terms), by=crowd.created_by, at=at)
    make_strike(starts_at=at + timedelta(minutes=1), ends_at=at + timedelta(days=2))
    for hours in (1, 47):
        assert send_on(crowd.pk, by=None, at=at + timedelta(hours=hours)) == 0
    send_whole(crowd, at=at + timedelta(days=2))
    assert states_of(crowd) == ["asked"] * 2
    assert refreshed(crowd).answer_by == at + timedelta(days=7)


def test_an_answer_before_the_letter_needs_no_letter(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK", 1)
    crowd, at = make_crowd(2, released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=2, at=at), by=crowd.created_by, at=at)
    for _ in range(3):
        send_on(crowd.pk, by=None, at=at)
    first, second = requests_in(crowd)
    factories.approve_request(first)
    send_whole(crowd)
    told = Notification.objects.filter(kind="request-received")
    assert list(told.values_list("subject_ref", flat=True)) == [second.ref]
    assert set(CrowdPlace.objects.values_list("told", flat=True)) == {True}
    sent = AuditEntry.objects.filter(event="request.sent-in-crowd").values_list("subject_ref", flat=True)
    assert sorted(sent) == sorted([first.ref, second.ref])


def test_nobody_is_asked_by_letter_once_the_crowd_is_filled(monkeypatch):
    monkeypatch.setattr(sending, "CHUNK", 1)
    crowd, at = make_crowd(2, released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=1, margin=1, at=at), by=crowd.created_by, at=at)
    while not requests_in(crowd):
        send_on(crowd.pk, by=None, at=at)
    factories.approve_request(requests_in(crowd)[0])
    assert refreshed(crowd).state == "filled"
    send_whole(crowd)
    assert not Notification.objects.filter(kind="request-received").exists()
    assert refreshed(crowd).told_at is not None


def test_a_child_is_asked_through_their_guardian_and_reads_along():
    mia = factories.make_minor()
    guardian = factories.make_guardian(mia)
    nobody = factories.make_minor("Max Minor")
    people = [factories.make_replica(mia), factories.make_replica(nobody)]
    crowd = make_crowd(people, needed=2)
    assert states_of(crowd) == ["asked", "ruled_out"]
    told = Notification.objects.order_by("kind").values_list("kind", "recipient")
    assert list(told) == [("request-copy", mia.user_id), ("request-received", guardian.pk)]


def test_an_agent_reads_one_letter_however_many_clients_are_asked():
    people, agency = make_people(30), factories.make_agency()
    factories.make_member(agency, factories.make_user("Bea Booker"))
    for replica in people[:20]:
        factories.represent(agency, replica.actor)
    crowd = make_crowd(people, needed=25)
    agents = Notification.objects.filter(kind="client-crowd")
    assert agents.count() == 2
    context = agents[0].context
    assert (context["clients"], len(context["named"]), context["more"]) == (20, 12, 8)
    assert not Notification.objects.filter(kind="client-request").exists()
    performers = Notification.objects.filter(kind="request-received").values_list("recipient", flat=True)
    assert sorted(performers) == sorted(request.actor.user_id for request in requests_in(crowd))
    assert Delivery.objects.count() == 25 + 2


def test_writing_takes_the_same_statements_for_two_and_for_twenty_five(django_assert_num_queries):
    for people in (2, 25):
        crowd, at = make_crowd(people, released=False), timezone.now()
        release(crowd, plan=crowd_plan(needed=people, at=at), by=crowd.created_by, at=at)
        with django_assert_num_queries(WRITING, info=str(people)):
            sending.write_some(crowd.pk, by=None, at=at)
        sending.ask_all(crowd.pk, by=None, at=at)
        with django_assert_num_queries(TELLING, info=str(people)):
            sending.tell_some(crowd.pk, by=None, at=at)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"needed": 5}, "You need 5 and chose 4. Choose 1 more, or need fewer."),
        ({"brief": "Crowd."}, "Say in a sentence or two how the look is used. Everybody who is asked reads it."),
        ({"title": " "}, "Give the crowd a name, like “Harbor fair, wide shots”."),
        ({"band": Decimal("249.99")}, "You offer $250 yourself. Name at least that, or leave it empty."),
        ({"margin": -1}, "This can be between 0 and 10,000."),
        ({"needed": 0}, "Say how many you need."),
    ],
)
def test_a_plan_with_a_fault_is_not_released(changes, sentence):
    crowd, at = make_crowd(4, released=False), timezone.now()
    with pytest.raises(Refused) as refused:
        release(crowd, plan=crowd_plan(**{"needed": 2, **changes}, at=at), by=crowd.created_by, at=at)
    assert (refused.value.code, refused.value.sentence) == ("unfit-crowd", sentence)
    assert refreshed(crowd).state == "draft"
    release(crowd, plan=crowd_plan(needed=4, at=at), by=crowd.created_by, at=at)
    assert refreshed(crowd).state == "sending"


def test_the_window_is_48_hours_to_the_second():
    crowd, at = make_crowd(2, released=False), timezone.now()
    short = crowd_plan(needed=2, answer_by=at + timedelta(hours=48) - timedelta(seconds=1))
    with pytest.raises(Refused, match="48 hours"):
        release(crowd, plan=short, by=crowd.created_by, at=at)
    release(crowd, plan=crowd_plan(needed=2, answer_by=at + timedelta(hours=48)), by=crowd.created_by, at=at)


def test_members_release_and_nobody_else_does(settings):
    crowd, at = make_crowd(2, released=False), timezone.now()
    house, plan = crowd.organization, crowd_plan(needed=2, at=at)
    assistant = factories.make_member(house, factories.make_user("Ann Assistant"), Role.ASSISTANT)
    for stranger in (assistant, factories.make_user("Charlie Chance"), factories.make_casting().memberships.get().user):
        with pytest.raises(Refused) as refused:
            release(crowd, plan=plan, by=stranger, at=at)
        assert refused.value.code == "not-yours"
    bob = factories.make_member(house)
    release(crowd, plan=plan, by=bob, at=at)
    with pytest.raises(Refused) as again:
        release(crowd, plan=plan, by=bob, at=at)
    assert again.value.code == "crowd-released"


def test_terms_nobody_could_agree_to_are_refused_at_once():
    project, at = factories.make_project(agreement="sag_tv_theatrical_2026"), timezone.now()
    crowd = make_crowd(2, released=False, project=project)
    with pytest.raises(Refused) as refused:
        release(crowd, plan=crowd_plan(needed=2, at=at, terms=crowd_terms("1.00")), by=crowd.created_by, at=at)
    assert refused.value.code.startswith("rule-")
    assert refreshed(crowd).state == "draft"
