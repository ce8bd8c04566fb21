"""The figures in force on a day, kept in the process until somebody enters another."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Max, QuerySet

from replicas.models import RulebookEntry
from replicas.rulebook import from_files
from replicas.rules.rates import Entry, Rulebook, in_force


def stamp() -> int:
    """Changes whenever a figure is entered. One query; annotate ``stamped()`` where a query is made anyway."""
    return RulebookEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def stamped() -> QuerySet[Any, Any]:
    """The same as a subquery of one value, to be annotated: ``Subquery(stamped())``. None where nothing is entered."""
    return RulebookEntry.objects.order_by("-pk").values("pk")[:1]


def rulebook_on(day: date, *, at_stamp: int | None = None) -> Rulebook:
    """What counts on ``day``. No query when ``at_stamp`` (0 for none entered) was read before and is known here."""
    return _on(day, stamp() if at_stamp is None else at_stamp)


@lru_cache(maxsize=64)
def _on(day: date, at_stamp: int) -> Rulebook:
    return in_force(_entries(at_stamp), day)


@lru_cache(maxsize=16)
def _entries(at_stamp: int) -> tuple[Entry, ...]:
    """Every row up to the stamp. Where the files were never loaded, they are read as they are: no floor is lost."""
    if not at_stamp:
        return from_files()
    return tuple(row.entry() for row in RulebookEntry.objects.filter(pk__lte=at_stamp).order_by("pk"))


def places_on(day: date) -> list[tuple[str, str]]:
    """(code, name) of the jurisdictions a project can name, as choices. One query at most."""
    return [(place.code, place.name) for place in rulebook_on(day).places.values()]


def places_named(codes: Collection[str], day: date) -> list[str]:
    """The names of jurisdictions by their codes. No query for none."""
    return [name for code, name in places_on(day) if code in codes] if codes else []
