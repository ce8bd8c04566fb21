"""What people do with notices: read them, say which they want, and (staff) send a stuck letter on its way again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.actions.people import subject_of
from accounts.audit import record
from accounts.models.user import User
from accounts.notifications.models import Delivery, Notification, Preference
from accounts.notifications.notifying import ring
from accounts.notifications.rules import KINDS, Channel, DeliveryState
from accounts.rules.events import Event
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject


def mark_read(user: User, subject: Subject, at: datetime) -> int:
    """The person has the subject before their eyes: its notices are read. Returns how many were not."""
    return Notification.objects.filter(
        recipient=user, subject_type=subject.type, subject_id=subject.id, read_at__isnull=True, in_inbox=True
    ).update(read_at=at)


def mark_one_read(notice_id: int, *, by: User, at: datetime) -> int:
    """Marks one of the person's own notices; anybody else's is left alone."""
    return Notification.objects.filter(pk=notice_id, recipient=by, read_at__isnull=True).update(read_at=at)


def mark_all_read(*, by: User, at: datetime) -> int:
    return Notification.objects.filter(recipient=by, in_inbox=True, read_at__isnull=True).update(read_at=at)


@move(Event.WISHES_CHANGED)
def set_wishes(user: User, wishes: Mapping[tuple[str, str], bool], *, by: User | None, at: datetime) -> None:
    """What the person wants to be told, by kind and channel. Raises Refused for a kind that can't be switched off.

    ``by`` is None when it came by the link in a letter.
    """
    for kind, channel in wishes:
        if kind not in KINDS or channel not in tuple(Channel):
            raise Refused("unknown-wish", "There is no such notice.", subject=subject_of(user))
        if KINDS[kind].essential:
            sentence = (
                f"“{KINDS[kind].label}” always reaches you: it carries a decision, a deadline or a safety matter."
            )
            raise Refused("essential", sentence, subject=subject_of(user))
    before = {(row.kind, row.channel): row.wanted for row in Preference.objects.filter(user=user)}
    changed = {key: wanted for key, wanted in wishes.items() if before.get(key, True) != wanted}
    Preference.objects.bulk_create(
        [
            Preference(user=user, kind=kind, channel=channel, wanted=wanted)
            for (kind, channel), wanted in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["wanted"],
    )
    if changed:
        what = [f"{kind} by {channel}: {'yes' if wanted else 'no'}" for (kind, channel), wanted in changed.items()]
        record(Event.WISHES_CHANGED, subject=subject_of(user), by=by, at=at, what=what)


def unsubscribe(user_id: int, kinds: Sequence[str], *, by: None = None, at: datetime) -> bool:
    """Ends letters of these kinds for the person of a signed link. False when there is no such person any more."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        set_wishes(user, {(kind, Channel.EMAIL): False for kind in kinds}, by=by, at=at)
    return user is not None


@move(Event.DELIVERY_REQUEUED)
def try_again(delivery: Delivery, *, by: User, at: datetime) -> Delivery:
    """Sends a failed letter, or one that waits for its next try, on its way now. Only for staff."""
    subject = Subject("delivery", delivery.pk, label=f"{delivery.notification.kind} to {delivery.address}")
    if not by.is_staff:
        raise Refused("not-staff", "Only staff can do this.", subject=subject)
    again = Delivery.objects.filter(pk=delivery.pk, state__in=[DeliveryState.FAILED, DeliveryState.QUEUED]).update(
        state=DeliveryState.QUEUED, next_at=at, lease_until=None, attempts=0
    )
    if not again:
        raise Refused("not-stuck", "This letter is on its way, sent, or no longer needed.", subject=subject)
    ring(1)
    record(Event.DELIVERY_REQUEUED, subject=subject, by=by, at=at)
    delivery.refresh_from_db()
    return delivery
