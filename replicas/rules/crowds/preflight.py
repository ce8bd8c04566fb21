"""Checking a crowd before it is released: how many would be refused for which term, and what it costs. Pure.

What one person rules out is theirs. So nothing is told of fewer than five; counts come in whole steps of five; at least
five people always stay of whom nothing is told; and every count is lowered by a little that depends on exactly who is
on the list, so that taking one person off and looking again says nothing about them. How often a house may look is
limited, too (``MOST_LOOKS``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from replicas.rules.crowds import LEAST_COUNTED
from replicas.rules.guardrails.judging import Ruled
from replicas.rules.pay import Breakdown
from replicas.rules.terms import OfferedTerms

MOST_LOOKS = 60  # different lists and terms one house may have counted in a day
BLURS = LEAST_COUNTED  # a count is lowered by 0 to 4
# Terms whose limit differs from person to person: they are counted together, whatever each one's limit is.
_LIMITS = {
    "fee": "the fee",
    "ends_on": "how long it runs",
    "territory": "the territory",
    "languages": "the language",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody would not be asked. ``use`` is the position of the use (None: the crowd as a whole), ``about`` the
    term by its name in ``UseTerms`` ("" where no term would have to change), ``words`` complete “refused for …”."""

    use: int | None
    about: str
    words: str


KEPT = Cause(None, "", "reasons they keep to themselves")
YOUNG = Cause(None, "", "the protection of minors")
NOTICE = Cause(None, "answer_by", "the time to answer")


@dataclass(frozen=True, slots=True)
class CauseShown:
    """``least``: at least so many; ``percent`` of the list. ``step`` is where the term can be changed, "" nowhere."""

    words: str
    least: int
    percent: int
    use: int | None
    about: str

    @property
    def anchor(self) -> str:
        """The field of the form of terms, or of the deadline."""
        if not self.about:
            return ""
        return f"id_{self.about}" if self.use is None else f"id_use-{self.use}-{self.about}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What ``number`` yeses cost: between ``least`` and ``most``, contributions and agents included.

    ``usual`` is the calculation for one person that most of the list have. ``others`` are (people, total for each) of
    the rest, the most people first.
    """

    number: int
    least: Decimal
    most: Decimal
    usual: Breakdown
    usual_number: int
    others: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """``refused``: at least so many of ``people`` would not be asked, None where it is not told. ``limited``: the
    house has looked too often today."""

    people: int
    refused: int | None
    causes: tuple[CauseShown, ...]
    cost: Cost | None
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Checking:
    """A check that is being made: ``done`` of ``people``."""

    people: int
    done: int

    @property
    def words(self) -> str:
        return f"{self.done:,} of {self.people:,} are checked."


def told(number: int, of: int, *, blur: int) -> int | None:
    """What may be told of ``number`` of ``of`` people: “at least so many”, a whole step of five, or None.

    Nobody is the same as a few: else one person on the list would be enough to ask about.
    """
    stepped = min(number - blur, of - LEAST_COUNTED) // LEAST_COUNTED * LEAST_COUNTED
    return stepped if stepped >= LEAST_COUNTED else None


def causes_of(ruled: Iterable[Ruled], terms: OfferedTerms, *, named: bool) -> frozenset[Cause]:
    """The causes in what somebody's standing rules say, each once. Unless ``named``, none is told apart."""
    positions: dict[str, int] = {}
    for position, use in enumerate(terms.uses):
        positions.setdefault(use.title, position)
    return frozenset(_cause(one, positions) if named and not one.private else KEPT for one in ruled)


def _cause(ruled: Ruled, positions: dict[str, int]) -> Cause:
    if ruled.about == NOTICE.about:
        return NOTICE
    return Cause(positions.get(ruled.use), ruled.about, f"{_LIMITS.get(ruled.about, ruled.phrase)} in “{ruled.use}”")


def shown(counts: Counter[Cause], of: int, *, blur: Callable[[str], int]) -> tuple[CauseShown, ...]:
    """Every cause that may be told, the most frequent first. ``blur`` gives 0 to 4 for a text, always the same."""
    found = []
    for cause, number in counts.items():
        least = told(number, of, blur=blur(f"{cause.use}:{cause.about}:{cause.words}"))
        if least is not None:
            found.append(CauseShown(cause.words, least, 100 * least // of, cause.use, cause.about))
    return tuple(sorted(found, key=lambda one: (-one.least, one.words)))


def cost_of(each: Counter[Breakdown], number: int) -> Cost | None:
    """What ``number`` yeses cost, by the calculations of everybody on the list. None for an empty list."""
    if not each:
        return None
    totals = sorted((one.total.amount, count) for one, count in each.items())
    usual, count = max(each.items(), key=lambda item: (item[1], item[0].total.amount))
    others = [(number, one.total.amount) for one, number in each.items() if one is not usual]
    return Cost(
        number=min(number, sum(each.values())),
        least=_sum(totals, number),
        most=_sum(totals[::-1], number),
        usual=usual,
        usual_number=count,
        others=tuple(sorted(others, reverse=True)),
    )


def _sum(totals: Sequence[tuple[Decimal, int]], number: int) -> Decimal:
    total = Decimal(0)
    for amount, count in totals:
        taken = min(count, number)
        total += amount * taken
        number -= taken
    return total
