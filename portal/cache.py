"""The cache, on Valkey or Redis, whose loss must not stop a decision."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class StrictRedisCache(RedisCache):
    """A miss instead of an error on ``get`` when the server is away.

    Writes and counters still raise: a rate limit or a one-time mark that can't be kept must fail closed.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _or(default, super().get, key, default, version)


class ForgivingRedisCache(StrictRedisCache):
    """For copies of what the database keeps (sessions): writes are conveniences too, and may be lost."""

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _or(None, super().set, key, value, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_or(False, super().delete, key, version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(_or(False, super().has_key, key, version))


def _or(default: Any, call: Callable[..., Any], *args: Any) -> Any:
    try:
        return call(*args)
    except RedisError:
        return default
