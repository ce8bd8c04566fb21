"""``make bench`` runs: a table on the screen, rows in the file, and no failure for being slow."""

import json
import subprocess
import sys

import pytest

from bench.report import Row, counted, not_measured, ratio_of, summary, write
from tests import services


@pytest.mark.broker
def test_a_quick_run_prints_a_table_and_writes_its_rows(tmp_path):
    output = tmp_path / "latest.json"
    command = [sys.executable, "-m", "bench", "--quick", "--engine", "sqlite", "--only", "P8", "--output", str(output)]
    done = subprocess.run(command, cwd=services.ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "On SQLite" in done.stdout
    rows = json.loads(output.read_text())
    assert [set(row) for row in rows] == [{"name", "value", "unit", "against", "ratio"}] * 6
    assert all(row["name"].startswith("P8 ") and row["value"] >= 0 and row["ratio"] >= 0 for row in rows)
    assert all(row["name"] in done.stdout for row in rows)


def test_a_ratio_is_the_median_of_the_rounds():
    assert ratio_of([[2, 2], [30, 30], [2, 4]], [[1, 1], [10, 10], [1, 1]]) == 3


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("a", 3, "ms", "b", 1.5, 1.5), "met"),
        (Row("a", 3, "ms", "b", 1.6, 1.5), "missed"),
        (Row("a", 3, "ms", "b", 1.6), ""),
        (counted("a", 59, "decisions/s", 60, at_least=True), "missed"),
        (counted("a", 8, "queries", 8), "met"),
        (not_measured("a", "points", "no lighthouse"), ""),
    ],
)
def test_a_row_knows_whether_its_target_is_met(row, verdict):
    assert row.verdict == verdict


def test_what_was_not_measured_says_why_and_has_no_figure(tmp_path):
    row = not_measured("P13 Lighthouse", "points", "no lighthouse")
    write([row], tmp_path / "rows.json")
    (kept,) = json.loads((tmp_path / "rows.json").read_text())
    assert (kept["value"], kept["ratio"], kept["against"]) == (None, None, "not measured: no lighthouse")
    assert "0 of 0" in summary([row])
