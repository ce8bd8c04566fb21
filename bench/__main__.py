"""Measures the portal against its limits: a table, and ``var/bench/latest.json``. Never fails for being slow."""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import deeds, finding, report, rulebook, running, weight
from bench.pages import Pages, Sizes
from bench.report import Row
from bench.stage import ChildError, Stage, stage

LATEST = Path("var/bench/latest.json")
Group = tuple[str, Callable[[], Iterable[Row]]]


def main(words: list[str]) -> int:
    """Returns 0 whenever it could measure, however slow the portal is."""
    options = read(words)
    home = Path(tempfile.mkdtemp(prefix="us-bench-"))
    try:
        with stage(options.engine, home) as ready:
            rows = run(groups(ready, options), options.only, ready.engine)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    report.write(rows, options.output)
    print(report.summary(rows))
    print(f"Written to {options.output}.")
    return 0


def read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data and few rounds: to see that it runs")
    parser.add_argument("--large", action="store_true", help="sweep over 1,000,000 requests, search 1,000,000 listings")
    parser.add_argument("--only", type=re.compile, metavar="REGEX", help="only groups whose title matches")
    parser.add_argument("--engine", choices=["postgresql", "sqlite"], default="", help="PostgreSQL where it is there")
    parser.add_argument("--output", type=Path, default=LATEST, help=f"where the rows go ({LATEST})")
    return parser.parse_args(words)


def groups(ready: Stage, options: argparse.Namespace) -> list[Group]:
    """Everything there is to measure, in the order of the table."""
    quick = options.quick
    sizes = Sizes(2_000, 1_000, 3, 8) if quick else Sizes(20_000, 10_000, 5, 12)
    pages = Pages(ready, sizes)
    return [
        ("P1 inbox", pages.inbox),
        ("P2 home, roster, listing, request, license", pages.others),
        ("P3 verify", pages.verify),
        ("P4 growth", pages.growth),
        ("P5 queries", pages.queries),
        ("P7 answering", lambda: deeds.answering(ready, quick=quick)),
        ("P8 sweeping", lambda: deeds.sweeping(ready, quick=quick, large=options.large)),
        ("P9 letters", lambda: deeds.letters(ready, quick=quick)),
        ("P10 crowds", lambda: deeds.crowds(ready, quick=quick)),
        ("P11 searching", lambda: finding.searching(ready, quick=quick, large=options.large)),
        ("announcing", lambda: deeds.announcing(ready, quick=quick)),
        ("rulebook", lambda: rulebook.rulebook(quick=quick)),
        ("P12 weight", lambda: weight.weight(pages)),
        ("P13 lighthouse", lambda: weight.lighthouse(pages)),
        ("P14 running", lambda: running.running(ready, quick=quick)),
    ]


def run(wanted: list[Group], only: re.Pattern[str] | None, engine: str) -> list[Row]:
    """Measures group after group, printing each row as it comes."""
    print(report.head(engine), flush=True)
    rows = []
    for title, measure in wanted:
        if only and not only.search(title):
            continue
        start = time.monotonic()
        try:
            for row in measure():
                rows.append(row)
                print(report.line(row), flush=True)
        except ChildError as error:
            rows.append(report.not_measured(title, "", f"it ended early. {error}"))
            print(report.line(rows[-1]), flush=True)
        print(f"  ({title}: {time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
