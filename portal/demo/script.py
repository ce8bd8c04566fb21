"""The demo's history: moves at moments, played in order with the clock's own work between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.audit import Origin, origin
from accounts.notifications.sending import send_due
from replicas.access.crowds.life import crowds_to_settle
from replicas.access.crowds.sending import crowds_on_their_way
from replicas.actions.claims import look_at_due
from replicas.actions.consents import resume_after_strikes
from replicas.actions.crowds.sending import send_on
from replicas.actions.crowds.settling import settle
from replicas.actions.custody.clockwork import lapse_transfers, open_due_tasks, remind_due_tasks
from replicas.actions.holding import hold_due, release_due
from replicas.actions.licensing import expire_due, start_due
from replicas.actions.scans import remind_due as remind_scans
from replicas.actions.strike_letters import tell_began, tell_ended
from replicas.actions.sweeping import lapse_due, note_deliveries, remind_due


@dataclass
class Script:
    """Collects ``(moment, move)`` and plays them oldest first, so that the audit trail runs forward in time."""

    moves: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)

    def at(self, moment: datetime, move: Callable[[datetime], object]) -> None:
        self.moves.append((moment, len(self.moves), move))

    def play(self, until: datetime) -> int:
        """Plays what is due until ``until``; later moves are dropped. Returns how many were played."""
        played, looked = 0, None
        with origin(Origin("web", "203.0.113.7", "Demo")):
            for moment, _, move in sorted(self.moves, key=lambda row: row[:2]):
                if moment > until:
                    break
                move(moment)
                whole = looked is None or moment - looked >= timedelta(hours=12)
                clockwork(moment, whole=whole)
                looked = moment if whole else looked
                played += 1
            clockwork(until)
        return played


SWEEPS = (tell_began, hold_due, tell_ended, release_due, resume_after_strikes, lapse_due, remind_due)
OF_DAYS = (remind_scans, start_due, expire_due, look_at_due, open_due_tasks, remind_due_tasks, lapse_transfers)


def look_after(at: datetime) -> None:
    """What the clock does to crowds: sends what was released, and settles what was answered."""
    for crowd_id in crowds_on_their_way():
        while send_on(crowd_id, by=None, at=at):
            pass
    for crowd_id in crowds_to_settle():
        while settle(crowd_id, by=None, at=at):
            pass


def clockwork(at: datetime, *, whole: bool = True) -> None:
    """What beat would have rung by then: letters, deliveries, reminders, lapses; and where it is ``whole``, what is
    due by the day: licenses that start and end, scans, claims, custody."""
    with origin(Origin("worker")):
        send_due(at=at)
        note_deliveries(at=at)
        for sweep in (*SWEEPS, *(OF_DAYS if whole else ())):
            while sweep(by=None, at=at):
                pass
        look_after(at)
        send_due(at=at)
