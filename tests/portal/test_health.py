"""The two addresses for monitors, and what staff are told when a part is silent."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import Heartbeat
from portal.access import health

LONG_AGO = timedelta(days=1)


@pytest.fixture
def long_running(monkeypatch):
    monkeypatch.setattr(health, "STARTED", timezone.now() - LONG_AGO)


def heard(**ages):
    for name, age in ages.items():
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now() - age})


def parts(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["parts"]


def test_healthz_needs_no_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.broker
@pytest.mark.django_db
def test_ready(client, broker, long_running):
    heard(worker=timedelta(seconds=20), beat=timedelta(seconds=20))
    status, told = parts(client)
    assert status == 200
    assert {name for name, part in told.items() if part["ok"]} == {"database", "broker", "beat", "letters"}


@pytest.mark.broker
@pytest.mark.django_db
def test_not_ready_while_nobody_ticks(client, broker, long_running):
    heard(worker=timedelta(seconds=100))
    status, told = parts(client)
    assert status == 503
    assert told["beat"]["ok"] is False
    assert "not heard for 100 s" in told["beat"]["detail"]
    assert told["broker"]["ok"] is True


@pytest.mark.django_db
def test_not_ready_without_a_broker(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/none.sock"
    status, told = parts(client)
    assert status == 503
    assert told["broker"] == {"ok": False, "detail": "does not answer"}
    assert told["database"]["ok"] is True


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse(at):
        raise DatabaseError("password of the database: hunter2")

    monkeypatch.setattr(health, "last_heard", lambda: {"beat": timezone.now()})
    monkeypatch.setitem(__import__("portal.views.health", fromlist=["PARTS"]).PARTS, "database", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"hunter2" not in answer.content


@pytest.mark.django_db
def test_a_letter_that_waits_too_long_is_not_ready(client):
    from accounts.models import Delivery, Notification

    now = timezone.now()
    notification = Notification.objects.create(address="a@b.test", kind="k", subject_type="s", created_at=now, once="o")
    letter = Delivery.objects.create(
        notification=notification, channel="email", address="a@b.test", next_at=now - timedelta(minutes=16)
    )
    _, told = parts(client)
    assert told["letters"]["ok"] is False
    letter.next_at = now - timedelta(minutes=14)
    letter.save()
    _, told = parts(client)
    assert told["letters"]["ok"] is True


@pytest.mark.django_db
def test_silence_is_told_after_five_minutes_with_one_query(long_running, django_assert_num_queries):
    now = timezone.now()
    with django_assert_num_queries(1):
        assert health.silent_parts(now) == ["beat", "worker"]
    heard(worker=timedelta(minutes=4), beat=timedelta(minutes=6))
    with django_assert_num_queries(1):
        assert health.silent_parts(timezone.now()) == ["beat"]
    heard(beat=timedelta(0))
    assert health.silent_parts(timezone.now()) == []


@pytest.mark.django_db
def test_a_portal_just_started_blames_nobody():
    heard(worker=LONG_AGO, beat=LONG_AGO)
    assert health.silent_parts(health.STARTED + timedelta(minutes=4)) == []
    assert health.silent_parts(health.STARTED + timedelta(minutes=6)) == ["beat", "worker"]


def test_monitors_only_read(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
