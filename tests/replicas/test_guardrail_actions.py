"""Guardrails at work: who sets them, what they refuse before the person is asked, and what is kept of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit import timeline
from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.people import Union
from accounts.rules.refusal import Refused
from agencies.actions.representations import end
from agencies.rules.organizations import Role
from replicas.access.guardrails import guardrails_in_force, refusals_of
from replicas.access.rulebook import rulebook_on
from replicas.access.union_defaults import read_layer, union_defaults
from replicas.actions.drafting import send
from replicas.actions.guardrails import set_agency_guardrails, set_guardrails
from replicas.actions.negotiating import accept, counter, propose
from replicas.models import AgencyGuardrails, GuardrailRefusal, GuardrailsVersion, ReuseRequest
from replicas.rules.guardrails import Guardrails
from replicas.rules.reasking import NOT_AVAILABLE
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.guardrails_factory import set_default, set_rules

pytestmark = pytest.mark.django_db

POLITICAL = offered_terms(use_terms(sensitive=("political",)))
NAMED = "Outside this performer’s rules: political content. Change the terms, or ask for something else."


def only(*values):
    return frozenset(values)


def ask(draft, terms=POLITICAL, *, at=None, hours=120):
    at = at or timezone.now()
    return send(draft, terms=terms, answer_by=at + timedelta(hours=hours), by=draft.created_by, at=at)


def refused(call, *args, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value


# --- Who sets them ----------------------------------------------------------------------------------------------------


def test_only_the_actor_sets_their_guardrails_each_time_as_a_new_version():
    actor, agency = make_actor(), make_agency()
    represent(agency, actor)
    first = set_rules(actor, never_media=only("game"))
    for person in (agency.memberships.get().user, make_user("Charlie Stranger")):
        rules = {"rules": Guardrails(), "name_the_rule": True, "shown": 1, "by": person, "at": timezone.now()}
        assert refused(set_guardrails, actor, **rules).code == "not-yours"
    second = set_rules(actor, never_media=only("audio"))
    assert [first.number, second.number] == [1, 2]
    assert guardrails_in_force(actor.pk).rules.never_media == only("audio")
    assert AuditEntry.objects.filter(event="guardrails.set", refused="").count() == 2
    with pytest.raises(DatabaseError):
        GuardrailsVersion.objects.filter(pk=first.pk).update(number=9)


def test_a_page_from_before_changes_nothing():
    actor = make_actor()
    set_rules(actor, never_media=only("game"))
    stale = refused(
        set_guardrails,
        actor,
        rules=Guardrails(),
        name_the_rule=True,
        shown=0,
        by=actor.user,
        at=timezone.now(),
    )
    assert stale.code == "changed-meanwhile"
    assert guardrails_in_force(actor.pk).rules.never_media == only("game")


def test_an_owner_sets_the_agency_s_default_with_a_reason():
    agency = make_agency()
    owner, now = agency.memberships.get().user, timezone.now()
    colleague, stranger = make_member(agency, make_user("Bob Brandt"), Role.MEMBER), make_user("Charlie Stranger")
    rules = {"rules": Guardrails(blocked=only(7)), "shown": 0, "at": now}
    for person in (colleague, stranger):
        assert refused(set_agency_guardrails, agency, **rules, reason="Why not", by=person).code == "not-yours"
    assert refused(set_agency_guardrails, agency, **rules, reason=" ", by=owner).code == "reason-missing"
    version = set_agency_guardrails(agency, **rules, reason="We talked.", by=owner)
    assert (version.number, version.reason, version.guardrails().blocked) == (1, "We talked.", frozenset())
    assert refused(set_agency_guardrails, agency, **rules, reason="Again", by=owner).code == "changed-meanwhile"
    house = make_casting()
    director = house.memberships.get().user
    assert refused(set_agency_guardrails, house, **rules, reason="Why", by=director).code == "not-yours"
    with pytest.raises(DatabaseError):
        AgencyGuardrails.objects.filter(pk=version.pk).delete()


# --- What is in force -------------------------------------------------------------------------------------------------


def test_agencies_and_union_add_to_what_the_actor_says_and_nothing_loosens_them():
    actor = make_actor(union="sag_aftra")
    north, south = make_agency(), make_agency(make_user("Olga Other"), "Southlight")
    represent(north, actor)
    bond = represent(south, actor)
    represent(make_agency(make_user("Ida"), "Idle"), actor)
    set_default(north, never_content=only("nudity"), longest_days=400)
    set_default(north, never_content=only("political"), longest_days=300)
    set_default(south, never_content=only("drugs"), notice_hours=96)
    set_rules(actor, never_media=only("game"), longest_days=500)
    with CaptureQueriesContext(connection) as captured:
        found = guardrails_in_force(actor.pk)
    assert len(captured) == 1
    assert [layer.name for layer in found.layers] == ["Northlight Talent", "Southlight", "SAG-AFTRA"]
    assert found.rules == Guardrails(
        never_media=only("game"),
        never_content=only("political", "drugs"),
        never_ai=only("ai_generative_training"),
        longest_days=300,
        notice_hours=96,
    )
    assert found.judged == {
        "own": 1,
        f"agency-{north.pk}": "2",
        f"agency-{south.pk}": "1",
        "union-sag_aftra": "2026-07-01",
    }
    end(bond, by=actor.user, at=timezone.now())
    found = guardrails_in_force(actor.pk)
    assert found.rules.never_content == only("political")
    assert found.rules.notice_hours == 48


def test_without_a_version_of_their_own_nothing_goes_into_ai_and_nobody_is_dubbed():
    actor = make_actor(languages=" en es ")
    found = guardrails_in_force(actor.pk)
    assert (found.number, found.rules) == (0, Guardrails(languages=only("en", "es")))
    assert found.name_the_rule  # it says nothing about the person
    agency = make_agency()
    represent(agency, actor)
    set_default(agency, never_content=only("political"))
    assert not guardrails_in_force(actor.pk).name_the_rule
    assert guardrails_in_force(make_actor("Bob Brandt").pk).rules == Guardrails()


# --- Before asking ----------------------------------------------------------------------------------------------------


def test_what_is_ruled_out_is_refused_before_the_person_is_bothered():
    draft = make_draft()
    set_rules(draft.actor, never_content=only("political"))
    assert refused(ask, draft).sentence == NAMED
    draft.refresh_from_db()
    assert (draft.state, draft.sent_at) == ("draft", None)
    assert not Delivery.objects.exists()
    entry = AuditEntry.objects.get(event="request.sent")
    assert (entry.refused, entry.by_id) == ("outside-guardrails", draft.created_by_id)
    assert timeline(draft.subject, side="licensee") == [
        told for told in timeline(draft.subject, side="licensee") if "Refused" not in told.sentence
    ]
    sent = ask(draft, offered_terms())
    assert (sent.guardrails.number, sent.guardrails_judged) == (1, {"own": 1})


def test_a_rule_that_may_not_be_named_an_agency_s_and_a_blocked_house_read_alike():
    house = make_casting()
    drafts = [make_draft(make_replica(make_actor(name)), make_project(house, name)) for name in "ABCD"]
    unnamed, by_agency, blocked, both = drafts
    agency = make_agency()
    represent(agency, by_agency.actor)
    set_rules(unnamed.actor, name_the_rule=False, never_content=only("political"))
    set_default(agency, never_content=only("political"))
    set_rules(blocked.actor, blocked=only(house.pk))
    set_rules(both.actor, blocked=only(house.pk), never_content=only("political"))
    statements = []
    rulebook_on(timezone.now().date())  # read once by each process, whoever is asked for
    for draft in drafts:
        with CaptureQueriesContext(connection) as captured:
            refusal = refused(ask, draft)
        assert (refusal.code, refusal.sentence) == ("outside-guardrails", NOT_AVAILABLE)
        statements.append(len(captured))
    assert len(set(statements)) == 1
    entries = AuditEntry.objects.filter(event="request.sent").order_by("id")
    assert [entry.data for entry in entries] == [{"sentence": NOT_AVAILABLE}] * 4
    assert refused(ask, blocked, offered_terms()).sentence == NOT_AVAILABLE  # whatever they offer


@pytest.mark.parametrize(("hours", "code"), [(71, "outside-guardrails"), (72, "")])
def test_the_time_to_answer_is_counted_to_the_hour(hours, code):
    draft = make_draft()
    set_rules(draft.actor, notice_hours=72)
    if code:
        assert refused(ask, draft, offered_terms(), hours=hours).code == code
    else:
        assert ask(draft, offered_terms(), hours=hours).state == "open"


# --- What the actor sees of it ----------------------------------------------------------------------------------------


def test_the_actor_sees_each_rule_that_refused_once_however_often_it_was_tried():
    draft = make_draft()
    actor = draft.actor
    set_rules(actor, never_content=only("political", "drugs"), blocked=only(draft.organization_id))
    terms = offered_terms(use_terms(sensitive=("political", "drugs")))
    for _ in range(3):
        refused(ask, draft, terms)
    found = [(row.phrase, row.private) for row in refusals_of(actor.pk)]
    assert sorted(found) == [("drugs, alcohol or tobacco", False), ("organization", True), ("political content", False)]
    notice = Notification.objects.get(kind="guardrails-refused")
    assert (notice.recipient, notice.in_inbox) == (actor.user, True)
    set_rules(actor, never_content=only("political"))
    refused(ask, draft, terms)
    assert refusals_of(actor.pk).count() == 4
    assert not Delivery.objects.exists()  # nothing is to be done about it, so no letter
    with pytest.raises(DatabaseError):
        GuardrailRefusal.objects.all().delete()


def test_other_refusals_leave_no_row():
    draft = make_draft()
    refused(ask, draft, offered_terms(), hours=2)
    assert GuardrailRefusal.objects.count() == 0


# --- When terms change hands, and at the answer -----------------------------------------------------------------------


def countered() -> tuple[ReuseRequest, object]:
    """A request for which the actor has proposed a game instead of a trailer."""
    request = make_request()
    terms = offered_terms(use_terms(medium="game"))
    by = request.actor.user
    propose(request, terms=terms, terms_hash=request.current_terms.sha256, by=by, at=timezone.now())
    request.refresh_from_db()
    return request, terms


def test_accepting_and_countering_are_judged_by_the_rules_of_now():
    request, _ = countered()
    set_rules(request.actor, never_media=only("game"))
    now, director = timezone.now(), request.sent_by
    shown = request.current_terms.sha256
    refusal = refused(accept, request, terms_hash=shown, by=director, at=now)
    assert refusal.sentence.startswith("Outside this performer’s rules: games.")
    more = offered_terms(use_terms(medium="game", fee=Decimal("900.00")))
    assert refused(counter, request, terms=more, terms_hash=shown, by=director, at=now).code == "outside-guardrails"
    assert {row.phrase for row in refusals_of(request.actor_id)} == {"games"}
    request.refresh_from_db()
    assert request.state == "countered"
    counter(request, terms=offered_terms(use_terms()), terms_hash=shown, by=director, at=now)
    request.refresh_from_db()
    assert request.state == "open"


def test_nobody_on_the_performer_s_side_proposes_what_the_performer_rules_out():
    request = make_request()
    agency = make_agency()
    represent(agency, request.actor)
    agent = agency.memberships.get().user
    set_rules(request.actor, never_media=only("game"), name_the_rule=False)
    changed = {"terms": offered_terms(use_terms(medium="game")), "terms_hash": request.current_terms.sha256}
    mine = refused(propose, request, **changed, by=request.actor.user, at=timezone.now())
    assert mine.sentence.startswith("Your own rules forbid this. “Crowd at the harbor fair” is for games")
    assert (
        refused(propose, request, **changed, by=agent, at=timezone.now()).sentence
        == "Outside Alice Ames’s rules: games."
    )
    set_rules(request.actor, blocked=only(request.organization_id))
    theirs = refused(propose, request, **changed, by=agent, at=timezone.now())
    assert theirs.sentence == "Alice Ames’s rules say no to this request as a whole."


def test_an_answer_is_judged_by_the_rules_of_its_own_moment():
    request = make_request()
    set_rules(request.actor, never_media=only("trailer"), notice_hours=480)
    refusal = refused(approve_request, request)
    assert refusal.sentence == (
        "Your own rules forbid this. “Festival trailer” is for trailers and promos, and you said never. "
        "To go on, change your guardrails first."
    )
    crowd = request.current_terms.uses.all()[0]
    approve_request(request, use_ids=[crowd.pk])  # the other use alone, and the window is no longer judged
    entry = AuditEntry.objects.get(event="request.approved", refused="")
    assert entry.data["guardrails"] == {"own": 1}


def test_the_unions_file_gives_rules_with_their_source_and_nothing_nobody_reads():
    found = union_defaults()
    assert set(found) <= {union.value for union in Union}
    assert all(layer.source and layer.version for layer in found.values())
    assert found["sag_aftra"].rules == Guardrails(never_ai=only("ai_generative_training"))
    about = {"name": "A", "version": "1", "source": "Somewhere"}
    assert read_layer("other", {**about, "longest_days": 30}).rules.longest_days == 30
    for wrong in ({"never_media": ["radio"]}, {"notice_days": 4}, {"schema": "understudy-guardrails/2"}):
        with pytest.raises(ValueError, match=r"."):
            read_layer("other", {**about, **wrong})
