"""P11: searches over HTTP, beside a bare Django page, and the slowest statement behind each."""

from collections.abc import Iterator

from bench.pages import BARE
from bench.report import Row, counted, ratio_of
from bench.stage import Stage
from bench.visiting import Target, interleaved

PAGES = {
    "search by filters": 2.5,
    "search by rare filters": 2.5,
    "search by three ways": 2.5,
    "search within a place": 2.5,
    "search, shuffled": 2.5,
    "search by a rare word": 5.0,
    "search by a common word": 5.0,
    "search by a name": 5.0,
    "search by the beginning of a name": 5.0,
    "suggest a name": 2.5,
}
DATABASE = "bench_search"
FIRST, DEEP = "search", "page 1,000"


def searching(stage: Stage, *, quick: bool, large: bool) -> Iterator[Row]:
    """1,000,000 listings on PostgreSQL and 100,000 on SQLite when the large set is asked for; 20,000 else."""
    people = (1_000_000 if stage.postgres else 100_000) if large else 2_000 if quick else 20_000
    stage.collect_static()
    made = stage.child("searching", DATABASE, people=people)
    title = f"P11 {people:,}"
    for name, (milliseconds, _, asked) in made["statements"].items():
        yield counted(f"{title}, {name}, slowest of {asked} statements", milliseconds, "ms", 50)
    with stage.portal(DATABASE) as portal, stage.limit(DATABASE) as limit:
        cookie = made["cookies"]["casting"]
        bare = Target(BARE, f"{limit}/rows", cookie)
        pages = [
            Target(name, portal + made["pages"][name][1].replace(" ", "+"), cookie) for name in (*PAGES, FIRST, DEEP)
        ]
        found = interleaved([bare, *pages], rounds=2 if quick else 3, visits=4 if quick else 8)
    for name, most in {FIRST: 2.5, **PAGES}.items():
        ratio = ratio_of(found[name].rounds, found[BARE].rounds)
        yield Row(f"{title}, {name}", found[name].median_ms, "ms", BARE, ratio, most)
    ratio = ratio_of(found[DEEP].rounds, found[FIRST].rounds)
    yield Row(f"{title}, {DEEP}", found[DEEP].median_ms, "ms", "page 1", ratio, 1.2)
