"""A person's own saved searches at the desk of a house, and what is new in them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership, Organization
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.listing import ANY, matching
from replicas.access.permitted import permitted, sets_allowing
from replicas.models import SavedSearch
from replicas.rules.searches import SHOWN, from_document


def house_of(desk: Desk) -> Organization:
    """The casting office or production of the desk. Raises Http404 at other desks, which save no searches."""
    if desk.kind != "casting" or desk.organization is None:
        raise Http404
    return desk.organization


def searches_of(desk: Desk, user: User) -> QuerySet[SavedSearch]:
    """The person's own searches at this desk. Raises Http404 at desks that have none."""
    return SavedSearch.objects.filter(user=user, organization=house_of(desk))


def get_search(user: User, ref: str) -> SavedSearch:
    """One of the person's own, while they belong to its house. Raises Http404 for everybody else's alike."""
    found = _still_there().filter(user=user, ref=read_reference(ref)).select_related("organization").first()
    if found is None:
        raise Http404
    return found


def people_to_look_for(until: datetime, limit: int) -> list[int]:
    """The ids of people with an alert that was not looked at up to ``until``. One query."""
    due = _still_there().filter(alert=True, looked_until__lt=until, user__is_active=True)
    return list(due.order_by("user").values_list("user", flat=True).distinct()[:limit])


def due_searches(user_id: int, until: datetime) -> QuerySet[SavedSearch]:
    """The alerts of one person that were not looked at up to ``until``, of houses they still belong to."""
    return _still_there().filter(user=user_id, alert=True, looked_until__lt=until).order_by("name", "pk")


def news_of(search: SavedSearch, until: datetime) -> int:
    """How many replicas that fit were listed since the search was looked at last, before ``until``; at most 100.

    Two queries at most. Raises ValueError for a search that can't be read any more.
    """
    filters, terms = from_document(search.document)
    since = Q(listed_at__gte=search.looked_until, listed_at__lt=until)
    also = since & (permitted(sets_allowing([terms.asked()])) if terms else ANY)
    return matching(filters, today=until.date(), also=also).order_by()[:SHOWN].count()


def _still_there() -> QuerySet[SavedSearch]:
    """Searches of people who belong to the house, which is (still) one that asks."""
    seats = Membership.objects.filter(
        user=OuterRef("user"),
        organization=OuterRef("organization"),
        state=BondState.ACTIVE,
        organization__kind__in=LICENSEE_KINDS,
    )
    return SavedSearch.objects.filter(Exists(seats))
