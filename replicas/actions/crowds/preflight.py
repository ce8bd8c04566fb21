"""Checking a draft before it is released: everybody on its list judged as they would be, and counted. Nothing is kept
but in the cache, and nobody is told.

A short list is checked at once. A long one is checked by a worker while the page asks again; where no worker comes, the
page's own request does it.
"""

import hashlib
import hmac
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.http import Http404
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.rules.references import read_reference
from replicas.access.facts import asked_facts, book_of, day_of
from replicas.actions.crowds.judging import Judged, judge_all, places_to_judge, unwritten
from replicas.models import Crowd, CrowdPlace, ReuseRequest
from replicas.rules.crowds.preflight import (
    BLURS,
    KEPT,
    MOST_LOOKS,
    YOUNG,
    Cause,
    Check,
    Checking,
    causes_of,
    cost_of,
    shown,
    told,
)
from replicas.rules.pay import Breakdown, breakdown
from replicas.rules.terms import OfferedTerms, canonical, document

logger = logging.getLogger(__name__)
CHECK = "replicas.tasks.check_crowd"
AT_ONCE = 500  # people: as many are checked while the page waits
CHUNK = 1000
KEPT_FOR = 600  # seconds: rules that change meanwhile count when it is sent in any case
PATIENCE = timedelta(seconds=15)  # without a sign of a worker


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked. ``needed`` of the list; ``answer_by`` aware."""

    terms: OfferedTerms
    needed: int
    answer_by: datetime


def preflight(crowd: Crowd, asked: Asked, *, people: int, at: datetime) -> Check | Checking:
    """The check of a draft as it stands, or how far a worker is with it. ``crowd`` comes from ``get_crowd``,
    ``people`` is how many are on its list. Two queries for a short list."""
    key = _key(crowd, asked)
    try:
        found = cache.get(key)
        if isinstance(found, Check):
            return found
        if people > AT_ONCE and (checking := _by_worker(crowd, asked, key, people, at)):
            return checking
    except RedisError as away:
        logger.warning("The cache is away; the check is made at once. %s", away)
    return check(crowd, asked, key=key, at=at)


def reading(crowd: Crowd, ref: str, terms: OfferedTerms, *, at: datetime) -> tuple[CrowdPlace, Breakdown]:
    """Somebody of the list, and the calculation they will read: whose replica has that reference, else the first.

    Whether they would be asked is not looked at. Raises Http404 for an empty list. Two queries at most.
    """
    rows = places_to_judge(crowd, at=at).order_by("rank", "pk")
    place = rows.filter(replica__ref=read_reference(ref)).first() if ref else None
    place = place or rows.first()
    if place is None:
        raise Http404
    return place, _pay(unwritten(crowd, place, "", at=at), terms, "To you", at)


def check_for_page(crowd_id: int, key: str, *, at: datetime) -> None:
    """What the worker does: the check somebody waits for under ``key``, if it is not there yet."""
    asked: Asked | None = cache.get(f"{key}:asked")
    crowd = Crowd.objects.select_related("project", "organization", "sent_by").filter(pk=crowd_id).first()
    if asked is not None and crowd is not None and cache.get(key) is None:
        check(crowd, asked, key=key, at=at)


def check(crowd: Crowd, asked: Asked, *, key: str, at: datetime) -> Check:
    """Judges everybody on the list, a thousand at a time, counts, and keeps the counts for a while."""
    counting = _Counting(asked, at)
    last = 0
    hours = (asked.answer_by - at).total_seconds() / 3600
    more = True
    while more:
        places = list(places_to_judge(crowd, at=at).filter(pk__gt=last).order_by("pk")[:CHUNK])
        for one in judge_all(crowd, places, asked.terms, hours=hours, at=at, drawn=False):
            counting.take(one)
        more = len(places) == CHUNK
        last = places[-1].pk if places else 0
        if more:
            _say(f"{key}:done", (counting.people, timezone.now()))
    found = counting.told(limited=not _may_look(crowd, key, at))
    _say(key, found)
    return found


@dataclass
class _Counting:
    """Counts of everybody judged so far. The actors' ids go into the blur: another list, another blur."""

    asked: Asked
    at: datetime
    people: int = 0
    refused: int = 0
    causes: Counter[Cause] = field(default_factory=Counter)
    costs: Counter[Breakdown] = field(default_factory=Counter)
    by_kind: dict[Any, Breakdown] = field(default_factory=dict)
    actors: list[int] = field(default_factory=list)

    def take(self, one: Judged) -> None:
        self.people += 1
        self.actors.append(one.place.actor_id)
        causes = _causes(one, self.asked.terms)
        self.refused += bool(causes)
        self.causes.update(causes)
        self.costs[self._cost(one)] += 1

    def _cost(self, one: Judged) -> Breakdown:
        """The calculation for one person, made once for everybody of whom the same is asked."""
        request = one.request
        has_agent: bool = request.has_agency  # type: ignore[attr-defined]
        made_for = request.replica.captured_for.strip().casefold()
        kind = (day_of(request, self.at), request.replica.kind, made_for, has_agent)
        if kind not in self.by_kind:
            self.by_kind[kind] = _pay(request, self.asked.terms, "To each", self.at)
        return self.by_kind[kind]

    def told(self, *, limited: bool) -> Check:
        cost = cost_of(self.costs, min(self.asked.needed, self.people))
        if limited:
            return Check(self.people, None, (), cost, limited=True)
        blur = partial(_blur, _set_of(self.actors, self.asked.terms))
        refused = told(self.refused, self.people, blur=blur("refused"))
        return Check(self.people, refused, shown(self.causes, self.people, blur=blur), cost)


