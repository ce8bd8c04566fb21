"""The figures the portal comes with: agreements, rates, contributions and jurisdictions, read from the files beside."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from replicas.rules.rates import Entry, EntryKind

FOLDER = Path(__file__).resolve().parent


def _table(name: str) -> list[dict[str, Any]]:
    with (FOLDER / f"{name}s.toml").open("rb") as file:
        return list(tomllib.load(file)[name])


@cache
def from_files() -> tuple[Entry, ...]:
    """Every row of the files, in the order of the files. Raises for a file that lacks something."""
    entries = []
    for kind in (EntryKind.AGREEMENT, EntryKind.JURISDICTION):
        entries += [_entry(kind, row.pop("key"), row) for row in _table(kind.value)]
    for kind, group in ((EntryKind.RATE, "kind"), (EntryKind.CONTRIBUTION, "group")):
        for block in _table(kind.value):
            key = f"{block.pop('agreement')}/{block.pop(group)}"
            entries += [_entry(kind, key, {**block, **row}) for row in block.pop("rows")]
    return tuple(entries)


def _entry(kind: EntryKind, key: str, row: dict[str, Any]) -> Entry:
    day, source, grade = row.pop("effective_from"), row.pop("source"), row.pop("grade")
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return Entry(kind.value, key, day, values, source, grade)
