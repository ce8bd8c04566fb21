"""Who holds what. The actor's side sees all of it, a holder what is about their own holdings."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.access.keyset import KeysetPage, keyset_page
from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk, decides_for, may_act_for, own_actors, represents
from agencies.models import Membership, Representation
from agencies.rules.organizations import MAY_ACT, BondState
from replicas.models import (
    CustodyAccess,
    CustodyTransfer,
    DestructionTask,
    Holding,
    License,
    Replica,
    ReplicaFile,
)
from replicas.models.custody import LIVE
from replicas.rules.custody import ACTS, Act, HoldingKind, Party

PAGE = 50
ACCESSES = 20
ENDED_SHOWN = 30


# --- For others: the rulebook, the register, the search, sending ----------------------------------------------------


def custody_known(replica: str) -> dict[str, Exists]:
    """Annotations for the rulebook's R23: whether who holds the original, and where, is on record. ``replica`` is the
    path to it (``"request__replica"``)."""
    originals = Holding.objects.live().filter(replica=OuterRef(replica), kind=HoldingKind.ORIGINAL)
    return {
        "holder_known": Exists(originals.exclude(holder="")),
        "place_known": Exists(originals.exclude(place="")),
    }


def holdings_of(desk: Desk, *, at: datetime | None = None) -> QuerySet[Holding]:
    """What is held now, as one desk's register shows it, with ``due_on`` and ``overdue`` of an open destruction task.

    An actor (or a guardian for theirs): everything held of them. An agency: of its clients. A casting office or
    production: what it holds itself.
    Comes with ``replica.actor`` and ``organization``; order and page it as the page needs.
    """
    if desk.kind == "casting":
        rows = Holding.objects.filter(organization=desk.organization)
    elif desk.kind == "agency":
        clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
        rows = Holding.objects.filter(replica__actor__in=clients.values("actor"))
    elif desk.actor is not None:
        rows = Holding.objects.filter(replica__actor=desk.actor)
    else:
        rows = Holding.objects.none()
    return with_task(rows.live(), at=at or timezone.now()).select_related("replica__actor", "organization")


def with_task(rows: QuerySet[Holding], *, at: datetime) -> QuerySet[Holding]:
    """Adds ``due_on`` (the open task's day, or None), ``task_id`` and ``overdue``."""
    open_ = DestructionTask.objects.open().filter(holding=OuterRef("pk"))
    return rows.annotate(
        due_on=Subquery(open_.values("due_on")[:1]),
        task_id=Subquery(open_.values("pk")[:1]),
        overdue=Exists(open_.filter(due_at__lte=at)),
    )


def with_overdue(rows: QuerySet[Replica], *, at: datetime) -> QuerySet[Replica]:
    """Adds ``overdue``: whether somebody is late with destroying the replica, or a copy of it."""
    return rows.annotate(overdue=Exists(DestructionTask.objects.overdue(at).filter(replica=OuterRef("pk"))))


def is_overdue(replica: Replica, *, at: datetime) -> bool:
    return DestructionTask.objects.overdue(at).filter(replica=replica).exists()


def overdue_at(house: int, replica: int, *, at: datetime) -> DestructionTask | None:
    """What a house should have destroyed of a replica and has not, the oldest first. One query."""
    late = DestructionTask.objects.overdue(at).filter(replica=replica, holding__organization=house)
    return late.select_related("holding").order_by("due_at").first()


# --- One replica's custody ------------------------------------------------------------------------------------------


def parties_on(user: User, replica: Replica, holding: Holding) -> frozenset[Party]:
    """In whose names the person may act on a holding right now; an assistant acts in nobody's. Three queries at most.

    ``NOTED``: the actor's side writes down what a holder off the portal did, because nobody else can.
    """
    parties = set()
    if decides_for(user, replica.actor):
        parties.add(Party.ACTOR)
    if represents(user, replica.actor_id):
        parties.add(Party.AGENCY)
    if holding.organization_id is None:
        return frozenset({*parties, Party.NOTED} if parties else parties)
    if may_act_for(user, holding.organization_id):
        parties.add(Party.HOLDER)
    return frozenset(parties)


def _houses_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE)


