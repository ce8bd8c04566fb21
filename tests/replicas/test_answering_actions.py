"""The answer, as actions: what a yes leaves behind, what a no leaves behind, and what is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.signing import Proof
from accounts.models import AuditEntry, Notification
from accounts.rules.refusal import Refused
from replicas.actions.answering import approve, deny, reopen
from replicas.actions.drafting import withdraw
from replicas.actions.sweeping import lapse_due
from replicas.models import Decision, License, ReuseRequest
from tests.factories import (
    add_totp,
    approve_request,
    make_agency,
    make_request,
    make_user,
    proof_of,
    represent,
    totp_code,
)

pytestmark = pytest.mark.django_db


def test_a_yes_leaves_a_license_a_decision_notices_and_two_entries():
    request = make_request()
    represent(make_agency(), request.actor)
    before = AuditEntry.objects.count()

    license_ = approve_request(request)

    request.refresh_from_db()
    decision = Decision.objects.get(request=request)
    assert request.state == "approved"
    assert (decision.outcome, decision.factor, decision.typed_name) == ("approved", "password", "Alice Ames")
    assert decision.terms_hash == request.current_terms.sha256 == license_.terms_hash
    assert [use["title"] for use in license_.document["uses"]] == ["Crowd at the harbor fair", "Festival trailer"]
    told = Notification.objects.filter(kind="license-issued").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Alex Agent", "Alice Ames", "Dana Director"]
    events = AuditEntry.objects.order_by("id").values_list("event", flat=True)[before:]
    assert list(events) == ["request.approved", "license.issued"]


def test_what_happens_after_death_is_the_performers_own_choice():
    assert approve_request(make_request()).document["after_death"] == "ends"
    license_ = approve_request(make_request(), after_death="estate")
    assert (license_.document["after_death"], license_.decision.after_death) == ("estate", "estate")
    with pytest.raises(Refused) as refused:
        approve_request(make_request(), after_death="")
    assert refused.value.code == "rule-R18"


@pytest.mark.parametrize("by_code", [False, True], ids=["password", "code"])
def test_answering_takes_fifteen_statements(by_code):
    request = make_request()
    represent(make_agency(), request.actor)
    user, terms = request.actor.user, request.current_terms
    proof = proof_of(user, request)
    if by_code:
        proof = Proof(proof.challenge, code=totp_code(add_totp(user)))
    answer = {
        "terms_hash": terms.sha256,
        "use_ids": [use.pk for use in terms.uses.all()],
        "typed_name": user.name,
        "proof": proof,
    }
    with CaptureQueriesContext(connection) as captured:
        approve(request, **answer, by=user, at=timezone.now())
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    own = [query["sql"] for query in captured if not query["sql"].startswith(frame)]
    assert len(own) == 15, "\n".join(own)


def test_a_yes_to_one_of_two_uses_licenses_only_that_one():
    request = make_request()
    crowd = request.current_terms.uses.all()[0]
    license_ = approve_request(request, use_ids=[crowd.pk])
    assert [use["title"] for use in license_.document["uses"]] == ["Crowd at the harbor fair"]
    assert list(license_.decision.approved_uses.all()) == [crowd]


@pytest.mark.parametrize(("seconds", "state"), [(-1, "approved"), (0, "open"), (1, "open")])
def test_the_deadline_itself_is_too_late_even_if_no_sweep_has_run(seconds, state):
    request = make_request()
    at = request.answer_by + timedelta(seconds=seconds)
    if state == "approved":
        approve_request(request, at=at)
    else:
        with pytest.raises(Refused) as refused:
            approve_request(request, at=at)
        assert refused.value.code == "too-late"
        assert AuditEntry.objects.filter(event="request.approved", refused="too-late").count() == 1
    request.refresh_from_db()
    assert request.state == state


def test_terms_that_changed_are_not_approved():
    request = make_request()
    with pytest.raises(Refused) as refused:
        approve(
            request,
            terms_hash="0" * 64,
            use_ids=[1],
            typed_name="Alice Ames",
            proof=proof_of(request.actor.user, request),
            by=request.actor.user,
            at=timezone.now(),
        )
    assert refused.value.code == "terms-changed"
    assert License.objects.count() == 0


def test_nobody_but_the_actor_approves():
    request = make_request()
    agency = make_agency()
    represent(agency, request.actor)
    people = [agency.memberships.get().user, request.sent_by, make_user("Charlie Stranger")]
    for person in people:
        with pytest.raises(Refused) as refused:
            approve(
                request,
                terms_hash=request.current_terms.sha256,
                use_ids=[use.pk for use in request.current_terms.uses.all()],
                typed_name="Alice Ames",
                proof=proof_of(person, request),
                by=person,
                at=timezone.now(),
            )
        assert refused.value.code == "not-yours"
    assert ReuseRequest.objects.get(pk=request.pk).state == "open"


def test_a_denial_says_not_available_and_keeps_its_reason():
    request = make_request()
    deny(request, reason="fee", comment="Too little.", by=request.actor.user, at=timezone.now())
    told = Notification.objects.get(kind="request-not-available")
    assert (told.recipient, told.context.get("reason")) == (request.sent_by, None)


def test_a_denial_can_be_taken_back_while_the_window_is_open():
    request = make_request()
    actor = request.actor.user
    deny(request, by=actor, at=timezone.now())
    request.refresh_from_db()
    with pytest.raises(Refused) as refused:
        reopen(request, by=actor, at=request.answer_by)
    assert refused.value.code == "too-late"
    reopen(request, by=actor, at=timezone.now())
    request.refresh_from_db()
    assert request.state == "open"
    approve_request(request)


def test_a_lapse_denies_by_silence_and_tells_both_sides_once():
    request = make_request()
    assert lapse_due(by=None, at=request.answer_by - timedelta(seconds=1)) == 0
    assert lapse_due(by=None, at=request.answer_by) == 1
    assert lapse_due(by=None, at=request.answer_by) == 0
    request.refresh_from_db()
    assert request.state == "lapsed"
    kinds = Notification.objects.filter(kind__in=["request-lapsed", "request-not-available"])
    assert sorted(kinds.values_list("kind", "recipient__name")) == [
        ("request-lapsed", "Alice Ames"),
        ("request-not-available", "Dana Director"),
    ]


def test_an_undelivered_request_does_not_lapse():
    request = make_request(delivered=False)
    assert lapse_due(by=None, at=request.answer_by + timedelta(days=3)) == 0


def test_withdrawn_is_over():
    request = make_request()
    withdraw(request, by=request.sent_by, at=timezone.now())
    with pytest.raises(Refused) as refused:
        approve_request(request)
    assert refused.value.code == "already-withdrawn"
