"""What a house puts on a list of its own: tags, order, how much fits, and how long it may be shown outside. Pure.

Nothing here knows who was ever asked, or what anybody answered (promise 3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

TAGS = 6
DEFAULT_TAGS = ("First choice", "Second choice", "Featured", "Crowd", "Stand-in", "To discuss")
LONGEST_TAG = 24
MOST_AT_ONCE = 500  # of a search, in its order
MOST_ON_A_LIST = 2_000
MOST_COMPARED = 4
MOST_SHARES = 20  # open at the same time
SHARE_DAYS = (3, 7, 14, 30)


def mask_of(numbers: Iterable[int]) -> int:
    """Tags by number, 1 to 6, as they are kept: bit 0 is tag 1. Other numbers are left out."""
    return sum(1 << (number - 1) for number in set(numbers) if 1 <= number <= TAGS)


def numbers_of(mask: int) -> list[int]:
    """The other way around: the numbers of the tags, in order."""
    return [number for number in range(1, TAGS + 1) if mask >> (number - 1) & 1]


def named(tags: Sequence[str]) -> list[tuple[int, str]]:
    """``(number, name)`` of the tags that have a name; a tag without one is not offered."""
    return [(number, name) for number, name in enumerate(tags, 1) if name]


def expires_at(days: int, *, at: datetime) -> datetime:
    """When a link made at ``at`` (aware) ends. Raises ValueError for other spans than ``SHARE_DAYS``."""
    if days not in SHARE_DAYS:
        raise ValueError(days)
    return at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Line:
    """One replica of a list in words, side by side and for the export. "" where nothing is known."""

    name: str
    reference: str
    replica: str
    kind: str
    captured: str
    modalities: str
    playing_age: str
    gender: str
    height: str
    union: str
    place: str
    languages: str
    skills: str
    tags: str
    note: str


COLUMNS = {
    "name": "Name",
    "reference": "Reference",
    "replica": "Replica",
    "kind": "Kind",
    "captured": "Day of capture",
    "modalities": "What was captured",
    "playing_age": "Playing age",
    "gender": "Gender",
    "height": "Height",
    "union": "Union",
    "place": "Lives in",
    "languages": "Speaks",
    "skills": "Skills",
    "tags": "Tags",
    "note": "Note",
}
APART = ("name", "reference", "tags", "note")  # stand elsewhere where replicas are compared


def side_by_side(lines: Sequence[Line]) -> list[tuple[str, list[str], bool]]:
    """The rows of a comparison: ``(label, one value for each line, whether they differ)``; empty rows are left out."""
    rows = []
    for name, label in COLUMNS.items():
        values = [getattr(line, name) for line in lines]
        if name not in APART and any(values):
            rows.append((label, values, len(set(values)) > 1))
    return rows


def as_row(line: Line) -> dict[str, str]:
    """One line of the export. Keys as in ``COLUMNS``."""
    return asdict(line)


def compared(wanted: Iterable[str]) -> tuple[list[str], bool]:
    """The references to show side by side, each once, at most four; and whether more were asked for."""
    each = list(dict.fromkeys(wanted))
    return each[:MOST_COMPARED], len(each) > MOST_COMPARED
