"""Counts of rows that may be many: exact as long as somebody could notice, and kept for a minute beyond that."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from redis.exceptions import RedisError

EXACT = 100
KEPT_SECONDS = 60


def first_ids(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The ids of as many rows as have to be looked at to know that they are more than ``EXACT``."""
    return rows.order_by().values("pk")[: EXACT + 1]


def counted(parts: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each part has, never more than ``EXACT + 1``. One query, which stops at that many rows."""
    found, statements = dict.fromkeys(parts, 0), {}
    parameters: list[Any] = []
    for name, rows in parts.items():
        try:
            sql, values = first_ids(rows).query.sql_with_params()
        except EmptyResultSet:
            continue
        statements[name] = f"(SELECT COUNT(*) FROM ({sql}) AS part)"  # noqa: S608  Django wrote it
        parameters += values
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(statements.values())}", parameters)
            found |= dict(zip(statements, cursor.fetchone(), strict=True))
    return found


def completed(found: Mapping[str, int], key: str, every: Callable[[], Mapping[str, int]]) -> dict[str, int]:
    """``found`` (from ``counted``) with what stopped at its bound taken from ``every``, asked once a minute by ``key``.

    Nobody can see that 7,001 is a minute old; that 3 is, somebody who has just answered would.
    """
    if all(number <= EXACT for number in found.values()):
        return dict(found)
    whole = _kept(key, every)
    return {name: max(number, whole.get(name, 0)) if number > EXACT else number for name, number in found.items()}


def _kept(key: str, every: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
    """What was counted within the last minute; without a cache it is counted each time."""
    try:
        if (known := cache.get(f"counts:{key}")) is not None:
            return known
        cache.set(f"counts:{key}", whole := dict(every()), KEPT_SECONDS)
    except RedisError:
        return every()
    return whole
