"""Letters that did not arrive, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Window

from accounts.models import Delivery
from accounts.notifications.rules import DeliveryState

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Failed:
    """The latest letters that no try could deliver, and how many there are."""

    rows: Sequence[Any]
    total: int


def failed_letters() -> Failed:
    """One query, however many there are."""
    rows = list(
        Delivery.objects.filter(state=DeliveryState.FAILED)
        .annotate(total=Window(Count("id")), kind=F("notification__kind"), ref=F("notification__subject_ref"))
        .order_by("-id")[:SHOWN]
    )
    return Failed(rows, rows[0].total if rows else 0)
