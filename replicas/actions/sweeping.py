"""What the clock does to requests: notes deliveries, reminds, and lets lapse. Each call takes one batch of due rows.

Two sweeps at once are harmless: rows are claimed by an UPDATE that names what was read, and PostgreSQL skips rows that
the other sweep holds.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.notifications import Notice, notify
from accounts.notifications.access import FirstNotice, first_notices
from agencies.access import Involved, deciders_of_each, decides_for, people_involved
from replicas.actions.crowds.filling import lapsed_together
from replicas.actions.telling import about, each_once, nothing_left_to_ask, notices, people_of, tell
from replicas.models import Decision, ReuseRequest
from replicas.models.request import RequestQuerySet
from replicas.rules.answering import WAITING, RequestState, Side
from replicas.rules.deadlines import Threshold, first_reminder_at, reminder, window_from_delivery
from replicas.rules.events import Event

BATCH = 500


def _rows(due: RequestQuerySet) -> list[ReuseRequest]:
    return list(
        due.select_for_update(of=("self",), skip_locked=True)
        .select_related("actor__user", "project", "organization", "replica", "current_terms", "crowd")
        .defer("current_terms__document")
        .prefetch_related("current_terms__uses")
        .order_by("pk")[:BATCH]
    )


@move(Event.REQUEST_LAPSED)
def lapse_due(*, by: None = None, at: datetime) -> int:
    """Denies by silence what is past its deadline, and tells both sides. Returns how many; call until it says 0."""
    due = _rows(ReuseRequest.objects.lapsing(at))
    if not due:
        return 0
    ReuseRequest.objects.filter(pk__in=[row.pk for row in due], state__in=WAITING).update(
        state=RequestState.LAPSED, decided_at=at, changed_at=at, next_reminder_at=None
    )
    Decision.objects.bulk_create(Decision(request=row, outcome=RequestState.LAPSED, at=at) for row in due)
    nothing_left_to_ask(*due, at=at)
    lapsed_together(due)
    involved, deciders = _involved(due), deciders_of_each([row.actor for row in due], at)
    told: list[Notice] = []
    for row in due:
        known, agents = about(row), involved.agents.get(row.actor_id, [])
        told += notices("request-lapsed", deciders[row.actor_id], row, once="lapsed", known=known)
        told += notices("client-answered", agents, row, once="lapsed", known=known, outcome="lapsed")
        told += notices("request-not-available", _members(involved, row), row, once="lapsed", known=known)
    notify(told, at=at)
    record_all([Happening(Event.REQUEST_LAPSED, row.subject) for row in due], at=at)
    return len(due)


@move(Event.REQUEST_REMINDED)
def remind_due(*, by: None = None, at: datetime) -> int:
    """Sends the latest reminder that has come due and was not sent; older ones are passed over."""
    due = _rows(ReuseRequest.objects.to_remind(at))
    if not due:
        return 0
    involved, deciders = _involved(due), deciders_of_each([row.actor for row in due], at, copies=False)
    told: list[Notice] = []
    happenings: list[Happening] = []
    for row in due:
        assert row.opened_at is not None
        assert row.answer_by is not None
        now = reminder(opened_at=row.opened_at, answer_by=row.answer_by, last=Threshold(row.reminded), at=at)
        row.reminded, row.next_reminder_at = max(now.threshold, row.reminded), now.next_at
        if now.threshold is Threshold.NONE:
            continue
        known, once = about(row), f"remind:{row.current_terms_id}:{row.answer_by.isoformat()}:{now.threshold}"
        if row.turn == Side.ACTOR:
            people, agents = deciders[row.actor_id], involved.agents.get(row.actor_id, [])
            told += notices("request-reminder", people, row, once=once, due_at=row.answer_by, known=known)
            told += notices("client-reminder", agents, row, once=once, due_at=row.answer_by, known=known)
        else:
            told += notices(
                "reply-reminder", _members(involved, row), row, once=once, due_at=row.answer_by, known=known
            )
        turn = row.actor.stage_name if row.turn == Side.ACTOR else row.organization.name
        happenings.append(Happening(Event.REQUEST_REMINDED, row.subject, data={"people": turn}))
    _note_reminded(due)
    notify(told, at=at)
    record_all(happenings, at=at)
    return len(due)


def _note_reminded(due: Sequence[ReuseRequest]) -> None:
    """One UPDATE for all that were sent together and end together: a crowd, or what one house asked in a day."""
    alike: dict[tuple[int, datetime | None], list[int]] = {}
    for row in due:
        alike.setdefault((row.reminded, row.next_reminder_at), []).append(row.pk)
    for (reminded, next_at), ids in alike.items():
        ReuseRequest.objects.filter(pk__in=ids).update(reminded=reminded, next_reminder_at=next_at)


def note_deliveries(*, by: None = None, at: datetime) -> int:
    """Looks what became of first notices: starts the window on delivery, flags what can't be delivered.

    Returns how many requests changed. Bounded by the requests that are open and not delivered yet.
    """
    waiting = {row.pk: row for row in ReuseRequest.objects.not_yet_delivered().only("pk", "undelivered_at")}
    found = first_notices("request", "request-received", list(waiting))
    heard = sorted((pk, notice.delivered_at) for pk, notice in found.items() if notice.delivered_at is not None)
    changed = sum(_delivered(dict(heard[start : start + BATCH]), by=by, at=at) for start in range(0, len(heard), BATCH))
    for pk, notice in found.items():
        if notice.delivered_at is None and notice.failed and waiting[pk].undelivered_at is None:
            changed += _undelivered(pk, notice, by=by, at=at)
    return changed


@move(Event.REQUEST_DELIVERED)
def _delivered(heard_at: Mapping[int, datetime], *, by: User | None, at: datetime) -> int:
    """Notes deliveries by the request's id. One UPDATE for each, which names what was read; the rest for all at once:
    the letters of a crowd arrive by the thousand."""
    rows = ReuseRequest.objects.select_related("actor", "project").in_bulk(list(heard_at))
    won = [row for pk, row in sorted(rows.items()) if _starts_window(row, heard_at[pk])]
    record_all(
        [Happening(Event.REQUEST_DELIVERED, row.subject, by, data={"actor": row.actor.stage_name}) for row in won],
        at=at,
    )
    return len(won)


def _starts_window(row: ReuseRequest, at_moment: datetime) -> bool:
    """The window runs from when they heard of it. False when that was noted before, or the request moved meanwhile."""
    assert row.sent_at is not None
    assert row.answer_by is not None
    heard = min(at_moment, row.held_at) if row.held_at else at_moment  # by a clock that may stand still
    running = max(heard - row.held_for, row.sent_at)  # what a strike held up is no delay of the letter
    answer_by = window_from_delivery(row.sent_at, running, row.answer_by)
    won = (
        ReuseRequest.objects.not_yet_delivered()
        .filter(pk=row.pk, version=row.version)
        .update(
            delivered_at=at_moment,
            undelivered_at=None,
            answer_by=answer_by,
            opened_at=max(row.opened_at or heard, heard),
            next_reminder_at=first_reminder_at(heard, answer_by),
        )
    )
    return bool(won)


@move(Event.REQUEST_UNDELIVERED)
def _undelivered(pk: int, notice: FirstNotice, *, by: None, at: datetime) -> int:
    row = (
        ReuseRequest.objects.select_related("actor__user", "project", "organization", "replica", "current_terms")
        .prefetch_related("current_terms__uses")
        .get(pk=pk)
    )
    won = ReuseRequest.objects.not_yet_delivered().filter(pk=pk, undelivered_at__isnull=True).update(undelivered_at=at)
    if won:
        agents, licensees = people_of(row)
        tell(
            notices("request-undelivered", each_once(*agents, *licensees), row, once="undelivered", why=notice.error),
            at=at,
        )
        record_all([Happening(Event.REQUEST_UNDELIVERED, row.subject, data={"actor": row.actor.stage_name})], at=at)
    return won


def mark_seen(request: ReuseRequest, *, by: User, at: datetime) -> None:
    """Who decides has the request before their eyes: whatever became of the letter, it is delivered."""
    if request.delivered_at is None and request.is_undecided and decides_for(by, request.actor, at):
        _delivered({request.pk: at}, by=by, at=at)


def _involved(rows: Sequence[ReuseRequest]) -> Involved:
    """Agents by actor, and by house the people who may know of one of these requests by itself."""
    houses = {row.organization_id for row in rows if not row.is_hidden_from_house}
    return people_involved(actors={row.actor_id for row in rows}, houses=houses)


def _members(involved: Involved, row: ReuseRequest) -> list[User]:
    """Whom of the house a letter about this request goes to."""
    return [] if row.is_hidden_from_house else involved.members.get(row.organization_id, [])
