"""Terms that change hands: proposed by the actor's side, countered or accepted by the licensee's, and more time."""

from datetime import datetime
from typing import Any

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import acting_for, deciders_of
from replicas.actions.crowds.filling import answered_by_house, moved
from replicas.actions.crowds.telling import tell_house_it_waits
from replicas.actions.guardrails import check_before_asking, check_before_proposing, remember_refusals
from replicas.actions.rounds import freeze
from replicas.actions.telling import copies_to_minor, deadline_moved, each_once, notices, people_of, tell, turn_is_over
from replicas.actions.writing import allowed, change, lock
from replicas.models import ReuseRequest, Terms
from replicas.rules.answering import Move, RequestState, Side
from replicas.rules.deadlines import Threshold, after_new_terms, check_answer_by, first_reminder_at
from replicas.rules.events import Event
from replicas.rules.terms import OfferedTerms, differences

MOST_ROUNDS = 12


@move(Event.REQUEST_PROPOSED)
def propose(
    request: ReuseRequest, *, terms: OfferedTerms, terms_hash: str, note: str = "", by: User, at: datetime
) -> ReuseRequest:
    """The actor, or their agency for them, puts forward other terms. The turn passes to the people who asked."""
    request = lock(request, at=at)
    sides = allowed(Move.PROPOSE, request, by=by, at=at)
    side = Side.ACTOR if Side.ACTOR in sides else Side.AGENCY
    check_before_proposing(request, terms, side=side)
    frozen = _next_round(request, terms, terms_hash, side=side, note=note, by=by, at=at)
    _pass_on(request, frozen, RequestState.COUNTERED, Side.LICENSEE, at=at)
    moved(request)
    due: dict[str, Any] = {"due_at": request.answer_by, "round": frozen.number, "note": note}
    agents, licensees = people_of(request)
    others = [person for person in each_once(*deciders_of(request.actor, at), *agents) if person.pk != by.pk]
    tell(
        notices("request-countered", licensees, request, once=f"round:{frozen.number}", **due),
        notices("request-question", others, request, once=f"round:{frozen.number}", written_by=str(by), body=note),
        at=at,
    )
    tell_house_it_waits(request, at=at)
    for_label = acting_for(by, request.actor)
    record(Event.REQUEST_PROPOSED, subject=request.subject, by=by, at=at, for_label=for_label, round=frozen.number)
    return request


@remember_refusals
@move(Event.REQUEST_COUNTERED)
def counter(
    request: ReuseRequest, *, terms: OfferedTerms, terms_hash: str, note: str = "", by: User, at: datetime
) -> ReuseRequest:
    """The licensee answers a proposal with other terms; the actor's turn again, with at least 48 hours."""
    request = lock(request, at=at)
    allowed(Move.COUNTER, request, by=by, at=at)
    check_before_asking(request, terms, answer_by=None, at=at)
    frozen = _next_round(request, terms, terms_hash, side=Side.LICENSEE, note=note, by=by, at=at)
    back_to_actor(request, frozen, at=at, accepted=False, note=note)
    record(Event.REQUEST_COUNTERED, subject=request.subject, by=by, at=at, round=frozen.number)
    return request


@remember_refusals
@move(Event.REQUEST_ACCEPTED)
def accept(request: ReuseRequest, *, terms_hash: str, by: User, at: datetime) -> ReuseRequest:
    """The licensee takes the proposed terms as they are. Nothing is agreed until the actor signs."""
    request = take(request, terms_hash=terms_hash, by=by, at=at)
    record(Event.REQUEST_ACCEPTED, subject=request.subject, by=by, at=at, actor=request.actor.stage_name)
    return request


