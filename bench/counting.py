"""P5: how many statements a page takes, read inside Django with the caches warm."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def measure(pages: dict[str, list[str]], cookies: dict[str, str]) -> dict[str, Any]:
    """Statements and status by page's name."""
    return {name: _count(path, cookies.get(who, "")) for name, (who, path) in pages.items()}


def _count(path: str, cookie: str) -> list[int]:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if cookie:
        client.cookies["session"] = cookie
    status = 0
    for _ in range(2):  # the first fills caches and marks as read what a reader has seen
        with CaptureQueriesContext(connection) as asked:
            status = client.get(path).status_code
    return [len(asked), status]
