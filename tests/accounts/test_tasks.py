"""What the clock rings: heartbeats, sending, and forgetting, each safe to run twice."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.actions.forgetting import forget
from accounts.models import FormSubmission, Heartbeat, Notification, OutboxLetter, UsedChallenge
from accounts.tasks import forget_what_is_over, send_due_letters, tick
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_one_tick_speaks_for_both():
    tick()
    tick()
    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["beat", "worker"]


def test_sending_rings_again_when_there_is_more(monkeypatch):
    from accounts import tasks
    from accounts.notifications.sending import Outcome

    outcomes, rings = [Outcome(more=True), Outcome()], []
    monkeypatch.setattr(tasks, "send_due", lambda: outcomes.pop(0))
    monkeypatch.setattr(tasks.send_due_letters, "delay", lambda: rings.append(1))
    send_due_letters()
    send_due_letters()
    assert rings == [1]


def test_what_is_over_is_forgotten_and_the_rest_is_kept():
    at, user = timezone.now(), make_user()
    for number, age in enumerate((timedelta(0), timedelta(seconds=1))):
        UsedChallenge.objects.create(nonce=str(number), user=user, used_at=at - timedelta(days=1) - age)
        FormSubmission.objects.create(user=user, key=str(number), digest="", created_at=at - timedelta(days=7) - age)
        OutboxLetter.objects.create(to="a", subject="s", text="t", at=at - timedelta(days=30) - age)
        Session.objects.create(session_key=str(number), session_data="", expire_date=at - age)
        Notification.objects.create(
            recipient=user,
            kind="license-ended",
            subject_type="license",
            created_at=at,
            once=str(number),
            read_at=at - timedelta(days=365) - age,
        )
    Notification.objects.create(
        recipient=user, kind="license-ended", subject_type="x", created_at=at - timedelta(days=999), once="unread"
    )
    every = {"challenges": 1, "forms": 1, "letters": 1, "sessions": 1, "notices": 1}
    assert forget(by=None, at=at) == every
    assert forget(by=None, at=at) == dict.fromkeys(every, 0)
    forget_what_is_over()
    assert Notification.objects.filter(once="unread").exists()