def take(request: ReuseRequest, *, terms_hash: str, by: User, at: datetime, for_crowd: bool = False) -> ReuseRequest:
    """Accepting without its line in the trail, which is the caller's. ``for_crowd``: ``by`` accepts for everybody in a
    crowd who asks for the same, and does not know whose request it is."""
    request = lock(request, at=at)
    allowed(Move.ACCEPT, request, by=by, at=at, for_crowd=for_crowd)
    terms = request.current_terms
    if terms is None or terms.sha256 != terms_hash:
        raise Refused("terms-changed", "The terms changed since you read them.", subject=request.subject)
    check_before_asking(request, terms.offered(), answer_by=None, at=at)
    back_to_actor(request, terms, at=at, accepted=True)
    return request


@move(Event.REQUEST_EXTENDED)
def extend(request: ReuseRequest, *, answer_by: datetime, by: User, at: datetime) -> ReuseRequest:
    """The licensee gives the actor more time. The deadline can only move later."""
    request = lock(request, at=at)
    allowed(Move.EXTEND, request, by=by, at=at)
    if request.answer_by is None or answer_by <= request.answer_by:
        raise Refused("not-later", "Choose a moment after the present deadline.", subject=request.subject)
    try:
        check_answer_by(answer_by, at=at)
    except Refused as refusal:
        refusal.subject = request.subject
        raise
    deadline_moved(request, at=at)
    change(request, state=RequestState.OPEN, at=at, answer_by=answer_by, **_window(at, answer_by))
    people = [*deciders_of(request.actor, at), *people_of(request)[0]]
    once = f"extended:{request.version}"
    tell(notices("request-extended", people, request, once=once, due_at=answer_by), at=at)
    record(Event.REQUEST_EXTENDED, subject=request.subject, by=by, at=at, answer_by=answer_by.isoformat())
    return request


def _next_round(
    request: ReuseRequest, terms: OfferedTerms, terms_hash: str, *, side: Side, note: str, by: User, at: datetime
) -> Terms:
    """Freezes ``terms`` after the round the other side was shown. Raises Refused when there is nothing new in them."""
    current = request.current_terms
    if current is None or current.sha256 != terms_hash:
        raise Refused("terms-changed", "The terms changed while you wrote.", subject=request.subject)
    if not differences(current.offered(), terms):
        raise Refused("nothing-changed", "These are the terms as they are. Change something.", subject=request.subject)
    if current.number >= MOST_ROUNDS:
        raise Refused("too-many-rounds", f"After {MOST_ROUNDS} rounds it is yes or no.", subject=request.subject)
    return freeze(request, terms, side=side, by=by, at=at, note=note)


def back_to_actor(request: ReuseRequest, terms: Terms, *, at: datetime, accepted: bool, note: str = "") -> None:
    """The actor's turn again, with a window of at least 48 hours; they and their agents are told."""
    _pass_on(request, terms, RequestState.OPEN, Side.ACTOR, at=at)
    answered_by_house(request)
    more: dict[str, Any] = {"due_at": request.answer_by, "accepted": accepted, "round": terms.number, "note": note}
    once = f"terms:{request.version}"
    asked = deciders_of(request.actor, at, copies=False)
    tell(
        notices("request-terms-changed", asked, request, once=once, **more),
        copies_to_minor(request, once=once, at=at, **more),
        notices("client-request", people_of(request)[0], request, once=once, **more),
        at=at,
    )


def _pass_on(request: ReuseRequest, terms: Terms, state: RequestState, turn: Side, *, at: datetime) -> None:
    """Hands the turn over with a window of at least 48 hours, and calls off letters about the turn before."""
    turn_is_over(request, at=at)
    answer_by = after_new_terms(request.answer_by, at=at)  # type: ignore[arg-type]
    change(request, state=state, at=at, turn=turn, current_terms=terms, answer_by=answer_by, **_window(at, answer_by))
    terms.request = request


def _window(at: datetime, answer_by: datetime) -> dict[str, object]:
    """A new window: its reminders start over."""
    return {"opened_at": at, "reminded": Threshold.NONE, "next_reminder_at": first_reminder_at(at, answer_by)}
