"""P11: what the database is asked for each search, and how long its slowest answer takes."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import search_world
from bench.sessions import session_of

TIMES = 5


def measure(people: int) -> dict[str, Any]:
    """Builds the world. Returns its ``pages`` and ``cookies``, the deep page's address, and ``statements``: by page's
    name, the median milliseconds of its slowest statement, that statement, and how many there are."""
    made = search_world.build(people)
    cookies = {who: session_of(email) for who, email in made["people"].items()}
    return {"pages": made["pages"], "cookies": cookies, "statements": statements(made["pages"], cookies)}


def statements(pages: dict[str, list[str]], cookies: dict[str, str]) -> dict[str, Any]:
    return {name: _slowest(path, cookies[who]) for name, (who, path) in pages.items()}


def _slowest(path: str, cookie: str) -> list[Any]:
    """The slowest statement of a page: each by the median of several visits, the caches warm."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["session"] = cookie
    visits = []
    for _ in range(TIMES + 1):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        visits.append([(float(query["time"]) * 1000, query["sql"]) for query in asked])
    medians = [
        (sorted(times)[TIMES // 2], sqls[0])
        for times, sqls in (zip(*each, strict=True) for each in zip(*visits[1:], strict=False))
    ]
    worst, sql = max(medians)
    return [worst, sql, len(visits[-1])]
