"""Houses as their people and their visitors find them. A stranger gets 404, like a missing one."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from agencies.models import Membership, Organization
from agencies.rules.organizations import BondState, OrganizationKind


def seat_of(user: User, slug: str, *, kind: str = "") -> Membership:
    """The person's own active membership, with its ``organization``. Raises Http404 for everybody else. One query."""
    seats = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__slug=slug)
    if kind:
        seats = seats.filter(organization__kind=kind)
    seat = seats.select_related("organization", "user").first()
    if seat is None:
        raise Http404
    return seat


def agency_to_ask(slug: str) -> Organization:
    """An agency an actor may turn to. Raises Http404 for other houses."""
    found = Organization.objects.filter(slug=slug, kind=OrganizationKind.AGENCY).first()
    if found is None:
        raise Http404
    return found


def agencies_named(words: str) -> QuerySet[Organization]:
    """Agencies whose name holds every one of ``words``, by name. Nothing for no words."""
    rows = Organization.objects.filter(kind=OrganizationKind.AGENCY)
    for word in words.split()[:6]:
        rows = rows.filter(name__icontains=word)
    return rows.order_by("name", "pk") if words.strip() else rows.none()
