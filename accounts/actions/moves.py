"""How every write is made: one transaction, and an entry in the audit trail even when it is refused."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from accounts.audit import record_refusal
from accounts.rules.refusal import Refused

P = ParamSpec("P")
R = TypeVar("R")


def move(event: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function one move named ``event``: all of it in one transaction, or none of it.

    The function takes ``by`` (User or None) and ``at`` (aware datetime) by keyword. When it raises ``Refused``, the
    transaction is rolled back, the refusal is recorded in a new one, and the exception goes on to the caller.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except Refused as refusal:
                by: Any = kwargs["by"]
                at: datetime = kwargs["at"]  # type: ignore[assignment]
                record_refusal(event, refusal, by=by, at=at)
                raise

        return run

    return decorate
