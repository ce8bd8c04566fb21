"""Where a write came from, kept beside the call so that actions need not be handed a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` is web, worker, command or system; address and browser are known for web only."""

    source: str = "system"
    ip: str | None = None
    user_agent: str = ""


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())


@contextmanager
def origin(where: Origin) -> Iterator[None]:
    """Everything recorded inside the block carries ``where``."""
    token = _current.set(where)
    try:
        yield
    finally:
        _current.reset(token)


def current_origin() -> Origin:
    return _current.get()
