"""Looking after a crowd: who is called next, what the board may show, and what its end means to whoever is left.

``settle`` does one step in one transaction with the crowd's row locked, and may be rung as often as one likes: after
every answer, and by the sweep for whatever a lost ring left. It depends on nothing but the rows.
"""

from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from replicas.access.strikes import strike_in_force
from replicas.actions.crowds.calling import call
from replicas.actions.crowds.deciding import lock_crowd
from replicas.actions.crowds.ending import end_some, tell_complete
from replicas.actions.crowds.filling import SEEN
from replicas.actions.crowds.keeping import call_back
from replicas.actions.crowds.mailing import tell_some_of_it
from replicas.actions.crowds.raising import raise_some
from replicas.models import Crowd, CrowdPlace
from replicas.models.request import UNDECIDED_STATES
from replicas.rules.answering import OVER, RequestState
from replicas.rules.crowds import CrowdState, PlaceState, Shown, to_call
from replicas.rules.crowds.filling import is_played_out, limit, standby_end
from replicas.rules.crowds.showing import next_step
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseState

MOST_AT_ONCE = 200  # standbys called in one transaction; the next step goes on
ENDED = sorted(state.value for state in OVER - {RequestState.APPROVED})
_PLAYS = Q(request__state__in=[RequestState.OPEN, RequestState.HELD])
_REVOKED = Q(request__license__state=LicenseState.REVOKED)


@move(Event.CROWD_SETTLED)
def settle(crowd_id: int, *, by: None = None, at: datetime) -> bool:
    """One step of what is due in a crowd that was sent, at ``at`` (aware). True when more may be left to do right away.

    One kind of thing in one transaction, each of which locks requests before places: two kinds in one would lock
    requests after the places of the first, and could wait in a circle with somebody who answers.
    """
    crowd = lock_crowd(crowd_id)
    if crowd.state in (CrowdState.DRAFT, CrowdState.SENDING):
        return False
    raised, happenings = raise_some(crowd, at=at)
    if raised:
        record_all(happenings, at=at)
        return True
    if tell_some_of_it(crowd, at=at):
        return True
    _count_yes(crowd, at=at, happenings=happenings)
    more = False
    if crowd.state == CrowdState.OPEN:
        more = _go_on(crowd, at=at, happenings=happenings)
    elif crowd.settled_at is None:
        more = _wind_up(crowd, at=at, happenings=happenings)
    record_all(happenings, at=at)
    return more


def _count_yes(crowd: Crowd, *, at: datetime, happenings: list[Happening]) -> None:
    """A yes whose license was revoked counts no more. A filled crowd opens again for the place that came free, where
    there is somebody to call and time for them to answer; a closed one stays closed."""
    crowd.places.filter(freed=True).update(freed=False)
    yes = crowd.places.filter(request__state=RequestState.APPROVED).exclude(_REVOKED).count()
    if yes < crowd.approved:
        crowd.approved = yes
        crowd.save(update_fields=["approved"])
    if crowd.state == CrowdState.FILLED and crowd.approved < crowd.needed and _may_reopen(crowd, at=at):
        crowd.margin = 0  # one call for each place, so that nobody reads “filled” twice for it
        reopen(crowd, at=at)
        happenings.append(Happening(Event.CROWD_REOPENED, crowd.subject))


def _may_reopen(crowd: Crowd, *, at: datetime) -> bool:
    assert crowd.answer_by is not None
    people = _kept(crowd).exists() or crowd.places.filter(state=PlaceState.RELEASED).exists()
    return people and standby_end(crowd.answer_by, at=at, end_moves=crowd.end_moves) is not None


def reopen(crowd: Crowd, *, at: datetime) -> None:
    """Lets a filled crowd go on: whoever was never called may be called again.

    The board keeps what it showed when it was over; only who is called reads as open again.
    """
    crowd.state, crowd.over_at, crowd.settled_at, crowd.changed_at = CrowdState.OPEN, None, None, at
    crowd.save(update_fields=["state", "over_at", "settled_at", "margin", "changed_at"])
    crowd.places.filter(state=PlaceState.RELEASED).update(state=PlaceState.STANDBY)


