"""Reading a list of people: pasted lines or a CSV file from whatever program wrote it. Pure.

``rows`` and ``address_in`` read any such list; ``read_people`` that of an announced scan, ``rules/crowds/people.py``
that of a crowd. For a scan, a row is an address, alone or with a name and the moment somebody was engaged, in any order
of columns. Sentences name the row as the person sees it, counted from 1. Nothing is guessed that could tell the wrong
person: a row that can't be read is said, not skipped.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

MOST_PEOPLE = 500
LARGEST_FILE = 1_000_000  # bytes
LONGEST_NAME = 120
LONGEST_EMAIL = 254
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")  # what no list has and every other kind of file does
_NAMED = re.compile(r"(.*?)<\s*([^<>]+?)\s*>")
_HEADS = {
    "email": ("e-mail", "email", "mail", "e-mail address", "email address", "address"),
    "name": ("name", "performer", "actor", "full name", "stage name", "first name", "given name"),
    "surname": ("last name", "surname", "family name"),  # stands after the first name, whichever column came first
    "reference": ("reference", "ref", "replica"),
    "engaged": ("engaged", "engaged at", "engaged on", "booked", "booked at", "booked on", "hired", "engagement"),
}
_MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M")
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y")
_LIKE = "Write it like 2026-12-01 or 2026-12-01 10:30."


@dataclass(frozen=True, slots=True)
class Listed:
    """``email`` in lower case; ``engaged_at`` aware; ``line`` where it stood. A day alone means the end of that day."""

    email: str
    name: str = ""
    engaged_at: datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReadList:
    """``people`` in the order written; ``errors`` must be mended; ``notes`` say what was left out as a repeat."""

    people: tuple[Listed, ...]
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> str | None:
    """The text of an uploaded list: UTF-8 or UTF-16, with or without a mark, else Windows. None: no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    if len(data) >= 4 and data[1::2].count(0) > len(data) // 4:
        return _decoded(data, "utf-16-le")
    if len(data) >= 4 and data[0::2].count(0) > len(data) // 4:
        return _decoded(data, "utf-16-be")
    return _decoded(data, "utf-8") or _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _NO_TEXT.search(text) else text


def read_people(text: str, zone: ZoneInfo) -> ReadList:
    """Every person in ``text``. Moments without an offset are read on the clock of ``zone``, the place of the scan."""
    people: dict[str, Listed] = {}
    errors: list[str] = []
    notes: list[str] = []
    columns: dict[int, str] = {}
    for line, cells in rows(text):
        if found_heads := heads(cells, "email"):
            columns = found_heads
            continue
        for found in _read_row(line, cells, columns, zone):
            if isinstance(found, str):
                errors.append(found)
            elif found.email in people:
                notes.append(f"Row {found.line}: {found.email} stands in row {people[found.email].line} already.")
            else:
                people[found.email] = found
    if len(people) > MOST_PEOPLE:
        errors.append(
            f"There are {len(people):,} people on the list. One announcement can go to {MOST_PEOPLE}: "
            "split the list and announce twice."
        )
    return ReadList(tuple(people.values()), tuple(errors), tuple(notes))


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(row number from 1, cells without spaces around them); empty rows are passed over."""
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), skipinitialspace=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell longer than anybody's name: what follows can't be told apart
            yield line, [text.split("\n")[line - 1][:200]]
            return
        if any(cell.strip() for cell in cells):
            yield line, [" ".join(cell.split()) for cell in cells]
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """What separates columns: the sign that stands in most rows, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", text).split("\n")
    counts = {sign: sum(sign in row for row in bare) for sign in "\t;,"}
    return max(counts, key=lambda sign: counts[sign]) if any(counts.values()) else ","


def heads(cells: list[str], *needed: str) -> dict[int, str]:
    """The columns of a heading row that has one of those ``needed``, or nothing where it is none."""
    if any("@" in cell for cell in cells):
        return {}
    found = {}
    for position, cell in enumerate(cells):
        word = cell.casefold().strip(" :*").replace("_", " ")
        kind = next((kind for kind, words in _HEADS.items() if word in words), "")
        if kind:
            found[position] = kind
    return found if set(needed) & set(found.values()) else {}


def _read_row(line: int, cells: list[str], columns: dict[int, str], zone: ZoneInfo) -> list[Listed | str]:
    filled = [(position, cell) for position, cell in enumerate(cells) if cell]
    addresses = [(position, cell) for position, cell in filled if "@" in cell]
    if not addresses:
        shown = filled[0][1][:60]
        return [f"Row {line} has no e-mail address (it says “{shown}”)."]
    if len(addresses) > 1:
        if len(addresses) < len(filled):
            return [f"Row {line} has more than one e-mail address. Give each person a row."]
        return [_person(line, cell, [], "", zone) for _, cell in addresses]
    position, address = addresses[0]
    others = [(place, cell) for place, cell in filled if place != position]
    engaged = next((cell for place, cell in others if columns.get(place) == "engaged"), "")
    if not columns:
        engaged = next((cell for _, cell in others if cell[0].isdigit()), "")
    names = [
        cell
        for place, cell in sorted(others, key=lambda one: columns.get(one[0]) == "surname")
        if cell != engaged and columns.get(place, "name" if not columns else "") in ("name", "surname")
    ]
    return [_person(line, address, names, engaged, zone)]


def address_in(cell: str) -> tuple[str, str, bool]:
    """``Ines Duarte <ines@example.com>`` as (address in lower case, name or "", whether it is an address at all)."""
    name = ""
    if named := _NAMED.fullmatch(cell):
        name, cell = named[1].strip(" \"'"), named[2]
    address = cell.removeprefix("mailto:").strip(" '\"<>,;")
    good = EMAIL.fullmatch(address) and len(address) <= LONGEST_EMAIL and ".." not in address
    return (address.lower() if good else address), name, bool(good)


def _person(line: int, cell: str, names: list[str], engaged: str, zone: ZoneInfo) -> Listed | str:
    address, called, good = address_in(cell)
    if not good:
        return f"Row {line}: “{address[:80]}” is not an e-mail address."
    name = " ".join(part for part in names or [called] if part)
    if len(name) > LONGEST_NAME:
        return f"Row {line} has a name of {len(name)} characters; {LONGEST_NAME} fit here."
    moment = read_moment(engaged, zone) if engaged else None
    if engaged and moment is None:
        return f"Row {line}: “{engaged[:40]}” is no day we can read. {_LIKE}"
    return Listed(address, name, moment, line)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment as people and spreadsheets write it; a day alone becomes its last minute. None when it can't be read."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None and found.tzinfo is not None:
        return found
    for pattern in _MOMENTS:
        if found := _parsed(text.replace("T", " "), pattern, zone):
            return found
    for pattern in _DAYS:
        if found := _parsed(text, pattern, zone):
            return datetime.combine(found.date(), time(23, 59), tzinfo=zone)
    return None


def _parsed(text: str, pattern: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=zone)
    except ValueError:
        return None
