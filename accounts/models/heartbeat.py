"""When beat and the workers were last heard, so that their silence is noticed."""

from django.db import models


class Heartbeat(models.Model):
    """One row per part, ``beat`` and ``worker``, moved forward by the tick task."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
