"""What the other tests stand on: a closed world, tables that can be emptied, a real broker and a real worker."""

import os
import signal
import socket
import time

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import AuditEntry, Heartbeat, User
from accounts.tasks import tick
from tests import services


def until(true, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("203.0.113.9", 443)])
def test_the_world_outside_is_closed(address):
    with socket.socket() as client, pytest.raises(RuntimeError, match="only talk to this machine"):
        client.connect(address)
    with pytest.raises(RuntimeError, match="only talk to this machine"):
        socket.create_connection(("portal.example", 80))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_an_append_only_trail_starts_empty_in_each_test(round_):
    assert AuditEntry.objects.count() == 0
    AuditEntry.objects.create(at=timezone.now(), event="tried", subject_type="test", source="test", digest="d")
    with pytest.raises(DatabaseError, match="append"):
        AuditEntry.objects.all().delete()


@pytest.mark.broker
def test_a_real_worker_does_what_was_rung(celery_worker_process, broker):
    before = timezone.now()
    tick.delay()
    until(lambda: Heartbeat.objects.filter(name="worker", at__gte=before).exists())


@pytest.mark.broker
def test_a_ring_waits_for_a_worker_that_was_killed(broker, database_url, tmp_path):
    log = tmp_path / "worker.log"
    with services.celery_worker(database_url, broker, log) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.2)  # the dead worker's blocked read takes what is rung within its last milliseconds
        tick.delay()
    assert not Heartbeat.objects.exists()
    with services.celery_worker(database_url, broker, log):
        until(Heartbeat.objects.exists)


@pytest.mark.django_db(transaction=True)
def test_threads_meet_on_one_database(together):
    moment = timezone.now()
    Heartbeat.objects.create(name="race", at=moment)

    def claim() -> int:
        return Heartbeat.objects.filter(name="race", at=moment).update(at=timezone.now())

    assert sorted(together(*[claim] * 6)) == [0, 0, 0, 0, 0, 1]


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_postgres_pass_runs_on_postgres():
    assert connection.vendor == "postgresql"
    assert not User.objects.exists()
