"""What the clock rings for people: heartbeats, letters that are due, and forgetting what is over."""

from celery import shared_task
from django.utils import timezone

from accounts.actions.forgetting import forget
from accounts.actions.heartbeats import beat
from accounts.notifications.sending import send_due


@shared_task
def tick() -> None:
    """Rung by beat, done by a worker: hearing it means that both are alive.

    Silence of either looks the same from here, so both rows are stamped together; the banner says “beat or workers”.
    """
    at = timezone.now()
    beat("beat", at=at)
    beat("worker", at=at)


@shared_task
def send_due_letters() -> None:
    """Sends what may go now; rings again when a minute was not enough."""
    if send_due().more:
        send_due_letters.delay()


@shared_task
def forget_what_is_over() -> None:
    """Deletes what nobody needs any more."""
    forget(by=None, at=timezone.now())
