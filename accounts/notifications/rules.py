"""Which kinds of notice there are, whom they may disturb, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from accounts.rules.labeled import Labeled


class Channel(Labeled):
    INBOX = "inbox", "On Understudy"
    EMAIL = "email", "E-mail"


class DeliveryState(Labeled):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not delivered"
    CANCELLED = "cancelled", "No longer needed"


class Timing(StrEnum):
    """``at_once`` goes at any hour; ``polite`` waits out quiet hours; ``morning`` waits for the recipient's 8 o'clock
    and is merged with whatever else waits for it, so that an agent with many clients gets one letter."""

    AT_ONCE = "at_once"
    POLITE = "polite"
    MORNING = "morning"


@dataclass(frozen=True, slots=True)
class Kind:
    """``essential`` kinds can't be switched off: they carry a decision, a deadline or a copy of what was agreed."""

    name: str
    label: str
    essential: bool = False
    timing: Timing = Timing.POLITE
    action: bool = False  # asks for an answer: the subject line says by when


KINDS = {
    kind.name: kind
    for kind in (
        Kind("request-received", "A request waits for my answer", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("request-reminder", "A deadline comes closer", essential=True, action=True),
        Kind("request-lapsed", "A request lapsed without my answer", essential=True),
        Kind("request-withdrawn", "A request was withdrawn", essential=True),
        Kind("request-terms-changed", "Terms changed in a request to me", essential=True, action=True),
        Kind("request-extended", "I have more time to answer"),
        Kind("request-advice", "My agent left me advice"),
        Kind("request-question", "A question or an answer in a request"),
        Kind("client-request", "A client of mine has a new request"),
        Kind("client-reminder", "A client's deadline comes closer", timing=Timing.MORNING),
        Kind("client-answered", "A client's request was answered or lapsed"),
        Kind("request-countered", "An actor proposes changes", essential=True, action=True),
        Kind("reply-reminder", "An actor waits for my reply", action=True),
        Kind("request-not-available", "An actor is not available for a request"),
        Kind("request-reopened", "A request is open again"),
        Kind("request-undelivered", "A request could not be delivered", essential=True),
        Kind("license-issued", "A license was issued", essential=True, timing=Timing.AT_ONCE),
        Kind("license-revoked", "A license was revoked", essential=True, timing=Timing.AT_ONCE),
        Kind("license-ended", "A license has ended"),
        Kind("replica-to-confirm", "My agency registered a replica of me", action=True),
        Kind("replica-confirmed", "A client confirmed or refused a replica"),
        Kind("representation-invited", "An agency wants to represent me", essential=True),
        Kind("representation-asked", "An actor asks to be represented"),
        Kind("representation-changed", "A representation began or ended", essential=True),
        Kind("team-invited", "An invitation to a team", essential=True, timing=Timing.AT_ONCE),
        Kind("team-changed", "Somebody joined or left my team"),
        Kind("account-changed", "My sign-in details changed", essential=True, timing=Timing.AT_ONCE),
    )
}

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
NO_QUIET_WITHIN = timedelta(hours=4)
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
LEASE = timedelta(minutes=2)  # more than twice the SMTP timeout of 10 s


def when_to_send(kind: Kind, at: datetime, zone: ZoneInfo, due_at: datetime | None) -> datetime:
    """The moment a letter may go, given the recipient's quiet hours (21–08 local). Aware in, aware UTC-comparable out.

    Under four hours before ``due_at`` nothing waits. A ``morning`` letter waits for the next 8 o'clock.
    """
    if kind.timing is Timing.AT_ONCE or (due_at is not None and due_at - at < NO_QUIET_WITHIN):
        return at
    local = at.astimezone(zone)
    quiet = local.time() >= QUIET_FROM or local.time() < QUIET_UNTIL
    if kind.timing is Timing.POLITE and not quiet:
        return at
    morning = _next_morning(local)
    if due_at is not None and due_at - morning < NO_QUIET_WITHIN:
        return max(at, min(morning, due_at - NO_QUIET_WITHIN))
    return morning


def _next_morning(local: datetime) -> datetime:
    morning = datetime.combine(local.date(), QUIET_UNTIL, tzinfo=local.tzinfo)
    if morning <= local:
        morning = datetime.combine(local.date() + timedelta(days=1), QUIET_UNTIL, tzinfo=local.tzinfo)
    return morning


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after the ``attempts``-th failed try; ``None`` when it was the last."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None
