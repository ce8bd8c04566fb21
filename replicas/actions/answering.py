"""The actor's answer: a yes that becomes a license, a no, and taking a no back. The only writer of decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.actions.moves import move
from accounts.actions.signing import Proof, prove
from accounts.audit import record, record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import acting_for, deciders_of
from replicas.access.facts import answer_facts
from replicas.actions.crowds.filling import check_taken, give_place_back, moved, place_taken, take_place
from replicas.actions.guardrails import check_before_signing
from replicas.actions.judging import check
from replicas.actions.licensing import issue
from replicas.actions.signatures import (
    check_takes_own_no_back,
    check_young,
    no_signature_counts,
    sign_for_minor,
)
from replicas.actions.telling import each_once, license_notices, nothing_left_to_ask, notices, people_of, tell
from replicas.actions.writing import allowed, change, lock
from replicas.models import Decision, License, Replica, ReuseRequest
from replicas.rules.answering import Move, RequestState, Side
from replicas.rules.deadlines import Threshold, first_reminder_at
from replicas.rules.events import Event
from replicas.rules.rulebook.stages import Stage
from replicas.rules.vocabulary import AfterDeath, ReasonSeenBy, ReplicaState


@move(Event.REQUEST_APPROVED)
def approve(
    request: ReuseRequest,
    *,
    terms_hash: str,
    use_ids: Sequence[int],
    typed_name: str,
    proof: Proof,
    court_ref: str = "",
    after_death: str = AfterDeath.ENDS,
    by: User,
    at: datetime,
) -> License | None:
    """The actor's yes to some or all uses of the round they were shown. Issues the license in the same transaction.

    ``after_death`` is the performer's own choice (rule R18). For a minor each guardian signs, naming the court's
    approval (``court_ref``); None while one signature is missing. ``terms_hash`` is what the page showed. Raises
    Refused when it is no longer the current round, when no use is chosen, when the name is not the person's, when
    their own guardrails or the rulebook forbid a chosen use, when the proof fails, when every place of their crowd is
    taken, or when the move itself is not allowed.
    """
    taken = take_place(request, at=at)  # the crowd's row before the request's
    request = lock(request, at=at)
    allowed(Move.APPROVE, request, by=by, at=at)
    check_taken(request, taken)
    terms = request.current_terms
    if terms is None or terms.sha256 != terms_hash:
        raise Refused("terms-changed", "The terms changed since you read them.", subject=request.subject)
    uses = [use for use in terms.uses.all() if use.pk in set(use_ids)]
    if not uses or len(uses) != len(set(use_ids)):
        raise Refused("no-use-chosen", "Say yes to at least one use, or deny the request.", subject=request.subject)
    if not _same_name(typed_name, by, request):
        raise Refused("name-differs", f"Type your name as it stands here: {by.name}.", subject=request.subject)
    chosen = replace(terms.offered(), uses=tuple(use.offered() for use in uses))
    in_force = check_before_signing(request, chosen)
    check_young(request, chosen, court_ref=court_ref, at=at)
    by_guardian = request.actor.is_minor(at)
    facts = answer_facts(request, chosen, at=at, by_guardian=by_guardian, after_death=after_death)
    judged = check(request, facts, Stage.ANSWERING)
    proven = _proven(proof, request, terms_hash, by, at)
    signed = {
        "terms_hash": terms_hash,
        "typed_name": typed_name.strip(),
        "factor": proven.factor,
        "challenge": proven.nonce,
    }
    if by_guardian:
        agreed = sign_for_minor(request, terms, uses, court_ref=court_ref, signed=signed, by=by, at=at)
        if agreed is None:
            give_place_back(request)
            return None
        uses, signed = agreed.uses, {**signed, **agreed.values}
    decision = end(
        request, RequestState.APPROVED, by=by, at=at, terms=terms, judged=judged, after_death=after_death, **signed
    )
    license_ = issue(request, decision, uses, at=at)
    place_taken(request)
    agents, licensees = people_of(request)
    people = each_once(by, *deciders_of(request.actor, at), *licensees, *agents)
    tell(license_notices("license-issued", people, license_, once="issued"), at=at)
    evidence = {
        "uses": f"{len(uses)} of {len(terms.uses.all())} uses",
        "factor": proven.factor.label,
        "challenge": proven.nonce,
        "terms_hash": terms_hash,
        "license": license_.ref,
        "guardrails": in_force.judged,
        "rules": judged,
        "after_death": after_death,
    }
    for_label = acting_for(by, request.actor)
    record_all(
        [
            Happening(Event.REQUEST_APPROVED, request.subject, by, for_label, data=evidence),
            Happening(Event.LICENSE_ISSUED, license_.subject, by, for_label, data={"request": request.ref}),
        ],
        at=at,
    )
    return license_


@move(Event.REQUEST_DENIED)
def deny(
    request: ReuseRequest,
    *,
    reason: str = "",
    comment: str = "",
    seen_by: str = ReasonSeenBy.AGENT,
    by: User,
    at: datetime,
) -> ReuseRequest:
    """The actor's no. The people who asked see “not available”, and the reason only if the actor shares it."""
    request = lock(request, at=at)
    allowed(Move.DENY, request, by=by, at=at)
    end(request, RequestState.DENIED, by=by, at=at, reason=reason, comment=comment, seen_by=seen_by)
    no_signature_counts(request, at=at)
    shared: dict[str, Any] = {"reason": reason, "comment": comment} if seen_by == ReasonSeenBy.REQUESTER else {}
    once = f"denied:{request.version}"
    agents, licensees = people_of(request)
    told = _others(request, agents, by, at)
    who: dict[str, Any] = {"outcome": "denied", "answered_by": _guardian(request, by)}
    tell(
        notices("request-not-available", licensees, request, once=once, **shared),
        notices("client-answered", told, request, once=once, **who, reason=reason),
        at=at,
    )
    record(Event.REQUEST_DENIED, subject=request.subject, by=by, at=at, for_label=acting_for(by, request.actor))
    return request


