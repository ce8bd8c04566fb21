"""Who came too late for a crowd and is asked again, with their consent, when a place comes free."""

from collections.abc import Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.notifications import notify
from accounts.rules.refusal import Refused
from agencies.access import acting_for, deciders_of, decides_for
from replicas.actions.crowds.ringing import ring
from replicas.actions.crowds.telling import agents_letters, client_of
from replicas.actions.guardrails import OutsideGuardrails, check_before_asking, remember_all
from replicas.actions.rounds import freeze
from replicas.actions.telling import copies_to_minor, notices, tell
from replicas.actions.writing import change, lock
from replicas.models import Crowd, CrowdPlace, Decision, ReuseRequest, Terms
from replicas.rules.answering import ALREADY, RequestState, Side
from replicas.rules.crowds import CrowdState, Shown
from replicas.rules.crowds.filling import state_in_crowd
from replicas.rules.deadlines import Threshold, first_reminder_at
from replicas.rules.events import Event
from replicas.rules.showing import terms_of

NOT_FILLED = "This is offered to those whose crowd was filled before their answer."


@move(Event.REQUEST_KEPT)
def keep_asked(request: ReuseRequest, *, wanted: bool, by: User, at: datetime) -> ReuseRequest:
    """Says that they want to be asked again if a place comes free, or no longer. It is no yes: that is signed then.

    Raises Refused for anybody but who decides for the actor, and for a request that is not filled.
    """
    request = lock(request, at=at)
    if not decides_for(by, request.actor, at):
        raise Refused(
            "not-yours", "Only the actor can say this. Nobody else can do it for them.", subject=request.subject
        )
    state = RequestState(request.state)
    if request.crowd is not None:
        state = state_in_crowd(state, CrowdState(request.crowd.state))
    if state is not RequestState.FILLED:
        raise Refused("not-filled", ALREADY.get(state, NOT_FILLED), subject=request.subject)
    assert request.crowd is not None
    CrowdPlace.objects.filter(request=request).update(keep_asked=wanted)
    ring(request.crowd.pk)
    wish = "wants to be asked" if wanted else "does not want to be asked any more"
    record(
        Event.REQUEST_KEPT, subject=request.subject, by=by, at=at, for_label=acting_for(by, request.actor), wish=wish
    )
    return request


def call_back(crowd: Crowd, places: Sequence[CrowdPlace], *, answer_by: datetime, at: datetime) -> list[Happening]:
    """Asks these again, each by the request they have, until ``answer_by``. Returns what the trail keeps.

    With the crowd's row locked. Whose rules have come to forbid it is not bothered, and not asked again.
    """
    happenings, called = [], []
    for place in places:
        request = lock(place.request_id, at=at)  # type: ignore[arg-type]
        CrowdPlace.objects.filter(pk=place.pk).update(keep_asked=False)
        try:
            terms = _round(crowd, request, at=at, answer_by=answer_by)
        except OutsideGuardrails as refusal:
            remember_all([refusal], at=at)
            continue
        except Refused:
            continue
        Decision.objects.filter(request=request, taken_back_at__isnull=True).update(taken_back_at=at)
        _reopen(request, terms, answer_by=answer_by, at=at)
        CrowdPlace.objects.filter(pk=place.pk).update(shown=Shown.OPEN, offered=crowd.offer.number)  # type: ignore[union-attr]
        called.append(request)
        happenings.append(Happening(Event.REQUEST_CALLED, request.subject, data={"answer_by": answer_by.isoformat()}))
    clients = [client_of(request) for request in called]
    if clients:
        once = f"called:{at.isoformat()}"
        notify(agents_letters(crowd, "client-called", clients, once=once), at=at)
    return happenings


def _round(crowd: Crowd, request: ReuseRequest, *, at: datetime, answer_by: datetime) -> Terms:
    """The round they are asked to sign: their last one, or the offer where that is better or theirs had no answer."""
    current, offer = request.current_terms, crowd.offer
    assert current is not None
    assert offer is not None
    theirs = request.turn == Side.LICENSEE
    terms = terms_of(offer.document) if theirs or offer.total > current.total else current.offered()
    check_before_asking(request, terms, answer_by=answer_by, at=at)
    if terms == current.offered():
        return current
    return freeze(request, terms, side=Side.LICENSEE, by=offer.put_by, at=at)


def _reopen(request: ReuseRequest, terms: Terms, *, answer_by: datetime, at: datetime) -> None:
    change(
        request,
        state=RequestState.OPEN,
        at=at,
        turn=Side.ACTOR,
        current_terms=terms,
        decided_at=None,
        answer_by=answer_by,
        opened_at=at,
        reminded=Threshold.NONE,
        next_reminder_at=first_reminder_at(at, answer_by),
    )
    once = f"called:{request.version}"
    tell(
        notices("request-called", deciders_of(request.actor, at, copies=False), request, once=once, due_at=answer_by),
        copies_to_minor(request, once=once, at=at),
        at=at,
    )