# --- While it runs ----------------------------------------------------------------------------------------------------


def _go_on(crowd: Crowd, *, at: datetime, happenings: list[Happening]) -> bool:
    """Calls whoever is next, lets the board follow, and closes what nobody can fill any more."""
    called = call_next(crowd, at=at, happenings=happenings)
    assert crowd.answer_by is not None
    if called == 0 and at >= crowd.answer_by:
        left = crowd.places.filter(state=PlaceState.ASKED, request__state__in=UNDECIDED_STATES).count()
        more = _standbys(crowd).count() if standby_end(crowd.answer_by, at=at, end_moves=crowd.end_moves) else 0
        if is_played_out(at=at, answer_by=crowd.answer_by, undecided=left, callable_=more):
            close(crowd, at=at)
            happenings.append(Happening(Event.CROWD_CLOSED, crowd.subject))
            return True
    follow(crowd)
    return called == MOST_AT_ONCE


def close(crowd: Crowd, *, at: datetime) -> None:
    """Ends it as it stands. Who has no answer yet is told by the next steps."""
    crowd.state, crowd.over_at, crowd.settled_at, crowd.changed_at = CrowdState.CLOSED, at, None, at
    crowd.save(update_fields=["state", "over_at", "settled_at", "changed_at", "closing_message", "closed_by"])


def call_next(crowd: Crowd, *, at: datetime, happenings: list[Happening]) -> int:
    """Asks as many standbys as the rule says, who agreed to wait first. Returns how many were tried.

    Who is ruled out while they are called is followed by the next at once. The end moves where the house agreed to it.
    """
    assert crowd.answer_by is not None
    assert crowd.offer is not None
    end = standby_end(crowd.answer_by, at=at, end_moves=crowd.end_moves)
    if end is None or strike_in_force(crowd.project.agreement, at):
        return 0
    tried = 0
    while tried < MOST_AT_ONCE and (wanted := _wanted(crowd)):
        wanted = min(wanted, MOST_AT_ONCE - tried)
        kept = list(_kept(crowd).order_by("rank", "pk")[:wanted])
        happenings += call_back(crowd, kept, answer_by=end, at=at)
        places = list(_standbys(crowd).order_by("rank", "pk")[: wanted - len(kept)])
        happenings += call(crowd, places, answer_by=end, at=at).happenings
        called = CrowdPlace.objects.filter(pk__in=[place.pk for place in places])
        called.update(offered=crowd.offer.number)
        _show_again(crowd, called)
        tried += len(kept) + len(places)
    if tried:
        happenings.append(Happening(Event.CROWD_CALLED, crowd.subject))
    if tried and end != crowd.answer_by:
        crowd.answer_by = end
        crowd.save(update_fields=["answer_by"])
    return tried


def _show_again(crowd: Crowd, called: QuerySet[CrowdPlace]) -> None:
    """In a crowd that was over and goes on, as many read as open as the house knows are asked, and not one more."""
    back = called.filter(state=PlaceState.ASKED, shown=Shown.GONE)
    expected = crowd.needed + crowd.margin - crowd.approved - crowd.places.filter(shown__in=SEEN).count()
    if expected > 0:
        _show(back.order_by("rank", "pk")[:expected], Shown.OPEN)


def _wanted(crowd: Crowd) -> int:
    playing = crowd.places.filter(state=PlaceState.ASKED).filter(_playing(crowd)).count()
    return to_call(
        needed=crowd.needed,
        margin=crowd.margin,
        approved=crowd.approved,
        in_play=playing,
        standbys=_standbys(crowd).count() + _kept(crowd).count(),
    )


def _playing(crowd: Crowd) -> Q:
    """Places in play, as ``rules.crowds.filling.in_play`` says."""
    assert crowd.offer is not None
    most: Decimal = limit(crowd.band, crowd.offer.total)
    within = Q(request__current_terms__total__lte=most, request__current_terms__currency=crowd.offer.currency)
    return _PLAYS | (Q(request__state=RequestState.COUNTERED) & within)


