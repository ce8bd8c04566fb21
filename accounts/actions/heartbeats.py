"""Noting that a part of the portal is alive."""

from datetime import datetime

from accounts.models import Heartbeat


def beat(name: str, *, at: datetime) -> None:
    """Moves the part's heartbeat to ``at``."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
