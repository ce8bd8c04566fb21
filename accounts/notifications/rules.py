"""Which kinds of notice there are, whom they may disturb, and when. Pure."""

from collections.abc import Sequence
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
    """``essential`` kinds can't be switched off: they carry a decision, a deadline or a copy of what was agreed.

    A kind without a ``letter`` is told on the portal alone: nothing is to be done about it.
    """

    name: str
    label: str
    essential: bool = False
    timing: Timing = Timing.POLITE
    action: bool = False  # asks for an answer: the subject line says by when
    letter: bool = True

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The ways it may reach somebody."""
        return tuple(Channel) if self.letter else (Channel.INBOX,)


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
        Kind("client-crowd", "Clients of mine are asked in a crowd"),
        Kind("client-called", "A client of mine is called into a crowd", timing=Timing.MORNING),
        Kind("request-filled", "A crowd was filled before my answer", essential=True),
        Kind("request-called", "A place came free for me", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("crowd-nudge", "The people who ask remind me", action=True),
        Kind("crowd-waits", "Somebody in a crowd of my house asks or proposes something"),
        Kind("crowd-complete", "A crowd of my house is filled or closed", essential=True),
        Kind("client-crowd-over", "A crowd that clients of mine are in is over"),
        Kind("client-crowd-extended", "Clients of mine in a crowd have more time"),
        Kind("license-amended", "A license has a better fee", essential=True),
        Kind("client-reminder", "A client's deadline comes closer", timing=Timing.MORNING),
        Kind("client-answered", "A client's request was answered or lapsed"),
        Kind("request-countered", "An actor proposes changes", essential=True, action=True),
        Kind("reply-reminder", "An actor waits for my reply", action=True),
        Kind("request-not-available", "An actor is not available for a request"),
        Kind("request-reopened", "A request is open again"),
        Kind("request-undelivered", "A request could not be delivered", essential=True),
        Kind("search-news", "Somebody new fits a search I keep", timing=Timing.MORNING),
        Kind("license-issued", "A license was issued", essential=True, timing=Timing.AT_ONCE),
        Kind("license-revoked", "A license was revoked", essential=True, timing=Timing.AT_ONCE),
        Kind("license-suspended", "A license was suspended", essential=True, timing=Timing.AT_ONCE),
        Kind("license-resumed", "A license was taken up again", essential=True, timing=Timing.AT_ONCE),
        Kind("license-ended", "A license has ended"),
        Kind("strike-began", "A strike holds what I am part of", essential=True),
        Kind("strike-ended", "A strike is over", essential=True),
        Kind("replica-to-confirm", "My agency registered a replica of me", action=True),
        Kind("replica-confirmed", "A client confirmed or refused a replica"),
        Kind("scan-announced", "Somebody wants to scan me", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("scan-reminder", "A scan comes closer without my answer", essential=True, action=True),
        Kind("scan-changed", "A scan of me was changed", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("scan-called-off", "A scan of me was called off", essential=True, timing=Timing.AT_ONCE),
        Kind("scan-performed", "A scan of me was recorded", essential=True),
        Kind("scan-breach", "A scan was not done as agreed", essential=True, timing=Timing.AT_ONCE),
        Kind("scan-question", "A question or an answer about a scan"),
        Kind("scan-answered", "A performer answered my announcement"),
        Kind("client-scan", "A client of mine has a scan announced, answered or recorded"),
        Kind("custody-changed", "Where a replica of mine is kept changed"),
        Kind("transfer-asked", "A new holder needs my answer", essential=True, action=True),
        Kind("transfer-answered", "An actor answered about a new holder", essential=True),
        Kind("destruction-asked", "We have to destroy something", essential=True, action=True),
        Kind("destruction-reminder", "A destruction comes due or is overdue", essential=True, action=True),
        Kind("replica-leaving", "A client withdrew a replica altogether", essential=True),
        Kind("representation-invited", "An agency wants to represent me", essential=True, action=True),
        Kind("representation-asked", "An actor asks to be represented"),
        Kind("representation-changed", "A representation began or ended", essential=True),
        Kind("team-invited", "An invitation to a team", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("team-changed", "Somebody joined or left my team"),
        Kind("agency-guardrails", "My agency changed its guardrails", timing=Timing.MORNING),
        Kind("guardrails-refused", "My guardrails refused a request for me", letter=False),
        Kind("claim-letter", "A performer claims a scan", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("claim-reminder", "A performer's claim still waits for my house", essential=True, action=True),
        Kind("claim-disputed", "A performer disputes my house's answer", essential=True, action=True),
        Kind("claim-answered", "A claim about an unknown scan was answered", essential=True),
        Kind("claim-unanswered", "Nobody answered a claim in time", essential=True),
        Kind("claim-closed", "A claim to my house is closed", essential=True),
        Kind("request-copy", "A request my guardian answers", essential=True),
        Kind("guardian-invited", "Somebody names me as a guardian", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("profile-offered", "A profile is handed to me", essential=True, timing=Timing.AT_ONCE, action=True),
        Kind("guardian-changed", "A guardian accepted, was confirmed or ended", essential=True),
        Kind("guardian-signature", "The other guardian signed; mine is missing", essential=True, action=True),
        Kind("majority-reached", "Somebody came of age", essential=True),
        Kind("account-changed", "My sign-in details changed", essential=True, timing=Timing.AT_ONCE),
    )
}

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
MERGED = frozenset(  # an agent or a house with many gets one letter
    {
        *("client-request", "client-crowd", "client-called", "client-answered", "client-reminder"),
        *("client-crowd-over", "client-crowd-extended", "client-scan", "scan-answered"),
        "license-amended",
    }
)
MERGE_FROM = 3
REMINDERS = frozenset(
    {"request-reminder", "crowd-nudge", "client-reminder", "reply-reminder", "claim-reminder", "scan-reminder"}
)  # say nothing after their due_at
LONGEST_SUBJECT = 180


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


def merged_under(kind: str) -> str:
    """What a letter of this kind may be merged under: the better fees of a crowd's licenses ask for nothing, so they
    don't stand among what does."""
    return "licenses" if kind == "license-amended" else "news"


def merges(kinds: Sequence[str]) -> bool:
    """Whether these letters, due for one person at once, become one: from three on, or two that waited for morning."""
    if len(kinds) < 2 or not MERGED.issuperset(kinds):
        return False
    return len(kinds) >= MERGE_FROM or all(KINDS[kind].timing is Timing.MORNING for kind in kinds)


def subject_line(kind: Kind, headline: str, due_at: datetime | None, zone: ZoneInfo) -> str:
    """The subject: by when an answer is wanted in the recipient's zone, or that none is. Safe as a mail header.

    Line breaks, control and direction-changing characters become spaces, and it ends at ``LONGEST_SUBJECT``.
    """
    prefix = "[For information]"
    if kind.action and due_at is not None:
        local = due_at.astimezone(zone)
        prefix = f"[Answer by {WEEKDAYS[local.weekday()]} {MONTHS[local.month - 1]} {local.day}, {local:%H:%M}]"
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in headline).split())
    line = f"{prefix} {words}"
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"
