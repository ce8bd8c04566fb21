"""The search over listed replicas: matching rows in order, and how many there are of each kind.

Nothing here reads requests, decisions or licenses: what somebody answered never shows in the search (promise 3).
"""

from datetime import date
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from accounts.access.keyset import KeysetPage, keyset_page, keyset_page_of_parts
from replicas.access.custody import with_overdue
from replicas.access.replicas import listed_replicas, with_picture
from replicas.models import Listing, Replica
from replicas.models.listing import ListingQuerySet
from replicas.models.word_index import HasTag
from replicas.rules.listing import (
    EARLIER,
    MARK,
    PAGE,
    DayOrder,
    Filters,
    masks,
    options,
    order_of,
    places,
    words,
    years_shown,
)

ANY = Q()


def matching(filters: Filters, *, today: date, also: Q = ANY) -> ListingQuerySet:
    """The listings of all that fits, in no order. ``pk`` is the replica's.

    ``also`` is a further condition on the columns of ``Listing``.
    """
    picked = {**chosen(filters, today), **(_tagged(filters) if connection.vendor == "postgresql" else {})}
    return narrowed(filters, also).filter(*picked.values())


def listed_ids(filters: Filters, limit: int, *, today: date, also: Q = ANY) -> list[int]:
    """The ids of the first ``limit`` replicas that fit, in alphabetical order. One query."""
    rows = matching(filters, today=today, also=also).order_by("sort_name", "replica_id")
    return list(rows.values_list("pk", flat=True)[:limit])


def page_of(filters: Filters, *, day: date | None, today: date, query: QueryDict, also: Q = ANY) -> KeysetPage[Replica]:
    """One page, alphabetical or (``day``) in that day's order.

    Two queries: which they are, from the search's copy; then their replicas, pictures included, from the rows
    themselves, so that what was hidden a moment ago is never shown. A third where a day's order turns over.
    """
    rows = matching(filters, today=today, also=also).only("replica", "sort_name")
    if day is None:
        found = keyset_page(rows, order=("sort_name", "replica_id"), size=PAGE, query=query)
    else:
        found = _page_of_day(rows, order_of(day), query)
    ids = [row.pk for row in found.items]
    shown = with_picture(listed_replicas().filter(pk__in=ids)).select_related("actor").defer("notes")
    replicas = {replica.pk: replica for replica in with_overdue(shown, at=timezone.now())}
    items = [replicas[pk] for pk in ids if pk in replicas]
    return KeysetPage(items, found.previous_url, found.next_url)


def _page_of_day(rows: ListingQuerySet, order: DayOrder, query: QueryDict) -> KeysetPage[Listing]:
    parts = [rows.filter(**{f"{order.column}__{side}": order.start}) for side in ("gte", "lt")]
    parts = [part.only("replica", order.column) for part in parts]
    return keyset_page_of_parts(parts, order=(order.column, "replica_id"), size=PAGE, query=query)


def narrowed(filters: Filters, also: Q = ANY) -> ListingQuerySet:
    """Words, place, ranges and what is ruled out: what narrows the search without being counted."""
    rows = Listing.objects.worded(words(filters.q)).filter(also)
    tagged = connection.vendor == "postgresql"
    for part in places(filters.place):
        rows = rows.filter(HasTag(f"in:{part}", begins=True) if tagged else Q(place__contains=f"{MARK}{part}"))
    ranges = {
        "age_to__gte": filters.age_from,
        "age_from__lte": filters.age_to,
        "height_cm__gte": filters.height_from,
        "height_cm__lte": filters.height_to,
        "year__gte": filters.year_from,
        "year__lte": filters.year_to,
    }
    return rows.filter(**{lookup: value for lookup, value in ranges.items() if value is not None})


def chosen(filters: Filters, today: date) -> dict[str, Q]:
    """The condition of each facet in which something is chosen."""
    found = {}
    if filters.modality or filters.lacks:
        found["modality"] = Q(captured__in=masks(filters.modality, filters.lacks))
    for facet in options(today):
        values = getattr(filters, facet)
        if values and facet != "modality":
            found[facet] = _any_of(facet, values, today)
    return found


def _tagged(filters: Filters) -> dict[str, Q]:
    """The conditions of ``chosen`` that PostgreSQL reads from the index of full text: they are in no column whole."""
    found = {}
    if filters.modality or filters.lacks:
        wanted = [*(f"{name}:yes" for name in filters.modality), *(f"{name}:no" for name in filters.lacks)]
        found["modality"] = Q(*(HasTag(tag) for tag in wanted))
    if filters.language:
        found["language"] = reduce(or_, (Q(HasTag(f"speaks:{code}")) for code in filters.language))
    return found


def _any_of(facet: str, values: tuple[str, ...], today: date) -> Q:
    match facet:
        case "language":
            return reduce(or_, (Q(languages__contains=f" {value} ") for value in values))
        case "year":
            exact = Q(year__in=[int(value) for value in values if value != EARLIER])
            return exact | Q(year__lt=int(years_shown(today)[-2][0])) if EARLIER in values else exact
        case _:
            return Q(**{f"{facet}__in": values})
