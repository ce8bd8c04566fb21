"""What the house does with a crowd that runs: calls more people, accepts what several ask for, ends it."""

from datetime import datetime

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record, record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access.crowds.life import places_asking, reads_as
from replicas.actions.crowds import settling
from replicas.actions.crowds.deciding import check_no_strike, decided
from replicas.actions.crowds.mailing import move_end
from replicas.actions.crowds.ringing import ring
from replicas.actions.guardrails import OutsideGuardrails, remember_all
from replicas.actions.negotiating import take
from replicas.models import Crowd, CrowdPlace, ReuseRequest
from replicas.rules.answering import RequestState
from replicas.rules.crowds import CrowdState, PlaceState, Shown
from replicas.rules.crowds.filling import standby_end
from replicas.rules.crowds.moving import CrowdMove, check_more
from replicas.rules.events import Event

NO_WINDOW = "This crowd ends in less than 48 hours, and whoever is called has at least that long. Give more time first."


@move(Event.CROWD_PROMOTED)
def promote(crowd: Crowd, *, people: int, by: User, at: datetime) -> Crowd:
    """Calls ``people`` more standbys now, beyond the margin. They have a full window.

    Raises Refused for fewer than one, for more than the board shows, and where the crowd ends before their window.
    """
    waiting = reads_as(crowd, Shown.WAITING)
    found = decided(CrowdMove.PROMOTE, crowd, by=by, people=waiting)
    check_no_strike(found, by=by, at=at)
    if not 1 <= people <= waiting:
        raise Refused("no-such-number", f"Say how many to call: 1 to {waiting:,}.", subject=found.subject)
    _check_window(found, at=at)
    _let_in_again(found, people)
    found.margin, found.changed_at = found.margin + people, at
    found.save(update_fields=["margin", "changed_at"])
    happenings = _call(found, people, at=at)
    happenings.append(Happening(Event.CROWD_PROMOTED, found.subject, by, data={"people": people}))
    record_all(happenings, at=at)
    return found


@move(Event.CROWD_MORE)
def ask_for_more(crowd: Crowd, *, more: int, answer_by: datetime | None = None, by: User, at: datetime) -> Crowd:
    """Needs ``more`` people than before. A filled crowd opens again: who agreed to be asked comes first.

    ``answer_by`` is a new end, needed where the present one leaves nobody 48 hours. Raises Refused for more than are on
    its list.
    """
    found = decided(CrowdMove.MORE, crowd, by=by)
    check_no_strike(found, by=by, at=at)
    try:
        check_more(found.needed, more, people=found.places.count())
    except Refused as refusal:
        refusal.subject = found.subject
        raise
    filled = found.state == CrowdState.FILLED
    found.needed, found.changed_at = found.needed + more, at
    found.save(update_fields=["needed", "changed_at"])
    if filled:
        settling.reopen(found, at=at)
    else:  # where the house had closed the crowd to standbys, they are standbys again
        found.places.filter(state=PlaceState.RELEASED).update(state=PlaceState.STANDBY)
    if answer_by is not None:
        move_end(found, answer_by, at=at)
    _check_window(found, at=at)
    happenings = _call(found, more, at=at)
    happenings.append(Happening(Event.CROWD_MORE, found.subject, by, data={"more": more, "needed": found.needed}))
    record_all(happenings, at=at)
    return found


def _let_in_again(crowd: Crowd, people: int) -> None:
    """Where the house had closed the crowd to standbys, as many as it calls now are standbys again, in their order."""
    short = people - crowd.places.filter(state=PlaceState.STANDBY).count()
    if short > 0:
        first = crowd.places.filter(state=PlaceState.RELEASED).order_by("rank", "pk").values_list("pk", flat=True)
        CrowdPlace.objects.filter(pk__in=list(first[:short])).update(state=PlaceState.STANDBY)


