"""P8: what the clock does to many open requests, beside the same rows written by single statements."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Delivery, Notification
from bench import world
from replicas.actions.sweeping import lapse_due, remind_due
from replicas.models import Decision, ReuseRequest
from tests import factories

TOLD = (Notification, Delivery, AuditEntry, Decision)
# What a copied row has to have of its own, so that it may stand beside its original.
OWN = {
    "once": "'copy:' || once",
    "digest": "'x' || substr(digest, 2)",
    "channel": "'copy'",
    "taken_back_at": "at",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """``sweep`` takes one batch; ``due`` makes rows due; ``update`` is the one statement that would do the least."""

    name: str
    sweep: Callable[..., int]
    due: dict[str, timedelta]
    update: str


REMINDERS = Kind(
    "reminders",
    remind_due,
    {"next_reminder_at": -timedelta(minutes=1), "answer_by": timedelta(hours=20)},
    "UPDATE replicas_reuserequest SET reminded = 2, next_reminder_at = NULL"
    " WHERE state IN ('countered', 'open') AND next_reminder_at <= %s AND delivered_at IS NOT NULL",
)
LAPSES = Kind(
    "lapses",
    lapse_due,
    {"answer_by": -timedelta(minutes=1)},
    "UPDATE replicas_reuserequest SET state = 'lapsed', decided_at = changed_at, next_reminder_at = NULL"
    " WHERE state IN ('countered', 'open') AND answer_by <= %s AND delivered_at IS NOT NULL",
)


def measure(open_: int, due: int) -> dict[str, Any]:
    """Seconds of a sweep over ``due`` of ``open_`` requests by kind, milliseconds of an idle one, memory growth."""
    at = timezone.now()
    rounds = 1 if due >= 10_000 else 3
    rows = make(open_, 2 * rounds * (due // rounds))
    share = due // rounds
    found: dict[str, Any] = {"idle_ms": _idle(at)}
    started = 0.0
    for place, kind in enumerate((REMINDERS, LAPSES)):
        mine, update, whole, written = [], [], [], 0
        for number in range(rounds):
            first = (place * rounds + number) * share
            chosen = rows[first : first + share]
            before = {model: _last(model) for model in TOLD}
            make_due(chosen, kind, at)
            mine.append(_timed(lambda kind=kind: _drain(kind, at)))
            written = sum(model._default_manager.filter(pk__gt=last).count() for model, last in before.items()) + share
            make_due(chosen, kind, at)
            one, everything = _limit(kind, at, before)
            update.append(one)
            whole.append(everything)
            started = started or _resident_mb()
        found[kind.name] = {
            "seconds": statistics.median(mine) * rounds,
            "limit": statistics.median(whole) * rounds,
            "update": statistics.median(update) * rounds,
            "rows": written * rounds,
        }
    return found | {"grown_mb": max(0.0, _resident_mb() - started)}


def make(open_: int, due: int) -> list[int]:
    """``open_`` requests that are not due, of which ``due`` with a round of their own: their ids."""
    chance = random.Random(8)
    caster = factories.make_user("Dana Director")
    agency, house = factories.make_agency(), factories.make_casting(caster)
    made = world.World(agency, house, [factories.make_project(house)], timezone.now())
    with transaction.atomic():
        replicas = world.make_replicas(world.make_clients(max(50, due // 10), agency, chance), made)
        requests = world.make_requests(due, replicas, made, caster, chance, states=("open",))
        far = timezone.now() + timedelta(days=9)
        ReuseRequest.objects.update(answer_by=far, next_reminder_at=far - timedelta(days=1))
        _double(open_)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [row.pk for row in requests]


def _double(wanted: int) -> None:
    """Copies rows until there are enough, each time at most as many as there are."""
    columns = [field.column for field in ReuseRequest._meta.local_concrete_fields if field.column not in ("id", "ref")]
    names = ", ".join(f'"{name}"' for name in columns)
    have = ReuseRequest.objects.count()
    while have < wanted:
        last = ReuseRequest.objects.order_by("-pk").values_list("pk", flat=True)[0]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO replicas_reuserequest (ref, {names}) SELECT 'M-' || CAST(id + %s AS VARCHAR(10)), {names}"
                " FROM replicas_reuserequest ORDER BY id LIMIT %s",
                [last, wanted - have],
            )
        have = ReuseRequest.objects.count()


def make_due(ids: Sequence[int], kind: Kind, at: datetime) -> None:
    moments = {name: at + delta for name, delta in kind.due.items()}
    opened = at - timedelta(days=3)
    for start in range(0, len(ids), 500):
        ReuseRequest.objects.filter(pk__in=ids[start : start + 500]).update(
            state="open", decided_at=None, reminded=0, opened_at=opened, **moments
        )


def _drain(kind: Kind, at: datetime) -> None:
    while kind.sweep(by=None, at=at):
        pass


def _limit(kind: Kind, at: datetime, before: dict[Any, int]) -> tuple[float, float]:
    """Seconds of the one UPDATE, and of it together with one INSERT … SELECT a table of what the sweep told."""
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(kind.update, [at])
        alone = time.perf_counter() - start
        for model, last in before.items():
            columns = [field.column for field in model._meta.local_concrete_fields if field.column != "id"]
            names = ", ".join(f'"{name}"' for name in columns)
            values = ", ".join(OWN.get(name, f'"{name}"') for name in columns)
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id > %s", [last])
    return alone, time.perf_counter() - start


def _idle(at: datetime) -> float:
    samples = [_timed(lambda: (lapse_due(by=None, at=at), remind_due(by=None, at=at))) for _ in range(20)]
    return statistics.median(samples) * 1000


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _last(model: Any) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _resident_mb() -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
