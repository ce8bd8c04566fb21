"""Announcing a scan to many: one commit for the rows, beside plain INSERTs of as many."""

import statistics
import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Delivery, Notification
from replicas.models import Scan
from tests import factories
from tests.replicas.scan_factory import make_notice

WRITTEN = (Scan, Notification, Delivery, AuditEntry)
FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def measure(people: int, rounds: int) -> dict[str, Any]:
    """Seconds for one announcement to ``people`` (half of them actors here), the limit, statements and letters each."""
    project = factories.make_project()
    actors = [
        factories.make_actor(user=factories.make_user(f"Crowd {number}", password="")) for number in range(people // 2)
    ]
    guests = [f"guest{number}@example.com" for number in range(people - len(actors))]
    at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_told (id BIGINT PRIMARY KEY, word VARCHAR(64), content TEXT)")

    def announce() -> None:
        make_notice(*actors, *guests, project=project, at=at, scan_at=at + timedelta(days=3))

    before, told = _rows(), Delivery.objects.count()
    with CaptureQueriesContext(connection) as captured:
        announce()
    rows, letters = _rows() - before, Delivery.objects.count() - told
    statements = sum(not query["sql"].startswith(FRAME) for query in captured)
    mine, limit = [], []
    for number in range(rounds):
        mine.append(_seconds(announce))
        limit.append(_seconds(lambda first=number * rows: _insert(first, rows)))
    return {
        "seconds": statistics.median(mine),
        "limit": statistics.median(limit),
        "rows": rows,
        "statements": statements,
        "letters_each": letters / people,
    }


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _insert(first: int, rows: int) -> None:
    """As many plain rows in one commit, with what one of ours weighs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench_told (id, word, content) VALUES (%s, %s, %s)",
            [(first + row, "announced", "x" * 700) for row in range(rows)],
        )


def _rows() -> int:
    return sum(model._default_manager.count() for model in WRITTEN)
