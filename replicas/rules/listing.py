"""What the listing searches and how it is ordered. Pure; nothing here knows who ever said yes or no."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from accounts.rules.labeled import Labeled
from accounts.rules.people import Gender, Language, Union
from replicas.rules.places import usual, within
from replicas.rules.vocabulary import Modality, ReplicaKind

PAGE = 24
MOST_COUNTED = 10_000
MOST_WORDS = 8
MOST_TYPED = 200  # letters of a search
MOST_TERM = 60  # letters of a skill that is offered again
MOST_LISTED = 500
LOTS, RANGE = 4, 2**31
MARK, MOST_PLACE = "|", 240
MODALITY_BITS = {modality: 1 << place for place, modality in enumerate(Modality)}
YEARS_SHOWN = 6

LIMITS = {"age": (0, 110), "height": (50, 260), "year": (1950, 2100)}  # years; centimeters; of the calendar


def fold(text: str) -> str:
    """Text as it is searched and sorted: NFKD, case-folded, without marks. “Zoë  Núñez” → ``zoe nunez``."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


class TermKind(Labeled):
    NAME = "name", "A word of a name"
    SKILL = "skill", "A skill"


def tokens(text: str) -> list[str]:
    """The folded words of a text, letters and digits only, each once: what full text holds and looks for."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", fold(text))))


def sort_name(stage_name: str) -> str:
    """The key of the alphabetical order."""
    return fold(stage_name)[:120]


def words(text: str) -> list[str]:
    """The words that must all occur, each once, at most eight."""
    return tokens(text)[:MOST_WORDS]


def _parts(place: str) -> list[str]:
    parts = [fold(part).replace(MARK, " ").strip() for part in place.split(",")]
    return [part for part in parts if part]


def place_key(place: str) -> str:
    """“Burbank, CA” → ``|burbank|ca|california|united states|``: what a place is, and what it lies in."""
    return "".join(f"{MARK}{part}" for part in within(_parts(place)))[:MOST_PLACE] + MARK


def places(text: str) -> list[str]:
    """The beginnings of the parts of ``place_key`` when somebody lives there."""
    return usual(_parts(text))


def tags(captured: int, languages: str, place: str) -> str:
    """What full text holds beside words: ``body:yes|face:no|speaks:en|in:burbank|in:california``. No word has a colon.

    ``captured``, ``languages`` and ``place`` are those columns of a listing.
    """
    has = [f"{name}:{'yes' if captured & bit else 'no'}" for name, bit in MODALITY_BITS.items()]
    speaks = [f"speaks:{code}" for code in languages.split()]
    lives = [f"in:{part}" for part in place.split(MARK) if part]
    return MARK.join([*has, *speaks, *lives])


def skill_terms(text: str) -> list[str]:
    """The skills of a profile as they are offered again: folded, one for each comma."""
    found = (fold(part).strip(" .…;") for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(part for part in found if 1 < len(part) <= MOST_TERM))


def mask(modalities: Iterable[str]) -> int:
    return sum(MODALITY_BITS[Modality(name)] for name in modalities)


def masks(yes: Iterable[str], no: Iterable[str]) -> list[int]:
    """Every mask with all of ``yes`` and none of ``no``; all sixteen where nothing is asked."""
    wanted, unwanted = mask(yes), mask(no)
    return [found for found in range(1 << len(Modality)) if found & wanted == wanted and not found & unwanted]


def lots(pk: int) -> list[int]:
    """The four numbers a replica drew for good, each from 0 to 2³¹ − 1, by its id alone."""
    drawn = blake2b(f"listing:{pk}".encode(), digest_size=4 * LOTS).digest()
    return [int.from_bytes(drawn[4 * place : 4 * place + 4]) % RANGE for place in range(LOTS)]


def listing_row(
    *,
    pk: int,
    stage_name: str,
    skills: str,
    place: str,
    notes: str,
    modalities: Iterable[str],
    languages: str,
    captured_on: date,
    playing_age_from: int | None,
    playing_age_to: int | None,
) -> dict[str, Any]:
    """The columns of a listing that are worked out; the rest is copied as it stands."""
    names, captured, key = tokens(stage_name), mask(modalities), place_key(place) if place else ""
    rest = [word for word in tokens(f"{skills} {place} {notes}") if word not in names]
    return {
        "sort_name": sort_name(stage_name),
        "captured": captured,
        "year": captured_on.year,
        "age_from": playing_age_from,
        "age_to": playing_age_to,
        "place": key,
        "tags": tags(captured, languages, key),
        "names": " ".join(names),
        "words": " ".join(rest),
        "skills": "\n".join(skill_terms(skills)),
        **{f"lot_{number}": lot for number, lot in enumerate(lots(pk))},
    }


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The order of one day: one of four fixed shuffles, begun at another place. An index has it at any length.

    First come the rows whose ``column`` is ``start`` or more, then the others, each part in the column's order.
    """

    lot: int
    start: int

    @property
    def column(self) -> str:
        return f"lot_{self.lot}"

    def place_of(self, pk: int) -> int:
        return (lots(pk)[self.lot] - self.start) % RANGE


def order_of(day: date) -> DayOrder:
    """The order of ``day``, by the calendar alone. Whose replica it is, and what they answered, plays no part."""
    number = day.toordinal()
    drawn = blake2b(f"day:{number}".encode(), digest_size=4).digest()
    return DayOrder(number % LOTS, int.from_bytes(drawn) % RANGE)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a casting person looks for. Empty means any. Ages in years, heights in cm; ``year`` is of the capture.

    ``modality`` asks for all that are chosen, ``lacks`` for none of them; the other lists for any one of them.
    """

    q: str = ""
    place: str = ""
    modality: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    union: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    height_from: int | None = None
    height_to: int | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """``total`` rows match everything. ``of[facet][value]``: rows that would, with that choice in that facet.

    ``lacks[modality]``: rows that would without that one. ``without[facet]``: rows that would if nothing were chosen
    there. ``partial``: more than 10,000 fit before anything is chosen. ``least``: the facets whose numbers count only
    some of what fits, so that each is a least.
    """

    total: int
    of: dict[str, dict[str, int]]
    lacks: dict[str, int]
    without: dict[str, int]
    partial: bool
    least: frozenset[str] = frozenset()


def counted(facet: str, groups: Mapping[str, int], filters: Filters, today: date) -> dict[str, int]:
    """The counts of a facet's choices, from how many rows have each value of its column (as text).

    Each modality is a choice of its own: it is counted among what meets the choices of the other three.
    """
    if facet == "modality":
        return {name: _with(groups, filters, name, there=True) for name, _ in Modality.choices()}
    found = {value: 0 for value, _ in options(today)[facet]}
    for value, number in groups.items():
        each = value.split() if facet == "language" else [value]
        for one in each:
            one = EARLIER if facet == "year" and one not in found and int(one) < today.year else one
            if one in found:
                found[one] += number
    return found


def lacking(groups: Mapping[str, int], filters: Filters) -> dict[str, int]:
    """For each modality, how many rows do not have it, of those that meet the choices of the other three."""
    return {name: _with(groups, filters, name, there=False) for name, _ in Modality.choices()}


def _with(groups: Mapping[str, int], filters: Filters, name: str, *, there: bool) -> int:
    yes = {other for other in filters.modality if other != name} | ({name} if there else set())
    no = {other for other in filters.lacks if other != name} | (set() if there else {name})
    return sum(groups.get(str(found), 0) for found in masks(yes, no))


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
