"""What typing in the search is completed with, and what somebody may have meant.

Only names and skills of what is listed are offered, by the alphabet and by how often they occur.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length

from replicas.models import Listing, ListingTerm
from replicas.models.word_index import Resembles
from replicas.rules.listing import TermKind, fold, tokens
from replicas.rules.spelling import FEWEST_LETTERS, misspelled, nearest, one_away

LEAST_TYPED = 2
PEOPLE, SKILLS = 6, 4
MOST_MENDED = 3  # words of one search
CANDIDATES = 500


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``people`` are stage names; ``skills`` as they are written in profiles, folded."""

    people: list[str]
    skills: list[str]

    @property
    def words(self) -> list[str]:
        """All of them in the order they are offered, each once."""
        return list(dict.fromkeys([*self.people, *self.skills]))


def suggestions(typed: str) -> Suggestions:
    """Names that have all the words typed, and skills that begin like it. Two queries; none for a single letter."""
    words, start = tokens(typed), fold(typed)
    if len(start) < LEAST_TYPED or not words:
        return Suggestions([], [])
    people = Listing.objects.worded(words, names_only=True, begun=True).order_by("sort_name", "replica_id")
    names = people.values_list("actor__stage_name", flat=True)[: PEOPLE * 3]
    skills = ListingTerm.objects.filter(kind=TermKind.SKILL, term__startswith=start).order_by("-listings", "term")
    return Suggestions(list(dict.fromkeys(names))[:PEOPLE], list(skills.values_list("term", flat=True)[:SKILLS]))


def meant(typed: str) -> str:
    """What was typed, with each word that is in no name replaced by the nearest word of one; "" where none is near.

    At most four queries. It is offered, and searched for only when somebody asks for it.
    """
    words = tokens(typed)
    unknown = [word for word in words if misspelled(word)][:MOST_MENDED]
    if not unknown:
        return ""
    known = set(_terms().filter(term__in=unknown).values_list("term", flat=True))
    better = dict(_mended([word for word in unknown if word not in known]))
    corrected = [better.get(word, word) for word in words]
    return " ".join(corrected) if better and Listing.objects.worded(corrected).exists() else ""


def _mended(words: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a word and the nearest: one letter away where there is one, else two."""
    near = _terms().filter(term__in={other for word in words for other in one_away(word)})
    found = list(near.values_list("term", "listings"))
    for word in words:
        if (best := nearest(word, found)) or (best := nearest(word, _like(word))):
            yield word, best


def _like(word: str) -> Iterable[tuple[str, int]]:
    """Words of names that look like this one: by their trigrams on PostgreSQL, by beginning and length on SQLite,
    which has a tenth of the rows."""
    rows = _terms()
    if connection.vendor == "postgresql":
        rows = rows.filter(Resembles("term", word))
    else:
        rows = rows.alias(letters=Length("term")).filter(term__startswith=word[0])
        rows = rows.filter(letters__gte=len(word) - 2, letters__lte=len(word) + 2)
    return rows.values_list("term", "listings")[:CANDIDATES] if len(word) > FEWEST_LETTERS else ()


def _terms() -> QuerySet[ListingTerm]:
    return ListingTerm.objects.filter(kind=TermKind.NAME)
