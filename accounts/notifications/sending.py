"""Sending what is due. The row is the truth: claimed with a lease, marked right after the server took the letter.

A worker that dies between the two leaves a lease that runs out; the letter goes once more under the same Message-ID.
Whatever else happens, a letter ends as sent, cancelled, or failed with the reason in words.
"""

import logging
import secrets
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.notifications.letters import write_digest, write_letter
from accounts.notifications.models import Delivery, Notification
from accounts.notifications.rules import (
    LEASE,
    MERGED,
    REMINDERS,
    Channel,
    DeliveryState,
    merged_under,
    merges,
    retry_after,
)

logger = logging.getLogger(__name__)
BATCH = 100
MOST_IN_A_DIGEST = 1000
SECONDS = 60.0  # one call's time; whoever rings goes on after it
Clock = Callable[[], datetime]


class MailAwayError(Exception):
    """The mail server can't be reached or won't talk to us: not this letter's fault."""


@dataclass(slots=True)
class Outcome:
    """``more`` says that something due was left for the next call."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    more: bool = False


def send_due(*, at: datetime | None = None, clock: Clock = timezone.now, seconds: float = SECONDS) -> Outcome:
    """Sends everything that is due, a batch and one connection at a time, for at most about ``seconds``.

    ``at`` fixes the moment for tests; otherwise each step reads ``clock``.
    """
    now: Clock = (lambda: at) if at is not None else clock
    stop, outcome = time.monotonic() + seconds, Outcome()
    while time.monotonic() < stop:
        claimed = _claim(now())
        if not claimed:
            return outcome
        if not _send_batch(claimed, now, stop, outcome):
            return outcome
    outcome.more = _due(now()).exists()
    return outcome


def _due(at: datetime) -> Any:
    waiting = Q(state=DeliveryState.QUEUED, next_at__lte=at)
    abandoned = Q(state=DeliveryState.SENDING, lease_until__lte=at)
    return Delivery.objects.filter(waiting | abandoned, channel=Channel.EMAIL)


def _claim(at: datetime) -> list[Delivery]:
    """Takes the next letters, and with an agent's letter everything else that would go into the same digest."""
    with transaction.atomic():
        open_rows = _due(at).select_for_update(of=("self",), skip_locked=True).select_related("notification__recipient")
        rows = list(open_rows.order_by("next_at", "address", "pk")[:BATCH])
        addresses = {row.address for row in rows if row.notification.kind in MERGED}
        if addresses:
            siblings = open_rows.filter(address__in=addresses, notification__kind__in=MERGED)
            rows += siblings.exclude(pk__in=[row.pk for row in rows]).order_by("pk")[:MOST_IN_A_DIGEST]
        until = at + LEASE
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=DeliveryState.SENDING, lease_until=until)
    for row in rows:
        row.lease_until = until
    return rows


def _letters(claimed: list[Delivery]) -> list[list[Delivery]]:
    """The claimed deliveries as letters: most alone, an agent's many as one."""
    mergeable: dict[tuple[int | None, str, str], list[Delivery]] = {}
    for delivery in claimed:
        if delivery.notification.kind in MERGED:
            mergeable.setdefault(_digest(delivery), []).append(delivery)
    groups, done = [], set()
    for delivery in claimed:
        key = _digest(delivery)
        group = mergeable.get(key, []) if delivery.notification.kind in MERGED else []
        if not merges([row.notification.kind for row in group]):
            groups.append([delivery])
        elif key not in done:
            done.add(key)
            groups.append(group)
    return groups


def _digest(delivery: Delivery) -> tuple[int | None, str, str]:
    notice = delivery.notification
    return notice.recipient_id, delivery.address, merged_under(notice.kind)


def _send_batch(claimed: list[Delivery], now: Clock, stop: float, outcome: Outcome) -> bool:
    """Sends a batch over one connection. False when the mail server is away: the rest waits for its next try."""
    connection, groups = get_connection(), _letters(claimed)
    try:
        for position, group in enumerate(groups):
            if time.monotonic() >= stop:
                _release(groups[position:], now())
                return True
            try:
                _send_one(group, connection, now, outcome)
            except MailAwayError as error:
                for waiting in groups[position:]:
                    _try_later(waiting, str(error), now(), outcome, counted=waiting is group)
                return False
    finally:
        _close(connection)
    return True


def _send_one(group: list[Delivery], connection: BaseEmailBackend, now: Clock, outcome: Outcome) -> None:
    """One letter, from a last look at its rows to the mark of how it went."""
    group = _hold(group, now())
    if not group:
        return
    try:
        letter = _written(group)
        _open(connection)
        connection.send_messages([letter])
    except MailAwayError:
        raise
    except Exception as error:
        _settle(group, error, now(), outcome)
        if isinstance(error, OSError | smtplib.SMTPServerDisconnected):
            _close(connection)
        return
    sent = _mine(group).update(state=DeliveryState.SENT, sent_at=now(), lease_until=None, error="")
    outcome.sent += 1 if sent else 0


