"""Visiting pages as a browser would: one connection kept open, one visit after another, targets interleaved."""

import http.client
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_visitors = itertools.count(1)


class NotReadyError(Exception):
    """A page did not answer 200, so there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Target:
    """One page. ``cookie`` is the session's value, empty for a stranger."""

    name: str
    url: str
    cookie: str = ""


@dataclass(slots=True)
class Visited:
    """Seconds of every visit, by round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        every = sorted(sample for samples in self.rounds for sample in samples)
        return every[len(every) // 2] * 1000


def headers(cookie: str) -> dict[str, str]:
    """What a browser sends. Each visit comes from an address of its own, so that no limit per address is met."""
    number = next(_visitors)
    sent = {
        "Accept": "text/html,*/*;q=0.8",
        "Accept-Encoding": "gzip, br",
        "User-Agent": "Mozilla/5.0 (bench)",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    return {**sent, "Cookie": f"session={cookie}"} if cookie else sent


def get(url: str, cookie: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower case) and body of one visit on a connection of its own."""
    with _connected(url) as connection:
        answer, body = _visit(connection, url, cookie)
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def interleaved(targets: Sequence[Target], *, rounds: int, visits: int) -> dict[str, Visited]:
    """Every round visits every target ``visits`` times, in an order that turns. Seconds by target's name.

    Raises NotReadyError for a page that does not answer 200.
    """
    for target in targets:
        _series(target, 4)
    found = {target.name: Visited() for target in targets}
    for number in range(rounds):
        turn = number * 3 % len(targets)
        for target in [*targets[turn:], *targets[:turn]]:
            found[target.name].rounds.append(_series(target, visits))
    return found


def _series(target: Target, visits: int) -> list[float]:
    seconds = []
    with _connected(target.url) as connection:
        for number in range(visits + 1):
            start = time.perf_counter()
            answer, _ = _visit(connection, target.url, target.cookie)
            if number:  # the first wakes the worker
                seconds.append(time.perf_counter() - start)
            if answer.status != 200:
                raise NotReadyError(f"{target.name} answered {answer.status} {answer.headers.get('Location', '')}")
    return seconds


def _visit(connection: http.client.HTTPConnection, url: str, cookie: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers(cookie))
    answer = connection.getresponse()
    return answer, answer.read()


class _connected:  # noqa: N801  reads like the function it is
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)

    def __enter__(self) -> http.client.HTTPConnection:
        return self.connection

    def __exit__(self, *error: object) -> None:
        self.connection.close()


def spread(items: Sequence[Target], number: int) -> Iterator[Target]:
    """``number`` visits spread evenly over ``items``."""
    return itertools.islice(itertools.cycle(items), number)
