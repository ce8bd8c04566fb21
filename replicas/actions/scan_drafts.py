"""What a house types before it announces a scan: kept from the first press, thrown away or used up once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import members_of
from agencies.models import Organization
from replicas.models import ScanDraft, ScanNotice
from replicas.rules.events import Event

LONGEST_DRAFT = 300_000  # characters; 500 people with names have about 30,000


@transaction.atomic
def begin(
    *, organization: Organization, values: dict[str, Any], supersedes: ScanNotice | None = None, by: User, at: datetime
) -> ScanDraft:
    """Starts a draft in the house. Assistants may; it is nobody's promise, so it leaves no audit entry."""
    draft = ScanDraft(ref=new_reference("N"), organization=organization, supersedes=supersedes, created_by=by)
    _check(draft, values, by)
    draft.values, draft.created_at, draft.changed_at = values, at, at
    draft.save()
    return draft


@transaction.atomic
def keep(draft: ScanDraft, *, values: dict[str, Any], by: User, at: datetime) -> bool:
    """Keeps what was typed. False when it was announced or thrown away meanwhile."""
    _check(draft, values, by)
    return bool(ScanDraft.objects.filter(pk=draft.pk).update(values=values, changed_at=at))


@move(Event.SCAN_DRAFT_DISCARDED)
def discard(draft: ScanDraft, *, by: User, at: datetime) -> None:
    """Throws a draft away. Nobody outside the house has seen it."""
    _check(draft, {}, by)
    subject = draft.subject
    ScanDraft.objects.filter(pk=draft.pk).delete()
    record(Event.SCAN_DRAFT_DISCARDED, subject=subject, by=by, at=at)


def _check(draft: ScanDraft, values: dict[str, Any], by: User) -> None:
    if not members_of(draft.organization_id).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of this house can prepare its announcements.", subject=draft.subject)
    if sum(len(value) for row in values.values() for value in row) > LONGEST_DRAFT:
        raise Refused("draft-too-long", f"A draft can hold {LONGEST_DRAFT:,} characters.", subject=draft.subject)
