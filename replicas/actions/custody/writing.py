"""What every move of custody has in common: lock the replica, find in whose names the person acts, refuse or go on."""

from datetime import date, datetime

from django.conf import settings

from accounts.access.factors import has_second_factor
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access.custody import parties_on
from replicas.models import CustodyTransfer, DestructionTask, Holding, Replica
from replicas.models.custody import LIVE
from replicas.rules.custody import Act, Party, judge_act
from replicas.rules.vocabulary import ReplicaState

GONE = "This replica was withdrawn altogether. All that is left to do is to attest the destruction."


def lock_replica(pk: int) -> Replica:
    """The replica as it is now. Every move of its custody waits for its row, so that they happen one after another."""
    return Replica.objects.select_for_update(of=("self",)).select_related("actor__user").get(pk=pk)


def lock_holding(holding: Holding | int) -> tuple[Replica, Holding]:
    """The replica and then the holding, locked in this order everywhere."""
    pk = holding if isinstance(holding, int) else holding.pk
    replica = lock_replica(Holding.objects.values_list("replica", flat=True).get(pk=pk))
    found = Holding.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
    found.replica = replica
    return replica, found


def check_second_factor(parties: frozenset[Party], by: User) -> None:
    """Who acts for a house or a client must have a second factor; for their own replicas people need it to sign."""
    if settings.REQUIRE_MFA and Party.ACTOR not in parties and not has_second_factor(by):
        raise Refused("second-factor-missing", "Set up a passkey or codes from an app first, then come back to this.")


def allowed(act: Act, holding: Holding, *, by: User) -> frozenset[Party]:
    """The names in which ``by`` may do this to the locked holding. Raises Refused with the replica as its subject."""
    replica = holding.replica
    parties = parties_on(by, replica, holding)
    try:
        judge_act(
            act,
            parties=parties,
            ended=holding.ended_at is not None,
            task_open=DestructionTask.objects.open().filter(holding=holding).exists(),
            transfer_open=CustodyTransfer.objects.filter(holding=holding, state__in=LIVE).exists(),
        )
        if act is not Act.LOG_ACCESS and replica.state in (ReplicaState.LEAVING, ReplicaState.DESTROYED):
            raise Refused("replica-leaving", GONE)
        check_second_factor(parties, by)
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    return parties


def day_of(at: datetime, replica: Replica) -> date:
    """The day it is for the actor: custody counts days in their zone."""
    return at.astimezone(replica.actor.user.zone).date()
