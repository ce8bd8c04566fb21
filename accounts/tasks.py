"""What the clock rings for people: heartbeats, letters that are due, and forgetting what is over."""

from celery import shared_task
from django.utils import timezone

from accounts.actions.heartbeats import beat


@shared_task
def tick() -> None:
    """Rung by beat, done by a worker: hearing it means that both are alive."""
    at = timezone.now()
    beat("worker", at=at)


@shared_task
def send_due_letters() -> None:
    """Sends what may go now."""


@shared_task
def forget_what_is_over() -> None:
    """Deletes what nobody needs any more."""
