"""How often one address may ask. Counted in the shared cache, so that more processes do not mean more tries."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError


def within_limit(what: str, request: HttpRequest, *, per_minute: int) -> bool:
    """Counts this call and says whether it is still within ``per_minute`` from its address.

    When the cache is away the answer is yes: a public page stays readable, and what must fail closed (codes, sign-in
    tries) is counted elsewhere.
    """
    address = get_adapter(request).get_client_ip(request)
    key = f"limit:{what}:{address}:{timezone.now():%H%M}"
    try:
        cache.add(key, 0, timeout=120)
        return cache.incr(key) <= per_minute
    except (RedisError, ValueError):
        return True
