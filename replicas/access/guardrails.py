"""Which standing rules are in force for an actor, and what they did or would have done. The actor's own eyes only."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.models import ActorProfile, User
from accounts.rules.subject import Subject
from agencies.access import own_actors
from agencies.models import Organization, Representation
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.union_defaults import union_defaults
from replicas.models import AgencyGuardrails, GuardrailRefusal, GuardrailsVersion, ReuseRequest
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.judging import Ruled, judge_guardrails
from replicas.rules.guardrails.merging import Layer, all_of
from replicas.rules.terms import digest

LAST = 20


@dataclass(frozen=True)
class InForce:
    """The rules that count now: an actor's own on top of what they inherit, which they can only tighten.

    ``number`` and ``version_id`` are of their own newest version (0 and None: the portal's default, nothing into AI and
    no dubbing). ``layers`` come from the agencies that represent them now, and from their union.
    """

    own: Guardrails
    layers: tuple[Layer, ...] = ()
    name_the_rule: bool = True
    number: int = 0
    version_id: int | None = None

    @cached_property
    def rules(self) -> Guardrails:
        """Everything at once."""
        return all_of(self.layers, self.own)

    @cached_property
    def inherited(self) -> Guardrails:
        """What the person can only tighten."""
        return all_of(self.layers)

    @property
    def judged(self) -> dict[str, Any]:
        """The versions by whose rules it is, as JSON: ``{"own": 3, "agency-12": "2", "union-actra": "…"}``."""
        return {"own": self.number, **{layer.key: layer.version for layer in self.layers}}

    @property
    def key(self) -> str:
        """SHA-256 over ``judged``: the same versions, the same key."""
        return digest(self.judged)


class Gathered(Subquery):
    """The rows of a subquery as one JSON list, so that they need no statement of their own.

    The query gives one column named ``one`` with a JSON object. On SQLite an object inside another comes back as text.
    """

    template = "(SELECT jsonb_agg(gathered.one) FROM (%(subquery)s) AS gathered)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(SELECT json_group_array(json(gathered.one)) FROM (%(subquery)s) AS gathered)"
        return super().as_sql(compiler, connection, template=template, **extra)


def standing_rules(actor: str = "actor") -> dict[str, Any]:
    """Annotations for a queryset whose rows have the actor's id at ``actor``; ``in_force_on`` reads them.

    They cost no statement of their own, however many agencies there are.
    """
    own = GuardrailsVersion.objects.filter(actor=OuterRef(actor)).order_by("-number")
    later = AgencyGuardrails.objects.filter(agency=OuterRef("agency"), number__gt=OuterRef("number"))
    agencies = Representation.objects.filter(actor=OuterRef(OuterRef(actor)), state=BondState.ACTIVE)
    defaults = AgencyGuardrails.objects.filter(~Exists(later), agency__in=agencies.values("agency"))
    of_actor = JSONObject(id=F("id"), number=F("number"), named=F("name_the_rule"), rules=F("rules"))
    of_agency = JSONObject(id=F("agency_id"), number=F("number"), name=F("agency__name"), rules=F("rules"))
    return {
        "standing_own": Subquery(own.values(one=of_actor)[:1], output_field=JSONField()),
        "standing_agencies": Gathered(defaults.values(one=of_agency), output_field=JSONField()),
    }


def in_force_on(row: Any, actor: ActorProfile) -> InForce:
    """The rules of ``actor``, read from a row annotated with ``standing_rules``. No query.

    The portal's default and a union's are public, so they may be named; an agency's only if the actor said so.
    """
    layers = [
        Layer(f"agency-{found['id']}", found["name"], _rules(found["rules"]), str(found["number"]))
        for found in sorted(row.standing_agencies or [], key=lambda found: (found["name"], found["id"]))
    ]
    named = not layers
    union = union_defaults().get(actor.union)
    layers += [union] if union else []
    own = row.standing_own
    if own is None:
        return InForce(default_of(actor), tuple(layers), named)
    return InForce(_rules(own["rules"]), tuple(layers), bool(own["named"]), own["number"], own["id"])


def chosen_actor(user: User, wanted: str) -> tuple[ActorProfile | None, list[ActorProfile]]:
    """The profile whose rules the person opens and all that are theirs to open; ``wanted`` is an id, or "".

    None for somebody who is no actor. Raises Http404 for a profile that is not theirs. One query.
    """
    mine = list(own_actors(user).select_related("user").order_by("pk"))
    if not wanted:
        return (mine[0] if mine else None), mine
    found = next((actor for actor in mine if str(actor.pk) == wanted), None)
    if found is None:
        raise Http404
    return found, mine


def default_of(actor: ActorProfile) -> Guardrails:
    """What counts until the actor says otherwise: nothing into AI, and no dubbing beyond the languages they act in."""
    return Guardrails(languages=frozenset(actor.languages.split()) or None)


def guardrails_in_force(actor_id: int) -> InForce:
    """The rules that count for the actor right now. One query."""
    actor = ActorProfile.objects.annotate(**standing_rules("pk")).get(pk=actor_id)
    return in_force_on(actor, actor)


def agency_in_force(agency_id: int) -> AgencyGuardrails | None:
    """The newest version of an agency's default, if it ever set one. One query."""
    return AgencyGuardrails.objects.filter(agency=agency_id).order_by("-number").first()


