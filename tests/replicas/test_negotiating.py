"""Terms that change hands, as a browser does it: propose, accept, counter, withdraw, more time."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from agencies.rules.organizations import Role
from replicas.actions.answering import deny
from replicas.actions.negotiating import propose
from replicas.forms.terms import TermsForm
from replicas.models import ReuseRequest, Terms
from replicas.rules.terms import OfferedTerms
from tests.factories import (
    approve_request,
    make_agency,
    make_member,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_():
    return make_request()


def fresh(request) -> ReuseRequest:
    return ReuseRequest.objects.get(pk=request.pk)


def at(request, name: str) -> str:
    return reverse(f"request-{name}", args=[request.ref])


def typed(terms: OfferedTerms, terms_hash: str, **more):
    return {**TermsForm.draft_of(terms), "terms_hash": terms_hash, "note": "", **more}


def better(fee="900.00") -> OfferedTerms:
    return offered_terms(use_terms(fee=Decimal(fee)))


def proposed(request):
    actor = request.actor.user
    propose(request, terms=better(), terms_hash=request.current_terms.sha256, by=actor, at=timezone.now())
    return fresh(request)


# --- Propose ---------------------------------------------------------------------------------------------------------


def test_the_form_comes_prefilled_and_what_is_changed_becomes_the_next_round(client, request_):
    client.force_login(request_.actor.user)
    html = client.get(at(request_, "propose")).content.decode()
    assert 'value="693.00"' in html
    assert "The harbor fair can" in html
    data = typed(better(), request_.current_terms.sha256, note="For three days.")
    answer = client.post(at(request_, "propose"), data)
    assert (answer.status_code, answer["Location"]) == (303, request_.get_absolute_url())
    now = fresh(request_)
    assert (now.state, now.turn, now.current_terms.number, now.current_terms.note) == (
        "countered",
        "licensee",
        2,
        "For three days.",
    )
    assert now.current_terms.total == Decimal("900.00")


def test_nobody_is_said_to_want_what_was_only_proposed_to_them(client, request_):
    request = proposed(request_)
    dana, alice = request.sent_by, request.actor.user
    said = {}
    for viewer in (alice, dana):
        client.force_login(viewer)
        said[viewer] = client.get(request.get_absolute_url()).context["page"].sentence[0].text
    house = request.organization.name
    assert said[alice] == f"You propose that {house} may use "
    assert said[dana] == f"{request.actor.stage_name} proposes that {house} may use "
    client.force_login(dana)
    client.post(at(request, "accept"), {"terms_hash": request.current_terms.sha256})
    client.force_login(alice)
    assert client.get(request.get_absolute_url()).context["page"].sentence[0].text == f"{house} wants to use "


def test_the_agency_proposes_for_the_actor_who_is_told(client, request_):
    agency = make_agency()
    represent(agency, request_.actor)
    client.force_login(agency.memberships.get().user)
    assert client.post(at(request_, "propose"), typed(better(), request_.current_terms.sha256)).status_code == 303
    assert fresh(request_).current_terms.side == "agency"
    told = Notification.objects.filter(recipient=request_.actor.user, kind="request-question")
    assert told.count() == 1


def test_uses_are_added_and_removed_without_javascript(client, request_):
    client.force_login(request_.actor.user)
    data = typed(offered_terms(), request_.current_terms.sha256, note="Kept.")
    more = client.post(at(request_, "propose"), {**data, "do": "add-use"})
    assert more.status_code == 200
    assert len(more.context["form"].uses) == 3
    less = client.post(at(request_, "propose"), {**data, "do": "remove-use-1"})
    assert len(less.context["form"].uses) == 1
    assert "Kept." in less.content.decode()
    assert Terms.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("use-0-fee", "a lot", "Write the amount as a number"),
        (
            "use-0-description",
            "In perpetuity, all rights, whatever we like to do with it.",
            "can&#x27;t be agreed here",
        ),
        ("use-0-ends_on", "2020-01-01", "The last day comes before the first."),
        ("business_reason", "", "Say why you need the replica"),
        ("note", "x" * 1001, "At most 1,000 characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(client, request_, name, value, sentence):
    client.force_login(request_.actor.user)
    data = typed(better(), request_.current_terms.sha256, note="Please.") | {name: value}
    answer = client.post(at(request_, "propose"), data)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in html
    assert "Crowd at the harbor fair" in html
    assert Terms.objects.count() == 1


def test_the_same_terms_are_no_proposal(client, request_):
    client.force_login(request_.actor.user)
    data = typed(request_.current_terms.offered(), request_.current_terms.sha256)
    answer = client.post(at(request_, "propose"), data)
    assert answer.status_code == 409
    assert "These are the terms as they are. Change something." in answer.content.decode()


def test_terms_that_changed_meanwhile_are_shown_and_what_was_typed_is_kept(client, request_):
    client.force_login(request_.actor.user)
    old = request_.current_terms.sha256
    now = proposed(request_)
    client.force_login(request_.sent_by)
    client.post(at(now, "counter"), typed(better("800.00"), now.current_terms.sha256))
    client.force_login(request_.actor.user)
    answer = client.post(at(request_, "propose"), typed(better("850.00"), old, note="My note."))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The terms changed while you wrote." in html
    assert 'value="850.00"' in html
    assert "My note." in html
    assert "$800</ins>" in html
    assert fresh(request_).current_terms.sha256 in html
    assert fresh(request_).current_terms.number == 3


def test_sending_it_twice_makes_one_round(client, request_):
    client.force_login(request_.actor.user)
    data = typed(better(), request_.current_terms.sha256, form_key="k" * 32)
    assert {client.post(at(request_, "propose"), data).status_code for _ in range(2)} == {303}
    assert Terms.objects.count() == 2


def test_a_proposal_that_comes_too_late_keeps_every_word(client, request_):
    client.force_login(request_.actor.user)
    data = typed(better(), request_.current_terms.sha256, note="My note.")
    approve_request(request_)
    answer = client.post(at(request_, "propose"), data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "You approved 2 of 2 uses on" in html
    assert "My note." in html
    assert "900.00" in html
    assert AuditEntry.objects.filter(event="request.changes-proposed", refused="already-approved").count() == 1


# --- Accept and counter ----------------------------------------------------------------------------------------------


def test_accepting_gives_the_turn_back_and_agrees_nothing_yet(client, request_):
    now = proposed(request_)
    client.force_login(request_.sent_by)
    html = client.get(at(now, "accept")).content.decode()
    assert "$900</ins>" in html
    assert "Nothing is agreed until they do." in html
    answer = client.post(at(now, "accept"), {"terms_hash": now.current_terms.sha256})
    assert answer.status_code == 303
    assert (fresh(now).state, fresh(now).turn) == ("open", "actor")
    assert not hasattr(fresh(now), "license")
    approve_request(fresh(now))


def test_accepting_what_was_not_shown_is_refused(client, request_):
    old = request_.current_terms.sha256
    now = proposed(request_)
    client.force_login(request_.sent_by)
    answer = client.post(at(now, "accept"), {"terms_hash": old})
    assert answer.status_code == 409
    assert "The terms changed since you read them." in answer.content.decode()
    assert "$900</ins>" in answer.content.decode()
    assert fresh(now).state == "countered"


def test_a_counter_offer_is_the_actors_turn_with_time_to_think(client, request_):
    now = proposed(request_)
    ReuseRequest.objects.filter(pk=now.pk).update(answer_by=timezone.now() + timedelta(hours=1))
    client.force_login(request_.sent_by)
    answer = client.post(at(now, "counter"), typed(better("800.00"), now.current_terms.sha256))
    assert answer.status_code == 303
    assert fresh(now).state == "open"
    assert fresh(now).answer_by > timezone.now() + timedelta(hours=47)


def test_the_wrong_side_gets_no_form_and_no_effect(client, request_):
    client.force_login(request_.actor.user)
    now = proposed(request_)
    for name in ("accept", "counter", "withdraw", "extend"):
        assert client.get(at(now, name)).status_code == 200
        assert "<textarea" not in client.get(at(now, name)).content.decode()
    assert client.post(at(now, "accept"), {"terms_hash": now.current_terms.sha256}).status_code == 403
    assert client.post(at(now, "withdraw"), {}).status_code == 403
    assert fresh(now).state == "countered"


def test_an_assistant_reads_but_does_not_act(client, request_):
    bob = make_member(request_.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    client.force_login(bob)
    assert "Your role reads here" in client.get(at(request_, "withdraw")).content.decode()
    assert client.post(at(request_, "withdraw"), {}).status_code == 403
    assert fresh(request_).state == "open"


def test_who_lacks_the_second_step_is_led_to_it_and_loses_nothing(client, request_):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user=request_.sent_by).delete()
    client.force_login(request_.sent_by)
    answer = client.post(at(request_, "withdraw"), {"reason": "The scene is cut."})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert reverse("second-step") in html
    assert "The scene is cut." in html
    assert fresh(request_).state == "open"


# --- Withdraw and extend ---------------------------------------------------------------------------------------------


def test_withdrawing_tells_the_actor_why(client, request_):
    client.force_login(request_.sent_by)
    assert client.post(at(request_, "withdraw"), {"reason": "The scene is cut."}).status_code == 303
    client.force_login(request_.actor.user)
    html = client.get(request_.get_absolute_url()).content.decode()
    assert "Nova Pictures withdrew this request on" in html
    assert "The scene is cut." in html


def test_withdrawing_what_was_denied_says_not_available_and_no_more(client, request_):
    deny(request_, reason="fee", comment="Secret.", by=request_.actor.user, at=timezone.now())
    client.force_login(request_.sent_by)
    for name in ("withdraw", "extend", "ask"):
        answer = client.post(at(request_, name), {"reason": "x", "more": "7d", "body": "Hello?"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Not available." in html
        for secret in ("denied", "Denied", "lapsed", "Secret", "The fee"):
            assert secret not in html


@pytest.mark.parametrize(("more", "hours"), [("24h", 24), ("3d", 72), ("7d", 168)])
def test_more_time_by_one_of_the_usual_spans(client, request_, more, hours):
    client.force_login(request_.sent_by)
    assert client.post(at(request_, "extend"), {"more": more}).status_code == 303
    assert fresh(request_).answer_by == request_.answer_by + timedelta(hours=hours)


def test_more_time_until_a_moment_in_ones_own_zone(client, request_):
    client.force_login(request_.sent_by)
    until = (request_.answer_by + timedelta(days=3)).astimezone(request_.sent_by.zone).replace(second=0, microsecond=0)
    data = {"more": "own", "answer_by": until.strftime("%Y-%m-%dT%H:%M")}
    assert client.post(at(request_, "extend"), data).status_code == 303
    assert fresh(request_).answer_by == until


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({}, 200, "Choose how much more time you give."),
        ({"more": "own"}, 200, "Choose the day and the time."),
        ({"more": "own", "answer_by": "soon"}, 200, "Write the moment as year-month-day and time"),
        ({"more": "own", "answer_by": "2020-01-01T10:00"}, 409, "Choose a moment after the present deadline."),
        ({"more": "own", "answer_by": "2099-01-01T10:00"}, 409, "Ask for an answer within 60 days."),
        ({"more": "century"}, 200, "Choose one of the list."),
    ],
)
def test_more_time_that_makes_no_sense_is_said(client, request_, data, status, sentence):
    client.force_login(request_.sent_by)
    answer = client.post(at(request_, "extend"), data)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert fresh(request_).answer_by == request_.answer_by
