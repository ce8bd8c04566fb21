"""What people say to each other about a request."""

from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import acting_for, deciders_of
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.actions.crowds.telling import tell_house_it_waits
from replicas.actions.telling import each_once, notices, people_of, tell
from replicas.actions.writing import allowed, lock
from replicas.models import Advice, Message, ReuseRequest
from replicas.rules.answering import Move, Side
from replicas.rules.events import Event


@move(Event.REQUEST_ASKED)
def ask(request: ReuseRequest, *, body: str, side: Side, by: User, at: datetime) -> Message:
    """Writes into the thread both sides and the agent see. ``side`` must be one the person may act for."""
    request = lock(request, at=at)
    sides = allowed(Move.ASK, request, by=by, at=at)
    if side not in sides:
        raise Refused("not-yours", "You can't write for that side.", subject=request.subject)
    message = Message.objects.create(request=request, by=by, side=side, body=body, at=at)
    agents, licensees = people_of(request)
    people = each_once(*deciders_of(request.actor, at), *agents, *licensees)
    people = [person for person in people if person.pk != by.pk]
    once = f"message:{message.pk}"
    tell(notices("request-question", people, request, once=once, written_by=str(by), body=body), at=at)
    tell_house_it_waits(request, at=at)
    for_label = acting_for(by, request.actor) if side is Side.ACTOR else ""
    record(Event.REQUEST_ASKED, subject=request.subject, by=by, at=at, for_label=for_label)
    return message


@move(Event.REQUEST_ADVISED)
def advise(request: ReuseRequest, *, body: str, by: User, at: datetime) -> Advice:
    """The agent's note to the actor about the present round. Only the actor and the agency ever see it."""
    request = lock(request, at=at)
    allowed(Move.ADVISE, request, by=by, at=at)
    agency = Representation.objects.filter(
        actor=request.actor_id,
        state=BondState.ACTIVE,
        agency__memberships__user=by,
        agency__memberships__state=BondState.ACTIVE,
    ).values_list("agency_id", flat=True)[0]
    number = request.current_terms.number if request.current_terms else 1
    advice = Advice.objects.create(request=request, agency_id=agency, by=by, round_number=number, body=body, at=at)
    once = f"advice:{advice.pk}"
    people = deciders_of(request.actor, at)
    tell(notices("request-advice", people, request, once=once, written_by=str(by), body=body), at=at)
    record(Event.REQUEST_ADVISED, subject=request.subject, by=by, at=at, for_label=request.actor.stage_name)
    return advice
