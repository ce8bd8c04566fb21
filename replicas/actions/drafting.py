"""Drafts: begun, saved again and again, sent once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import deciders_of, members_of
from replicas.access.crowds import in_crowds_without_yes
from replicas.access.custody import overdue_at
from replicas.actions.guardrails import check_before_asking, remember_refusals
from replicas.actions.rounds import check_terms, freeze
from replicas.actions.telling import copies_to_minor, notices, people_of, tell
from replicas.actions.writing import allowed, change, lock
from replicas.models import Project, Replica, ReuseRequest
from replicas.models.request import read_by_house
from replicas.rules.answering import Move, RequestState, Side
from replicas.rules.deadlines import check_answer_by
from replicas.rules.events import Event
from replicas.rules.reasking import INSTEAD, REST, check_not_reasked
from replicas.rules.showing import terms_of
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import ReplicaState, Visibility
from replicas.rules.wording import day

LONGEST_DRAFT = 200_000  # characters; eight uses filled to the brim have about 25,000


@move(Event.REQUEST_DRAFTED)
def begin_draft(*, replica: Replica, project: Project, draft: dict[str, Any], by: User, at: datetime) -> ReuseRequest:
    """Starts a draft in the project's house. Assistants may. Raises Refused for somebody of another house."""
    if not members_of(project.organization_id).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of the project's house can prepare a request.", subject=project.subject)
    _check_askable(replica)
    request = ReuseRequest.objects.create(
        ref=new_reference("R"),
        replica=replica,
        actor_id=replica.actor_id,
        project=project,
        organization_id=project.organization_id,
        created_by=by,
        created_at=at,
        changed_at=at,
        draft=draft,
    )
    record(Event.REQUEST_DRAFTED, subject=request.subject, by=by, at=at)
    return request


@transaction.atomic
def save_draft(request: ReuseRequest, *, draft: dict[str, Any], by: User, at: datetime) -> bool:
    """Keeps what was typed. False when the request is no longer a draft (it was sent from another tab).

    Saving is not a move of the request, so it leaves no audit entry: a draft is nobody's promise. Raises Refused for
    somebody of another house and for a draft longer than anybody types.
    """
    if not members_of(request.organization_id).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of the project's house can write here.", subject=request.subject)
    if sum(len(value) for values in draft.values() for value in values) > LONGEST_DRAFT:
        raise Refused("draft-too-long", f"A draft can hold {LONGEST_DRAFT:,} characters.", subject=request.subject)
    drafts = ReuseRequest.objects.filter(pk=request.pk, state=RequestState.DRAFT)
    return bool(drafts.update(draft=draft, changed_at=at))


@remember_refusals
@move(Event.REQUEST_SENT)
def send(request: ReuseRequest, *, terms: OfferedTerms, answer_by: datetime, by: User, at: datetime) -> ReuseRequest:
    """Freezes the first round and puts it before the actor. Their first notice goes out at once.

    Raises Refused when the draft was sent or thrown away, when ``by`` may not send, when the window is shorter than 48
    hours, when the replica can't be asked for any more, when the terms have faults (``rules/faults.py``), when the
    actor's guardrails forbid them, or when the same was asked and not granted less than 30 days ago.
    """
    request = lock(request, at=at)
    allowed(Move.SEND, request, by=by, at=at)
    # The replica's row is held until the request is out, so that a withdrawal of the replica finds it and closes it.
    _check_askable(Replica.objects.select_for_update(no_key=True).get(pk=request.replica_id))
    _check_nothing_owed(request, at=at)
    try:
        check_answer_by(answer_by, at=at)
    except Refused as refusal:
        refusal.subject = request.subject
        raise
    _check_not_asked_just_now(request, terms, at=at)
    check_terms(request, terms, at=at)  # before the guardrails, which remember for the actor what they refused
    in_force = check_before_asking(request, terms, answer_by=answer_by, at=at)
    frozen = freeze(request, terms, side=Side.LICENSEE, by=by, at=at)
    change(
        request,
        state=RequestState.OPEN,
        at=at,
        turn=Side.ACTOR,
        current_terms=frozen,
        guardrails_id=in_force.version_id,
        guardrails_judged=in_force.judged,
        sent_by=by,
        sent_at=at,
        opened_at=at,
        answer_by=answer_by,
    )
    asked = deciders_of(request.actor, at, copies=False)
    tell(
        notices("request-received", asked, request, once="received", due_at=answer_by),
        copies_to_minor(request, once="received", at=at),
        notices("client-request", people_of(request)[0], request, once="received", due_at=answer_by),
        at=at,
    )
    record(Event.REQUEST_SENT, subject=request.subject, by=by, at=at, answer_by=answer_by.isoformat())
    return request


