"""P10: releasing and sending a crowd, beside ``bulk_create`` of the very rows that came of it."""

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Delivery, Notification
from replicas.actions.crowds.releasing import release
from replicas.actions.crowds.sending import send_on
from replicas.models import Crowd, ReuseRequest, Terms, Use
from tests.replicas.crowd_factory import crowd_plan

WRITTEN = (ReuseRequest, Terms, Use, Notification, Delivery, AuditEntry)
BATCH = 500
# What a copied row has to have of its own, so that it may stand beside its original.
OWN: dict[Any, Callable[[Any], dict[str, Any]]] = {
    ReuseRequest: lambda row: {"ref": f"c{row.ref}", "crowd_id": None},
    Terms: lambda row: {"number": row.number + 1},
    Use: lambda row: {"position": row.position + 8},
    Notification: lambda row: {"once": f"copy:{row.once}"},
    Delivery: lambda row: {"channel": "copy"},
    AuditEntry: lambda row: {"digest": f"x{row.digest[1:]}"},
}


def measure(crowds: list[int]) -> dict[str, Any]:
    """Seconds of the release, of everything after it, and of as many copied rows; the most memory it took in MB."""
    released, sent, limit, peak, rows = [], [], [], 0.0, 0
    for pk in crowds:
        before = {model: _last(model) for model in WRITTEN}
        crowd = Crowd.objects.get(pk=pk)
        plan = crowd_plan(needed=crowd.places.count())
        crowd.get_absolute_url()  # reads the addresses, as a worker has
        released.append(
            _timed(lambda crowd=crowd, plan=plan: release(crowd, plan=plan, by=crowd.created_by, at=timezone.now()))
        )
        sent.append(_timed(lambda pk=pk: _send(pk)))
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # before the copies are in hand
        copies = {model: _copies(model, last) for model, last in before.items()}
        rows = sum(len(made) for made in copies.values())
        limit.append(_timed(lambda copies=copies: _insert(copies)))
    return {
        "release": statistics.median(released),
        "sending": statistics.median(sent),
        "limit": statistics.median(limit),
        "ratio": statistics.median((a + b) / c for a, b, c in zip(released, sent, limit, strict=True)),
        "rows": rows,
        "peak_mb": peak,
    }


def _send(pk: int) -> None:
    while send_on(pk, by=None, at=timezone.now()):
        continue


def _copies(model: Any, last: int) -> list[Any]:
    """What was written since, as rows of its own that are not written yet."""
    made = list(model._default_manager.filter(pk__gt=last))
    for row in made:
        for name, value in OWN[model](row).items():
            setattr(row, name, value)
        row.pk, row._state.adding = None, True
    return made


def _insert(copies: dict[Any, list[Any]]) -> None:
    with transaction.atomic():
        for model, made in copies.items():
            model._default_manager.bulk_create(made, BATCH)


def _last(model: Any) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
