"""Searches that are kept: what one means, written down and read again, and when it is looked for news. Pure."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from replicas.rules.listing import Filters
from replicas.rules.permitted import SearchTerms

MOST_SEARCHES = 50  # of one person in one house
MOST_NAME = 60
DAY_TURNS = time(4, tzinfo=UTC)  # before the morning in the Americas and Europe, when letters go
SETTLED = timedelta(minutes=15)  # longer than any transaction: what is listed before the turn is there by then
SHOWN = 100  # news are counted as far as this


def day_turned(at: datetime) -> datetime:
    """The newest turn of the day (04:00 UTC) whose listings are all written at ``at``. Aware in, aware UTC out."""
    settled = at.astimezone(UTC) - SETTLED
    turn = datetime.combine(settled.date(), DAY_TURNS)
    return turn if turn <= settled else turn - timedelta(days=1)


def as_document(filters: Filters, terms: SearchTerms | None) -> dict[str, Any]:
    """What is looked for as JSON: the filters that say something, and the terms where there are any."""
    found: dict[str, Any] = {"filters": _said(filters)}
    if terms:
        found["terms"] = _said(terms)
    return found


def from_document(document: Mapping[str, Any]) -> tuple[Filters, SearchTerms | None]:
    """What ``as_document`` wrote. Raises ValueError for a filter there is no more: a search must not widen unseen."""
    try:
        terms = document.get("terms")
        return (
            Filters(**{name: _filter(value) for name, value in document["filters"].items()}),
            SearchTerms(**{name: _term(name, value) for name, value in terms.items()}) if terms else None,
        )
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as fault:
        raise ValueError("This search can't be read.") from fault


def _said(value: Any) -> dict[str, Any]:
    """The fields that differ from their default, as JSON values."""
    pairs = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: _plain(found) for field, found in pairs if found != field.default}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(word) for word in value]
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def _filter(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _term(name: str, value: Any) -> Any:
    match name:
        case "starts_on" | "ends_on":
            return date.fromisoformat(value)
        case "fee":
            return Decimal(value)
        case _:
            return _filter(value)
