"""The search over listed replicas: matching rows in order, and how many there are of each kind.

Nothing here reads requests, decisions or licenses: what somebody answered never shows in the search (promise 3).
"""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.access.keyset import KeysetPage, keyset_page
from replicas.access.custody import with_overdue
from replicas.access.replicas import listed_replicas, with_picture
from replicas.models import Replica
from replicas.rules.listing import (
    EARLIER,
    MOST_COUNTED,
    PAGE,
    PRIME,
    Counts,
    Filters,
    options,
    order_of,
    place_text,
    words,
    years_shown,
)
from replicas.rules.vocabulary import Modality


def matching(filters: Filters, *, today: date) -> QuerySet[Replica]:
    """Every listed replica that fits, in no order."""
    return _all(_base(filters), _chosen(filters, today).values())


def page_of(filters: Filters, *, day: date | None, today: date, query: QueryDict) -> KeysetPage[Replica]:
    """One page, alphabetical or (``day``) in that day's shuffle. One query, pictures included."""
    rows = with_picture(matching(filters, today=today)).select_related("actor").defer("search_text", "notes")
    rows = with_overdue(rows, at=timezone.now())
    if day is None:
        return keyset_page(rows, order=("sort_name", "id"), size=PAGE, query=query)
    shuffle = order_of(day)
    shuffled = ExpressionWrapper((F("id") * shuffle.factor + shuffle.shift) % PRIME, output_field=BigIntegerField())
    return keyset_page(rows.annotate(shuffled=shuffled), order=("shuffled", "id"), size=PAGE, query=query)


def counts_of(filters: Filters, *, today: date) -> Counts:
    """All counts of the page in one aggregate over at most 10,001 rows; a second query only beyond them.

    Where one value is enough (everything but modality), a facet leaves its own choice out, so that its numbers say
    what choosing another value would show. Modality asks for all chosen, so its numbers keep the choice.
    """
    chosen = _chosen(filters, today)
    aggregates: dict[str, Any] = {"rows": Count("pk"), "fit": _count(chosen.values())}
    for name in chosen:
        aggregates[f"without_{name}"] = _count([chosen[other] for other in chosen if other != name])
    for facet, pairs in options(today).items():
        others = [condition for name, condition in chosen.items() if name != facet or facet == "modality"]
        for value, _ in pairs:
            aggregates[f"{facet}_{value}"] = _count([*others, _option(facet, value, today)])
    first = _base(filters).order_by().values("pk")[: MOST_COUNTED + 1]
    found = Replica.objects.filter(pk__in=first).aggregate(**aggregates)
    partial = found["rows"] > MOST_COUNTED
    total = matching(filters, today=today).order_by()[: MOST_COUNTED + 1].count() if partial else found["fit"]
    of = {facet: {value: found[f"{facet}_{value}"] for value, _ in pairs} for facet, pairs in options(today).items()}
    without = {name: found[f"without_{name}"] for name in chosen}
    return Counts(total, of, without, partial)


def _count(conditions: Any) -> Count:
    together = reduce(lambda one, other: one & other, conditions, Q())
    return Count("pk", filter=together) if together else Count("pk")


def _all(rows: QuerySet[Replica], conditions: Any) -> QuerySet[Replica]:
    for condition in conditions:
        rows = rows.filter(condition)
    return rows


def _base(filters: Filters) -> QuerySet[Replica]:
    """Words, place and ranges: what narrows the search without being counted."""
    rows = listed_replicas()
    for word in words(filters.q):
        rows = rows.filter(search_text__contains=word)
    if filters.place:
        rows = rows.filter(search_text__contains=place_text(filters.place))
    ranges = {
        "actor__playing_age_to__gte": filters.age_from,
        "actor__playing_age_from__lte": filters.age_to,
        "actor__height_cm__gte": filters.height_from,
        "actor__height_cm__lte": filters.height_to,
    }
    return rows.filter(**{lookup: value for lookup, value in ranges.items() if value is not None})


def _chosen(filters: Filters, today: date) -> dict[str, Q]:
    """The condition of each facet in which something is chosen."""
    found = {}
    for facet in options(today):
        values = getattr(filters, facet)
        if not values:
            continue
        each = [_option(facet, value, today) for value in values]
        found[facet] = reduce(lambda one, other: one & other, each) if facet == "modality" else reduce(or_, each)
    return found


def _option(facet: str, value: str, today: date) -> Q:
    match facet:
        case "modality":
            return Q(**{Modality(value).value: True})
        case "kind":
            return Q(kind=value)
        case "language":
            return Q(actor__languages__contains=f" {value} ")
        case "year" if value == EARLIER:
            return Q(captured_on__lt=date(int(years_shown(today)[-2][0]), 1, 1))
        case "year":
            return Q(captured_on__range=(date(int(value), 1, 1), date(int(value), 12, 31)))
        case _:
            return Q(**{f"actor__{facet}": value})