@move(Event.REQUEST_WITHDRAWN)
def withdraw(request: ReuseRequest, *, reason: str = "", by: User, at: datetime) -> ReuseRequest:
    """Takes a request back before it is answered, or throws a draft away. The actor is told if they were asked."""
    from replicas.actions.answering import end  # both ends of a request are written there

    request = lock(request, at=at)
    allowed(Move.WITHDRAW, request, by=by, at=at)
    was_draft = request.state == RequestState.DRAFT
    end(request, RequestState.WITHDRAWN, by=by, at=at, comment=reason)
    if not was_draft:
        people = [*deciders_of(request.actor, at), *people_of(request)[0]]
        tell(notices("request-withdrawn", people, request, once="withdrawn", reason=reason), at=at)
    record(Event.REQUEST_WITHDRAWN, subject=request.subject, by=by, at=at, reason=reason)
    return request


def _check_nothing_owed(request: ReuseRequest, *, at: datetime) -> None:
    """Rule R26: who is late with destroying the replica, or a copy of it, asks for nothing new of it."""
    late = overdue_at(request.organization_id, request.replica_id, at=at)
    if late is not None:
        raise Refused(
            "destruction-overdue",
            f"{late.holding.holder} should have destroyed {late.holding.what} of this replica by {day(late.due_on)}. "
            "Attest that under Custody, then send this.",
            subject=request.subject,
        )


def _check_askable(replica: Replica) -> None:
    """A hidden or unconfirmed replica can't be asked for: nobody outside should know that it exists."""
    if replica.state != ReplicaState.CONFIRMED or replica.visibility == Visibility.HIDDEN:
        raise Refused("not-available", "This replica can't be asked for any more.", subject=replica.subject)


def _check_not_asked_just_now(request: ReuseRequest, terms: OfferedTerms, *, at: datetime) -> None:
    """Rule R21: the same use is not asked again within 30 days of a no, unless the terms changed."""
    _check_not_in_a_crowd(request, terms, at=at)
    ended = ReuseRequest.objects.filter(
        read_by_house(),
        actor=request.actor_id,
        project=request.project_id,
        state__in=[RequestState.DENIED, RequestState.LAPSED],
        decided_at__gt=at - REST,
    ).prefetch_related("current_terms__uses")
    try:
        check_not_reasked(terms, [past.current_terms.offered() for past in ended if past.current_terms])
    except Refused as refusal:
        refusal.subject = request.subject
        raise


def _check_not_in_a_crowd(request: ReuseRequest, terms: OfferedTerms, *, at: datetime) -> None:
    """The same rule for who was chosen for an anonymous crowd and has not said yes: alike for everybody in it, called
    or not, answered or not, so that nobody can be tried out by asking them alone."""
    for place in in_crowds_without_yes(request.actor_id, request.project_id, since=at - REST):
        offer = place.crowd.offer
        try:
            check_not_reasked(terms, [terms_of(offer.document)] if offer else [])
        except Refused as refusal:
            sentence = f"Your crowd {place.crowd.ref} asks for this use, or did so less than 30 days ago. {INSTEAD}"
            raise Refused("in-a-crowd", sentence, subject=request.subject) from refusal