def _standbys(crowd: Crowd) -> QuerySet[CrowdPlace]:
    return crowd.places.filter(state=PlaceState.STANDBY)


def _kept(crowd: Crowd) -> QuerySet[CrowdPlace]:
    """Who came too late, was told so, and agreed to be asked again."""
    return crowd.places.filter(state=PlaceState.ASKED, keep_asked=True, request__state=RequestState.FILLED)


# --- What the board shows ---------------------------------------------------------------------------------------------


def follow(crowd: Crowd) -> None:
    """Lets the board follow the truth as far as it may."""
    if crowd.anonymous:
        _step(crowd)
    else:
        _name(crowd)


def _name(crowd: Crowd) -> None:
    """A board that names people shows where everybody stands. A revoked license reads as not available."""
    yes = When(request__state=RequestState.APPROVED, then=Value(Shown.APPROVED))
    shown = Case(
        When(_REVOKED, then=Value(Shown.GONE)),
        yes,
        When(request__state=RequestState.COUNTERED, then=Value(Shown.COUNTERED)),
        When(_PLAYS, then=Value(Shown.OPEN)),
        When(state=PlaceState.STANDBY, then=Value(Shown.WAITING)),
        default=Value(Shown.GONE),
    )
    truth = {row.pk: row.now for row in crowd.places.annotate(now=shown).exclude(shown=F("now")).only("pk")}
    for now in set(truth.values()):
        CrowdPlace.objects.filter(pk__in=[pk for pk, value in truth.items() if value == now]).update(shown=now)


def _step(crowd: Crowd) -> None:
    """The next step of an anonymous board, if it is due: standbys read as asked before ends read as not available."""
    asked, yes = Q(state=PlaceState.ASKED), Q(request__state=RequestState.APPROVED)
    over = asked & Q(request__state__in=ENDED)
    stand_in = Q(state=PlaceState.RULED_OUT) & ~Q(shown=Shown.WAITING)  # ruled out, and read as asked so far
    hidden = asked & ~yes & Q(shown=Shown.WAITING)
    counts = crowd.places.aggregate(
        ended=Count("pk", filter=over | stand_in),
        gone=Count("pk", filter=Q(shown=Shown.GONE) & ~yes),
        hidden=Count("pk", filter=hidden),
        asked=Count("pk", filter=Q(shown__in=SEEN)),
    )
    step = next_step(
        ended=counts["ended"], shown_gone=counts["gone"], hidden=counts["hidden"], shown_asked=counts["asked"]
    )
    if step.called:
        _show(crowd.places.filter(hidden).order_by("rank", "pk")[: step.called], Shown.OPEN)
    if step.gone:
        seen = crowd.places.filter(shown__in=SEEN)
        ended_first = seen.order_by(Case(When(over | stand_in, then=0), default=1), "-shown", "?")
        _show(ended_first[: step.gone], Shown.GONE)


def _show(places: QuerySet[CrowdPlace], shown: Shown) -> None:
    CrowdPlace.objects.filter(pk__in=list(places.values_list("pk", flat=True))).update(shown=shown)


# --- Once it is over --------------------------------------------------------------------------------------------------


def _wind_up(crowd: Crowd, *, at: datetime, happenings: list[Happening]) -> bool:
    """Whoever has no license reads as not available, all at once, and everybody left is told, some at a time."""
    left, ended = end_some(crowd, at=at)
    happenings += ended
    crowd.places.filter(_REVOKED | ~Q(request__state=RequestState.APPROVED) | Q(request__isnull=True)).exclude(
        shown=Shown.GONE
    ).update(shown=Shown.GONE)
    _standbys(crowd).update(state=PlaceState.RELEASED)
    if left:
        return True
    if crowd.places.filter(request__state__in=UNDECIDED_STATES).exists():
        return False  # their own deadline came before the crowd's end: the sweep of deadlines writes that down
    tell_complete(crowd, at=at)
    crowd.settled_at = at
    crowd.save(update_fields=["settled_at"])
    happenings.append(Happening(Event.CROWD_SETTLED, crowd.subject))
    return False
