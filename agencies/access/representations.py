"""An agency's actors and an actor's agencies, as each side may see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.models import ActorProfile, User
from agencies.access.guardians import decides_for, own_actors
from agencies.access.invitations import open_to, owns_address
from agencies.access.people import may_act_for
from agencies.models import Membership, Organization, Representation
from agencies.rules.bonds import BondSide
from agencies.rules.organizations import BondState

INVITED = Q(state=BondState.INVITED, asked_by_actor=False)
ASKED = Q(state=BondState.INVITED, asked_by_actor=True)
SHELVES = {
    "": Q(state__in=[BondState.INVITED, BondState.ACTIVE]),
    "active": Q(state=BondState.ACTIVE),
    "asked": ASKED,
    "invited": INVITED,
    "former": Q(state=BondState.FORMER),
}
ORDER = ("sort_name", "id")


def roster_of(agency: Organization, *, shelf: str = "", words: str = "") -> QuerySet[Representation]:
    """The agency's actors on one shelf, to be paged by ``ORDER``. Raises Http404 for a shelf there is not."""
    if shelf not in SHELVES:
        raise Http404
    rows = Representation.objects.filter(SHELVES[shelf], agency=agency).select_related("actor")
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(actor__stage_name__icontains=word) | Q(invited_name__icontains=word) | Q(email__icontains=word)
        )
    return rows


def roster_counts(agency: Organization) -> dict[str, int]:
    """How many stand on each shelf. One query."""
    rows = Representation.objects.filter(agency=agency)
    counts = rows.aggregate(**{shelf or "all": Count("pk", filter=condition) for shelf, condition in SHELVES.items()})
    return {shelf: counts[shelf or "all"] for shelf in SHELVES}


def get_representation(user: User, pk: int) -> Representation:
    """One bond, for the actor it is about and the people of its agency. Raises Http404 for everybody else."""
    seats = Membership.objects.filter(user=user, state=BondState.ACTIVE).values("organization")
    found = (
        Representation.objects.filter(Q(actor__in=own_actors(user)) | Q(agency__in=seats), pk=pk)
        .select_related("agency", "actor__user", "invited_by", "ended_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def sides_in_representation(user: User, bond: Representation) -> frozenset[BondSide]:
    """In whose names the person may act: the agency's (owner or member), the actor's own (for a minor a guardian)."""
    sides = set()
    if may_act_for(user, bond.agency_id):
        sides.add(BondSide.HOUSE)
    mine = decides_for(user, bond.actor) if bond.actor else owns_address(user, bond.email)
    if mine:
        sides.add(BondSide.PERSON)
    return frozenset(sides)


def bond_between(agency: Organization | int, actor: ActorProfile) -> Representation | None:
    """The open or running bond of the two, if there is one."""
    return Representation.objects.filter(
        agency=agency, actor=actor, state__in=[BondState.INVITED, BondState.ACTIVE]
    ).first()


def bond_with_address(agency: Organization | int, address: str) -> Representation | None:
    """A running bond with somebody who owns ``address``, their own open question, or an invitation sent there."""
    owner = Q(actor__user__emailaddress__email__iexact=address, actor__user__emailaddress__verified=True)
    return (
        Representation.objects.filter(owner | Q(email__iexact=address, state=BondState.INVITED), agency=agency)
        .filter(state__in=[BondState.INVITED, BondState.ACTIVE])
        .select_related("agency", "actor")
        .order_by("state", "-pk")  # a running bond before a letter
        .first()
    )


def actor_of(user: User) -> ActorProfile | None:
    return ActorProfile.objects.filter(user=user).first()


@dataclass(frozen=True)
class MyAgencies:
    """``waiting`` for me to answer, ``mine`` (running, or asked by me), ``former``."""

    waiting: list[Representation]
    mine: list[Representation]
    former: list[Representation]


def agencies_of(user: User, actor: ActorProfile | None, *, at: datetime) -> MyAgencies:
    """Every bond of a person as an actor, invitations to any of their addresses included. Two queries."""
    rows = Representation.objects.filter(Q(actor=actor, actor__isnull=False) | (open_to(user, at) & INVITED))
    found = list(rows.select_related("agency", "actor", "invited_by").order_by("agency__name", "-pk"))
    return MyAgencies(
        [row for row in found if row.state == BondState.INVITED and not row.asked_by_actor],
        [row for row in found if row.state == BondState.ACTIVE or (row.state == "invited" and row.asked_by_actor)],
        [row for row in found if row.state == BondState.FORMER],
    )
