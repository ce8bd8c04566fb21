"""P1 to P5: pages over HTTP, beside a bare Django that does as little as such a page can."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.report import Row, counted, not_measured, p95, ratio_of
from bench.stage import Stage
from bench.visiting import NotReadyError, Target, Visited, get, interleaved

BARE, BARE_ONE = "bare list page", "bare page with one query"
P2 = (
    *("home of an agent", "home of a casting director", "home of an actor", "roster", "listing", "request page"),
    *("license page", "licenses", "crowd board"),
)
EVERY = ("inbox", *P2, "inbox of a casting office", "request page of an agent", "verify")
RARE = (
    "listing with a word",
    "replica page",
    "project page",
    "license page",
    "request page",
    "request page of an agent",
    "crowd board",
)


@dataclass
class Sizes:
    """How much data, and how often it is looked at."""

    clients: int
    requests: int
    rounds: int
    visits: int
    times: int = 100  # how much smaller the small world is

    @property
    def small(self) -> tuple[int, int]:
        """Clients and requests of the small world: never less than a page of fifty shows."""
        return max(60, self.clients // self.times), max(90, self.requests // self.times)


@dataclass
class Pages:
    """The worlds, made when first asked for, and the pages in them."""

    stage: Stage
    sizes: Sizes
    worlds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def world(self, name: str) -> dict[str, Any]:
        if name not in self.worlds:
            clients, requests = (self.sizes.clients, self.sizes.requests) if name == "big" else self.sizes.small
            self.worlds[name] = self.stage.child("world", f"bench_{name}", clients=clients, requests=requests)
        return self.worlds[name]

    def target(self, address: str, name: str, world: str = "big", *, title: str = "") -> Target:
        who, path = self.world(world)["pages"][name]
        return Target(title or name, address + path, self.world(world)["cookies"].get(who, ""))

    @contextlib.contextmanager
    def served(self) -> Iterator[tuple[str, str]]:
        """Addresses of the portal on the big world, and of the limit beside it on the same database."""
        self.world("big")
        with self.stage.portal("bench_big") as portal, self.stage.limit("bench_big") as limit:
            yield portal, limit

    # --- P1, P2, P3 ---------------------------------------------------------------------------------------------------

    def inbox(self) -> Iterator[Row]:
        """P1: an agent's inbox."""
        name, unit = f"P1 inbox, {self.sizes.requests:,} requests", "ms"
        with self.served() as (portal, limit):
            bare = Target(BARE, f"{limit}/rows", self.world("big")["cookies"]["agent"])
            found, missing = self._visit([bare, self.target(portal, "inbox")])
        if missing:
            yield not_measured(name, unit, missing["inbox"])
            return
        mine, against = found["inbox"], found[BARE]
        yield Row(name, mine.median_ms, unit, BARE, ratio_of(mine.rounds, against.rounds), 2.0)
        slow = p95(mine.rounds)
        yield Row(f"{name}, p95", slow * 1000, unit, f"{BARE}, p95", slow / p95(against.rounds), 3.0)

    def others(self) -> Iterator[Row]:
        """P2: home, roster, listing, request page, license page."""
        with self.served() as (portal, limit):
            bare = Target(BARE, f"{limit}/rows", self.world("big")["cookies"]["agent"])
            found, missing = self._visit([bare, *(self.target(portal, name) for name in P2)])
        for name in P2:
            if name in missing:
                yield not_measured(f"P2 {name}", "ms", missing[name])
                continue
            ratio = ratio_of(found[name].rounds, found[BARE].rounds)
            yield Row(f"P2 {name}", found[name].median_ms, "ms", BARE, ratio, 2.2)

    def verify(self) -> Iterator[Row]:
        """P3: the public check, and what it asks the database."""
        with self.served() as (portal, limit):
            found, missing = self._visit([Target(BARE_ONE, f"{limit}/one"), self.target(portal, "verify")])
        if missing:
            yield not_measured("P3 verify", "ms", missing["verify"])
            return
        ratio = ratio_of(found["verify"].rounds, found[BARE_ONE].rounds)
        yield Row("P3 verify", found["verify"].median_ms, "ms", BARE_ONE, ratio, 1.6)
        pages = {"verify": self.world("big")["pages"]["verify"]}
        asked, _ = self.stage.child("counting", "bench_big", pages=pages, cookies={})["verify"]
        yield counted("P3 verify, queries", asked, "queries", 2)

    # --- P4, P5 -------------------------------------------------------------------------------------------------------

    def growth(self) -> Iterator[Row]:
        """P4: the same pages with a hundred times the rows."""
        self.world("small"), self.world("big")
        with self.stage.portal("bench_big") as many, self.stage.portal("bench_small") as few:
            pairs = [
                self.target(address, name, world, title=f"{name}|{world}")
                for name in EVERY
                for address, world in ((few, "small"), (many, "big"))
            ]
            found, missing = self._visit(pairs)
        for name in EVERY:
            if why := missing.get(f"{name}|big") or missing.get(f"{name}|small"):
                yield not_measured(f"P4 {name}", "ms", why)
                continue
            small, big = found[f"{name}|small"], found[f"{name}|big"]
            against = f"the same with {self.sizes.small[0]:,} clients, {self.sizes.small[1]:,} requests"
            yield Row(f"P4 {name}, more rows", big.median_ms, "ms", against, ratio_of(big.rounds, small.rounds), 1.15)

    def queries(self) -> Iterator[Row]:
        """P5: statements per page, and which pages ask more when there is more."""
        self.stage.collect_static()
        found = {
            name: self.stage.child(
                "counting", f"bench_{name}", pages=self.world(name)["pages"], cookies=self.world(name)["cookies"]
            )
            for name in ("small", "big")
        }
        grown = 0
        for name, (asked, status) in found["big"].items():
            title = f"P5 {name}, queries"
            if status != 200:
                yield not_measured(title, "queries", f"answered {status}")
                continue
            grown += asked > found["small"][name][0]
            yield counted(title, asked, "queries", 12 if name in RARE else 8)
        yield Row("P5 pages that ask more with more rows", grown, "pages", "none", float(grown), 0.0)

    def _visit(self, targets: list[Target]) -> tuple[dict[str, Visited], dict[str, str]]:
        """What was measured, and why the rest was not."""
        missing = {}
        for target in targets:
            status, answered, _ = get(target.url, target.cookie)
            if status != 200:
                missing[target.name] = f"answered {status} {answered.get('location', '')}".strip()
        ready = [target for target in targets if target.name not in missing]
        try:
            return interleaved(ready, rounds=self.sizes.rounds, visits=self.sizes.visits), missing
        except NotReadyError as error:
            return {}, {target.name: str(error) for target in targets}
