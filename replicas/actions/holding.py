"""What a strike does to requests: stops their clock from its first second, and lets it go on when it ends.

Each call takes one batch of due rows. Two sweeps at once are harmless: PostgreSQL skips rows that the
other sweep holds, and SQLite lets one write at a time.
"""

from collections.abc import Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.notifications import call_off
from replicas.actions.telling import ASKING, FIRST
from replicas.models import ReuseRequest, StrikePeriod
from replicas.models.request import RequestQuerySet
from replicas.rules.answering import RequestState, Side, released
from replicas.rules.events import Event

BATCH = 500


def _rows(due: RequestQuerySet) -> list[ReuseRequest]:
    rows = due.select_for_update(of=("self",), skip_locked=True).select_related("actor", "project")
    return list(rows.order_by("pk")[:BATCH])


@move(Event.REQUEST_HELD)
def hold_due(*, by: None = None, at: datetime) -> int:
    """Stops the clock of what a strike has reached. Returns how many; call until it says 0.

    The clock stopped at the strike's first second, or when the running window began if that was later: how late the
    sweep comes takes nothing from anybody.
    """
    due = _rows(ReuseRequest.objects.to_hold(at).annotate(struck_by=RequestQuerySet.struck_by(at)))
    if not due:
        return 0
    strikes = StrikePeriod.objects.in_bulk({row.struck_by for row in due})  # type: ignore[attr-defined]
    for row in due:
        strike = strikes[row.struck_by]  # type: ignore[attr-defined]
        assert row.opened_at is not None
        row.strike, row.held_at, row.changed_at = strike, max(strike.starts_at, row.opened_at), at
        row.state, row.version = RequestState.HELD, row.version + 1
    _write(due, "strike", "held_at")
    _stop_letters(due, at)
    record_all([Happening(Event.REQUEST_HELD, row.subject, data=_said(row)) for row in due], at=at)
    return len(due)


@move(Event.REQUEST_RELEASED)
def release_due(*, by: None = None, at: datetime) -> int:
    """Lets the clock go on where the strike has ended, with all that was left. Returns how many; call until it says 0.

    Deadline, window and next reminder move later by as long as the request was held, so that no reminder is lost or
    comes twice.
    """
    due = _rows(ReuseRequest.objects.to_release(at).select_related("strike"))
    if not due:
        return 0
    for row in due:
        assert row.held_at is not None
        assert row.answer_by is not None
        assert row.opened_at is not None
        stood = at - row.held_at
        row.answer_by += stood
        row.opened_at += stood
        row.next_reminder_at = row.next_reminder_at + stood if row.next_reminder_at else None
        row.held_for += stood
        row.released_at, row.held_at, row.changed_at = at, None, at
        row.state, row.version = released(Side(row.turn)), row.version + 1
    _write(due, "answer_by", "opened_at", "next_reminder_at", "held_for", "released_at", "held_at")
    record_all([Happening(Event.REQUEST_RELEASED, row.subject, data=_said(row)) for row in due], at=at)
    return len(due)


def _write(rows: Sequence[ReuseRequest], *columns: str) -> None:
    ReuseRequest.objects.bulk_update(rows, [*columns, "state", "version", "changed_at"])


def _stop_letters(rows: Sequence[ReuseRequest], at: datetime) -> None:
    """Cancels letters that ask for an answer by a deadline that no longer runs.

    A first letter that is not out still goes: the actor must hear of the request at all.
    """
    unheard = [row.subject for row in rows if row.delivered_at is None]
    heard = [row.subject for row in rows if row.delivered_at is not None]
    for subjects, kinds in ((heard, ASKING), (unheard, [kind for kind in ASKING if kind != FIRST])):
        if subjects:
            call_off(subjects, kinds, at=at)


def _said(row: ReuseRequest) -> dict[str, str]:
    assert row.strike is not None
    assert row.answer_by is not None
    said = {"strike": row.strike.value.short}
    return said if row.is_held else {**said, "answer_by": row.answer_by.isoformat()}
