"""What is asked in an anonymous crowd reaches the house without a name, and its answer reaches whoever asked (attack 18
of docs/decisions/0012)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.access.crowds.questions import threads_of
from replicas.actions.answering import deny
from replicas.actions.conversing import ask
from replicas.actions.crowds.conversing import answer_question
from replicas.actions.negotiating import propose
from replicas.models import Crowd, Message
from replicas.rules.answering import Side
from tests.factories import make_member, make_user
from tests.replicas.crowd_factory import crowd_terms, make_crowd
from tests.replicas.crowds.looking import dana_of, get, look, request_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd() -> Crowd:
    return make_crowd(6, needed=3)


def test_a_question_is_read_without_a_name_and_answered_without_one(crowd):
    one, two = request_at(crowd, 1), request_at(crowd, 2)
    for request, body in ((one, "Is it outdoors?"), (two, "Is it at night?")):
        ask(request, body=body, side=Side.ACTOR, by=request.actor.user, at=timezone.now())
    board = look(crowd)
    assert "Is it outdoors?" in board
    deny(one, by=one.actor.user, at=timezone.now())
    assert look(crowd) == board  # it stays, whatever became of who asked
    dana, client = dana_of(crowd), Client()
    client.force_login(dana)
    for thread in threads_of(crowd):
        sent = client.post(reverse("crowd-question", args=[crowd.ref, thread.key]), {"body": "Yes, at six."})
        assert (sent.status_code, sent.headers["Location"]) == (303, crowd.get_absolute_url())
    assert Message.objects.filter(side=Side.LICENSEE).count() == 2
    letters = Notification.objects.filter(kind="request-question").exclude(recipient=dana)
    assert list(letters.values_list("recipient", "subject_ref")) == [(two.actor.user_id, two.ref)]
    assert re.findall(r"Person \d+|R-\w{6}", get(dana, reverse("history"))) == []
    for person, code in ((make_user("Charlie Other"), 404), (two.actor.user, 404)):
        client.force_login(person)
        where = reverse("crowd-question", args=[crowd.ref, threads_of(crowd)[0].key])
        assert (client.get(where).status_code, client.post(where, {"body": "?"}).status_code) == (code, code)
    assert get(two.actor.user, two.get_absolute_url()).count("Yes, at six.") == 1


def test_an_assistant_reads_questions_and_does_not_answer_them(crowd):
    request = request_at(crowd, 1)
    ask(request, body="Is it outdoors?", side=Side.ACTOR, by=request.actor.user, at=timezone.now())
    bob = make_member(crowd.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    (thread,) = threads_of(crowd)
    with pytest.raises(Refused):
        answer_question(crowd, key=thread.key, body="Yes.", by=bob, at=timezone.now())
    assert "Answer</a>" not in get(bob, crowd.get_absolute_url())


def test_the_house_hears_at_most_every_six_hours_that_somebody_waits_and_not_who(crowd):
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    one, two, three = (request_at(crowd, number) for number in (1, 2, 3))
    ask(one, body="Is it outdoors?", side=Side.ACTOR, by=one.actor.user, at=noon)
    ask(two, body="Is it at night?", side=Side.ACTOR, by=two.actor.user, at=noon + timedelta(hours=5, minutes=59))
    told = Notification.objects.filter(kind="crowd-waits")
    dana = dana_of(crowd)
    assert list(told.values_list("recipient", "subject_ref", "path")) == [
        (dana.pk, crowd.ref, crowd.get_absolute_url())
    ]
    terms = crowd_terms("300.00")
    propose(
        three,
        terms=terms,
        terms_hash=three.current_terms.sha256,
        by=three.actor.user,
        at=noon + timedelta(hours=6),
    )
    assert told.count() == 2
    words = str(list(told.values("context", "subject_label")))
    assert [
        request.ref for request in (one, two, three) if request.ref in words or request.actor.stage_name in words
    ] == []
    assert [word for word in ("outdoors", "night") if word in words] == []
