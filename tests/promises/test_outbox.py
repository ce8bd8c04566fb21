"""G9, G19: every notice is sent or visibly failed, whoever is killed; the first notice of a request is quick."""

import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from accounts.models import Delivery, Notification
from accounts.notifications import Notice, notify
from accounts.notifications.rules import DeliveryState
from accounts.notifications.sending import send_due
from accounts.rules.subject import Subject
from accounts.tasks import send_due_letters
from portal.environment import valkey_binary
from replicas.actions.answering import deny
from replicas.models import Decision
from tests import services
from tests.factories import approve_request, make_actor, make_project, make_replica, make_request, make_user
from tests.promises.scale import scaled
from tests.promises.sink import MoodySink, moody_server

LETTERS = scaled(2_000, ci=500)
KILLS = scaled(25, ci=3)
THREADS = 2  # of services.celery_worker
FIRST = scaled(100, ci=20)
TOLD = ("request-received", "license-issued")  # these go at any hour
SUBJECT = Subject("license", 1, "L-0000000000", "Harbor Lights")
MOODS = ("fine", "busy", "refused", "silent", "hangs", "grey", "hangup", "slow")


def until(true: Callable[[], Any], seconds: float, step: float = 0.02) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(step)


def tell(count: int) -> None:
    """``count`` notices to twenty people, each letter another one."""
    people, at = [make_user(f"Reader {number}") for number in range(20)], timezone.now()
    with transaction.atomic():
        notify(
            [Notice("license-issued", people[n % 20], SUBJECT, once=str(n), path="/x/") for n in range(count)], at=at
        )


def two_minutes_pass() -> None:
    """The leases of the dead run out: as waiting would do it, with every worker dead."""
    Delivery.objects.filter(state=DeliveryState.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodySink]:
    """Real SMTP for worker processes that are started from now on."""
    with moody_server() as (server, port):
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{port}")
        yield server


@pytest.mark.broker
def test_no_notice_is_lost_when_workers_are_killed_in_mid_burst(broker, database_url, sink, tmp_path):
    """500 notices and 3 kills in CI; 2,000 and 25 with PROMISES_SCALE=1."""
    tell(LETTERS)
    for kill in range(1, KILLS + 1):
        with services.celery_worker(database_url, broker, tmp_path / "worker.log") as process:
            for _ in range(THREADS):
                send_due_letters.delay()
            until(lambda kill=kill: len(sink.taken) >= LETTERS * kill // (KILLS + 1), 60)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        two_minutes_pass()
    with services.celery_worker(database_url, broker, tmp_path / "worker.log"):
        for _ in range(THREADS):
            send_due_letters.delay()
        until(lambda: not Delivery.objects.exclude(state=DeliveryState.SENT).exists(), 60, 0.2)
    times = Counter(message_id for _, _, message_id in sink.taken)
    assert len(times) == Notification.objects.count() == LETTERS
    assert sum(times.values()) - LETTERS <= KILLS * THREADS, "a kill repeats at most the letters in hand"
    assert max(times.values()) <= 1 + KILLS


@pytest.mark.broker
def test_a_first_notice_is_at_the_mail_server_within_five_seconds(broker, database_url, sink, tmp_path):
    """From the commit until the server has the letter, on an idle portal: 20 requests in CI."""
    replica, project, took = make_replica(make_actor()), make_project(), []
    with services.celery_worker(database_url, broker, tmp_path / "worker.log"):
        for number in range(FIRST):
            before = len(sink.taken)
            make_request(replica, project, delivered=False)
            committed = time.time()
            until(lambda before=before: len(sink.taken) > before, 30, 0.005)
            took.append(sink.taken[before][0] - committed)
            assert len(sink.taken) == number + 1
    took.sort()
    assert took[int(len(took) * 0.95) - 1] <= 5, took
    assert took[-1] <= 10, took


@pytest.mark.django_db
def test_every_mood_of_a_mail_server_ends_as_sent_or_with_a_reason(settings):
    """Eight behaviors; the clock of the portal jumps to each next try."""
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.4
    at = timezone.now()
    people = [make_user(mood, email=f"{mood}@example.com") for mood in MOODS]
    notify([Notice("license-issued", person, SUBJECT, once="1", path="/x/") for person in people], at=at)
    with moody_server() as (sink, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        while waiting := Delivery.objects.filter(state=DeliveryState.QUEUED).order_by("next_at").first():
            began = time.monotonic()
            send_due(at=max(at, waiting.next_at))
            assert time.monotonic() - began < 30, "a worker was held up"
    ended = {row.address.split("@")[0]: row for row in Delivery.objects.all()}
    assert {mood: row.state for mood, row in ended.items()} == dict.fromkeys(MOODS, "sent") | {
        "refused": "failed",
        "silent": "failed",
    }
    assert "550 nobody of that name" in ended["refused"].error
    assert ended["refused"].attempts == 1
    assert "could not be reached" in ended["silent"].error
    times = Counter((address, message_id) for _, address, message_id in sink.taken)
    assert {address.split("@")[0]: count for (address, _), count in times.items() if count > 1} == {"hangs": 2}


# --- The broker goes away ---------------------------------------------------------------------------------------------


class Broker:
    """A Valkey that can be killed and started again at the same place."""

    def __init__(self, home: Path) -> None:
        self.home, self.path, self.process = home, home / "s", None

    def start(self) -> None:
        flags = ["--port", "0", "--unixsocket", self.path, "--dir", self.home, "--save", "", "--appendonly", "no"]
        self.path.unlink(missing_ok=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([valkey_binary(), *flags], **quiet)
        client = redis.Redis(unix_socket_path=str(self.path))
        until(lambda: self.path.exists() and client.ping(), 10)
        client.close()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory(prefix="us-vk-", dir="/tmp") as home:
        server = Broker(Path(home))
        server.start()
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def valkey_path(own_broker: Broker) -> str:
    """In this file the broker is the test's own, because it is killed."""
    return str(own_broker.path)


@pytest.mark.broker
def test_decisions_do_not_wait_for_a_broker_that_is_away(broker, own_broker, database_url, sink, tmp_path):
    """20 decisions while it is dead: all stand, each quick; their letters go once it is back."""
    requests = [make_request() for _ in range(20)]
    with services.celery_worker(database_url, broker, tmp_path / "worker.log"):
        due = Delivery.objects.filter(state__in=["queued", "sending"], notification__kind__in=TOLD)
        until(lambda: not due.exists(), 60, 0.2)
        own_broker.kill()
        slowest = 0.0
        for number, request in enumerate(requests):
            began = time.monotonic()
            if number % 2:
                approve_request(request)
            else:
                deny(request, by=request.actor.user, at=timezone.now())
            slowest = max(slowest, time.monotonic() - began)
        assert Decision.objects.count() == len(requests)
        assert slowest < 2, f"{slowest:.2f} s"
        own_broker.start()
        assert due.exists(), "nothing rang the worker, so the letters still wait"
        send_due_letters.delay()  # as beat does every 30 seconds
        until(lambda: not due.exists(), 60, 0.2)
    assert not Delivery.objects.filter(state=DeliveryState.FAILED).exists()
