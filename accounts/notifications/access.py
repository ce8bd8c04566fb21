"""Reading notices: a person's own, and what became of a first notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from accounts.access.prepared import Prepared
from accounts.models.user import User
from accounts.notifications.models import Delivery, Notification, Preference
from accounts.notifications.rules import DeliveryState

CHUNK = 500


@dataclass(frozen=True, slots=True)
class FirstNotice:
    """``delivered_at`` when a letter went out; ``failed`` when none ever will; neither while it is on its way."""

    delivered_at: datetime | None
    failed: bool
    error: str


def inbox_of(user: User) -> QuerySet[Notification]:
    """The person's notices, newest first."""
    return Notification.objects.filter(recipient=user, in_inbox=True).order_by("-id")


def switched_off(user: User) -> set[tuple[str, str]]:
    """What the person does not want: (kind, channel). One query."""
    return set(Preference.objects.filter(user=user, wanted=False).values_list("kind", "channel"))


def unread_count(user: User) -> int:
    return next(iter(_unread(user=user.pk)), 0)


@Prepared
def _unread(*, user: int) -> QuerySet[Notification, int]:
    rows = Notification.objects.filter(recipient=user, in_inbox=True, read_at__isnull=True).order_by()
    return rows.values("recipient").annotate(number=Count("pk")).values_list("number", flat=True)


def first_notices(subject_type: str, kind: str, subject_ids: Sequence[int]) -> dict[int, FirstNotice]:
    """What became of the notice of ``kind`` about each subject. Subjects without one are left out."""
    found: dict[int, FirstNotice] = {}
    for start in range(0, len(subject_ids), CHUNK):
        deliveries = Delivery.objects.filter(
            notification__subject_type=subject_type,
            notification__kind=kind,
            notification__subject_id__in=subject_ids[start : start + CHUNK],
            state__in=[DeliveryState.SENT, DeliveryState.FAILED],
        ).values_list("notification__subject_id", "state", "sent_at", "error")
        for subject_id, state, sent_at, error in deliveries:
            if subject_id is not None:
                found[subject_id] = _better(found.get(subject_id), FirstNotice(sent_at, state == "failed", error))
    return found


def _better(known: FirstNotice | None, new: FirstNotice) -> FirstNotice:
    """Of what became of letters to several people: the first that arrived; a failure only where none did."""
    if known is None or known.delivered_at is None:
        return new if known is None or new.delivered_at else known
    return new if new.delivered_at and new.delivered_at < known.delivered_at else known
