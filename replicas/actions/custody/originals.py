"""The first holding of every replica, and keeping it in step with what is said about the replica.

Called inside the transactions of ``actions/replicas.py`` and of whatever else registers a replica. Leaves no entry of
its own: the registration and the correction have one.
"""

from datetime import datetime

from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.models import CustodyTransfer, DestructionTask, Holding, Replica
from replicas.models.custody import LIVE
from replicas.rules.custody import Facts, HoldingKind, clock


def first_holding(replica: Replica, *, by: User, at: datetime, contact: str = "") -> Holding:
    """Writes who holds the original, from the replica's custodian columns. One statement. Needs ``actor.user``."""
    today = at.astimezone(replica.actor.user.zone).date()
    return Holding.objects.create(
        replica=replica,
        holder=replica.custodian,
        organization=replica.custodian_organization,
        contact=contact,
        place=replica.custody_place,
        kind=HoldingKind.ORIGINAL,
        since=replica.captured_on,
        until=replica.custody_until,
        last_interaction_on=today,
        look_on=clock(Facts(today, replica.custody_until)).opens_on,
        recorded_by=by,
        recorded_at=at,
    )


def follow_facts(replica: Replica, *, by: User, at: datetime) -> None:
    """After a correction of the facts: the original's holder, place and retention say the same.

    Raises Refused when the holder is on the portal, or when a transfer or a destruction is under way: then who holds
    it is no matter of correcting words any more.
    """
    held = Holding.objects.select_for_update(of=("self",)).live()
    original = held.filter(replica=replica, kind=HoldingKind.ORIGINAL).first()
    if original is None:
        first_holding(replica, by=by, at=at)
        return
    said = (replica.custodian, replica.custody_place, replica.custody_until)
    if said == (original.holder, original.place, original.until):
        return
    if original.organization_id is not None:
        sentence = f"{original.holder} keeps its own record of this. Ask them, or look at “Who holds it”."
        raise Refused("holder-on-portal", sentence, subject=replica.subject)
    if (
        DestructionTask.objects.open().filter(holding=original).exists()
        or CustodyTransfer.objects.filter(holding=original, state__in=LIVE).exists()
    ):
        sentence = "A transfer or a destruction is under way. Who holds the files can be corrected once that is over."
        raise Refused("custody-under-way", sentence, subject=replica.subject)
    original.holder, original.place, original.until = said
    original.look_on = clock(Facts(original.last_interaction_on, original.until)).opens_on
    original.save(update_fields=["holder", "place", "until", "look_on"])
