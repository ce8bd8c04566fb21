"""Whose standing rules allow given terms: conditions for the search. What anybody answered plays no part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache as once
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from redis.exceptions import RedisError

from accounts.models import ActorProfile
from replicas.access.guardrails import in_force_on, standing_rules
from replicas.access.union_defaults import union_defaults
from replicas.models import ActorRules, Replica, RuleSet
from replicas.rules.listing import masks
from replicas.rules.permitted import MOST_TERMS, AskedUse, SearchTerms, read_with, rule_set
from replicas.rules.permitted import RuleSet as Numbers
from replicas.rules.vocabulary import Modality

DAY = 48 * 3600  # seconds a day's count is kept, in every zone
MOST_NAMED = 2000  # sets written out as ids, which a database plans best; beyond that it looks them up itself


_SPEAKS = Q(captured__in=masks((Modality.VOICE,), ()))  # of a listing


@dataclass(frozen=True, slots=True)
class Among:
    """Some sets of rules: those named, or (``but``) all others, whichever are fewer; a query where both are many."""

    named: Any
    but: bool = False

    def yes(self) -> Q:
        """The condition on ``Listing``: one of these sets."""
        if self.but:
            return _KNOWN & ~Q(rules__in=self.named)
        if isinstance(self.named, list):
            return Q(rules__in=self.named)
        return Q(rules__in=self.named) | _NEVER

    def no(self) -> Q:
        """The condition on ``Listing``: known, and none of these sets."""
        return Q(rules__in=self.named) if self.but else _KNOWN & ~Q(rules__in=self.named)


_KNOWN = Q(rules__isnull=False)
# PostgreSQL takes a mask for rare, and would begin with the sets and sort everybody they lead to. Beside an OR it looks
# each listing up in them instead, in the order of the page.
_NEVER = Q(rules__lt=0)


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets of rules that allow something, for replicas that speak and for those that don't."""

    voiced: Among
    silent: Among


def sets_allowing(uses: Sequence[AskedUse]) -> Sets:
    """The sets that forbid none of ``uses``. One query now, up to five where there are more than 2,000.

    Who is blocked, how long people have to answer and what the law says is judged when they are asked.
    """
    silent, voiced = allowing(uses, voiced=False), allowing(uses, voiced=True)
    languages = reduce(or_, (use.languages for use in uses), 0)
    rows = silent.order_by().annotate(ruled_out=F("languages").bitand(languages))
    found = list(rows.values_list("pk", "ruled_out")[: MOST_NAMED + 1])
    if len(found) <= MOST_NAMED:
        return Sets(Among([pk for pk, ruled_out in found if not ruled_out]), Among([pk for pk, _ in found]))
    many = _among(silent)
    return Sets(_among(voiced) if languages else many, many)


def _among(rows: QuerySet[RuleSet]) -> Among:
    for side, but in ((rows, False), (RuleSet.objects.exclude(pk__in=rows.values("pk")), True)):
        named = list(side.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
        if len(named) <= MOST_NAMED:
            return Among(named, but)
    return Among(rows.values("pk"))


def permitted(sets: Sets) -> Q:
    """The condition on ``Listing``: only people whose rules are among ``sets``."""
    allowed = sets.silent.yes()
    return allowed if sets.voiced == sets.silent else allowed & (~_SPEAKS | sets.voiced.yes())


def refused(sets: Sets) -> Q:
    """The condition on ``Listing``: only people whose rules are known and not among ``sets``. For ``refused_words``."""
    no = sets.silent.no()
    return no if sets.voiced == sets.silent else no | (_SPEAKS & sets.voiced.no())


def allowing(uses: Iterable[AskedUse], *, voiced: bool) -> QuerySet[RuleSet]:
    """The sets of rules that allow all of ``uses``. ``voiced``: for a replica that speaks."""
    rows = RuleSet.objects.all()
    for use in uses:
        rows = rows.filter(*_conditions(use))
        if voiced:
            rows = rows.filter(_none("languages", use.languages))
    return rows


def _conditions(use: AskedUse) -> list[Any]:
    """What ``rules.permitted.allows`` asks, without languages, in the same order."""
    found: list[Any] = [_none(name, getattr(use, name)) for name in ("media", "content", "ai", "territories")]
    if use.content:
        there = Coalesce(Cast(KeyTextTransform(use.medium, "content_in"), BigIntegerField()), 0)
        found.append(Exact(there.bitand(use.content), 0))
    if use.days is not None:
        found.append(Q(longest_days__isnull=True) | Q(longest_days__gte=use.days))
    if use.fee is not None:
        role, currency, cents = use.fee
        enough = {f"least__{role}__{currency}__lte": cents}
        found.append(Q(**{f"least__{role}__isnull": True}) | Q(**enough))
    return [condition for condition in found if condition is not None]


def _none(column: str, asked: int) -> Any:
    """None of the bits asked for is ruled out; no condition where none is asked for."""
    return Exact(F(column).bitand(asked), 0) if asked else Q()


# --- Keeping the copy -------------------------------------------------------------------------------------------------


@once
def reading() -> str:
    """What ``ActorRules.read_with`` says of rows that were read with this version's words and union defaults."""
    unions = {word: [layer.version, layer.rules.as_dict()] for word, layer in sorted(union_defaults().items())}
    return read_with(unions)


def numbers_of(actor_ids: Iterable[int]) -> dict[int, Numbers]:
    """The rules in force for each actor, as numbers, by id. One query."""
    rows = ActorProfile.objects.filter(pk__in=list(actor_ids)).annotate(**standing_rules("pk"))
    return {actor.pk: rule_set(in_force_on(actor, actor).rules) for actor in rows}


def unread_actors(limit: int) -> list[int]:
    """Actors with a replica whose rules are not kept yet, or were read with other words or union defaults. Two queries
    at most."""
    now = reading()
    other = ActorRules.objects.filter(Q(read_with__lt=now) | Q(read_with__gt=now)).order_by()
    found = list(other.values_list("pk", flat=True)[:limit])
    if found:
        return found
    owners = Replica.objects.filter(actor__rules_kept__isnull=True).order_by().values_list("actor", flat=True)
    return list(owners.distinct()[:limit])


# --- The search -------------------------------------------------------------------------------------------------------


def may_ask(house: int, terms: SearchTerms, *, day: date) -> bool:
    """Whether a house may search by these terms today: by those it has searched by already, and by 60 different ones.

    Many terms that differ in one word each would tell which rule somebody has. Counted in the shared cache; when that
    is away the answer is no.
    """
    asked, count = f"terms:{house}:{day}:{terms.key}", f"terms:{house}:{day}"
    try:
        if cache.get(asked):
            return True
        cache.add(count, 0, timeout=DAY)
        if cache.incr(count) > MOST_TERMS:
            return False
        cache.set(asked, True, timeout=DAY)
    except (RedisError, ValueError):
        return False
    return True
