"""What happens when Valkey is away: pages work, and what must fail closed does."""

import pytest
from redis.exceptions import RedisError

from portal.cache import ForgivingRedisCache, StrictRedisCache

NOWHERE = ("unix:///nonexistent/valkey.sock", {"OPTIONS": {"socket_connect_timeout": 0.1}})


def test_copies_of_what_the_database_keeps_may_be_lost():
    cache = ForgivingRedisCache(*NOWHERE)
    cache.set("session", "x", 60)
    assert (cache.get("session", "none"), cache.has_key("session"), cache.delete("session")) == ("none", False, False)


def test_marks_and_counters_fail_closed():
    cache = StrictRedisCache(*NOWHERE)
    assert cache.get("anything") is None
    for write in (lambda: cache.set("a", 1), lambda: cache.add("code-used", "y"), lambda: cache.incr("tries")):
        with pytest.raises(RedisError):
            write()


def test_a_signed_in_page_works_without_the_cache(client, settings, db):
    from tests.factories import make_actor

    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    settings.SESSION_CACHE_ALIAS = "sessions"
    settings.CACHES = {
        **settings.CACHES,
        "sessions": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": NOWHERE[0]},
    }
    client.force_login(make_actor().user)
    assert client.get("/inbox/").status_code == 200
