"""What the clock rings for the people around an actor."""

from celery import shared_task
from django.utils import timezone

from accounts.audit import Origin, origin
from agencies.actions.majority import come_of_age


@shared_task
def sweep_guardians() -> None:
    """Writes down who came of age, batch by batch."""
    at = timezone.now()
    with origin(Origin("worker")):
        while come_of_age(by=None, at=at):
            continue
