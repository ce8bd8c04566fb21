"""Calling standbys: whoever is next is asked at once, inside the transaction that made room for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.audit.recording import Happening
from accounts.notifications import notify
from replicas.access.strikes import strike_in_force
from replicas.actions.crowds.judging import judge_all, places_to_judge
from replicas.actions.crowds.telling import agents_letters, client_of, tell_of
from replicas.actions.crowds.writing import open_all, write
from replicas.models import Crowd, CrowdPlace, Replica, ReuseRequest
from replicas.rules.answering import RequestState, Side
from replicas.rules.crowds import PlaceState
from replicas.rules.showing import terms_of


@dataclass(frozen=True, slots=True)
class Called:
    """``requests`` are open and told; ``ruled_out`` were not asked, so somebody else can be called in their stead.

    ``happenings`` are for the trail: the caller records them last, with its own.
    """

    requests: list[ReuseRequest] = field(default_factory=list)
    ruled_out: int = 0
    happenings: list[Happening] = field(default_factory=list)


def call(crowd: Crowd, places: Sequence[CrowdPlace], *, answer_by: datetime, at: datetime) -> Called:
    """Asks these standbys now, each by their own request, to be answered by ``answer_by`` (aware).

    To be called in a transaction that has locked the crowd's row. They are judged as everybody was, by the rules of
    now and for the offer of now; who is refused is ruled out for good. What the board shows of them (``shown``) is left
    as it is: that follows late and in steps. While a strike stands nobody is called. Needs ``crowd.project``,
    ``organization``, ``sent_by`` and ``offer``.
    """
    if not places or strike_in_force(crowd.project.agreement, at):
        return Called()
    assert crowd.offer is not None
    # Held until they are asked, so that a withdrawal of the replica finds the request and closes it.
    chosen = [place.replica_id for place in places]
    list(Replica.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk").values_list("pk"))
    rows = places_to_judge(crowd, at=at).filter(pk__in=[place.pk for place in places], state=PlaceState.STANDBY)
    terms, hours = terms_of(crowd.offer.document), (answer_by - at).total_seconds() / 3600
    judged = judge_all(crowd, list(rows.order_by("rank", "pk")), terms, hours=hours, at=at)
    happenings = write(crowd, judged, terms, at=at)
    requests = [one.request for one in judged if one.refusal is None]
    open_all(crowd, [request.pk for request in requests], answer_by=answer_by, at=at)
    for request in requests:
        request.state, request.turn, request.version = RequestState.OPEN, Side.ACTOR, request.version + 1
        request.sent_by, request.sent_at, request.opened_at, request.answer_by = crowd.sent_by, at, at, answer_by
    if requests:
        happenings += tell_of(crowd, requests, terms, at=at)
        clients = [client_of(request) for request in requests]
        once = "called:" + min(client.ref for client in clients)
        notify(agents_letters(crowd, "client-called", clients, once=once), at=at)
    return Called(requests, len(judged) - len(requests), happenings)
