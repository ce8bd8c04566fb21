"""A house's lists. Everybody of the house, assistants too, sees and keeps them; nobody else knows they exist.

What a list shows is asked anew each time: only what the house could find or open right now. What its actor hides or
withdraws falls silent: it is counted as not listed any more, and named nowhere. What anybody answered plays no part.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk, desks_of
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.replicas import SHOWN_OUTSIDE, with_picture
from replicas.models import Replica, ReuseRequest, Shortlist, ShortlistEntry, ShortlistShare
from replicas.models.request import read_by_house
from replicas.rules.shortlists import TAGS, Line, mask_of, numbers_of
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
    house = desk.organization.pk
    showing = ShortlistEntry.objects.filter(shows(house), shortlist=OuterRef("pk")).order_by().values("shortlist")
    length: Any = showing.annotate(number=Count("pk")).values("number")
    rows = Shortlist.objects.filter(organization=house)
    return rows.annotate(length=Coalesce(Subquery(length, output_field=IntegerField()), 0))


def shown_to(organization: int) -> QuerySet[Replica]:
    """What a house may have on a list: what is listed, and what it was given a link to and has asked for by itself.

    A request of an anonymous crowd opens nothing before its yes: whether one was written is not the house's to see.
    """
    return Replica.objects.filter(shows(organization, ""))


def shows(organization: int, replica: str = "replica__") -> Q:
    """The same as a condition on rows that lead to a replica by ``replica``: a join, so that a short list of a large
    portal reads as many replicas as are on it."""
    conditions: Any = SHOWN_OUTSIDE.children
    outside = Q(**{f"{replica}{name}": value for name, value in conditions})
    asked = ReuseRequest.objects.filter(read_by_house(), organization=organization).values("replica")
    by_link = Q(**{f"{replica}visibility": Visibility.BY_LINK, f"{replica}pk__in": asked})
    return outside & (Q(**{f"{replica}visibility": Visibility.LISTED}) | by_link)


def entries_of(shortlist: Shortlist, *, tag: int | None = None) -> QuerySet[ShortlistEntry]:
    """The entries that show, with ``replica``, its actor and ``picture``; those with one ``tag`` (1 to 6) if given.

    In no order; the list's is ``("position", "id")``.
    """
    rows = ShortlistEntry.objects.filter(shows(shortlist.organization_id), shortlist=shortlist)
    if tag is not None:
        rows = rows.annotate(has=F("tags").bitand(mask_of([tag]))).filter(has__gt=0)
    return with_picture(rows.select_related("replica__actor"), "replica")


def shortlisted_replica_ids(shortlist: Shortlist, *, tag: int | None = None) -> list[int]:
    """The ids of the replicas a list shows, in its order. One query; what fell silent is not among them."""
    return list(entries_of(shortlist, tag=tag).order_by("position", "id").values_list("replica", flat=True))


def get_entry(shortlist: Shortlist, entry_id: int) -> ShortlistEntry:
    """One entry of a list that shows. Raises Http404 for others."""
    found = entries_of(shortlist).filter(pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def entry_for(shortlist: Shortlist, replica: Replica) -> ShortlistEntry | None:
    """The entry of a replica on the list, where it shows."""
    return entries_of(shortlist).filter(replica=replica).first()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries show in all, how many of them have each tag (1 to 6), and how many fell silent."""

    total: int
    with_tag: list[int]
    silent: int


def counts_of(shortlist: Shortlist) -> Counts:
    """All counts of a list. One query."""
    showing = Exists(shown_to(shortlist.organization_id).filter(pk=OuterRef("replica")))
    rows = ShortlistEntry.objects.filter(shortlist=shortlist).annotate(showing=showing)
    total, silent, with_tag = 0, 0, [0] * TAGS
    for mask, shown, number in rows.values_list("tags", "showing").annotate(number=Count("pk")).order_by():
        if not shown:
            silent += number
            continue
        total += number
        for tag in numbers_of(mask):
            with_tag[tag - 1] += number
    return Counts(total, with_tag, silent)


def line_of(entry: ShortlistEntry, shortlist: Shortlist) -> Line:
    """One entry in words, with the names of its tags. ``entry`` must come from ``entries_of``."""
    replica, actor = entry.replica, entry.replica.actor
    known_ages = actor.playing_age_from is not None and actor.playing_age_to is not None
    numbers = entry.tag_numbers
    return Line(
        name=actor.stage_name,
        reference=replica.ref,
        replica=replica.name,
        kind=replica.get_kind_display(),
        captured=replica.captured_on.isoformat(),
        modalities=", ".join(modality.label for modality in replica.modalities),
        playing_age=f"{actor.playing_age_from} to {actor.playing_age_to}" if known_ages else "",
        gender=actor.gender_word or actor.get_gender_display(),
        height=f"{actor.height_cm} cm" if actor.height_cm else "",
        union=actor.get_union_display(),
        place=actor.place,
        languages=", ".join(actor.language_labels),
        skills=actor.skills,
        tags=", ".join(name for number, name in shortlist.named_tags if number in numbers),
        note=entry.note,
    )


def shares_of(shortlist: Shortlist, *, at: datetime) -> QuerySet[ShortlistShare]:
    """The links that are open at ``at``, newest first."""
    open_ = ShortlistShare.objects.filter(shortlist=shortlist, closed_at__isnull=True, expires_at__gt=at)
    return open_.select_related("created_by").order_by("-id")


def may_give_out(user: User, shortlist: Shortlist) -> bool:
    """Whether the page offers to share the list: for owners and members of its house. No query beyond the desks'."""
    houses = (desk for desk in desks_of(user) if desk.organization is not None and desk.may_act)
    return any(desk.organization.pk == shortlist.organization_id for desk in houses if desk.organization)
