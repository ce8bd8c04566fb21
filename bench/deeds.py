"""P7 to P10, and announcing: what the portal does rather than shows, beside the least the servers would take."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.report import Row, counted, p95
from bench.sink import sink
from bench.stage import Stage
from bench.visiting import Target, interleaved

CLIENTS = 4


def answering(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """P7: approvals by four processes at once, against INSERTs of as many rows by four processes."""
    found = stage.child("answering", "bench_answering", each=6 if quick else 40, rounds=2 if quick else 3)
    against = f"plain INSERTs of the same {found['rows']} rows, one commit each"
    name = f"P7 approvals by {CLIENTS} at once"
    yield Row(name, found["per_second"], "decisions/s", against, found["per_second"] / found["limit_per_second"])
    yield counted(f"{name}, rate", found["per_second"], "decisions/s", 60, at_least=True)
    yield counted("P7 approval, statements", found["statements"], "statements", 15)
    yield counted("P7 approval, commit and savepoints", found["brackets"], "commands", 15)


def sweeping(stage: Stage, *, quick: bool, large: bool) -> Iterator[Row]:
    """P8: reminders and lapses among many open requests, against the same rows written by single statements."""
    open_, due = (1_000_000, 10_000) if large else (2_000, 150) if quick else (50_000, 1_000)
    found = stage.child("sweeping", "bench_sweeping", open_=open_, due=due)
    of = f"{due:,} of {open_:,}"
    for kind in ("reminders", "lapses"):
        mine = found[kind]
        against = f"the same {mine['rows']:,} rows by one UPDATE and one INSERT … SELECT a table"
        yield Row(f"P8 {kind}, {of}", mine["seconds"], "s", against, mine["seconds"] / mine["limit"], 1.5)
        against = "one UPDATE of the requests alone"
        yield Row(
            f"P8 {kind}, {of}, with what it tells", mine["seconds"], "s", against, mine["seconds"] / mine["update"]
        )
    yield counted("P8 nothing due", found["idle_ms"], "ms", 10)
    yield counted("P8 memory growth", found["grown_mb"], "MB", 20)


def letters(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """P9: letters to a mail server on this machine, and what 10,000 notices put on the broker."""
    with sink() as port:
        found = stage.child(
            "letters",
            "bench_letters",
            environment={"EMAIL_URL": f"smtp://127.0.0.1:{port}"},
            letters=100 if quick else 600,
            notices=1_000 if quick else 10_000,
            firsts=3 if quick else 20,
        )
    against = "ready-made letters of the same size to the same server"
    yield Row(
        "P9 letters", found["per_minute"], "letters/min", against, found["per_minute"] / found["limit_per_minute"]
    )
    yield counted("P9 letters, rate", found["per_minute"], "letters/min", 3000, at_least=True)
    yield counted("P9 first notice, p95", found["first_p95"], "s", 5)
    yield counted(f"P9 {found['notices']:,} notices on the broker", found["messages"], "messages", 20)


def announcing(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """A scan announced to a crowd, against as many plain INSERTs in one commit."""
    people = 60 if quick else 500
    found = stage.child("announcing", "bench_announcing", people=people, rounds=2 if quick else 5)
    against = f"plain INSERTs of {found['rows']:,} rows in one commit"
    name = f"Scan announced to {people}"
    yield Row(name, found["seconds"], "s", against, found["seconds"] / found["limit"])
    yield counted(f"{name}, time", found["seconds"], "s", 5)
    yield counted(f"{name}, statements", found["statements"], "statements", 60)
    yield counted(f"{name}, letters each", found["letters_each"], "letters", 1)


def crowds(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """P10: a crowd released and sent, against ``bulk_create`` of the same rows; and how the pages fare meanwhile."""
    people = 150 if quick else 10_000 if stage.postgres else 1_000
    made = stage.child("crowds", "bench_crowds", people=people, crowds=2 if quick else 3)
    watched, *timed = made["crowds"]
    with stage.portal("bench_crowds") as portal:
        board = Target("board", portal + made["pages"][0], made["cookies"]["casting"])
        idle = _visits(board, 2)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(stage.child, "sending", "bench_crowds", crowds=[watched])
            meanwhile = []
            while not first.done():
                meanwhile += _visits(board, 1)
            peak = first.result()["peak_mb"]
    found = stage.child("sending", "bench_crowds", crowds=timed)
    name = f"P10 crowd of {people:,}"
    against = f"bulk_create of the same {found['rows']:,} rows in one commit"
    yield Row(f"{name}, release", found["release"], "s", against, found["release"] / found["limit"], 2.0)
    yield Row(f"{name}, until all are told", found["release"] + found["sending"], "s", against, found["ratio"], 2.0)
    yield Row(
        f"{name}, board meanwhile, p95",
        p95(meanwhile) * 1000,
        "ms",
        "the same when idle",
        p95(meanwhile) / p95(idle),
        2.0,
    )
    yield counted(f"{name}, memory of the worker", peak, "MB", 300)


def _visits(target: Target, rounds: int) -> list[Any]:
    """Seconds of visits to one page, by round."""
    return interleaved([target], rounds=rounds, visits=20)[target.name].rounds
