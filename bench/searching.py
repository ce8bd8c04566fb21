"""P11: what the database is asked for each search, and how long its slowest answer takes."""

import base64
import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import search_world
from bench.sessions import session_of
from replicas.models import Listing
from replicas.rules.listing import PAGE

TIMES = 5
DEEP = "page 1,000"


def measure(people: int) -> dict[str, Any]:
    """Builds the world. Returns its ``pages`` and ``cookies``, and ``statements``: by page's name, the median
    milliseconds of its slowest statement, that statement, and how many there are."""
    made = search_world.build(people)
    pages = {**made["pages"], DEEP: ["casting", f"/replicas/?page={_place(min(people // 2, PAGE * 999))}"]}
    cookies = {who: session_of(email) for who, email in made["people"].items()}
    return {"pages": pages, "cookies": cookies, "statements": statements(pages, cookies)}


def statements(pages: dict[str, list[str]], cookies: dict[str, str]) -> dict[str, Any]:
    return {name: _slowest(path, cookies[who]) for name, (who, path) in pages.items()}


def _place(rows: int) -> str:
    """The place behind so many rows of the alphabet, as the page's address has it."""
    name, pk = Listing.objects.order_by("sort_name", "pk").values_list("sort_name", "pk")[rows - 1]
    return base64.urlsafe_b64encode(json.dumps([0, name, pk]).encode()).decode().rstrip("=")


def _slowest(path: str, cookie: str) -> list[Any]:
    """The slowest statement of a page: each by the median of several visits, the caches warm."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["session"] = cookie
    visits = []
    for _ in range(TIMES + 1):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        visits.append([(float(query["time"]) * 1000, query["sql"]) for query in asked])
    # The last visits ask the same in the same order; the first may fill caches on the way.
    each = [sorted(place) for place in zip(*visits[1:], strict=False)]
    worst, sql = max((times[len(times) // 2] for times in each), key=lambda one: one[0])
    return [worst, sql, len(visits[-1])]
