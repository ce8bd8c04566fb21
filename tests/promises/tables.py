"""Everything the database holds, as one value that can be compared."""

import hashlib
from collections.abc import Collection

from django.db import connection

BESIDE = frozenset({"django_migrations", "django_content_type", "auth_permission"})  # never written after migrating


def dump(*, but: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table, table by table, in an order that does not depend on where the row lies."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in BESIDE.union(but)]
        content = {}
        for name in sorted(names):
            cursor.execute(f'SELECT * FROM "{name}"')
            content[name] = sorted(repr(row) for row in cursor.fetchall())
    return content


def digest(*, but: Collection[str] = ()) -> str:
    """The same as one hash, where only equality matters."""
    return hashlib.sha256(repr(dump(but=but)).encode()).hexdigest()


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """What differs, by table: rows that went, rows that came. For a message people can read."""
    return {
        name: (sorted(set(before[name]) - set(after[name])), sorted(set(after[name]) - set(before[name])))
        for name in before
        if before[name] != after[name]
    }