def _inside(user: User) -> Q:
    """Replicas whose custody the person sees in full: their own, and those of their agency's clients."""
    clients = Representation.objects.filter(
        state=BondState.ACTIVE, agency__in=_houses_of(user).values("organization"), actor__isnull=False
    )
    return Q(actor__in=own_actors(user).values("pk")) | Q(actor__in=clients.values("actor"))


@dataclass(frozen=True, slots=True)
class Custody:
    """One replica's custody as one viewer sees it. ``inside``: the actor's side. ``decides``: says yes and no.
    ``agency``: may act for an agency that represents the actor.

    ``holds`` are the ids of the holdings whose house the viewer acts for; ``acts`` those of the live ones they may
    write about: as their holder, or for one off the portal.
    """

    replica: Replica
    inside: bool
    decides: bool
    agency: bool
    live: list[Any]
    ended: list[Any]
    transfers: list[CustodyTransfer]
    tasks: list[DestructionTask]
    acts: frozenset[int]
    holds: frozenset[int]

    def day(self, at: datetime) -> date:
        """The day it is for the performer: custody counts days in their zone."""
        return at.astimezone(self.replica.actor.user.zone).date()

    def may(self, act: Act, holding: Holding) -> bool:
        """Whether the viewer may do this about a holding at all; how it stands is judged with the move."""
        parties = {Party.ACTOR} if self.decides else set()
        parties |= {Party.AGENCY} if self.agency else set()
        if holding.pk in self.acts:
            parties.add(Party.HOLDER if holding.pk in self.holds else Party.NOTED)
        return bool(ACTS[act] & parties)

    @property
    def places(self) -> tuple[str, ...]:
        """Where it was captured and is kept: whether Illinois law applies depends on it."""
        return (self.replica.captured_at_place, *(holding.place for holding in self.live))


def get_custody(user: User, ref: str, *, at: datetime) -> Custody:
    """The custody of one replica for the actor's side, and for people of a house that holds or held some of it.

    A holder sees their own holdings, the copies made from them, and their own transfers. Raises Http404 for everybody
    else and for what does not exist alike. Seven queries, however many rows.
    """
    houses = frozenset(_houses_of(user).values_list("organization", flat=True))
    replicas = Replica.objects.select_related("actor__user").annotate(inside=Exists(_inside_of(user)))
    replica = replicas.filter(ref=read_reference(ref)).first()
    if replica is None:
        raise Http404
    inside = bool(replica.inside)
    rows = with_task(Holding.objects.filter(replica=replica), at=at).select_related("organization", "license", "source")
    if not inside:
        rows = rows.filter(Q(organization__in=houses) | Q(source__organization__in=houses))
    holdings = list(rows)
    if not inside and not any(holding.organization_id in houses for holding in holdings):
        raise Http404
    decides = inside and decides_for(user, replica.actor)
    holds = _acting_for(user, holdings)
    agency = inside and represents(user, replica.actor_id)
    noted = decides or agency
    seen = [holding.pk for holding in holdings]
    mine = Q() if inside else Q(holding__in=seen)
    live = [holding for holding in holdings if holding.is_live]
    transfers = list(
        CustodyTransfer.objects.filter(mine, replica=replica).select_related("holding").order_by("-pk")[:PAGE]
    )
    for transfer in transfers:
        transfer.replica = replica
    acts = {h.pk for h in live if h.pk in holds or (noted and h.organization_id is None)}
    return Custody(
        replica=replica,
        inside=inside,
        decides=decides,
        agency=agency,
        live=live,
        ended=[holding for holding in holdings if not holding.is_live][-ENDED_SHOWN:],
        transfers=transfers,
        tasks=list(
            DestructionTask.objects.filter(mine, replica=replica)
            .select_related("holding", "attested_by")
            .order_by(F("attested_at").desc(nulls_first=True), "due_at", "pk")[:PAGE]
        ),
        acts=frozenset(acts),
        holds=holds,
    )


