"""A guardian's yes while the other guardian's is still missing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rules.factors import Factor
from replicas.models.request import ReuseRequest
from replicas.models.terms import Terms


class GuardianSignature(models.Model):
    """One guardian's signature under one round. It becomes a license when every guardian of the minor has signed.

    ``guardians`` are the ids of those who had to sign at that moment, as `` 3 7 ``: when they change, what was signed
    before counts no more. ``uses`` are the ids of the uses said yes to.
    """

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="guardian_signatures")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    terms_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    guardians = models.CharField(max_length=60)
    uses = models.JSONField()
    typed_name = models.CharField(max_length=120)
    factor = models.CharField(max_length=10, choices=Factor.choices())
    challenge = models.CharField(max_length=43)
    court_ref = models.CharField(max_length=120)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "by"], condition=Q(taken_back_at__isnull=True), name="guardian_signs_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} for {self.request}"
