"""What is said about a request: questions between the sides, and the agent's advice to the actor."""

from django.conf import settings
from django.db import models

from agencies.models import Organization
from replicas.models.request import ReuseRequest
from replicas.rules.answering import Side


class Message(models.Model):
    """A question or an answer. Both sides and the agent see it."""

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices())
    body = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:60]


class Advice(models.Model):
    """The agent's note to the actor about the round it names. Only the actor and the agency see it."""

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="advice")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round_number = models.PositiveSmallIntegerField()
    body = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "advice"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:60]
