"""An actor's standing rules, version by version."""

from django.conf import settings
from django.db import models

from accounts.models import ActorProfile
from replicas.rules.guardrails import Guardrails


class GuardrailsVersion(models.Model):
    """One version of an actor's guardrails; the newest counts. Never updated, only followed by another.

    ``rules`` is ``Guardrails.as_dict()``. ``name_the_rule``: whether somebody who is refused may be told which rule
    it was; otherwise they read “not available”. ``created_at`` is aware UTC.
    """

    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="guardrails")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    name_the_rule = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "number"], name="guardrails_version_once")]

    def __str__(self) -> str:
        return f"Guardrails of {self.actor}, version {self.number}"

    def guardrails(self) -> Guardrails:
        """The rules as the value the rules work with."""
        return Guardrails.from_dict(self.rules)