def _pay(request: ReuseRequest, terms: OfferedTerms, to: str, at: datetime) -> Breakdown:
    has_agent: bool = request.has_agency  # type: ignore[attr-defined]
    return breakdown(asked_facts(request, terms, at=at), book_of(request, at), has_agent=has_agent, to=to)


def _causes(one: Judged, terms: OfferedTerms) -> frozenset[Cause]:
    refusal = one.refusal
    if refusal is None:
        return frozenset()
    if one.outside:
        return causes_of(one.outside.ruled, terms, named=one.in_force.name_the_rule)
    if refusal.code in ("minor-protected", "no-guardian"):
        return frozenset({YOUNG})
    if refusal.code.startswith("rule-"):
        return frozenset({Cause(None, "", refusal.sentence)})
    return frozenset({KEPT})


def _by_worker(crowd: Crowd, asked: Asked, key: str, people: int, at: datetime) -> Checking | None:
    """How far a worker is. None when none has shown itself for a while: then nobody waits for one any longer."""
    done, seen_at = cache.get(f"{key}:done") or (0, None)
    if cache.add(f"{key}:asked", asked, KEPT_FOR):
        _say(f"{key}:done", (0, at))
        try:
            current_app.signature(CHECK, (crowd.pk, key)).delay()
        except OperationalError as away:
            logger.warning("The broker is away; the check is made at once. %s", away)
            return None
        return Checking(people, 0)
    if seen_at is None or at - seen_at > PATIENCE:
        return None
    return Checking(people, done)


def _may_look(crowd: Crowd, key: str, at: datetime) -> bool:
    """Counts this look of the house; whether it is within what a day allows."""
    looks = f"crowd-looks:{crowd.organization_id}:{at:%Y%m%d}"
    try:
        cache.add(looks, 0, 2 * 86400)
        return cache.incr(looks) <= MOST_LOOKS
    except (RedisError, ValueError):
        return False


def _say(key: str, value: Any) -> None:
    try:
        cache.set(key, value, KEPT_FOR)
    except RedisError as away:
        logger.warning("The cache is away; the check is not kept. %s", away)


def _key(crowd: Crowd, asked: Asked) -> str:
    """The same draft as it stands, the same key."""
    said = canonical(document(asked.terms, parties={"needed": asked.needed}))
    parts = f"{crowd.pk} {crowd.changed_at.isoformat()} {asked.answer_by.isoformat()} {said}"
    return f"crowd-check:{hashlib.sha256(parts.encode()).hexdigest()}"


def _set_of(actors: list[int], terms: OfferedTerms) -> str:
    return f"{sorted(actors)} {canonical(document(terms, parties={}))}"


def _blur(of: str, what: str) -> int:
    """0 to 4, always the same for the same list, terms and count, and not to be foreseen by whoever does not have the
    portal's secret."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"crowd-blur {what} {of}".encode(), hashlib.sha256).digest()
    return mark[0] % BLURS