def _hold(group: list[Delivery], at: datetime) -> list[Delivery]:
    """Renews the lease right before sending and leaves out what was called off, taken over, or has nobody any more."""
    gone = [row for row in group if row.notification.recipient and not row.notification.recipient.is_active]
    if gone:
        _mine(gone).update(state=DeliveryState.CANCELLED, lease_until=None, error="The account is closed.")
    late = [row for row in group if _too_late(row.notification, at)]
    if late:
        _mine(late).update(state=DeliveryState.CANCELLED, lease_until=None, error="The deadline had passed.")
    group = [row for row in group if row not in gone and row not in late]
    until = at + LEASE
    held = _mine(group).update(lease_until=until, attempts=F("attempts") + 1) if group else 0
    if held != len(group):
        still = set(
            Delivery.objects.filter(pk__in=[row.pk for row in group], lease_until=until).values_list("pk", flat=True)
        )
        group = [row for row in group if row.pk in still]
    for row in group:
        row.lease_until, row.attempts = until, row.attempts + 1
    return group


def _too_late(notice: Notification, at: datetime) -> bool:
    """A reminder that outlived its deadline (an outage lay between) would only frighten."""
    return notice.kind in REMINDERS and notice.due_at is not None and notice.due_at <= at


def _mine(group: Sequence[Delivery]) -> Any:
    """The rows as long as this worker's lease stands."""
    leases = {row.lease_until for row in group}
    return Delivery.objects.filter(
        pk__in=[row.pk for row in group], state=DeliveryState.SENDING, lease_until__in=leases
    )


def _written(group: list[Delivery]) -> Any:
    notices = [row.notification for row in group]
    user = notices[0].recipient
    address = user.email if user else group[0].address
    return write_letter(notices[0], address) if len(notices) == 1 else write_digest(notices, address)


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise MailAwayError(_in_words(error)) from error


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("mail-connection-not-closed", exc_info=True)


def _settle(group: list[Delivery], error: Exception, at: datetime, outcome: Outcome) -> None:
    """A failed try: once more later, or the end with the reason."""
    words = _in_words(error)
    if _is_final(error):
        _fail(group, words, outcome)
        return
    if not isinstance(error, OSError | smtplib.SMTPException):
        logger.exception("letter-not-written", extra={"kind": group[0].notification.kind})
    _try_later(group, words, at, outcome)


def _try_later(group: list[Delivery], words: str, at: datetime, outcome: Outcome, *, counted: bool = True) -> None:
    """Queues the letter again after a while that grows with the tries, or gives up after the last.

    ``counted`` says that this try is in ``attempts`` already.
    """
    for row in group:
        attempts = row.attempts + (0 if counted else 1)
        wait = retry_after(attempts)
        if wait is None:
            _fail([row], words, outcome)
            continue
        changed = _mine([row]).update(
            state=DeliveryState.QUEUED,
            next_at=at + _jittered(wait),
            lease_until=None,
            attempts=attempts,
            error=words,
        )
        outcome.later += changed


def _fail(group: list[Delivery], words: str, outcome: Outcome) -> None:
    outcome.failed += _mine(group).update(state=DeliveryState.FAILED, lease_until=None, error=words)
    for row in group:
        logger.warning("letter-failed", extra={"delivery": row.pk, "kind": row.notification.kind, "why": words})


def _release(groups: list[list[Delivery]], at: datetime) -> None:
    """Gives back what there was no time for."""
    rows = [row for group in groups for row in group]
    _mine(rows).update(state=DeliveryState.QUEUED, lease_until=None)


def _is_final(error: Exception) -> bool:
    """Whether trying again is useless: the server knows this recipient or this letter and says no for good (5xx).

    A refusal of us (sign-in, sender, connection) is mended by an operator, so those letters wait.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return isinstance(error, smtplib.SMTPNotSupportedError)


def _in_words(error: Exception) -> str:
    """The reason, as the server gave it, short enough for the row."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(answer)}" for code, answer in error.recipients.values())
        return f"The mail server refused the address: {said}"[:300]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server answered {error.smtp_code} {_text(error.smtp_error)}"[:300]
    if isinstance(error, OSError | smtplib.SMTPException):
        return f"The mail server could not be reached ({error})"[:300]
    return f"The letter could not be written ({type(error).__name__})"[:300]


def _text(answer: Any) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(words.split())


def _jittered(wait: timedelta) -> timedelta:
    """Between 80 and 120 percent, so that letters which failed together don't come back together."""
    return wait * (0.8 + secrets.randbelow(401) / 1000)
