"""Writing notices: rows of the caller's commit; the broker is only rung after it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from accounts.models.user import User
from accounts.notifications.models import Delivery, Notification, Preference
from accounts.notifications.rules import KINDS, Channel, DeliveryState, Kind, when_to_send
from accounts.rules.subject import Subject

logger = logging.getLogger(__name__)
CHUNK = 500  # deliveries per broker message


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person.

    ``to`` is a User, or an address for somebody who has no account yet. ``once`` names the telling; a second notice
    with the same words to the same recipient is dropped by the database. ``path`` is where it leads.
    """

    kind: str
    to: User | str
    subject: Subject
    once: str
    path: str = ""
    due_at: datetime | None = None
    context: dict[str, Any] = field(default_factory=dict)


def notify(notices: Iterable[Notice], *, at: datetime) -> None:
    """Writes notices and one delivery per wanted channel: three statements, however many.

    Nothing is sent here. After the commit the broker is rung with the ids that may go now; a sweep finds whatever a
    lost ring leaves behind. A child without an account is told by their guardians.
    """
    notices = [notice for notice in notices if not isinstance(notice.to, User) or notice.to.has_account]
    if not notices:
        return
    with transaction.atomic():
        refused = _switched_off(notices)
        written = _write([_row(notice, at, refused) for notice in notices])
        deliveries = [
            delivery
            for notice in notices
            if (pk := written.get(_once(notice))) and (delivery := _delivery(notice, pk, at, refused))
        ]
        Delivery.objects.bulk_create(deliveries, batch_size=CHUNK)
        if deliveries and any(delivery.next_at <= at for delivery in deliveries):
            ring(len(deliveries))


def call_off(subject: Subject | Sequence[Subject], kinds: Sequence[str], *, at: datetime) -> int:
    """Cancels letters of these kinds about ``subject`` (or several of one type) that are not out. Returns how many.

    A letter that a worker has claimed is cancelled, too: the worker looks again right before it sends.
    """
    subjects = [subject] if isinstance(subject, Subject) else list(subject)
    return Delivery.objects.filter(
        state__in=[DeliveryState.QUEUED, DeliveryState.SENDING],
        notification__subject_type=subjects[0].type,
        notification__subject_id__in=[about.id for about in subjects],
        notification__kind__in=kinds,
    ).update(state=DeliveryState.CANCELLED, next_at=at, lease_until=None)


def call_off_to(people: Iterable[User], *, at: datetime, **told: Any) -> int:
    """Cancels letters to ``people`` whose context says ``told``: what they may no longer know. Returns how many.

    ``call_off_to(agents, actor_id=7, at=at)`` stops what is on its way to former agents about actor 7.
    """
    return Delivery.objects.filter(
        state__in=[DeliveryState.QUEUED, DeliveryState.SENDING],
        notification__recipient__in=list(people),
        **{f"notification__context__{name}": value for name, value in told.items()},
    ).update(state=DeliveryState.CANCELLED, next_at=at, lease_until=None)


def ring(count: int) -> None:
    """Asks a worker, after the commit, to send what is due: one broker message per ``CHUNK`` letters."""
    for _ in range(-(-count // CHUNK)):
        transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    """A broker that is away costs a moment, not the letter: the sweep finds the row."""
    from accounts.tasks import send_due_letters  # tasks import this package

    try:
        send_due_letters.delay()
    except OperationalError as away:
        logger.warning("The broker is away; the sweep will send what is due. %s", away)


def _write(rows: list[Notification]) -> dict[str, int]:
    """Inserts what was not told before; the ids of what is new, by ``once``.

    A repeat is rare (a sweep that overtook another), so the common way is one plain INSERT that returns its ids.
    """
    rows = list({row.once: row for row in rows}.values())
    try:
        with transaction.atomic():
            return {row.once: row.pk for row in Notification.objects.bulk_create(rows, batch_size=CHUNK)}
    except IntegrityError:
        keys = [row.once for row in rows]
        told = set(Notification.objects.filter(once__in=keys).values_list("once", flat=True))
        fresh = [row for row in rows if row.once not in told]
        return {row.once: row.pk for row in Notification.objects.bulk_create(fresh, batch_size=CHUNK)}


def _switched_off(notices: list[Notice]) -> set[tuple[int, str, str]]:
    """Wishes against a notice: (user id, kind, channel). Essential kinds are never asked about."""
    optional = {notice.kind for notice in notices if not KINDS[notice.kind].essential}
    people = {notice.to.pk for notice in notices if isinstance(notice.to, User)}
    if not optional or not people:
        return set()
    wishes = Preference.objects.filter(kind__in=optional, wanted=False)
    if len(people) <= CHUNK:
        wishes = wishes.filter(user__in=people)
    return set(wishes.values_list("user_id", "kind", "channel"))


def _once(notice: Notice) -> str:
    """What makes a second telling impossible: who, what kind, which occasion."""
    return f"{notice.to.pk if isinstance(notice.to, User) else notice.to}:{notice.kind}:{notice.once}"


def _row(notice: Notice, at: datetime, refused: set[tuple[int, str, str]]) -> Notification:
    user = notice.to if isinstance(notice.to, User) else None
    address = "" if user else str(notice.to)
    return Notification(
        recipient=user,
        address=address,
        kind=notice.kind,
        subject_type=notice.subject.type,
        subject_id=notice.subject.id,
        subject_ref=notice.subject.ref,
        subject_label=notice.subject.label[:200],
        context=notice.context,
        path=notice.path,
        due_at=notice.due_at,
        created_at=at,
        in_inbox=user is not None and (user.pk, notice.kind, Channel.INBOX) not in refused,
        once=_once(notice),
    )


def _delivery(
    notice: Notice, notification_id: int, at: datetime, refused: set[tuple[int, str, str]]
) -> Delivery | None:
    kind: Kind = KINDS[notice.kind]
    if not kind.letter:
        return None
    if isinstance(notice.to, User):
        if (notice.to.pk, kind.name, Channel.EMAIL) in refused:
            return None
        address, next_at = notice.to.email, when_to_send(kind, at, notice.to.zone, notice.due_at)
    else:
        address, next_at = notice.to, at
    return Delivery(notification_id=notification_id, channel=Channel.EMAIL, address=address, next_at=next_at)
