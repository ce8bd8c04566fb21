"""Pages of long lists by keyset: page 1,000 costs what page 1 costs, and a new row never shifts what is being read."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

T = TypeVar("T")
PARAMETER = "page"


@dataclass(frozen=True)
class KeysetPage(Generic[T]):
    """``items`` in the list's order; each url is a query string for the neighbor, or "" where there is none."""

    items: list[T]
    previous_url: str
    next_url: str


def keyset_page(rows: QuerySet[Any], *, order: Sequence[str], size: int, query: QueryDict) -> KeysetPage[Any]:
    """One page of ``rows`` ordered by ``order`` (names, ``-`` for descending, the last one unique, none nullable).

    The place is kept in the query string's ``page``; a place nobody made is read as the beginning. One query.
    """
    backward, place = _read(query.get(PARAMETER, ""), len(order))
    names = [_flip(name) for name in order] if backward else list(order)
    found = rows.order_by(*names)
    if place is not None:
        try:
            found = found.filter(_after(names, place))
        except (ValueError, TypeError, ValidationError):  # a place nobody made: text where a number belongs
            backward, place, found = False, None, rows.order_by(*order)
    items = list(found[: size + 1])
    more = len(items) > size
    items = items[:size]
    if backward:
        items.reverse()
    has_previous, has_next = (more, True) if backward else (place is not None, more)
    return KeysetPage(
        items,
        _url(query, order, items[0], backward=True) if items and has_previous else "",
        _url(query, order, items[-1], backward=False) if items and has_next else "",
    )


def keyset_page_of_parts(
    parts: Sequence[QuerySet[Any]], *, order: Sequence[str], size: int, query: QueryDict
) -> KeysetPage[Any]:
    """The same over several parts that follow one another, each in ``order``. One query for each part it touches."""
    backward, place = _read(query.get(PARAMETER, ""), len(order) + 1)
    if place is None or place[0] not in range(len(parts)):
        backward, place = False, None
    names = [_flip(name) for name in order] if backward else list(order)
    first = place[0] if place else 0
    found: list[tuple[int, Any]] = []
    try:
        for number in range(first, -1, -1) if backward else range(first, len(parts)):
            rows = parts[number].order_by(*names)
            if place and number == first:
                rows = rows.filter(_after(names, place[1:]))
            found += [(number, row) for row in rows[: size + 1 - len(found)]]
            if len(found) > size:
                break
    except (ValueError, TypeError, ValidationError):  # a place nobody made
        return keyset_page_of_parts(parts, order=order, size=size, query=_from_the_beginning(query))
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_previous, has_next = (more, True) if backward else (place is not None, more)
    return KeysetPage(
        [row for _, row in found],
        _url(query, order, found[0][1], backward=True, part=[found[0][0]]) if found and has_previous else "",
        _url(query, order, found[-1][1], backward=False, part=[found[-1][0]]) if found and has_next else "",
    )


def _from_the_beginning(query: QueryDict) -> QueryDict:
    changed = query.copy()
    changed.pop(PARAMETER, None)
    return changed


def _after(names: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows behind ``place``: greater in the first column, or equal there and greater in the next, and so on."""
    condition, equal = Q(), Q()
    for name, value in zip(names, place, strict=True):
        column, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{column}__{comparison}": value})
        equal &= Q(**{column: value})
    return condition


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _url(query: QueryDict, order: Sequence[str], item: Any, *, backward: bool, part: Sequence[int] = ()) -> str:
    values = [*part, *(_plain(_value(item, name.lstrip("-"))) for name in order)]
    text = json.dumps([int(backward), *values], separators=(",", ":"))
    changed = query.copy()
    changed[PARAMETER] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"?{changed.urlencode()}"


def _value(item: Any, name: str) -> Any:
    for part in name.split("__"):
        item = item[part] if isinstance(item, dict) else getattr(item, part)
    return item


def _plain(value: Any) -> Any:
    return {"t": value.isoformat()} if isinstance(value, date) else value


def _read(token: str, length: int) -> tuple[bool, list[Any] | None]:
    try:
        backward, *values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        place = [_moment(value["t"]) if isinstance(value, dict) else value for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        return False, None
    plain = all(isinstance(value, str | int | float | date) and value is not None for value in place)
    return (bool(backward), place) if len(place) == length and plain else (False, None)


def _moment(text: str) -> date | datetime:
    found = parse_datetime(text) or parse_date(text)
    if found is None:
        raise ValueError(text)
    return found