def _check_window(crowd: Crowd, *, at: datetime) -> None:
    assert crowd.answer_by is not None
    if standby_end(crowd.answer_by, at=at, end_moves=crowd.end_moves) is None:
        raise Refused("no-window", NO_WINDOW, subject=crowd.subject)


def _call(crowd: Crowd, people: int, *, at: datetime) -> list[Happening]:
    """Calls by the rule as it is now, and shows ``people`` standbys as asked: the house called that many, whoever of
    them was called before in somebody's stead."""
    happenings: list[Happening] = []
    settling.call_next(crowd, at=at, happenings=happenings)
    rows = crowd.places.filter(shown=Shown.WAITING)
    asked_first = sorted(rows.values_list("state", "rank", "pk"), key=lambda row: (row[0] != PlaceState.ASKED, row[1]))
    CrowdPlace.objects.filter(pk__in=[pk for _, _, pk in asked_first[:people]]).update(shown=Shown.OPEN)
    ring(crowd.pk)
    return happenings


@move(Event.CROWD_VARIANT_ACCEPTED)
def accept_variant(crowd: Crowd, *, key: str, by: User, at: datetime) -> int:
    """Takes the changes that several propose, for all of them; each still signs. How many the board said it was.

    Whose own deadline passed, or who ended it meanwhile, is left as they are: the board does not tell them apart.
    Raises Refused where nobody asks for it any more.
    """
    places = places_asking(crowd, key)
    found = decided(CrowdMove.ACCEPT, crowd, by=by, people=len(places))
    check_no_strike(found, by=by, at=at)
    accepted: list[Happening] = []
    asking = [place.request_id for place in places if place.request_id]
    countered = ReuseRequest.objects.filter(pk__in=asking, state=RequestState.COUNTERED).order_by("pk")
    for request in countered.select_related("current_terms"):
        assert request.current_terms is not None
        try:
            with transaction.atomic():
                taken = take(request, terms_hash=request.current_terms.sha256, by=by, at=at, for_crowd=True)
        except OutsideGuardrails as refusal:
            remember_all([refusal], at=at)
            continue
        except Refused:
            continue  # it ended meanwhile; the others still have theirs
        # In nobody's name: who accepts for all would read in their own history whose it was.
        accepted.append(Happening(Event.REQUEST_ACCEPTED_FOR_ALL, taken.subject, data={"who": str(by)}))
    CrowdPlace.objects.filter(pk__in=[place.pk for place in places], shown=Shown.COUNTERED).update(shown=Shown.OPEN)
    ring(found.pk)
    data = {"people": len(places)}
    record_all([*accepted, Happening(Event.CROWD_VARIANT_ACCEPTED, found.subject, by, data=data)], at=at)
    return len(places)


@move(Event.CROWD_WITHDRAWN)
def withdraw_open(crowd: Crowd, *, message: str, by: User, at: datetime) -> Crowd:
    """Takes back what is still asked, with a message to all who had not answered, and ends the crowd as it stands.

    What was signed stays. Raises Refused without a message.
    """
    found = decided(CrowdMove.WITHDRAW, crowd, by=by)
    if not message.strip():
        raise Refused("message-missing", "Write a line to those who have not answered.", subject=found.subject)
    found.closing_message, found.closed_by = message.strip()[:1000], by
    settling.close(found, at=at)
    ring(found.pk)
    record(Event.CROWD_WITHDRAWN, subject=found.subject, by=by, at=at)
    return found


@move(Event.CROWD_CALLS_NOBODY)
def close_to_standbys(crowd: Crowd, *, by: User, at: datetime) -> Crowd:
    """Calls nobody any more. Who was asked may still answer until their deadline; then it ends by itself."""
    found = decided(CrowdMove.CLOSE, crowd, by=by)
    found.places.filter(state=PlaceState.STANDBY).update(state=PlaceState.RELEASED)
    found.changed_at = at
    found.save(update_fields=["changed_at"])
    ring(found.pk)
    record(Event.CROWD_CALLS_NOBODY, subject=found.subject, by=by, at=at)
    return found
