"""How many listings there are of each kind, beside a search: one statement over at most 10,001 rows."""

from collections import Counter
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When

from replicas.access.listing import ANY, chosen, matching, narrowed
from replicas.models.listing import ListingQuerySet
from replicas.rules import listing
from replicas.rules.listing import FACETS, Counts, Filters

COLUMNS = {
    "modality": "captured",
    "kind": "kind",
    "gender": "gender",
    "union": "union",
    "language": "languages",
    "year": "year",
}
Groups = dict[str, Counter[str]]  # by facet: how many rows have each value of its column


def counts_of(filters: Filters, *, today: date, also: Q = ANY) -> Counts:
    """All counts of the page. One query; a second where more than 10,000 fit before anything is chosen.

    A facet leaves its own choice out, so that its numbers say what choosing another value would show. Beyond 10,000,
    the facets in which nothing is chosen are counted once more, over what is left with the choices; ``Counts.least``
    names those whose numbers are still a least.
    """
    picked = chosen(filters, today)
    groups = _grouped(narrowed(filters, also), picked)
    partial = groups["rows"].total() > listing.MOST_COUNTED
    total, least = groups["fit"].total(), frozenset(FACETS) if partial else frozenset()
    if partial and picked:
        whole = _grouped(matching(filters, today=today, also=also), {})
        groups |= {facet: whole[facet] for facet in FACETS if facet not in picked}
        total = whole["rows"].total()
        least = frozenset(picked) if total <= listing.MOST_COUNTED else least
    of = {facet: listing.counted(facet, groups[facet], filters, today) for facet in FACETS}
    without = {facet: groups[facet].total() for facet in picked}
    return Counts(total, of, listing.lacking(groups["modality"], filters), without, partial, least)


def _grouped(rows: ListingQuerySet, picked: dict[str, Q]) -> Groups:
    """The first 10,001 of ``rows``, grouped by the column of each facet; ``rows`` and ``fit`` are how many there are,
    and how many of those meet all of ``picked``. Each facet counts what meets the choices of the others.
    """
    meets: dict[str, Any] = {
        f"meets_{facet}": Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
        for facet, condition in picked.items()
    }
    first = rows.order_by().annotate(**meets).values_list(*COLUMNS.values(), *meets)[: listing.MOST_COUNTED + 1]
    parts = [("rows", "''", []), ("fit", "''", [*picked])]
    parts += [(facet, f"{facet}_value", [other for other in picked if other != facet]) for facet in COLUMNS]
    found: Groups = {name: Counter() for name, _, _ in parts}
    try:
        sql, values = first.query.sql_with_params()
    except EmptyResultSet:
        return found
    names = ", ".join([*(f"{facet}_value" for facet in COLUMNS), *meets])
    with connection.cursor() as cursor:
        each = " UNION ALL ".join(_group(*part) for part in parts)
        cursor.execute(f"WITH hit ({names}) AS MATERIALIZED ({sql}) {each}", values)
        for name, value, number in cursor.fetchall():
            if number:
                found[name][value] = number
    return found


def _group(name: str, column: str, conditions: list[str]) -> str:
    where = f" WHERE {' AND '.join(f'meets_{facet} = 1' for facet in conditions)}" if conditions else ""
    grouped = "" if column == "''" else f" GROUP BY {column}"
    return f"SELECT '{name}', CAST({column} AS varchar(120)), count(*) FROM hit{where}{grouped}"  # noqa: S608 -- ours
