"""Queries that many pages ask: Django writes their SQL once in a process, and afterwards only the values change.

Writing the SQL of a query with a few joins costs Django more than the database needs to answer it.
"""

import copy
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")
FIRST_NUMBER = -2_000_000_000  # no key and no count is as small as this
FIRST_YEAR = 1
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


class Prepared(Generic[T]):
    """``build`` makes the queryset from keyword arguments; each call asks it with other values. One query.

    A value is an integer, a text or an aware moment, is used in the query as it is (``at`` and a moment computed
    from it are two values), and never changes the shape of the query: no None, no list, no condition on it. Moments
    of the queryset's own are refused: they would be those of the first call.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self._build = build
        self._kept: dict[str, _Written] = {}  # by engine

    def __call__(self, **values: Any) -> list[T]:
        """The rows, as the queryset itself would give them."""
        engine = connection.vendor
        if engine not in self._kept:
            self._kept[engine] = _Written(self._build, values)
        return self._kept[engine].rows(values)


class _Written:
    """One query with its SQL, and which of its parameters are whose values.

    Raises ValueError where a value is not found among the parameters as it is: it would stay what it was first.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any]) -> None:
        marks = {name: _mark(value, place) for place, (name, value) in enumerate(values.items())}
        self._queryset = build(**marks)
        self._compiler: SQLCompiler = self._queryset.query.get_compiler(connection=connection)  # of each thread its own
        self._sql, parameters = self._compiler.as_sql()
        by_mark = {_adapted(mark): name for name, mark in marks.items()}
        self._parameters = [(by_mark.get(found, ""), found) for found in parameters]
        missing = set(marks) - {name for name, _ in self._parameters}
        computed = [found for name, found in self._parameters if not name and _moves(found)]
        if missing or computed:
            raise ValueError(f"Not used as it is in a prepared query: {sorted(missing) or computed}.")

    def rows(self, values: dict[str, Any]) -> list[Any]:
        found = tuple(_adapted(values[name]) if name else fixed for name, fixed in self._parameters)
        compiler = copy.copy(self._compiler)
        compiler.as_sql = lambda *args, **options: (self._sql, found)  # type: ignore[method-assign]
        made: Any = self._queryset._iterable_class
        return list(made(_Asked(self._queryset, compiler)))


class _Asked:
    """The kept queryset as Django's row makers read it, but with a compiler that has its SQL already."""

    def __init__(self, queryset: QuerySet[Any, Any], compiler: SQLCompiler) -> None:
        self._queryset, self._compiler = queryset, compiler
        self.db = connection.alias
        self.query = _AskedQuery(queryset.query, compiler)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queryset, name)


class _AskedQuery:
    def __init__(self, query: Any, compiler: SQLCompiler) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, *args: Any, **options: Any) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


def _mark(value: Any, place: int) -> Any:
    """A value of the same kind that stands nowhere else."""
    if isinstance(value, datetime):
        return datetime(FIRST_YEAR, 6, 1 + place, tzinfo=UTC)
    if isinstance(value, int) and not isinstance(value, bool):
        return FIRST_NUMBER + place
    if isinstance(value, str):
        return f"\x00mark {place}"
    raise ValueError(f"A prepared query takes no {type(value).__name__}.")


def _adapted(value: Any) -> Any:
    """A value as the engine's parameters hold it."""
    return DateTimeField().get_db_prep_value(value, connection) if isinstance(value, datetime) else value


def _moves(found: Any) -> bool:
    """Whether a parameter that is nobody's value should be: a moment (of which clock?), or something made of a mark."""
    if isinstance(found, str):
        return "\x00mark" in found or bool(MOMENT.match(found))  # SQLite's moments are texts
    return isinstance(found, datetime) or (isinstance(found, int) and found < FIRST_NUMBER // 2)
