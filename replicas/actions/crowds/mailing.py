"""What the house does to everybody in a crowd who still can answer: a reminder, and more time.

The move is one short transaction; the letters follow in chunks (``models.CrowdMailing``).
"""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.notifications import Notice, call_off, notify
from accounts.rules.refusal import Refused
from agencies.access import deciders_of_each
from replicas.access.crowds.life import reads_as
from replicas.actions.crowds.deciding import decided
from replicas.actions.crowds.ringing import ring
from replicas.actions.crowds.telling import agents_letters, client_of
from replicas.actions.telling import REMINDING, notices
from replicas.models import Crowd, CrowdMailing, ReuseRequest
from replicas.models.request import UNDECIDED_STATES
from replicas.rules.answering import RequestState, Side
from replicas.rules.crowds import Mailing, Shown
from replicas.rules.crowds.moving import CrowdMove, check_nudge
from replicas.rules.deadlines import Threshold, check_answer_by, first_reminder_at
from replicas.rules.events import Event

CHUNK = 500


@move(Event.CROWD_NUDGED)
def nudge(crowd: Crowd, *, by: User, at: datetime) -> Crowd:
    """Reminds everybody whose turn it is, once in 24 hours. Each letter waits out its reader's quiet hours."""
    found = decided(CrowdMove.NUDGE, crowd, by=by, people=reads_as(crowd, Shown.OPEN))
    try:
        check_nudge(found.nudged_at, at=at, zone=by.zone)
    except Refused as refusal:
        refusal.subject = found.subject
        raise
    found.nudged_at = found.changed_at = at
    found.save(update_fields=["nudged_at", "changed_at"])
    _mail(found, Mailing.NUDGE, by=by, at=at)
    record(Event.CROWD_NUDGED, subject=found.subject, by=by, at=at)
    return found


@move(Event.CROWD_EXTENDED)
def extend(crowd: Crowd, *, answer_by: datetime, by: User, at: datetime) -> Crowd:
    """Gives everybody who still can answer more time. Deadlines only move later.

    Raises Refused for a moment that is not after the crowd's end, or less than 48 hours or more than 60 days away.
    """
    found = decided(CrowdMove.EXTEND, crowd, by=by)
    move_end(found, answer_by, at=at)
    _mail(found, Mailing.EXTEND, by=by, at=at)
    record(Event.CROWD_EXTENDED, subject=found.subject, by=by, at=at, answer_by=answer_by.isoformat())
    return found


def move_end(crowd: Crowd, answer_by: datetime, *, at: datetime) -> None:
    """The crowd's end, and with it each earlier deadline in it that has not passed. Five statements."""
    assert crowd.answer_by is not None
    if answer_by <= crowd.answer_by:
        raise Refused("not-later", "Choose a moment after the present end.", subject=crowd.subject)
    try:
        check_answer_by(answer_by, at=at)
    except Refused as refusal:
        refusal.subject = crowd.subject
        raise
    crowd.answer_by, crowd.changed_at = answer_by, at
    crowd.save(update_fields=["answer_by", "changed_at"])
    running = Q(answer_by__gt=at) | Q(delivered_at__isnull=True) | Q(state=RequestState.HELD)
    rows = ReuseRequest.objects.filter(running, crowd=crowd, state__in=UNDECIDED_STATES, answer_by__lt=answer_by)
    moved = list(rows.select_for_update(of=("self",)).order_by("pk").select_related("actor", "project"))
    if moved:
        call_off([row.subject for row in moved], REMINDING, at=at)
    ReuseRequest.objects.filter(pk__in=[row.pk for row in moved], state__in=UNDECIDED_STATES).update(
        answer_by=answer_by,
        opened_at=at,
        reminded=Threshold.NONE,
        next_reminder_at=first_reminder_at(at, answer_by),
        changed_at=at,
        version=F("version") + 1,
    )


def _mail(crowd: Crowd, kind: Mailing, *, by: User, at: datetime) -> None:
    CrowdMailing.objects.create(crowd=crowd, kind=kind, put_by=by, created_at=at)
    ring(crowd.pk)


def tell_some_of_it(crowd: Crowd, *, at: datetime) -> bool:
    """Writes the next letters of the oldest mailing that is not through. Whether there was one.

    With the crowd's row locked. Once the crowd is over nobody is told any more of it.
    """
    mailing = crowd.mailings.filter(done_at__isnull=True).order_by("pk").first()
    if mailing is None:
        return False
    places = crowd.places.filter(pk__gt=mailing.last_place, request__in=_readers(crowd, Mailing(mailing.kind), at))
    last = list(places.order_by("pk").values_list("pk", "request")[:CHUNK]) if not crowd.is_over else []
    requests = list(
        ReuseRequest.objects.filter(pk__in=[request for _, request in last])
        .select_related("actor__user", "replica", "current_terms")
        .prefetch_related("current_terms__uses")
        .order_by("pk")
    )
    for row in requests:
        row.project, row.organization, row.crowd = crowd.project, crowd.organization, crowd
    notify(_letters(crowd, mailing, requests, at=at), at=at)
    done = len(last) < CHUNK
    mailing.last_place, mailing.done_at = last[-1][0] if last else mailing.last_place, at if done else None
    mailing.save(update_fields=["last_place", "done_at"])
    return True


def _readers(crowd: Crowd, kind: Mailing, at: datetime) -> QuerySet[ReuseRequest]:
    """Whom it is for, as they stand when it is written: a reminder goes to those whose turn it is."""
    rows = ReuseRequest.objects.filter(crowd=crowd, state__in=UNDECIDED_STATES)
    if kind is Mailing.NUDGE:
        rows = rows.filter(state=RequestState.OPEN, turn=Side.ACTOR, answer_by__gt=at, delivered_at__isnull=False)
    return rows


def _letters(crowd: Crowd, mailing: CrowdMailing, requests: list[ReuseRequest], *, at: datetime) -> list[Notice]:
    if not requests:
        return []
    nudges = mailing.kind == Mailing.NUDGE
    deciders = deciders_of_each([row.actor for row in requests], at, copies=not nudges)
    told: list[Notice] = []
    for row in requests:
        kind = "crowd-nudge" if nudges else "request-extended"
        once, people = f"{mailing.kind}:{mailing.pk}", deciders[row.actor_id]
        told += notices(kind, people, row, once=once, due_at=row.answer_by, crowd=crowd.title)
    if not nudges:
        clients = [client_of(row) for row in requests]
        told += agents_letters(crowd, "client-crowd-extended", clients, once=f"extend:{mailing.pk}:{clients[0].ref}")
    return told
