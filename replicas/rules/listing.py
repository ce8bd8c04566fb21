"""What the listing searches and how it is ordered. Pure; nothing here knows who ever said yes or no."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from accounts.rules.people import Gender, Language, Union
from replicas.rules.vocabulary import Modality, ReplicaKind

PAGE = 24
MOST_COUNTED = 10_000
MOST_WORDS = 8
PRIME = 2_147_483_647  # 2³¹ − 1: id × factor stays within 64 bits as long as ids stay under 2³²
PLACE_MARK = "\n@"
YEARS_SHOWN = 6

LIMITS = {"age": (0, 110), "height": (50, 260)}  # years; centimeters


def fold(text: str) -> str:
    """Text as it is searched and sorted: NFKD, case-folded, without marks. “Zoë  Núñez” → ``zoe nunez``."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def search_text(*, stage_name: str, skills: str, place: str, notes: str) -> str:
    """The words one replica is found by, in one column.

    The place stands last, behind a mark, so that it can be asked for alone.
    """
    return "\n".join((fold(stage_name), fold(skills), fold(notes))) + PLACE_MARK + fold(place)


def sort_name(stage_name: str) -> str:
    """The key of the alphabetical order."""
    return fold(stage_name)[:120]


def place_text(place: str) -> str:
    """What ``search_text`` contains when the place begins like this."""
    return PLACE_MARK + fold(place)


def words(text: str) -> list[str]:
    """The words that must all occur, each once, at most eight."""
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The shuffle of one day: ``(id × factor + shift) mod PRIME``, a different order of the same rows each day."""

    factor: int
    shift: int

    def place_of(self, pk: int) -> int:
        return (pk * self.factor + self.shift) % PRIME


def order_of(day: date) -> DayOrder:
    """The order of ``day``, by the calendar alone. Whose replica it is, and what they answered, plays no part."""
    number = day.toordinal()
    return DayOrder(1 + number * 48_271 * 48_271 % (PRIME - 1), number * 69_621 % PRIME)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a casting person looks for. Empty means any. Ages in years, heights in cm; ``year`` is of the capture.

    ``modality`` asks for all that are chosen; the other lists for any one of them.
    """

    q: str = ""
    place: str = ""
    modality: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    union: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    height_from: int | None = None
    height_to: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """``total`` rows match everything. ``of[facet][value]``: rows that would, with that choice in that facet.

    ``without[facet]``: rows that would if nothing were chosen there. ``partial``: the facets were counted over the
    first 10,000 rows only, so each number is a least.
    """

    total: int
    of: dict[str, dict[str, int]]
    without: dict[str, int]
    partial: bool


EARLIER = "earlier"


def years_shown(today: date) -> list[tuple[str, str]]:
    """The years of capture one can choose: this one and those before it, then everything earlier."""
    first = today.year - YEARS_SHOWN + 1
    return [(str(year), str(year)) for year in range(today.year, first - 1, -1)] + [(EARLIER, f"Before {first}")]


FACETS = {
    "modality": "What was captured",
    "kind": "Kind",
    "gender": "Gender",
    "union": "Union",
    "language": "Speaks",
    "year": "Year of capture",
}


def options(today: date) -> dict[str, list[tuple[str, str]]]:
    """The choices of each facet, in the order they are shown: ``(value, label)`` pairs."""
    return {
        "modality": Modality.choices(),
        "kind": ReplicaKind.choices(),
        "gender": Gender.choices(),
        "union": Union.choices(),
        "language": Language.choices(),
        "year": years_shown(today),
    }


def capped(number: int) -> str:
    """A count as it is shown: ``1,284``, or ``10,000+``."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"
