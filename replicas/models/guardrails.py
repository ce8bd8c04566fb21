"""Standing rules, version by version: an actor's own and an agency's for its actors; and what they refused."""

from django.conf import settings
from django.db import models

from accounts.models import ActorProfile
from agencies.models import Organization
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


class AgencyGuardrails(models.Model):
    """One version of an agency's default for the actors it represents; the newest counts, and only while it does.

    ``rules`` is ``Guardrails.as_dict()`` without blocked organizations: whom somebody won't work for is their own.
    """

    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="guardrails")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    reason = models.CharField(max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "agency guardrails"
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="agency_guardrails_version_once")]

    def __str__(self) -> str:
        return f"Guardrails of {self.agency}, version {self.number}"

    def guardrails(self) -> Guardrails:
        """The rules as the value the rules work with."""
        return Guardrails.from_dict(self.rules)


class GuardrailRefusal(models.Model):
    """One rule that said no for an actor, for the actor's eyes. Trying the same again adds nothing.

    ``judged`` names the versions that were asked (``InForce.key``); ``phrase`` and ``sentence`` say which rule it was.
    """

    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="guardrail_refusals")
    request = models.ForeignKey("ReuseRequest", on_delete=models.PROTECT, related_name="guardrail_refusals")
    judged = models.CharField(max_length=64)
    phrase = models.CharField(max_length=200)
    sentence = models.CharField(max_length=400)
    private = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "judged", "phrase"], name="guardrail_refusal_once"),
        ]
        indexes = [models.Index(fields=["actor", "-id"], name="refusals_of_actor")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.phrase}"
