"""Who belongs to whom right now. Every question is asked of the database: an ended bond counts from that moment."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.models import ActorProfile, User
from agencies.models import Membership, Organization, Representation
from agencies.rules.organizations import MAY_ACT, BondState


def members_of(organization: Organization | int, *, who_may_act: bool = False) -> QuerySet[User]:
    """Active people of a house, all of them or only those who may send and decide."""
    memberships = Membership.objects.filter(organization=organization, state=BondState.ACTIVE)
    if who_may_act:
        memberships = memberships.filter(role__in=MAY_ACT)
    return User.objects.filter(pk__in=memberships.values("user"), is_active=True)


def may_act_for(user: User, organization: Organization | int) -> bool:
    """Whether the person may send and decide in the house's name right now."""
    return Membership.objects.filter(
        user=user, organization=organization, state=BondState.ACTIVE, role__in=MAY_ACT
    ).exists()


def represents(user: User, actor: ActorProfile | int) -> bool:
    """Whether the person works, with a role that may act, in an agency that represents the actor right now."""
    return Representation.objects.filter(
        actor=actor,
        state=BondState.ACTIVE,
        agency__memberships__user=user,
        agency__memberships__state=BondState.ACTIVE,
        agency__memberships__role__in=MAY_ACT,
    ).exists()


def actors_represented_by(agency: Organization | int) -> QuerySet[Representation]:
    """The agency's active representations, as a subquery for ``actor__in=….values("actor")``."""
    return Representation.objects.filter(agency=agency, state=BondState.ACTIVE)


NOBODY = 0  # no row has this id; an empty list in the join’s condition would empty the whole answer


@dataclass(frozen=True, slots=True)
class Involved:
    """Who may act around some actors and houses: ``agents`` by actor id, ``members`` by organization id."""

    agents: dict[int, list[User]]
    members: dict[int, list[User]]


def people_involved(*, actors: Collection[int], houses: Collection[int]) -> Involved:
    """The people who may act in the actors' agencies and in the houses right now. One query, however many of each."""
    represented = Q(
        organization__representations__state=BondState.ACTIVE,
        organization__representations__actor__in=list(actors) or [NOBODY],
    )
    memberships = (
        Membership.objects.annotate(bond=FilteredRelation("organization__representations", condition=represented))
        .filter(Q(organization__in=houses) | Q(bond__isnull=False))
        .filter(state=BondState.ACTIVE, role__in=MAY_ACT, user__is_active=True)
        .annotate(client=F("bond__actor"))
        .select_related("user")
        .order_by("pk")
    )
    involved = Involved({}, {})
    for membership in memberships:
        if membership.client is not None:
            _add(involved.agents.setdefault(membership.client, []), membership.user)
        if membership.organization_id in houses:
            _add(involved.members.setdefault(membership.organization_id, []), membership.user)
    return involved


def _add(people: list[User], user: User | None) -> None:
    if user is not None and user not in people:
        people.append(user)