def _rules(kept: Any) -> Guardrails:
    return Guardrails.from_dict(json.loads(kept) if isinstance(kept, str) else kept)


def refused_for(actor: ActorProfile) -> Subject:
    """What a notice of such a refusal is about; it is read once the list of them is."""
    return Subject("guardrails", actor.pk, "", actor.stage_name)


def refusals_of(actor_id: int) -> QuerySet[GuardrailRefusal]:
    """What the actor's rules refused for them, newest first."""
    rows = GuardrailRefusal.objects.filter(actor=actor_id)
    return rows.select_related("request__project", "request__organization").order_by("-id")


def versions_of(actor_id: int) -> QuerySet[GuardrailsVersion]:
    """Every version, newest first, each with the rules of the one ``before`` it."""
    before = GuardrailsVersion.objects.filter(actor=actor_id, number=OuterRef("number") - 1)
    rows = GuardrailsVersion.objects.filter(actor=actor_id).select_related("created_by")
    return rows.annotate(before=Subquery(before.values("rules")[:1])).order_by("-number")


def clients_of(agency_id: int) -> QuerySet[ActorProfile]:
    """The actors an agency's default counts for right now."""
    bonds = Representation.objects.filter(agency=agency_id, state=BondState.ACTIVE, actor__isnull=False)
    return ActorProfile.objects.filter(pk__in=bonds.values("actor")).select_related("user")


def agency_versions_of(agency_id: int) -> QuerySet[AgencyGuardrails]:
    """Every version of an agency's default, newest first, each with the rules of the one ``before`` it."""
    before = AgencyGuardrails.objects.filter(agency=agency_id, number=OuterRef("number") - 1)
    rows = AgencyGuardrails.objects.filter(agency=agency_id).select_related("created_by")
    return rows.annotate(before=Subquery(before.values("rules")[:1])).order_by("-number")


@dataclass(frozen=True, slots=True)
class Tried:
    """One past request under other rules: ``ruled`` is what would have refused it; empty: the person is asked."""

    request: ReuseRequest
    ruled: list[Ruled]


def tried_on_last_requests(actor_id: int, rules: Guardrails) -> list[Tried]:
    """What ``rules`` would have done to the last requests that reached the actor, newest first. Three queries.

    Each is judged by its first round and by the time it left until the answer.
    """
    requests = (
        ReuseRequest.objects.filter(actor=actor_id, sent_at__isnull=False)
        .select_related("project", "organization", "replica")
        .prefetch_related("rounds__uses")
        .order_by("-sent_at", "-id")[:LAST]
    )
    return [Tried(request, _judged(rules, request)) for request in requests]


def _judged(rules: Guardrails, request: ReuseRequest) -> list[Ruled]:
    first = min(request.rounds.all(), key=lambda terms: terms.number)
    assert request.sent_at is not None
    assert request.answer_by is not None
    hours = (request.answer_by - request.sent_at).total_seconds() / 3600
    return judge_guardrails(rules, first.offered(), request.organization_id, hours, voiced=request.replica.voice)


def houses_to_rule_out(actor_id: int, ruled_out: Collection[int]) -> list[Organization]:
    """The houses that are ruled out, then those that have asked, each by name. One query."""
    asked = ReuseRequest.objects.filter(actor=actor_id, sent_at__isnull=False).values("organization")
    found = Organization.objects.filter(Q(pk__in=ruled_out) | Q(pk__in=asked)).order_by("name", "pk")
    return sorted(found, key=lambda house: house.pk not in ruled_out)


def names_of(*rules: Guardrails) -> dict[int, str]:
    """The names of the organizations that any of ``rules`` blocks. One query, none where nobody is."""
    ids = {pk for one in rules for pk in one.blocked}
    return dict(Organization.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def licensee_named(name: str) -> Organization | None:
    """A casting office or production company by its exact name in any case; None when none or several have it."""
    found = list(Organization.objects.filter(kind__in=LICENSEE_KINDS, name__iexact=name.strip())[:2])
    return found[0] if len(found) == 1 else None
