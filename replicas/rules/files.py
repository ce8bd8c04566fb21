"""Delivered scan files, known by SHA-256 alone: reading what a browser computed or what ``sha256sum`` printed. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

MOST_FILES = 2_000
LONGEST_NAME = 255
LARGEST = 2**63 - 1  # bytes; what the column holds
HEX = re.compile(r"[0-9a-f]{64}")
_SUM_LINE = re.compile(r"\\?([0-9a-fA-F]+) [ *](.+)")  # GNU coreutils; a leading backslash says the name is escaped
_BSD_LINE = re.compile(r"SHA256 \((.+)\) = ([0-9a-fA-F]+)")


@dataclass(frozen=True, slots=True)
class FileRow:
    """``size`` in bytes, where known. ``where`` names the row for the person who typed or chose it."""

    name: str
    sha256: str
    size: int | None
    where: str


@dataclass(frozen=True, slots=True)
class Read:
    """The rows that are sound, and a sentence for each that is not."""

    rows: tuple[FileRow, ...]
    errors: tuple[str, ...]


def read_lines(text: str) -> Read:
    """Lines as ``sha256sum`` (GNU) or ``shasum --tag`` (BSD) prints them; empty lines are passed over."""
    rows: list[FileRow] = []
    errors: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _read_line(line.strip(), f"Line {number}")
        if isinstance(found, FileRow):
            rows.append(found)
        else:
            errors.append(found)
    return Read(tuple(rows), tuple(errors))


def _read_line(line: str, where: str) -> FileRow | str:
    if match := _BSD_LINE.fullmatch(line):
        name, digest = match[1], match[2]
    elif match := _SUM_LINE.fullmatch(line):
        name, digest = match[2], match[1]
        if line.startswith("\\"):
            name = name.replace("\\n", "\n").replace("\\\\", "\\")
    else:
        return f"{where} does not look like “<64 hex digits>  <file name>”."
    return _checked(name, digest, None, where)


def read_json(text: str) -> Read:
    """What the page's own script computed: ``[{"name": …, "size": bytes, "sha256": 64 hex digits}, …]``."""
    if not text.strip():
        return Read((), ())
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list):
        return Read((), ("The list of files from your browser could not be read. Choose the files again.",))
    rows: list[FileRow] = []
    errors: list[str] = []
    for number, value in enumerate(values, start=1):
        found = _read_value(value, f"File {number}")
        if isinstance(found, FileRow):
            rows.append(found)
        else:
            errors.append(found)
    return Read(tuple(rows), tuple(errors))


def _read_value(value: object, where: str) -> FileRow | str:
    if not isinstance(value, dict):
        return f"{where} could not be read. Choose it again."
    name, digest, size = value.get("name"), value.get("sha256"), value.get("size")
    if not isinstance(name, str) or not isinstance(digest, str):
        return f"{where} has no name or no SHA-256. Choose it again."
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= LARGEST):
        return f"{where} ({name}) has a size that can’t be right."
    return _checked(name, digest, size, where)


def _checked(name: str, digest: str, size: int | None, where: str) -> FileRow | str:
    name, digest = name.strip(), digest.lower()
    if not HEX.fullmatch(digest):
        return f"{where} has {len(digest)} characters where the 64 hex digits of a SHA-256 should be."
    if not name or "\0" in name:
        return f"{where} has no file name."
    if len(name) > LONGEST_NAME:
        return f"{where} has a name of {len(name)} characters; at most {LONGEST_NAME} can be kept."
    return FileRow(name, digest, size, where)


def twice(rows: tuple[FileRow, ...], known: Mapping[str, str]) -> list[str]:
    """A sentence for every row whose content was named before it or is recorded already (``known``: SHA-256 → name)."""
    seen: dict[str, FileRow] = {}
    sentences = []
    for row in rows:
        if row.sha256 in known:
            sentences.append(f"{row.where} ({row.name}) is already recorded as “{known[row.sha256]}”.")
        elif row.sha256 in seen:
            first = seen[row.sha256]
            sentences.append(f"{row.where} ({row.name}) is the same file as {first.where.lower()} ({first.name}).")
        else:
            seen[row.sha256] = row
    return sentences
