"""Whose standing rules allow given terms: conditions for the search. What anybody answered plays no part."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from accounts.models import ActorProfile
from replicas.access.guardrails import in_force_on, standing_rules
from replicas.access.union_defaults import union_defaults
from replicas.models import ActorRules, Replica, RuleSet
from replicas.rules.permitted import AskedUse, read_with, rule_set
from replicas.rules.permitted import RuleSet as Numbers

MOST_NAMED = 1000  # sets written out as ids, which a database plans best; beyond that it looks them up itself


SPEAKS = Q(voice=True)


def permitted(uses: Sequence[AskedUse], *, speaks: Q = SPEAKS) -> Q:
    """The condition on rows with an ``actor``: no standing rule forbids any of ``uses``.

    ``speaks`` tells the replicas with a voice among the rows. One query now, two where languages are asked. Who is
    blocked, how long people have to answer and what the law says is judged when they are asked.
    """
    return _among(uses, speaks, forbidden=False)


def forbidden(uses: Sequence[AskedUse], *, speaks: Q = SPEAKS) -> Q:
    """The condition on the same rows: a rule forbids at least one of ``uses``. For counting alone."""
    return _among(uses, speaks, forbidden=True)


def allowing(uses: Iterable[AskedUse], *, voiced: bool) -> QuerySet[RuleSet]:
    """The sets of rules that allow all of ``uses``. ``voiced``: for a replica that speaks."""
    rows = RuleSet.objects.all()
    for use in uses:
        rows = rows.filter(*_conditions(use))
        if voiced:
            rows = rows.filter(_none("languages", use.languages))
    return rows


def _among(uses: Sequence[AskedUse], speaks: Q, *, forbidden: bool) -> Q:
    """Where languages are asked, a replica without a voice is judged without them."""
    voiced = allowing(uses, voiced=True)
    if not any(use.languages for use in uses):
        return _of(voiced, forbidden)
    silent = allowing(uses, voiced=False)
    return (speaks & _of(voiced, forbidden)) | (~speaks & _of(silent, forbidden))


def _of(allowed: QuerySet[RuleSet], forbidden: bool) -> Q:
    """The rows whose actor's rules are among ``allowed``, or are known and not among them."""
    ids: Any = list(allowed.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    if len(ids) > MOST_NAMED:
        ids = allowed.values("pk")
    kept = ActorRules.objects.filter(actor=OuterRef("actor"))
    return Q(Exists(kept.exclude(rule_set__in=ids) if forbidden else kept.filter(rule_set__in=ids)))


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


@cache
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
