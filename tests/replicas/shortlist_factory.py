"""Shortlists for tests, made by the real actions."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from agencies.models import Organization
from replicas.actions.shortlists import add_replicas, create_shortlist, share
from replicas.models import Replica, Shortlist, ShortlistShare
from tests.factories import make_casting


def make_shortlist(
    *replicas: Replica, organization: Organization | None = None, title: str = "Harbor fair", by: User | None = None
) -> Shortlist:
    """A list with the replicas in this order, begun by the owner of the house unless told otherwise."""
    organization, at = organization or make_casting(), timezone.now()
    by = by or organization.memberships.order_by("pk")[0].user
    shortlist = create_shortlist(organization=organization, title=title, by=by, at=at)
    add_replicas(shortlist, replicas=[replica.pk for replica in replicas], by=by, at=at)
    return shortlist


def make_share(
    shortlist: Shortlist,
    *,
    whom: str = "Ines Producer",
    days: int = 7,
    with_notes: bool = False,
    at: datetime | None = None,
) -> ShortlistShare:
    at = at or timezone.now()
    return share(shortlist, whom=whom, days=days, with_notes=with_notes, by=shortlist.created_by, at=at)
