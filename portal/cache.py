"""The cache, on Valkey or Redis. Losing it must not stop a decision, so reads of conveniences may fail softly."""

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class ForgivingRedisCache(RedisCache):
    """A miss instead of an error on ``get`` when the server is away.

    Writes and counters still raise: a rate limit or a one-time mark that can't be kept must fail closed.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError:
            return default
