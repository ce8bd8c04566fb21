"""Sending a released crowd, step by step: written, opened at once, told.

Every step is a transaction of its own that begins by looking how far it is, so that a worker may be killed anywhere:
the next one goes on from there. The requests are written as drafts nobody can see; one statement opens all of them.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.actions.moves import move
from accounts.audit import record, record_all
from accounts.notifications import notify
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.access.strikes import strike_in_force
from replicas.actions.crowds.judging import can_be_asked, judge_all, places_to_judge
from replicas.actions.crowds.telling import Client, agents_letters, tell_of
from replicas.actions.crowds.writing import judged_anew, open_all, rule_out, write
from replicas.models import AgencyGuardrails, Crowd, CrowdPlace, GuardrailsVersion, Replica, ReuseRequest
from replicas.rules.answering import UNDECIDED
from replicas.rules.crowds import CrowdState, PlaceState, Shown
from replicas.rules.crowds.sending import wanted
from replicas.rules.deadlines import window_from_delivery
from replicas.rules.events import Event
from replicas.rules.showing import terms_of
from replicas.rules.terms import OfferedTerms

CHUNK = 500  # people of one transaction: about a second, which is what SQLite’s one writer keeps others waiting

# What a first letter reads of a request, its performer, and whoever they are.
TOLD = (
    *("ref", "state", "answer_by", "project", "organization", "actor", "actor__stage_name", "actor__adult_at"),
    *("actor__user", "actor__user__email", "actor__user__name", "actor__user__time_zone", "replica"),
    *(f"replica__{name}" for name in ("captured_on", "face", "body", "voice", "motion")),
)


def send_on(crowd_id: int, *, by: None = None, at: datetime) -> int:
    """Makes the next step on a crowd's way from its release to the last first letter.

    Returns how much it did; 0 when nothing is left, while a strike stands, or while another worker is at it. Safe to
    call at any time, as often as you like.
    """
    state = Crowd.objects.filter(pk=crowd_id).values_list("state", "told_at").first()
    if state is None or state[0] == CrowdState.DRAFT:
        return 0
    if state[0] == CrowdState.SENDING:
        return write_some(crowd_id, by=by, at=at) or ask_all(crowd_id, by=by, at=at)
    if state[1] is None:
        return tell_some(crowd_id, by=by, at=at) or told_all(crowd_id, by=by, at=at)
    return 0


@move(Event.CROWD_ASKED)
def write_some(crowd_id: int, *, by: None = None, at: datetime) -> int:
    """Judges the next people by rank and writes their requests, until as many are written as will be asked.

    Who is refused by their own rules, or by the law, is ruled out, and the next takes their place.
    """
    crowd = _being_sent(crowd_id, at)
    if crowd is None:
        return 0
    written = CrowdPlace.objects.filter(crowd=crowd, state=PlaceState.ASKED).count()
    missing = crowd.needed + crowd.margin - written
    standbys = places_to_judge(crowd, at=at).filter(state=PlaceState.STANDBY).order_by("rank", "pk")
    places = list(standbys[: min(missing, CHUNK)]) if missing > 0 else []
    if not places:
        return 0
    terms = _terms(crowd)
    refusals = write(crowd, judge_all(crowd, places, terms, hours=_hours(crowd), at=at), terms, at=at)
    record_all(refusals, at=at)
    return len(places)


@move(Event.CROWD_ASKED)
def ask_all(crowd_id: int, *, by: None = None, at: datetime) -> int:
    """Puts every written request before its performer in one transaction: from its commit on all are asked.

    Who can't be asked any more by then, or set other rules since they were judged, is looked at once more first.
    """
    crowd = _being_sent(crowd_id, at)
    if crowd is None:
        return 0
    if gone := _look_again(crowd, at=at):
        return gone
    assert crowd.sent_at is not None
    assert crowd.answer_by is not None
    answer_by = window_from_delivery(crowd.sent_at, at, crowd.answer_by)
    opened = open_all(crowd, None, answer_by=answer_by, at=at)
    people = CrowdPlace.objects.filter(crowd=crowd).count()
    _show(crowd, opened, people)
    Crowd.objects.filter(pk=crowd.pk, state=CrowdState.SENDING).update(
        state=CrowdState.OPEN, asked_at=at, answer_by=answer_by, changed_at=at
    )
    # How many the list gives, not how many were left to ask: who was ruled out is not told.
    asked = wanted(needed=crowd.needed, margin=crowd.margin, people=people)
    record(Event.CROWD_ASKED, subject=crowd.subject, by=by, at=at, people=asked, answer_by=answer_by.isoformat())
    return max(opened, 1)


@move(Event.CROWD_TOLD)
def tell_some(crowd_id: int, *, by: None = None, at: datetime) -> int:
    """Writes the first letters of the next people. A letter of somebody who has answered already is not written.

    Holds the requests of a chunk and never the crowd's row, for which a yes would have to wait.
    """
    crowd = _sent(crowd_id)
    rows = (
        ReuseRequest.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(crowd=crowd, crowd_place__told=False, sent_at__isnull=False)
        .select_related("actor__user", "replica")
        .only(*TOLD)
        .order_by("pk")[:CHUNK]
    )
    requests = list(rows)
    for request in requests:
        request.project, request.organization = crowd.project, crowd.organization
    if requests:
        record_all(tell_of(crowd, requests, _terms(crowd), at=at), at=at)
    return len(requests)


@move(Event.CROWD_TOLD)
def told_all(crowd_id: int, *, by: None = None, at: datetime) -> int:
    """Once the last first letter is written: one letter to each agent, however many of their clients are asked."""
    if CrowdPlace.objects.filter(crowd=crowd_id, told=False, request__isnull=False).exists():
        return 0
    crowd = _sent(crowd_id)
    if not Crowd.objects.filter(pk=crowd_id, told_at__isnull=True).update(told_at=at):
        return 0
    rows = ReuseRequest.objects.filter(crowd=crowd, state__in=UNDECIDED, sent_at=crowd.asked_at).order_by("pk")
    clients = [Client(*row) for row in rows.values_list("actor", "actor__stage_name", "ref", "answer_by")]
    notify(agents_letters(crowd, "client-crowd", clients, once="asked"), at=at)
    record(Event.CROWD_TOLD, subject=crowd.subject, by=by, at=at)
    return 1


def _being_sent(crowd_id: int, at: datetime) -> Crowd | None:
    """The crowd, locked, as long as it is being sent. None while another worker holds it, and while a strike stands:
    then everything waits, and the clock has not begun."""
    rows = Crowd.objects.select_for_update(of=("self",), skip_locked=True)
    found = rows.select_related("project", "organization", "sent_by", "offer")
    crowd = found.filter(pk=crowd_id, state=CrowdState.SENDING).first()
    if crowd is None or strike_in_force(crowd.project.agreement, at):
        return None
    return crowd


def _sent(crowd_id: int) -> Crowd:
    return Crowd.objects.select_related("project", "organization", "sent_by", "offer").get(pk=crowd_id)


def _terms(crowd: Crowd) -> OfferedTerms:
    assert crowd.offer is not None
    return terms_of(crowd.offer.document)


def _hours(crowd: Crowd) -> float:
    assert crowd.sent_at is not None
    assert crowd.answer_by is not None
    return (crowd.answer_by - crowd.sent_at).total_seconds() / 3600


def _look_again(crowd: Crowd, *, at: datetime) -> int:
    """Rules out who can't be asked any more, or not by the rules they have now. How many; usually nobody.

    The replicas are held until everybody is asked, so that a withdrawal of one finds its request and closes it.
    """
    asked = CrowdPlace.objects.filter(crowd=crowd, state=PlaceState.ASKED)
    held = Replica.objects.select_for_update(no_key=True).filter(pk__in=asked.values("replica")).order_by("pk")
    gone = [pk for pk, *how in held.values_list("pk", "state", "visibility") if not can_be_asked(*how)]
    changed = list(
        places_to_judge(crowd, at=at)
        .filter(Q(replica__in=gone) | _other_rules(crowd), state=PlaceState.ASKED)
        .select_related("request")
    )
    judged = judge_all(crowd, changed, _terms(crowd), hours=_hours(crowd), at=at)
    for one in judged:  # theirs is written already
        assert one.place.request is not None
        one.request.pk, one.request.ref = one.place.request.pk, one.place.request.ref
    judged_anew([one for one in judged if one.refusal is None])
    refused = [one for one in judged if one.refusal is not None]
    record_all(rule_out(crowd, refused), at=at)
    return len(refused)


def _other_rules(crowd: Crowd) -> Q:
    """Whose rules, their own or an agency's of theirs, were set since the crowd was released."""
    own = GuardrailsVersion.objects.filter(actor=OuterRef("actor"), created_at__gt=crowd.sent_at)
    agencies = Representation.objects.filter(actor=OuterRef(OuterRef("actor")), state=BondState.ACTIVE)
    theirs = AgencyGuardrails.objects.filter(agency__in=agencies.values("agency"), created_at__gt=crowd.sent_at)
    return Q(Exists(own)) | Q(Exists(theirs))


def _show(crowd: Crowd, opened: int, people: int) -> None:
    """What the board shows from now on. In a crowd nobody is named in, as many are shown as open as the list gives:
    where it gave too few, those who were ruled out stand in, so that nobody can count them."""
    places = CrowdPlace.objects.filter(crowd=crowd)
    places.filter(state=PlaceState.ASKED).update(shown=Shown.OPEN)
    out = places.filter(state=PlaceState.RULED_OUT)
    if not crowd.anonymous:
        out.update(shown=Shown.GONE)
        return
    short = wanted(needed=crowd.needed, margin=crowd.margin, people=people) - opened
    if short > 0:
        first = list(out.order_by("rank", "pk").values_list("pk", flat=True)[:short])
        CrowdPlace.objects.filter(pk__in=first).update(shown=Shown.OPEN)