def _inside_of(user: User) -> QuerySet[Replica]:
    return Replica.objects.filter(_inside(user), pk=OuterRef("pk"))


def _acting_for(user: User, holdings: list[Any]) -> frozenset[int]:
    """The ids of the holdings whose house the person may act for. One query."""
    houses = {holding.organization_id for holding in holdings if holding.organization_id is not None}
    if not houses:
        return frozenset()
    rows = _houses_of(user).filter(organization__in=houses, role__in=MAY_ACT)
    mine = set(rows.values_list("organization", flat=True))
    return frozenset(holding.pk for holding in holdings if holding.organization_id in mine)


def accesses_page(custody: Custody, query: QueryDict) -> KeysetPage[CustodyAccess]:
    """Who opened the files, newest first. One query."""
    rows = CustodyAccess.objects.filter(replica=custody.replica).select_related("holding", "recorded_by")
    if not custody.inside:
        rows = rows.filter(holding__in=[holding.pk for holding in [*custody.live, *custody.ended]])
    return keyset_page(rows, order=("-at", "-id"), size=ACCESSES, query=query)


def holding_in(custody: Custody, pk: int, act: Act) -> Holding:
    """One live holding about which the viewer may do this. Raises Http404 for any other."""
    found: Holding | None = next((holding for holding in custody.live if holding.pk == pk), None)
    if found is None or not custody.may(act, found):
        raise Http404
    found.replica = custody.replica
    return found


def transfer_in(custody: Custody, pk: int, *, to_answer: bool = False) -> CustodyTransfer:
    """One transfer for whoever moves it as the holder, or (``to_answer``) says yes or no. Else Http404."""
    found = next((transfer for transfer in custody.transfers if transfer.pk == pk), None)
    if found is None or not (custody.decides if to_answer else found.holding_id in custody.acts):
        raise Http404
    found.replica = custody.replica
    return found


def task_in(custody: Custody, pk: int) -> DestructionTask:
    found = next((task for task in custody.tasks if task.pk == pk), None)
    if found is None:
        raise Http404
    found.replica = custody.replica
    return found


def files_of(replica: Replica) -> list[str]:
    """The recorded files as ``sha256sum`` prints them: digest, two spaces, name."""
    rows = ReplicaFile.objects.filter(replica=replica).order_by("name", "pk").values_list("sha256", "name")
    return [f"{digest}  {name}" for digest, name in rows]


def licenses_for(replica: Replica) -> list[License]:
    """The licenses of a replica a copy may be kept for, newest first."""
    rows = License.objects.filter(request__replica=replica, state__in=["scheduled", "active", "suspended"])
    return list(rows.select_related("organization", "request__project").order_by("-pk")[:PAGE])


# --- A house's own list ---------------------------------------------------------------------------------------------


def held_by(desk: Desk, *, at: datetime, query: QueryDict) -> KeysetPage[Holding]:
    """What the house holds, newest first. One query."""
    return keyset_page(holdings_of(desk, at=at), order=("-id",), size=PAGE, query=query)


def owed_by(desk: Desk) -> list[DestructionTask]:
    """What the house has to destroy, the most urgent first. One query."""
    rows = DestructionTask.objects.open().filter(holding__organization=desk.organization)
    return list(rows.select_related("holding", "replica__actor__user").order_by("due_at", "pk")[:PAGE])


def transfers_of(desk: Desk) -> list[CustodyTransfer]:
    """The house's transfers that are under way. One query."""
    rows = CustodyTransfer.objects.filter(holding__organization=desk.organization, state__in=LIVE)
    return list(rows.select_related("holding", "replica__actor__user").order_by("pk")[:PAGE])