@move(Event.REQUEST_REOPENED)
def reopen(request: ReuseRequest, *, by: User, at: datetime) -> ReuseRequest:
    """Takes a denial back while the window is open: the request waits for the actor again, with the same deadline."""
    request = lock(request, at=at)
    allowed(Move.REOPEN, request, by=by, at=at)
    check_takes_own_no_back(request, by=by, at=at)
    _check_not_leaving(request)
    Decision.objects.filter(request=request, taken_back_at__isnull=True).update(taken_back_at=at)
    change(
        request,
        state=RequestState.OPEN,
        at=at,
        turn=Side.ACTOR,
        decided_at=None,
        reminded=Threshold.NONE,
        next_reminder_at=first_reminder_at(at, request.answer_by),  # type: ignore[arg-type]
        opened_at=at,
    )
    moved(request)
    once = f"reopened:{request.version}"
    agents, licensees = people_of(request)
    told = _others(request, agents, by, at)
    who: dict[str, Any] = {"outcome": "reopened", "answered_by": _guardian(request, by)}
    tell(
        notices("request-reopened", licensees, request, once=once),
        notices("client-answered", told, request, once=once, **who),
        at=at,
    )
    record(Event.REQUEST_REOPENED, subject=request.subject, by=by, at=at, for_label=acting_for(by, request.actor))
    return request


def _others(request: ReuseRequest, agents: list[User], by: User, at: datetime) -> list[User]:
    """Who reads a copy of an answer: the agents, and for a minor the other guardian and the minor."""
    own = deciders_of(request.actor, at) if request.actor.is_minor(at) else []
    return [person for person in each_once(*own, *agents) if person.pk != by.pk or person in agents]


def _guardian(request: ReuseRequest, by: User) -> str:
    """The name of who answered for somebody else; empty for the performer's own answer."""
    return str(by) if acting_for(by, request.actor) else ""


def end(request: ReuseRequest, outcome: RequestState, *, by: User | None, at: datetime, **values: Any) -> Decision:
    """Writes the end of a request and the decision that stands for it, and cancels letters that still ask."""
    change(request, state=outcome, at=at, decided_at=at, next_reminder_at=None, held_at=None)
    nothing_left_to_ask(request, at=at)
    if outcome is not RequestState.APPROVED:
        moved(request)
    return Decision.objects.create(request=request, outcome=outcome, by=by, at=at, **values)


def _proven(proof: Proof, request: ReuseRequest, terms_hash: str, by: User, at: datetime) -> Any:
    try:
        return prove(proof, by=by, subject=request.subject, digest=terms_hash, at=at)
    except Refused as refusal:
        refusal.subject = request.subject
        raise


def _check_not_leaving(request: ReuseRequest) -> None:
    """A replica that its performer withdraws altogether can't be asked for again by taking an old no back."""
    replica = Replica.objects.select_for_update(no_key=True).get(pk=request.replica_id)
    if replica.state != ReplicaState.CONFIRMED:
        raise Refused("replica-leaving", "You withdrew this replica altogether.", subject=request.subject)


def _same_name(typed: str, by: User, request: ReuseRequest) -> bool:
    """The person's own name, or the performer's own stage name, whatever the case and spacing."""
    plain = " ".join(typed.split()).casefold()
    stage_name = request.actor.stage_name if request.actor.user_id == by.pk else by.name
    return plain in {" ".join(name.split()).casefold() for name in (by.name, stage_name)}
