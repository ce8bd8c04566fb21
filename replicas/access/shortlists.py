"""A house's lists. Everybody of the house, assistants too, sees and keeps them; nobody else knows they exist.

What a list shows is asked anew each time: only what the house could find or open right now. What its actor hides or
withdraws falls silent: it is counted as not listed any more, and named nowhere. What anybody answered plays no part.
"""

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.replicas import SHOWN_OUTSIDE, with_picture
from replicas.models import Replica, ReuseRequest, Shortlist, ShortlistEntry, ShortlistShare
from replicas.rules.shortlists import mask_of
from replicas.rules.vocabulary import Visibility


def shortlists_seen_by(user: User) -> QuerySet[Shortlist]:
    """The lists of every casting office and production the person belongs to, in any role."""
    houses = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__kind__in=LICENSEE_KINDS)
    return Shortlist.objects.filter(organization__in=houses.values("organization"))


def get_shortlist(user: User, ref: str) -> Shortlist:
    """One list of the person's house. Raises Http404 for a stranger and for what does not exist alike."""
    found = shortlists_seen_by(user).select_related("organization").filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def shortlists_of(desk: Desk) -> QuerySet[Shortlist]:
    """The desk's lists with ``length``, how many replicas each shows. Raises Http404 at other desks."""
    if desk.kind != "casting" or desk.organization is None:
        raise Http404
    shown = Count("entries", filter=Q(entries__replica__in=shown_to(desk.organization.pk).values("pk")))
    return Shortlist.objects.filter(organization=desk.organization).annotate(length=shown)


def shown_to(organization: int) -> QuerySet[Replica]:
    """What a house may have on a list: what is listed, and what it was given a link to and has asked for by itself.

    Requests of a crowd open nothing here: whether one was written for somebody is not the house's to see.
    """
    asked = ReuseRequest.objects.filter(organization=organization, crowd__isnull=True)
    by_link = Q(visibility=Visibility.BY_LINK, pk__in=asked.values("replica"))
    return Replica.objects.filter(SHOWN_OUTSIDE & (Q(visibility=Visibility.LISTED) | by_link))


def entries_of(shortlist: Shortlist, *, tag: int | None = None) -> QuerySet[ShortlistEntry]:
    """The entries that show, with ``replica``, its actor and ``picture``; those with one ``tag`` (1 to 6) if given.

    In no order; the list's is ``("position", "id")``.
    """
    rows = ShortlistEntry.objects.filter(shortlist=shortlist, replica__in=shown_to(shortlist.organization_id))
    if tag is not None:
        rows = rows.annotate(has=F("tags").bitand(mask_of([tag]))).filter(has__gt=0)
    return with_picture(rows.select_related("replica__actor"), "replica")


def shortlisted_replica_ids(shortlist: Shortlist, *, tag: int | None = None) -> list[int]:
    """The ids of the replicas a list shows, in its order. One query; what fell silent is not among them."""
    return list(entries_of(shortlist, tag=tag).order_by("position", "id").values_list("replica", flat=True))


def silent_count(shortlist: Shortlist) -> int:
    """How many entries are not listed any more."""
    silent = ShortlistEntry.objects.filter(shortlist=shortlist)
    return silent.exclude(replica__in=shown_to(shortlist.organization_id)).count()


def shares_of(shortlist: Shortlist, *, at: datetime) -> QuerySet[ShortlistShare]:
    """The links that are open at ``at``, newest first."""
    open_ = ShortlistShare.objects.filter(shortlist=shortlist, closed_at__isnull=True, expires_at__gt=at)
    return open_.select_related("created_by").order_by("-id")
