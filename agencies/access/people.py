"""Who belongs to whom right now. Every question is asked of the database: an ended bond counts from that moment."""

from collections.abc import Iterable

from django.db.models import QuerySet

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


def agency_people_of(actors: Iterable[int]) -> dict[int, list[User]]:
    """For each actor id, the people of their agencies who may act. Two queries, however many actors."""
    found: dict[int, list[User]] = {}
    pairs = (
        Representation.objects.filter(
            actor__in=list(actors),
            state=BondState.ACTIVE,
            agency__memberships__state=BondState.ACTIVE,
            agency__memberships__role__in=MAY_ACT,
        )
        .order_by("agency__memberships__user")
        .values_list("actor_id", "agency__memberships__user_id")
    )
    pairs = list(pairs)
    people = User.objects.filter(is_active=True).in_bulk({user_id for _, user_id in pairs}) if pairs else {}
    for actor_id, user_id in pairs:
        if user_id in people and people[user_id] not in found.setdefault(actor_id, []):
            found[actor_id].append(people[user_id])
    return found
