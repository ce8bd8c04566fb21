"""Standing rules as numbers, so that a database can say whose rules allow given terms. Pure.

A ``RuleSet`` answers what ``judge_guardrails`` answers about the terms themselves, for a use as a search asks for it.
Whom somebody will not work for is left out on purpose: a search must never tell that (docs/decisions/0013).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from replicas.rules.crowds import LEAST_COUNTED
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.judging import reaches
from replicas.rules.terms import OfferedTerms, digest
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory

SCHEMA = "understudy-rule-set/1"
MOST_TERMS = 60  # different terms one house may search by in a day
_MOST = 2**31 - 1  # days and hours as the columns hold them
_MOST_CENTS = 2**62


def _bits(*vocabularies: type[Labeled]) -> dict[str, int]:
    """One bit for each word, in the order of the words; new words come last in their vocabulary's own column."""
    words = [word.value for vocabulary in vocabularies for word in vocabulary]
    return {word: 1 << place for place, word in enumerate(words)}


# Columns of their own, so that a word that is added to one of them moves no bit of another.
MEDIA, CONTENT, AI, TERRITORIES = _bits(Medium), _bits(Sensitive), _bits(AIUse), _bits(Territory)
LANGUAGES = _bits(Language)
OTHER_LANGUAGE = 1 << 62  # every language that is not in the list


