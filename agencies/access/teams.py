"""The people of a house, and in whose name somebody may change that."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from agencies.access.invitations import owns_address
from agencies.models import Membership, Organization
from agencies.rules.bonds import BondSide
from agencies.rules.organizations import BondState, Role

_ORDER = {Role.OWNER: 0, Role.MEMBER: 1, Role.ASSISTANT: 2}


def team_of(organization: Organization) -> list[Membership]:
    """Everybody active, owners first, then by name. One query."""
    rows = Membership.objects.filter(organization=organization, state=BondState.ACTIVE).select_related("user")
    return sorted(rows, key=lambda row: (_ORDER[Role(row.role)], row.name.casefold()))


def invitations_of(organization: Organization) -> QuerySet[Membership]:
    """Invitations without an answer, the newest first; those whose time ran out are among them."""
    rows = Membership.objects.filter(organization=organization, state=BondState.INVITED)
    return rows.select_related("invited_by").order_by("-invited_at", "-pk")


def get_colleague(seat: Membership, pk: int) -> Membership:
    """A membership or an open invitation of the seat's own house, or Http404."""
    found = (
        Membership.objects.filter(
            pk=pk, organization=seat.organization_id, state__in=[BondState.ACTIVE, BondState.INVITED]
        )
        .select_related("user", "organization")
        .first()
    )
    if found is None:
        raise Http404
    return found


def is_owner(user: User, organization: Organization | int) -> bool:
    """Whether the person owns the house right now."""
    return Membership.objects.filter(
        user=user, organization=organization, state=BondState.ACTIVE, role=Role.OWNER
    ).exists()


def sides_in_team(user: User, membership: Membership) -> frozenset[BondSide]:
    """In whose names the person may act on a membership: owners for the house, and everybody for themself."""
    sides = set()
    if is_owner(user, membership.organization_id):
        sides.add(BondSide.HOUSE)
    mine = membership.user_id == user.pk if membership.user_id else owns_address(user, membership.email)
    if mine:
        sides.add(BondSide.PERSON)
    return frozenset(sides)


def belongs_to(address: str, organization: Organization | int) -> bool:
    """Whether somebody with this verified address already works in the house."""
    return Membership.objects.filter(
        organization=organization,
        state=BondState.ACTIVE,
        user__emailaddress__email__iexact=address,
        user__emailaddress__verified=True,
    ).exists()
