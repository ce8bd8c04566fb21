"""What the clock rings. Each task reads the clock once and calls one action until nothing is left to do."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accounts.audit import Origin, origin
from replicas.actions.claims import look_at_due
from replicas.actions.consents import resume_after_strikes
from replicas.actions.custody.clockwork import lapse_transfers, open_due_tasks, remind_due_tasks
from replicas.actions.holding import hold_due, release_due
from replicas.actions.licensing import expire_due, start_due
from replicas.actions.permitted import read_unread
from replicas.actions.scans import remind_due as remind_scans
from replicas.actions.strike_letters import tell_began, tell_ended
from replicas.actions.sweeping import lapse_due, note_deliveries, remind_due

MOST_BATCHES = 200  # 100,000 rows; the next tick goes on from there


@shared_task
def sweep_requests() -> None:
    """Notes deliveries first, so that a window moved by a late delivery is not judged by its old end.

    Then what strikes hold and release, so that nothing is judged by a clock that stood still.
    """
    at = timezone.now()
    with origin(Origin("worker")):
        note_deliveries(at=at)
        _drain(tell_began, at)
        _drain(hold_due, at)
        _drain(tell_ended, at)
        _drain(release_due, at)
        _drain(resume_after_strikes, at)
        _drain(lapse_due, at)
        _drain(remind_due, at)


@shared_task
def sweep_scans() -> None:
    """Reminds who has not answered the announcement of a scan."""
    with origin(Origin("worker")):
        _drain(remind_scans, timezone.now())


@shared_task
def sweep_licenses() -> None:
    at = timezone.now()
    with origin(Origin("worker")):
        _drain(start_due, at)
        _drain(expire_due, at)


@shared_task
def sweep_claims() -> None:
    at = timezone.now()
    with origin(Origin("worker")):
        _drain(look_at_due, at)


@shared_task
def sweep_custody() -> None:
    """Opens destruction tasks, reminds of them, and lets transfers lapse."""
    at = timezone.now()
    with origin(Origin("worker")):
        _drain(open_due_tasks, at)
        _drain(remind_due_tasks, at)
        _drain(lapse_transfers, at)


@shared_task
def sweep_rules() -> None:
    """Reads standing rules for the search where they were not yet, or by an earlier version."""
    with origin(Origin("worker")):
        _drain(read_unread, timezone.now())


def _drain(action: Callable[..., int], at: datetime) -> None:
    for _ in range(MOST_BATCHES):
        if not action(by=None, at=at):
            return