@dataclass(frozen=True, slots=True, order=True)
class Least:
    """The least fee for a replica day in one role and currency, in hundredths."""

    role: str
    currency: str
    cents: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What is ruled out, in bits of the words above. ``content_in`` holds, for each medium that has such a rule, the
    content that is ruled out there (its own never included). ``territories`` are those that can't be *asked for*,
    ``languages`` those a replica that speaks can't speak. ``longest_days``, ``notice_hours``: as in ``Guardrails``.
    """

    media: int
    content: int
    content_in: tuple[tuple[str, int], ...]
    ai: int
    territories: int
    languages: int
    longest_days: int | None
    notice_hours: int
    least: tuple[Least, ...]

    @property
    def key(self) -> str:
        """SHA-256: the same rules, the same key, whoever they are of."""
        return digest({**asdict(self), "schema": SCHEMA})


@dataclass(frozen=True, slots=True)
class AskedUse:
    """One use in the same bits. ``content_in`` is the content in its medium. ``None``: not asked, so not judged.

    ``fee`` is ``(role, currency, cents a day)``, rounded down.
    """

    medium: str
    media: int
    content: int
    ai: int
    territories: int
    languages: int
    days: int | None
    fee: tuple[str, str, int] | None


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """The small form of the search: a use before there is one. Dates are inclusive; ``fee`` is for one replica day.

    Without dates, languages or a fee, rules about those are not asked.
    """

    medium: str
    territory: str
    starts_on: date | None = None
    ends_on: date | None = None
    content: tuple[str, ...] = ()
    ai: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    role: str = "background"
    currency: str = "USD"
    fee: Decimal | None = None

    @property
    def key(self) -> str:
        """SHA-256: the same terms, the same key."""
        return digest({name: _plain(value) for name, value in asdict(self).items()})

    def asked(self) -> AskedUse:
        """The same in bits."""
        days = (self.ends_on - self.starts_on).days + 1 if self.starts_on and self.ends_on else None
        fee = None if self.fee is None else (self.role, self.currency, _cents_a_day(self.fee, 1))
        return _asked(self.medium, self.territory, self.content, self.ai, self.languages, days, fee)


def rule_set(rules: Guardrails) -> RuleSet:
    """The guardrails as numbers. Whom they rule out is not among them."""
    pairs: dict[str, int] = {}
    for medium, content in rules.never_pairs:
        pairs[str(medium)] = pairs.get(str(medium), 0) | CONTENT[content]
    asked = [word for word in Territory if any(reaches(word, never) for never in rules.never_territories)]
    spoken = rules.languages
    return RuleSet(
        media=_mask(MEDIA, rules.never_media),
        content=_mask(CONTENT, rules.never_content),
        content_in=tuple(sorted(pairs.items())),
        ai=_mask(AI, rules.never_ai),
        territories=_mask(TERRITORIES, asked),
        languages=0 if spoken is None else OTHER_LANGUAGE | _mask(LANGUAGES, LANGUAGES.keys() - spoken),
        longest_days=None if rules.longest_days is None else min(rules.longest_days, _MOST),
        notice_hours=min(rules.notice_hours, _MOST),
        least=tuple(sorted(Least(str(f.role), str(f.currency), _cents(f.least)) for f in rules.floors if f.least > 0)),
    )


def asked_uses(terms: OfferedTerms) -> tuple[AskedUse, ...]:
    """Each use of a round in bits, so that whole terms can be asked about, too."""
    return tuple(
        _asked(
            use.medium,
            use.territory,
            use.sensitive,
            use.ai,
            use.languages.split(),
            (use.ends_on - use.starts_on).days + 1,
            (str(use.role), str(terms.currency), _cents_a_day(use.fee, use.replica_days)),
        )
        for use in terms.uses
    )


def allows(rules: RuleSet, use: AskedUse, *, voiced: bool = True) -> bool:
    """Whether no rule forbids the use, so that the person would be asked. ``voiced``: whether the replica speaks."""
    masks = (
        (rules.media, use.media),
        (rules.content | dict(rules.content_in).get(use.medium, 0), use.content),
        (rules.ai, use.ai),
        (rules.territories, use.territories),
        (rules.languages if voiced else 0, use.languages),
    )
    if any(never & asked for never, asked in masks):
        return False
    if use.days is not None and rules.longest_days is not None and use.days > rules.longest_days:
        return False
    return use.fee is None or _is_enough(rules, *use.fee)


def _is_enough(rules: RuleSet, role: str, currency: str, cents: int) -> bool:
    least = {floor.currency: floor.cents for floor in rules.least if floor.role == role}
    return not least or (currency in least and least[currency] <= cents)


def read_with(unions: dict[str, Any]) -> str:
    """Names the words of this version together with the union defaults: numbers read with others are read anew."""
    words = [MEDIA, CONTENT, AI, TERRITORIES, LANGUAGES]
    return digest({"schema": SCHEMA, "words": words, "unions": unions})[:16]


def refused_words(number: int, most: int) -> str:
    """How many people's rules say no, as it may be shown: in whole steps of five, from five on; else "".

    ``most``: how far was counted. A step says "at least" of what it is, so nothing is said that is not so.
    """
    if number < LEAST_COUNTED:
        return ""
    return f"{most:,}+" if number > most else f"{number - number % LEAST_COUNTED:,}"


def _asked(
    medium: str,
    territory: str,
    content: Iterable[str],
    ai: Iterable[str],
    languages: Iterable[str],
    days: int | None,
    fee: tuple[str, str, int] | None,
) -> AskedUse:
    spoken = list(languages)
    other = OTHER_LANGUAGE if set(spoken) - LANGUAGES.keys() else 0
    return AskedUse(
        medium=str(medium),
        media=MEDIA.get(medium, 0),
        content=_mask(CONTENT, content),
        ai=_mask(AI, ai),
        territories=TERRITORIES.get(territory, 0),
        languages=_mask(LANGUAGES, spoken) | other,
        days=days,
        fee=fee,
    )


def _mask(bits: dict[str, int], words: Iterable[str]) -> int:
    return sum(bits[word] for word in {str(word) for word in words} if word in bits)


def _cents(least: Decimal) -> int:
    return min(int((least * 100).to_integral_value(ROUND_CEILING)), _MOST_CENTS)


def _cents_a_day(fee: Decimal, days: int) -> int:
    """Rounded down: a whole number of cents is enough for a day exactly when it is not more than this."""
    return min(int((fee * 100).to_integral_value(ROUND_FLOOR)) // max(days, 1), _MOST_CENTS)


def _plain(value: object) -> object:
    return sorted(str(word) for word in value) if isinstance(value, tuple) else value
