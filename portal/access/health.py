"""How the installation is: when beat and the workers were last heard, and how long the oldest due letter has waited."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Delivery, Heartbeat
from accounts.notifications.rules import DeliveryState

PARTS = ("beat", "worker")
SILENT_AFTER = timedelta(minutes=5)
STARTED = timezone.now()  # a portal just started has not had the time to hear anybody


def last_heard() -> dict[str, datetime]:
    """For each part the moment (UTC) it was last heard, never before this process's start. One query.

    Beat rings and a worker writes, so that either row alone speaks for both.
    """
    rows = dict(Heartbeat.objects.filter(name__in=PARTS).values_list("name", "at"))
    latest = max(rows.values(), default=STARTED)
    return {name: max(rows.get(name, latest), STARTED) for name in PARTS}


def silent_parts(at: datetime) -> list[str]:
    """The names of the parts not heard for more than five minutes before ``at``. One query, whatever happens."""
    return [name for name, heard in last_heard().items() if at - heard > SILENT_AFTER]


def longest_wait(at: datetime) -> timedelta:
    """How long the oldest letter that could have gone has been waiting. Zero when none waits."""
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, next_at__lte=at).order_by("next_at")
    oldest = due.values_list("next_at", flat=True).first()
    return at - oldest if oldest else timedelta(0)
