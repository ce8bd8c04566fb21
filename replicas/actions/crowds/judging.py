"""Judging many people at once for the same offer: each by their own rules and by the rulebook, in few statements.

It is the judgment of a single request (``actions/drafting.send``), kept where two people give it the same to judge.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import deciders_of_each
from replicas.access.facts import asked_facts, judging_facts
from replicas.access.guardrails import InForce, in_force_on, standing_rules
from replicas.access.strikes import struck
from replicas.actions.guardrails import OutsideGuardrails, outside
from replicas.actions.signatures import NOBODY_ANSWERS
from replicas.models import Crowd, CrowdPlace, DestructionTask, ReuseRequest
from replicas.models.request import read_by_house
from replicas.rules.answering import RequestState
from replicas.rules.findings import refusal_of
from replicas.rules.guardrails.judging import Ruled, judge_guardrails
from replicas.rules.minors import young_faults
from replicas.rules.reasking import NOT_AVAILABLE, REST, check_not_reasked
from replicas.rules.rulebook import judge, judged_ids
from replicas.rules.rulebook.facts import uses_of
from replicas.rules.rulebook.stages import Stage
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import ReplicaState, Visibility

# What ``asked_facts`` and ``in_force_on`` read from a request; for a place it is annotated on the place.
KNOWN = ("rulebook_stamp", "has_agency", "is_struck", "holder_known", "place_known")

# The columns that judging somebody, and freezing their round, read.
READ = (
    *("crowd", "rank", "state", "request", "actor", "actor__user", "replica"),
    *(f"actor__{name}" for name in ("stage_name", "languages", "union", "birth_date", "adult_at")),
    *(f"actor__user__{name}" for name in ("email", "name", "time_zone")),
    *(f"replica__{name}" for name in ("ref", "kind", "captured_on", "captured_for", "state", "visibility", "actor")),
    *(f"replica__{name}" for name in ("face", "body", "voice", "motion")),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One place with the request that would be theirs, not written yet. ``refusal``: why they are not asked.

    ``rules`` are the rules of the rulebook that were asked, as a round keeps them.
    """

    place: CrowdPlace
    request: ReuseRequest
    in_force: InForce
    rules: list[str]
    refusal: Refused | None = None

    @property
    def outside(self) -> OutsideGuardrails | None:
        return self.refusal if isinstance(self.refusal, OutsideGuardrails) else None


def places_to_judge(crowd: Crowd, *, at: datetime) -> Any:
    """The places of a crowd with everything that judging them reads; filter, order and cut it as you need."""
    owed = DestructionTask.objects.overdue(at).filter(
        replica=OuterRef("replica"), holding__organization=crowd.organization_id
    )
    facts = {**judging_facts(at), "is_struck": struck(at, "crowd__project__agreement")}
    return (
        CrowdPlace.objects.filter(crowd=crowd)
        .select_related("actor__user", "replica")
        .only(*READ)
        .annotate(**standing_rules(), **facts, is_owed=Exists(owed))
    )


def judge_all(
    crowd: Crowd, places: Sequence[CrowdPlace], terms: OfferedTerms, *, hours: float, at: datetime, drawn: bool = True
) -> list[Judged]:
    """Everybody judged for ``terms``, in their order. ``hours`` is the time they would have to answer.

    ``places`` come from ``places_to_judge``, ``crowd`` with its project, organization and ``sent_by``. Unless
    ``drawn``, the requests get no reference: nobody means to write them. Three queries at most, however many; with a
    minor one more.
    """
    judging = _Judging(crowd, terms, hours, at)
    judging.look_up(places, told=not drawn)
    refs = _references(len(places)) if drawn else [""] * len(places)
    return [judging.judge(place, ref) for place, ref in zip(places, refs, strict=True)]


def unwritten(crowd: Crowd, place: CrowdPlace, ref: str, *, at: datetime) -> ReuseRequest:
    """The request of one place as a draft that is not written, with what ``places_to_judge`` found out. No query."""
    request = ReuseRequest(
        ref=ref,
        replica=place.replica,
        actor=place.actor,
        project=crowd.project,
        organization=crowd.organization,
        crowd=crowd,
        created_by=crowd.sent_by,
        created_at=at,
        changed_at=at,
    )
    for name in KNOWN:
        setattr(request, name, getattr(place, name))
    return request


