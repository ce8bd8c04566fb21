"""Holders, transfers and tasks for tests, made by the real actions. Alice is the performer; Nova is a house."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from agencies.models import Organization
from replicas.actions.custody.destroying import Attestation, ask_destruction
from replicas.actions.custody.recording import CopyFacts, record_copy
from replicas.actions.custody.transferring import TransferFacts, ask_transfer
from replicas.models import CustodyTransfer, DestructionTask, Holding, Replica
from replicas.rules.custody import HoldingKind

SHA = "a" * 64


def original_of(replica: Replica) -> Holding:
    return Holding.objects.live().get(replica=replica, kind=HoldingKind.ORIGINAL)


def copy_facts(**changes: Any) -> CopyFacts:
    values: dict[str, Any] = {
        "holder": "Nova Pictures",
        "place": "Burbank",
        "purpose": "Crowd shots of Harbor Lights",
        "since": date(2024, 5, 1),
        "copies": 2,
        "told_by": "Ruth at Volume Stage",
        **changes,
    }
    return CopyFacts(**values)


def make_copy(
    replica: Replica, house: Organization | None = None, *, at: datetime | None = None, **changes: Any
) -> Holding:
    """Two copies, written down by the performer."""
    facts = copy_facts(organization=house, **({"holder": house.name} if house else {}), **changes)
    return record_copy(original_of(replica), facts=facts, by=replica.actor.user, at=at or timezone.now())


def make_task(holding: Holding, *, days: int = 30, at: datetime | None = None) -> DestructionTask:
    """The performer asks for it to be destroyed within ``days``."""
    at = at or timezone.now()
    user = holding.replica.actor.user
    due_on = at.astimezone(user.zone).date() + timedelta(days=days)
    return ask_destruction(holding, due_on=due_on, by=user, at=at)


def transfer_facts(**changes: Any) -> TransferFacts:
    values: dict[str, Any] = {
        "to_name": "Glacier Films",
        "place": "Vancouver",
        "reason": "The rescue scenes are finished there.",
        "agreement": "none",
        "told_by": "Ruth at Volume Stage",
        **changes,
    }
    return TransferFacts(**values)


def make_transfer(
    holding: Holding, *, by: User | None = None, at: datetime | None = None, **changes: Any
) -> CustodyTransfer:
    by = by or holding.replica.actor.user
    return ask_transfer(holding, facts=transfer_facts(**changes), by=by, at=at or timezone.now())


def attestation(**changes: Any) -> Attestation:
    values: dict[str, Any] = {
        "attester": "Ruth Ellis, archive",
        "method": "erased",
        "destroyed_on": timezone.now().date() - timedelta(days=1),
        "statement": "Ticket 4711.",
        "sha256s": [SHA],
        "told_by": "Ruth at Volume Stage",
        **changes,
    }
    return Attestation(**values)
