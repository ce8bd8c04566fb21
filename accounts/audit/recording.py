"""Writing the audit trail, inside the transaction of what it tells about."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.audit.models import AuditEntry
from accounts.audit.origin import current_origin
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject

LOCK_AND_LOOK = """
SELECT pg_advisory_xact_lock(658711);
SELECT digest FROM accounts_auditentry ORDER BY id DESC LIMIT 1
"""
GENESIS = "0" * 64
NOTHING = Subject("nothing", None)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line to be: ``by`` is a User or None for the portal itself; ``data`` must be JSON and hold no secrets."""

    event: str
    subject: Subject
    by: Any = None
    for_label: str = ""
    refused: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def record(
    event: str, *, subject: Subject, by: Any, at: datetime, for_label: str = "", refused: str = "", **data: Any
) -> None:
    """Adds one entry to the trail. Call it last in an action: it holds the chain's lock until the commit."""
    record_all([Happening(event, subject, by, for_label, refused, data)], at=at)


def record_refusal(event: str, refusal: Refused, *, by: Any, at: datetime) -> None:
    """Leaves the entry of a move that was refused, after the move's own transaction was rolled back."""
    with transaction.atomic():
        record(event, subject=refusal.subject or NOTHING, by=by, at=at, refused=refusal.code, sentence=refusal.sentence)


def record_all(happenings: Sequence[Happening], *, at: datetime) -> None:
    """Adds many entries with three statements: lock the chain, read its end, insert."""
    if not happenings:
        return
    with transaction.atomic():
        previous = _end_of_chain()
        entries = []
        for happening in happenings:
            entry = _entry(happening, at, previous)
            previous = entry.digest
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries, batch_size=500)


def _end_of_chain() -> str:
    """The last digest, with the chain locked until the commit.

    PostgreSQL takes an advisory lock and then looks, in one round trip: the second statement has its own snapshot, so
    it sees what the holder before us wrote. SQLite's IMMEDIATE transaction is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK_AND_LOOK)
            cursor.nextset()
            row = cursor.fetchone()
        return row[0] if row else GENESIS
    return AuditEntry.objects.order_by("-id").values_list("digest", flat=True).first() or GENESIS


def _entry(happening: Happening, at: datetime, previous: str) -> AuditEntry:
    where = current_origin()
    entry = AuditEntry(
        at=at,
        event=happening.event,
        refused=happening.refused,
        by_id=happening.by.pk if happening.by else None,
        by_label=str(happening.by) if happening.by else "",
        for_label=happening.for_label,
        subject_type=happening.subject.type,
        subject_id=happening.subject.id,
        subject_ref=happening.subject.ref,
        subject_label=happening.subject.label[:200],
        data=happening.data,
        source=where.source,
        ip=where.ip,
        user_agent=where.user_agent[:200],
        previous=previous,
    )
    entry.digest = digest_of(entry)
    return entry


HASHED = (
    "event refused by_id by_label for_label subject_type subject_id subject_ref subject_label data source ip user_agent"
).split()


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous digest and the entry as canonical JSON (sorted keys, no spaces, UTC to the µs)."""
    content = {name: getattr(entry, name) for name in HASHED}
    content["at"] = entry.at.isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{entry.previous}\n{text}".encode()).hexdigest()
