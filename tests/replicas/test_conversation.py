"""Questions both sides read, and advice only the actor reads."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from replicas.models import Advice, Message, ReuseRequest
from tests.factories import approve_request, make_agency, make_request, make_user, represent

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_():
    return make_request()


@pytest.fixture
def agent(request_):
    agency = make_agency()
    represent(agency, request_.actor)
    return agency.memberships.get().user


def at(request, name: str) -> str:
    return reverse(f"request-{name}", args=[request.ref])


def test_each_side_writes_in_its_own_name_and_the_others_are_told(client, request_, agent):
    people = {"actor": request_.actor.user, "agency": agent, "licensee": request_.sent_by}
    for side, person in people.items():
        client.force_login(person)
        assert client.get(at(request_, "ask")).status_code == 200
        assert client.post(at(request_, "ask"), {"body": f"From the {side}."}).status_code == 303
        message = Message.objects.get(side=side)
        assert (message.by, message.body) == (person, f"From the {side}.")
        told = Notification.objects.filter(kind="request-question", once__contains=f":message:{message.pk}")
        assert set(told.values_list("recipient", flat=True)) == {one.pk for one in people.values()} - {person.pk}
    assert ReuseRequest.objects.get(pk=request_.pk).state == "open"


def test_an_empty_or_endless_message_is_said_and_kept(client, request_):
    client.force_login(request_.actor.user)
    assert "Write your question or answer first." in client.post(at(request_, "ask"), {"body": " "}).content.decode()
    long = client.post(at(request_, "ask"), {"body": "x" * 4001}).content.decode()
    assert "At most 4,000 characters" in long
    assert "x" * 4001 in long
    assert Message.objects.count() == 0


def test_a_question_about_something_over_shows_the_state_and_keeps_the_words(client, request_):
    approve_request(request_)
    client.force_login(request_.sent_by)
    answer = client.post(at(request_, "ask"), {"body": "One more thing?"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice Ames approved 2 of 2 uses on" in html
    assert "One more thing?" in html


def test_sending_it_twice_writes_it_once(client, request_):
    client.force_login(request_.actor.user)
    data = {"body": "Which scenes?", "form_key": "k" * 32}
    assert {client.post(at(request_, "ask"), data).status_code for _ in range(2)} == {303}
    assert Message.objects.count() == 1


def test_the_agent_advises_and_nobody_else_can(client, request_, agent):
    client.force_login(agent)
    assert "never does" in client.get(at(request_, "advise")).content.decode()
    assert client.post(at(request_, "advise"), {"body": "Take it."}).status_code == 303
    for person in (request_.actor.user, request_.sent_by):
        client.force_login(person)
        assert client.post(at(request_, "advise"), {"body": "Me too."}).status_code == 403
    assert [advice.body for advice in Advice.objects.all()] == ["Take it."]
    client.force_login(make_user("Charlie Stranger"))
    assert client.post(at(request_, "advise"), {"body": "Me too."}).status_code == 404


def test_an_agent_whose_bond_ended_is_a_stranger(client, request_, agent):
    request_.actor.representations.update(state="former", ended_at=timezone.now())
    client.force_login(agent)
    assert client.get(request_.get_absolute_url()).status_code == 404
    assert client.post(at(request_, "advise"), {"body": "Take it."}).status_code == 404
