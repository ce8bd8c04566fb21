"""The database goes away in the middle of a move."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError


class CrashError(OperationalError):
    """The database went away in the middle."""


def crash_at(position: int) -> Callable[..., Any]:
    """Lets ``position`` statements through and breaks at the next; what frames a transaction always works."""
    seen = -1

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return run(sql, params, many, context)
        seen += 1
        if seen == position:
            raise CrashError
        return run(sql, params, many, context)

    return execute