@dataclass
class _Judging:
    """One offer at one moment; what was judged once is kept for whoever has the same to be judged."""

    crowd: Crowd
    terms: OfferedTerms
    hours: float
    at: datetime
    earlier: dict[int, list[OfferedTerms]] = field(default_factory=dict)
    guarded: Collection[int] = ()
    by_guardrails: dict[Any, list[Ruled]] = field(default_factory=dict)
    by_rulebook: dict[Any, tuple[tuple[str, str] | None, list[str]]] = field(default_factory=dict)
    by_age: dict[Any, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.uses = uses_of(self.terms, self.crowd.project.title)
        self.titles = [use.title for use in self.terms.uses]

    def look_up(self, places: Sequence[CrowdPlace], *, told: bool) -> None:
        """Who said no to the same lately, and which minors have somebody who answers for them.

        ``told``: the house is told how many would be refused, so that what became of somebody in an anonymous crowd
        is left out: a list of people whose answers it knows, and one more, would tell it of that one.
        """
        actors = [place.actor for place in places]
        ended = ReuseRequest.objects.filter(
            actor__in=[actor.pk for actor in actors],
            project=self.crowd.project_id,
            state__in=[RequestState.DENIED, RequestState.LAPSED],
            decided_at__gt=self.at - REST,
        )
        ended = ended.filter(read_by_house()) if told else ended
        for past in ended.select_related("current_terms").prefetch_related("current_terms__uses"):
            if past.current_terms:
                self.earlier.setdefault(past.actor_id, []).append(past.current_terms.offered())
        minors = [actor for actor in actors if actor.is_minor(self.at)]
        guardians = deciders_of_each(minors, self.at, copies=False)
        self.guarded = {pk for pk, people in guardians.items() if people}

    def judge(self, place: CrowdPlace, ref: str) -> Judged:
        request = unwritten(self.crowd, place, ref, at=self.at)
        in_force = in_force_on(place, place.actor)
        rules: list[str] = []
        try:
            self._check_askable(place)
            if place.actor_id in self.earlier:
                check_not_reasked(self.terms, self.earlier[place.actor_id])
            rules = self._check_rulebook(request)
            self._check_guardrails(request, in_force)
        except Refused as refusal:
            return Judged(place, request, in_force, rules, refusal)
        return Judged(place, request, in_force, rules)

    def _check_askable(self, place: CrowdPlace) -> None:
        owed: bool = place.is_owed  # type: ignore[attr-defined]
        if owed or not can_be_asked(place.replica.state, place.replica.visibility):
            raise Refused("not-available", NOT_AVAILABLE)

    def _check_rulebook(self, request: ReuseRequest) -> list[str]:
        """The rules asked. Raises Refused for what the law, a contract or this portal stops, and for minors nobody
        answers for."""
        facts = asked_facts(request, self.terms, at=self.at, uses=self.uses)
        assert facts.day is not None  # the performer's own
        age = (facts.person.born_on, facts.replica.captured_on, facts.day, self._guardian(request))
        if age not in self.by_age:
            born_on, captured_on, day, guardian = age
            self.by_age[age] = young_faults(
                self.terms, born_on=born_on, captured_on=captured_on, day=day, guardian=guardian, court_ref=None
            )
        if faults := self.by_age[age]:
            raise Refused("minor-protected", faults[0])
        key = (facts.day, facts.person, facts.replica, facts.struck)
        if key not in self.by_rulebook:
            refused = refusal_of(judge(facts, Stage.COMPOSING), self.titles)
            self.by_rulebook[key] = refused, judged_ids(Stage.COMPOSING, facts)
        refused, rules = self.by_rulebook[key]
        if refused:
            raise Refused(*refused)
        return rules

    def _guardian(self, request: ReuseRequest) -> bool | None:
        if not request.actor.is_minor(self.at):
            return None
        if request.actor_id not in self.guarded:
            raise Refused("no-guardian", NOBODY_ANSWERS)
        return True

    def _check_guardrails(self, request: ReuseRequest, in_force: InForce) -> None:
        key = (
            in_force.own,
            tuple((layer.key, layer.version) for layer in in_force.layers),
            request.replica.voice,
        )
        if key not in self.by_guardrails:
            self.by_guardrails[key] = judge_guardrails(
                in_force.rules, self.terms, self.crowd.organization_id, self.hours, voiced=request.replica.voice
            )
        if ruled := self.by_guardrails[key]:
            raise outside(request, in_force, ruled)


def can_be_asked(state: str, visibility: str) -> bool:
    """Of a replica: a hidden or unconfirmed one can't be asked for."""
    return state == ReplicaState.CONFIRMED and visibility != Visibility.HIDDEN


def _references(count: int) -> list[str]:
    """New references that no request has. One query: among many thousands a random one can be taken."""
    found: set[str] = set()
    while len(found) < count:
        new = {new_reference("R") for _ in range(count - len(found))}
        found |= new - set(ReuseRequest.objects.filter(ref__in=new).values_list("ref", flat=True))
    return list(found)
