"""Who holds what. The actor's side sees all of it, a holder what is about their own holdings."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agencies.access import Desk, own_actors
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.models import CustodyAccess, CustodyTransfer, DestructionTask, Holding, Replica, ReplicaFile
from replicas.models.custody import LIVE
from replicas.rules.custody import CustodyFacts, HoldingKind


def custody_facts(replica: Replica | int, *, at: datetime | None = None) -> CustodyFacts:
    """What the rulebook's R23 and R26 ask about one replica. Five small queries."""
    at = at or timezone.now()
    live = list(Holding.objects.live().filter(replica=replica))
    original = next((holding for holding in live if holding.kind == HoldingKind.ORIGINAL), None)
    tasks = DestructionTask.objects.filter(replica=replica).aggregate(
        open=Count("pk", filter=Q(state="open")), overdue=Count("pk", filter=Q(state="open", due_at__lte=at))
    )
    return CustodyFacts(
        holder_known=original is not None and bool(original.holder),
        place_known=original is not None and bool(original.place),
        files_hashed=ReplicaFile.objects.filter(replica=replica).count(),
        copies=sum(holding.copies for holding in live if holding.kind == HoldingKind.COPY),
        accesses=CustodyAccess.objects.filter(replica=replica).count(),
        open_tasks=tasks["open"],
        overdue_tasks=tasks["overdue"],
        open_transfers=CustodyTransfer.objects.filter(replica=replica, state__in=LIVE).count(),
    )


def holdings_of(desk: Desk, *, at: datetime | None = None) -> QuerySet[Holding]:
    """What is held now, as one desk's register shows it, with ``due_on`` and ``overdue`` of an open destruction task.

    An actor: everything held of them. An agency: of its clients. A casting office or production: what it holds itself.
    Comes with ``replica.actor`` and ``organization``; order and page it as the page needs.
    """
    if desk.kind == "casting":
        rows = Holding.objects.filter(organization=desk.organization)
    elif desk.kind == "agency":
        clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
        rows = Holding.objects.filter(replica__actor__in=clients.values("actor"))
    elif desk.user is not None:
        rows = Holding.objects.filter(replica__actor__in=own_actors(desk.user).values("pk"))
    else:
        rows = Holding.objects.none()
    return with_task(rows.live(), at=at or timezone.now()).select_related("replica__actor", "organization")


def with_task(rows: QuerySet[Holding], *, at: datetime) -> QuerySet[Holding]:
    """Adds ``due_on`` (the open task's day, or None) and ``overdue``."""
    open_ = DestructionTask.objects.open().filter(holding=OuterRef("pk"))
    return rows.annotate(due_on=open_.values("due_on")[:1], overdue=Exists(open_.filter(due_at__lte=at)))
