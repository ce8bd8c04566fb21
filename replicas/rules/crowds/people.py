"""Reading a list of people for a crowd: e-mail addresses or references of replicas, one or several in a row. Pure.

Every row that can't be taken is named with its number, as ``rules/lists`` counts them, and with what stands in it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.rules.references import ALPHABET, LENGTHS, read_reference
from replicas.rules.lists import address_in, heads, rows
from replicas.rules.vocabulary import Modality

NOBODY_THERE = "Nobody you can ask has this address."
NO_REPLICA = "No replica you can ask for has this reference."
LISTED_ALREADY = "This person is in the crowd already."
_REFERENCE = re.compile(rf"P-[{ALPHABET}]{{{LENGTHS['P']}}}")


class At(NamedTuple):
    """Where something stood: the row, counted from 1, and of what, where there are two lists ("the file")."""

    row: int
    of: str = ""

    def __str__(self) -> str:
        return f"row {self.row} of {self.of}" if self.of else f"row {self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is an address in lower case, or a reference like ``P-7K3M9Q``; ``text`` what stood there."""

    at: At
    key: str
    text: str

    @property
    def is_address(self) -> bool:
        return "@" in self.key


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row nobody was taken from. ``at`` is None where it was not in a list that has rows."""

    at: At | None
    text: str
    why: str

    @property
    def sentence(self) -> str:
        """“Row 7, ines@example.com: Nobody you can ask has this address.”"""
        place = f"{self.at}, {self.text}" if self.at else self.text
        return f"{place[:1].upper()}{place[1:]}: {self.why}"


@dataclass(frozen=True, slots=True)
class ReadRows:
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]


def read_rows(typed: str, file: str = "") -> ReadRows:
    """Everybody in what was typed and then in a file, each once; a repeat is a bad row that names the first."""
    good: dict[str, Row] = {}
    bad: list[BadRow] = []
    both = bool(typed.strip() and file.strip())
    for text, of in ((typed, ""), (file, "the file" if both else "")):
        columns: dict[int, str] = {}
        for line, cells in rows(text):
            if found := heads(cells, "email", "reference"):
                columns = found
                continue
            for one in _read(At(line, of), cells, columns):
                if isinstance(one, BadRow):
                    bad.append(one)
                elif one.key in good:
                    bad.append(BadRow(one.at, one.text, same_as(good[one.key].at)))
                else:
                    good[one.key] = one
    return ReadRows(tuple(good.values()), tuple(bad))


def same_as(at: At) -> str:
    return f"The same person as {at}."


def without(needs: Sequence[str]) -> str:
    """Why a replica can't be taken: it has not all of what is needed."""
    missing = [Modality(need).label.lower() for need in needs]
    return f"The replica has no {' and no '.join(missing)}."


def _read(at: At, cells: list[str], columns: dict[int, str]) -> Iterator[Row | BadRow]:
    filled = [(place, cell) for place, cell in enumerate(cells) if cell]
    addresses = [cell for _, cell in filled if "@" in cell]
    named = [cell for place, cell in filled if columns.get(place) == "reference"]
    references = named or [cell for _, cell in filled if _REFERENCE.fullmatch(read_reference(cell))]
    if addresses:
        if len(addresses) > 1 and len(addresses) < len(filled):
            yield BadRow(at, _written(cells), "It has more than one e-mail address. Give each person a row.")
            return
        for cell in addresses:
            address, _, good = address_in(cell)
            yield Row(at, address, cell) if good else BadRow(at, cell[:80], "This is not an e-mail address.")
    elif references:
        for cell in references:
            yield Row(at, read_reference(cell), cell[:80])
    else:
        yield BadRow(at, _written(cells), "There is no e-mail address and no reference in it.")


def _written(cells: list[str]) -> str:
    """The row as a list would have it, shortened to what a page can show."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([cell for cell in cells if cell])
    return out.getvalue()[:200]
