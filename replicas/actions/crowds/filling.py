"""What an answer does to the crowd it was given in: a yes takes a place, everything else may call the next standby.

PostgreSQL locks come crowd first, then requests, then places. Only a yes takes the crowd's row, and does so before it
locks its request; what follows from any other answer is done after its commit by ``settling.settle``.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, Value, When

from accounts.rules.refusal import Refused
from replicas.actions.crowds.ringing import ring
from replicas.models import Crowd, CrowdPlace, License, ReuseRequest
from replicas.rules.answering import ALREADY, RequestState
from replicas.rules.crowds import CrowdState, Shown
from replicas.rules.crowds.filling import ended_as, shown_as

SEEN = [Shown.OPEN, Shown.COUNTERED]  # what somebody who was asked, as far as the board says, may be shown as


def take_place(request: ReuseRequest, *, at: datetime) -> bool:
    """Counts one more yes, unless every place is taken: the one statement that decides a race for the last place.

    True outside of a crowd. The last yes ends the crowd in the same statement. Rolled back with its transaction.
    """
    if request.crowd_id is None:
        return True
    last = When(needed=F("approved") + 1, then=Value(CrowdState.FILLED))
    won = Crowd.objects.filter(pk=request.crowd_id, state=CrowdState.OPEN, approved__lt=F("needed")).update(
        approved=F("approved") + 1,
        state=Case(last, default=Value(CrowdState.OPEN)),
        over_at=Case(When(needed=F("approved") + 1, then=Value(at)), default=None),
        changed_at=at,
    )
    return won == 1


def check_taken(request: ReuseRequest, taken: bool) -> None:
    """Raises Refused for a yes that came after the last place was taken or the crowd was closed."""
    if not taken:
        assert request.crowd is not None
        over = ended_as(CrowdState(request.crowd.state)) or RequestState.FILLED
        raise Refused(f"already-{over.value}", ALREADY[over], subject=request.subject)


def give_place_back(request: ReuseRequest) -> None:
    """A yes that is not one yet: another guardian's signature is missing. The row is still this transaction's."""
    if request.crowd_id is not None:
        Crowd.objects.filter(pk=request.crowd_id).update(
            approved=F("approved") - 1, state=CrowdState.OPEN, over_at=None
        )


def place_taken(request: ReuseRequest) -> None:
    """The board shows the yes at once. The last one has everybody left told that the crowd is filled."""
    if request.crowd is None:
        return
    _show(request, Shown.APPROVED)
    if request.crowd.is_over:
        ring(request.crowd.pk)


def moved(request: ReuseRequest) -> None:
    """After any move but a yes: what the board may show at once, and a look at who is called next.

    A board that names people follows every move. The others show changes proposed, and an answer to them, at once;
    every end only in steps (``settling``).
    """
    if request.crowd is None:
        return
    shown = shown_as(RequestState(request.state))
    if not request.crowd.anonymous or shown is Shown.COUNTERED:
        _show(request, shown)
    ring(request.crowd.pk)


def lapsed_together(requests: Sequence[ReuseRequest]) -> None:
    """The same as ``moved`` for many that lapsed in one sweep: at most one statement, and one ring for each crowd."""
    crowds = {request.crowd.pk: request.crowd for request in requests if request.crowd}
    named = [request.pk for request in requests if request.crowd and not request.crowd.anonymous]
    if named:
        CrowdPlace.objects.filter(request__in=named).update(shown=Shown.GONE)
    for crowd_id in crowds:
        ring(crowd_id)


def answered_by_house(request: ReuseRequest) -> None:
    """The house answered a counter-offer, which it knows of: the place reads as open again."""
    if request.crowd is not None:
        CrowdPlace.objects.filter(request=request.pk, shown=Shown.COUNTERED).update(shown=Shown.OPEN)
        ring(request.crowd.pk)


def place_freed(license_: License) -> None:
    """A revoked license frees its place; whether somebody can be called for it is seen after the commit.

    The license's row is locked, and settling locks licenses after the crowd: so the crowd's row is not touched here.
    """
    crowd_id = license_.request.crowd_id
    if crowd_id is not None:
        CrowdPlace.objects.filter(request=license_.request_id).update(shown=Shown.GONE, freed=True)
        ring(crowd_id)


def _show(request: ReuseRequest, shown: Shown) -> None:
    """Shows the request's place as ``shown``.

    In an anonymous crowd what a place is shown as says nothing about its person, so where this one still reads as a
    standby, or as not available (somebody who was called silently, or took a no back), it changes places with one that
    reads as open: otherwise the step from “standby” or “not available” to a name would tell what came before.
    """
    assert request.crowd is not None
    places = CrowdPlace.objects.filter(crowd=request.crowd_id)
    own = places.filter(request=request.pk)
    if not request.crowd.anonymous:
        own.update(shown=shown)
        return
    if own.filter(shown__in=SEEN).update(shown=shown):
        return
    hidden = own.values_list("shown", flat=True).get()
    own.update(shown=shown)
    others = places.filter(shown__in=SEEN).exclude(request=request.pk)
    other = others.select_for_update(skip_locked=True, no_key=True).order_by("-shown", "?").first()  # open ones first
    if other is not None:
        CrowdPlace.objects.filter(pk=other.pk).update(shown=hidden)
