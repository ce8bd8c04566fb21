"""Whose standing rules allow given terms: conditions for the search. What anybody answered plays no part."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache as once
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
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
MOST_NAMED = 1000  # sets written out as ids, which a database plans best; beyond that it looks them up itself


SPEAKS = Q(voice=True)


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets of rules that allow something, for replicas that speak and for those that don't: ids, or a query where
    there are too many."""

    voiced: Any
    silent: Any


def sets_allowing(uses: Sequence[AskedUse]) -> Sets:
    """The sets that forbid none of ``uses``. One query now.

    Who is blocked, how long people have to answer and what the law says is judged when they are asked.
    """
    silent, voiced = allowing(uses, voiced=False), allowing(uses, voiced=True)
    languages = reduce(or_, (use.languages for use in uses), 0)
    rows = silent.order_by().annotate(ruled_out=F("languages").bitand(languages))
    found = list(rows.values_list("pk", "ruled_out")[: MOST_NAMED + 1])
    if len(found) > MOST_NAMED:
        return Sets(voiced.values("pk"), silent.values("pk"))
    return Sets([pk for pk, ruled_out in found if not ruled_out], [pk for pk, _ in found])


def permitted(sets: Sets, *, speaks: Q = SPEAKS) -> Q:
    """The condition on rows with an ``actor``: their rules are among ``sets``. ``speaks`` tells the replicas with a
    voice among the rows."""
    return _either(sets, speaks, lambda kept, ids: kept.filter(rule_set__in=ids))


def forbidden(sets: Sets, *, speaks: Q = SPEAKS) -> Q:
    """The condition on the same rows: their rules are known and not among ``sets``. For counting alone."""
    return _either(sets, speaks, lambda kept, ids: kept.exclude(rule_set__in=ids))


def allowing(uses: Iterable[AskedUse], *, voiced: bool) -> QuerySet[RuleSet]:
    """The sets of rules that allow all of ``uses``. ``voiced``: for a replica that speaks."""
    rows = RuleSet.objects.all()
    for use in uses:
        rows = rows.filter(*_conditions(use))
        if voiced:
            rows = rows.filter(_none("languages", use.languages))
    return rows


def _either(sets: Sets, speaks: Q, among: Callable[[QuerySet[ActorRules], Any], QuerySet[ActorRules]]) -> Q:
    kept = ActorRules.objects.filter(actor=OuterRef("actor"))
    voiced = Q(Exists(among(kept, sets.voiced)))
    if sets.voiced == sets.silent:
        return voiced
    return (speaks & voiced) | (~speaks & Q(Exists(among(kept, sets.silent))))


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

_SPEAKS = Q(captured__in=masks((Modality.VOICE,), ()))  # of a listing


def listings_permitted(sets: Sets) -> Q:
    """The condition on ``Listing``: only people whose rules are among ``sets``."""
    return permitted(sets, speaks=_SPEAKS)


def listings_refused(sets: Sets) -> Q:
    """The condition on ``Listing``: only people whose rules are not. For ``refused_words`` alone."""
    return forbidden(sets, speaks=_SPEAKS)


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
