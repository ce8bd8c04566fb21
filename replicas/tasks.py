"""What the clock rings. Each task reads the clock once and calls one action until nothing is left to do."""

import time
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accounts.audit import Origin, origin
from replicas.access.crowds.life import crowds_to_settle
from replicas.access.crowds.sending import crowds_on_their_way
from replicas.actions.claims import look_at_due
from replicas.actions.consents import resume_after_strikes
from replicas.actions.crowds.preflight import check_for_page
from replicas.actions.crowds.sending import send_on
from replicas.actions.crowds.settling import settle
from replicas.actions.custody.clockwork import lapse_transfers, open_due_tasks, remind_due_tasks
from replicas.actions.holding import hold_due, release_due
from replicas.actions.licensing import expire_due, start_due
from replicas.actions.permitted import read_unread
from replicas.actions.scans import remind_due as remind_scans
from replicas.actions.searches import send_alerts
from replicas.actions.strike_letters import tell_began, tell_ended
from replicas.actions.sweeping import lapse_due, note_deliveries, remind_due

MOST_BATCHES = 200  # 100,000 rows; the next tick goes on from there
AT_A_TIME = 30.0  # seconds one task stays with one crowd, so that others have their turn


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


@shared_task
def send_crowd(crowd_id: int) -> None:
    """Goes on with a released crowd, and rings again when there was no time for all of it."""
    stop = time.monotonic() + AT_A_TIME
    with origin(Origin("worker")):
        while send_on(crowd_id, by=None, at=timezone.now()):
            if time.monotonic() >= stop:
                send_crowd.delay(crowd_id)
                return


@shared_task
def settle_crowd(crowd_id: int) -> None:
    """Looks after a crowd that was sent: who is called next, what its board may show, who is told of its end."""
    stop = time.monotonic() + AT_A_TIME
    with origin(Origin("worker")):
        while settle(crowd_id, at=timezone.now()):
            if time.monotonic() >= stop:
                settle_crowd.delay(crowd_id)
                return


@shared_task
def sweep_crowds() -> None:
    """Takes up every crowd that is on its way, and looks after those that run or ended: whatever ring was lost, and
    whoever was killed in the middle."""
    for crowd_id in crowds_on_their_way():
        send_crowd(crowd_id)
    for crowd_id in crowds_to_settle():
        settle_crowd(crowd_id)


@shared_task
def sweep_searches() -> None:
    """Tells people what is new in the searches they keep, once a day."""
    with origin(Origin("worker")):
        _drain(send_alerts, timezone.now())


@shared_task
def check_crowd(crowd_id: int, key: str) -> None:
    """Checks a long list while the page that shows it asks again."""
    check_for_page(crowd_id, key, at=timezone.now())


def _drain(action: Callable[..., int], at: datetime) -> None:
    for _ in range(MOST_BATCHES):
        if not action(by=None, at=at):
            return
