"""What each union's members start from, read once from a file that people can read, too."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.merging import NOTHING, Layer

_ABOUT = ("name", "version", "source")
FILE = Path(__file__).resolve().parent.parent / "rulebook" / "union_defaults.toml"


@cache
def union_defaults() -> dict[str, Layer]:
    """The layer of each union that has one, by its word in ``ActorProfile.union``. Raises ValueError for a bad file."""
    return {word: read_layer(word, table) for word, table in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def read_layer(word: str, table: dict[str, Any]) -> Layer:
    """One table of the file. Raises ValueError for a key or a value nobody reads, KeyError where one is missing."""
    unknown = set(table) - set(NOTHING.as_dict()) - set(_ABOUT)
    if unknown or "schema" in table:
        raise ValueError(f"{FILE.name}: {word} has {', '.join(sorted(unknown)) or 'a schema'}, which nobody reads.")
    rules = {name: value for name, value in table.items() if name not in _ABOUT}
    name, version, source = (table[about] for about in _ABOUT)
    return Layer(f"union-{word}", name, Guardrails.from_dict({**NOTHING.as_dict(), **rules}), version, source)
