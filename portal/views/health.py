"""For monitors: ``/healthz`` (this process is alive) and ``/readyz`` (what it needs is there). JSON, and no secrets."""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import environment
from portal.access import health

__all__ = ["healthz", "readyz", "silent_parts"]

TICK_OVERDUE = timedelta(seconds=90)  # beat ticks every 30 s
LETTER_OVERDUE = timedelta(minutes=15)  # the sweep runs every 30 s, a retry after a failure moves the moment on

log = structlog.get_logger(__name__)
silent_parts = health.silent_parts
Answer = tuple[bool, str]


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; touches neither database nor broker."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part is well, else 503; each part with ``ok`` and a ``detail`` in words."""
    at = timezone.now()
    parts = {name: _asked(name, ask, at) for name, ask in PARTS.items()}
    ready = all(ok for ok, _ in parts.values())
    told = {name: {"ok": ok, "detail": detail} for name, (ok, detail) in parts.items()}
    return JsonResponse({"ok": ready, "parts": told}, status=200 if ready else 503)


def _asked(name: str, ask: Callable[[datetime], Answer], at: datetime) -> Answer:
    """Any error is this part's answer; what exactly went wrong goes to the log only."""
    try:
        return ask(at)
    except (DatabaseError, redis.RedisError, OSError) as error:
        log.warning("readyz", part=name, error=str(error))
        return False, "does not answer"


def _database(at: datetime) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, f"{connection.vendor} answers"


def _broker(at: datetime) -> Answer:
    address = environment.for_cache(settings.CELERY_BROKER_URL)
    client = redis.Redis.from_url(address, socket_connect_timeout=0.5, socket_timeout=0.5)
    try:
        client.ping()
    finally:
        client.close()
    return True, "answers"


def _ticks(at: datetime) -> Answer:
    ages = {name: at - heard for name, heard in health.last_heard().items()}
    late = {name: age for name, age in ages.items() if age > TICK_OVERDUE}
    if late:
        return False, ", ".join(f"{name} not heard for {_seconds(age)} s" for name, age in late.items())
    return True, f"last heard {_seconds(max(ages.values()))} s ago"


def _letters(at: datetime) -> Answer:
    wait = health.longest_wait(at)
    return wait <= LETTER_OVERDUE, f"oldest due letter waits {_seconds(wait)} s" if wait else "none waits"


def _seconds(age: timedelta) -> int:
    return max(0, round(age.total_seconds()))


PARTS: dict[str, Callable[[datetime], Answer]] = {
    "database": _database,
    "broker": _broker,
    "beat": _ticks,
    "letters": _letters,
}
