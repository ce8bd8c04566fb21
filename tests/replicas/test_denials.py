"""Deny and take back, as a browser does it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from replicas.models import Decision, ReuseRequest
from tests.factories import make_agency, make_request, represent
from tests.replicas.test_answers import approve_at, filled, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_():
    return make_request()


@pytest.fixture
def actor(client, request_):
    client.force_login(request_.actor.user)
    return request_.actor.user


def test_a_no_needs_nothing_and_says_what_it_means(client, actor, request_):
    html = client.get(reverse("request-deny", args=[request_.ref])).content.decode()
    assert "It does not affect later requests." in html
    answer = client.post(reverse("request-deny", args=[request_.ref]), {})
    assert answer.status_code == 303
    decision = Decision.objects.get()
    assert (decision.outcome, decision.reason, decision.seen_by) == ("denied", "", "agent")


def test_a_no_keeps_its_reason_to_the_actor_and_the_agent_unless_shared(client, actor, request_):
    data = {"reason": "fee", "comment": "Too little.", "seen_by": "requester"}
    client.post(reverse("request-deny", args=[request_.ref]), data)
    decision = Decision.objects.get()
    assert (decision.reason, decision.comment, decision.seen_by) == ("fee", "Too little.", "requester")


@pytest.mark.parametrize("data", [{"reason": "nonsense"}, {"seen_by": "everybody"}, {"comment": "x" * 1001}])
def test_a_no_with_nonsense_in_it_is_shown_again(client, actor, request_, data):
    answer = client.post(reverse("request-deny", args=[request_.ref]), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert untouched(request_)


def test_only_the_actor_denies(client, request_):
    agency = make_agency()
    represent(agency, request_.actor)
    for person in (agency.memberships.get().user, request_.sent_by):
        client.force_login(person)
        assert client.post(reverse("request-deny", args=[request_.ref]), {}).status_code == 403
    assert untouched(request_)
    assert AuditEntry.objects.filter(event="request.denied", refused="not-yours").count() == 2


def test_a_denial_is_taken_back_from_the_page_and_can_then_be_approved(client, actor, request_):
    client.post(reverse("request-deny", args=[request_.ref]), {})
    html = client.get(reverse("request", args=[request_.ref])).content.decode()
    assert "You can take it back until" in html
    answer = client.post(reverse("request-reopen", args=[request_.ref]), {})
    assert answer.status_code == 303
    assert ReuseRequest.objects.get(pk=request_.pk).state == "open"
    assert approve_at(client, request_, filled(request_)).status_code == 303


def test_a_denial_is_not_taken_back_after_the_window(client, actor, request_):
    client.post(reverse("request-deny", args=[request_.ref]), {})
    ReuseRequest.objects.filter(pk=request_.pk).update(answer_by=timezone.now())
    html = client.get(reverse("request", args=[request_.ref])).content.decode()
    assert "it can’t be taken back" in html
    answer = client.post(reverse("request-reopen", args=[request_.ref]), {})
    assert answer.status_code == 409
    assert ReuseRequest.objects.get(pk=request_.pk).state == "denied"


def test_nobody_else_takes_a_denial_back(client, actor, request_):
    client.post(reverse("request-deny", args=[request_.ref]), {})
    client.logout()
    client.force_login(request_.sent_by)
    answer = client.post(reverse("request-reopen", args=[request_.ref]), {})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "denied" not in html
    assert "Not available." in html
