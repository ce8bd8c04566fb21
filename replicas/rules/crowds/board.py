"""What the board of a crowd says, and how little it counts out. Pure.

Who is not told apart is counted by :func:`replicas.rules.crowds.counted`: 1 to 4 read "fewer than 5".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from replicas.rules.crowds import CrowdState, Shown, counted

FEW = "fewer than 5"
MOST_TILES = 120  # blank tiles say the same about everybody; beyond this a number says it


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are needed, how many said yes, and how many places show what."""

    needed: int
    approved: int
    shown: Mapping[str, int] = field(default_factory=dict)
    anonymous: bool = True

    def of(self, shown: Shown) -> int:
        return self.approved if shown is Shown.APPROVED else self.shown.get(shown.value, 0)

    @property
    def total(self) -> int:
        return sum(self.shown.values())

    def words(self, shown: Shown) -> str:
        """The count as it is printed; in an anonymous crowd nobody can be counted out of a handful."""
        number = self.of(shown)
        told = number if shown in TOLD_APART or not self.anonymous else counted(number)
        return FEW if told is None else f"{told:,}"

    def is_few(self, shown: Shown) -> bool:
        return self.words(shown) == FEW


# A yes has a name, and a variant says how many ask for it.
TOLD_APART = frozenset({Shown.APPROVED, Shown.COUNTERED})

TABS: tuple[tuple[str, str], ...] = (
    ("", "Everybody"),
    (Shown.APPROVED.value, "Said yes"),
    (Shown.OPEN.value, "Still reading"),
    (Shown.COUNTERED.value, "Changes proposed"),
    (Shown.GONE.value, "Not available"),
    (Shown.WAITING.value, "Standbys"),
)
NAMED_WORDS = {Shown.OPEN: "Open", Shown.COUNTERED: "Changes proposed", Shown.GONE: "Not available"}


def headline(tally: Tally, state: CrowdState) -> str:
    """The sentence the board opens with: "24 of 32 said yes. 11 are still reading." """
    if state is CrowdState.DRAFT:
        return "Nobody has been asked yet."
    if state is CrowdState.SENDING:
        return "The requests are being written. Nobody has been asked yet."
    yes = _yes(tally, over=state in (CrowdState.FILLED, CrowdState.CLOSED))
    if state is CrowdState.FILLED:
        return f"{yes} The crowd is filled."
    if state is CrowdState.CLOSED:
        return f"{yes} The crowd is closed."
    return f"{yes} {_reading(tally)}"


def _yes(tally: Tally, *, over: bool) -> str:
    if tally.approved >= tally.needed:
        return "The one who was needed said yes." if tally.needed == 1 else f"All {tally.needed:,} said yes."
    if not tally.approved:
        return f"0 of {tally.needed:,} said yes." if over else f"Nobody of {tally.needed:,} has said yes yet."
    return f"{tally.approved:,} of {tally.needed:,} said yes."


def _reading(tally: Tally) -> str:
    number = tally.of(Shown.OPEN)
    if not number:
        return "Nobody is reading any more."
    if tally.is_few(Shown.OPEN):
        return f"{FEW.capitalize()} are still reading."
    return "1 is still reading." if number == 1 else f"{number:,} are still reading."


def progress_words(tally: Tally) -> str:
    """The same as one line: "24 of 32 needed · 5 not available · 11 open"."""
    parts = [f"{tally.approved:,} of {tally.needed:,} needed"]
    named = ((Shown.COUNTERED, "with changes proposed"), (Shown.GONE, "not available"), (Shown.OPEN, "open"))
    parts += [f"{tally.words(shown)} {word}" for shown, word in named if tally.of(shown)]
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the bar, from ``start`` and as wide as ``width``, both in percent with one decimal. A handful of an
    anonymous crowd has no width: it could be counted with a ruler."""

    shown: Shown
    start: float
    width: float
    number: str
    word: str


_WORDS = {
    Shown.APPROVED: "licensed",
    Shown.COUNTERED: "with changes proposed",
    Shown.OPEN: "open",
    Shown.GONE: "not available",
}


def shares(tally: Tally) -> list[Share]:
    """The parts of the bar, of everybody who was asked or the number needed, whichever is more."""
    whole = max(sum(tally.of(shown) for shown in _WORDS), tally.needed, 1)
    found, start = [], 0.0
    for shown, word in _WORDS.items():
        if tally.of(shown) or shown is Shown.APPROVED:
            width = 0.0 if tally.is_few(shown) else round(100 * tally.of(shown) / whole, 1)
            found.append(Share(shown, round(start, 1), width, tally.words(shown), word))
            start += width
    return found


def lead(tally: Tally, state: CrowdState, *, late: bool, calls_nobody: bool = False) -> str:
    """The second sentence. ``late``: the crowd's end has come, and it is only being written down what that means.
    ``calls_nobody``: the house wants no standby to step up any more."""
    if state is CrowdState.FILLED:
        return "Everybody who had not answered by then is thanked and told."
    if state is CrowdState.CLOSED:
        return "Whoever has not said yes is not available."
    if state is not CrowdState.OPEN:
        return ""
    if late:
        return "The time to answer is over. Whoever has not said yes by now is not available."
    number = tally.of(Shown.WAITING)
    if not number:
        return "Silence is no."
    if calls_nobody:
        return "No standby steps up any more, because your house calls nobody else."
    if tally.is_few(Shown.WAITING):
        return f"{FEW.capitalize()} standbys are ready and step up by themselves."
    if number == 1:
        return "1 standby is ready and steps up by themself."
    return f"{number:,} standbys are ready and step up by themselves."


@dataclass(frozen=True, slots=True)
class Blanks:
    """Tiles of people who are only counted: ``numbers`` to print, and ``more`` that are not drawn.

    The numbers are counted on, not kept for anybody: tile 25 of one look is not tile 25 of the next. ``words`` say the
    same to who does not see tiles.
    """

    shown: Shown
    numbers: range
    more: int
    words: str

    @property
    def few(self) -> bool:
        return not self.numbers


def blanks(tally: Tally, wanted: Shown | None) -> list[Blanks]:
    """Who is not named, by what is shown of them; only one kind where ``wanted`` says which. Standbys are drawn only
    when asked for."""
    found, number = [], tally.approved
    for shown in (Shown.OPEN, Shown.COUNTERED, Shown.GONE, Shown.WAITING):
        many = tally.of(shown)
        if many and (wanted is shown or (wanted is None and shown is not Shown.WAITING)):
            drawn = 0 if tally.is_few(shown) else min(many, MOST_TILES)
            words = f"{tally.words(shown)} {_WORDS.get(shown, 'standing by')}"
            found.append(Blanks(shown, range(number + 1, number + 1 + drawn), many - drawn, words))
        number += many
    return found
