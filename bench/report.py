"""Rows of the benchmark: how figures become ratios, the table people read, and the file machines read."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

WIDTHS = (46, 12, 12, 9, 10)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``ratio`` is ``value`` over what it is measured ``against``, taken in the same run.

    ``value`` and ``ratio`` are None when the figure could not be taken; ``against`` then says why. ``target`` is what
    the ratio should stay under (or over, with ``at_least``); None for a figure that has none.
    """

    name: str
    value: float | None
    unit: str
    against: str
    ratio: float | None
    target: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.target is None:
            return ""
        met = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return "met" if met else "missed"


def counted(name: str, value: float, unit: str, most: float, *, at_least: bool = False) -> Row:
    """A figure held to a fixed number instead of a measured limit."""
    against = f"at {'least' if at_least else 'most'} {most:g} {unit}"
    return Row(name, value, unit, against, value / most, 1.0, at_least)


def not_measured(name: str, unit: str, why: str) -> Row:
    return Row(name, None, unit, f"not measured: {why}", None)


def ratio_of(values: Sequence[Sequence[float]], limits: Sequence[Sequence[float]]) -> float:
    """The median over the rounds of median(values) / median(limit): noise that hits a whole round cancels out."""
    return statistics.median(
        statistics.median(mine) / statistics.median(limit) for mine, limit in zip(values, limits, strict=True)
    )


def p95(rounds: Sequence[Sequence[float]]) -> float:
    """The 95th percentile of all samples of all rounds."""
    every = sorted(sample for samples in rounds for sample in samples)
    return every[min(len(every) - 1, int(len(every) * 0.95))]


def head(engine: str) -> str:
    cells = ("what", "value", "unit", "ratio", "target")
    line = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
    return f"On {engine}. Only ratios taken in one run count.\n\n{line}  against"


def line(row: Row) -> str:
    value = "–" if row.value is None else f"{row.value:,.2f}".rstrip("0").rstrip(".")
    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    cells = (row.name, value, row.unit, ratio, _target(row))
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + f"  {row.against}"


def _target(row: Row) -> str:
    if row.target is None:
        return ""
    return f"{'≥' if row.at_least else '≤'} {row.target:g} {row.verdict}".rstrip()


def summary(rows: Sequence[Row]) -> str:
    verdicts = [row.verdict for row in rows if row.verdict]
    missed = [row.name for row in rows if row.verdict == "missed"]
    met = f"\n{verdicts.count('met')} of {len(verdicts)} targets met."
    return met + (f" Missed: {', '.join(missed)}." if missed else "")


def write(rows: Sequence[Row], path: Path) -> None:
    """The rows as JSON: name, value, unit, against, ratio of each."""
    kept = ("name", "value", "unit", "against", "ratio")
    plain = [{key: _short(value) for key, value in asdict(row).items() if key in kept} for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _short(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
