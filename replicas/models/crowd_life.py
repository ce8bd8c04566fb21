"""What happens to a crowd after it was sent: what everybody is told in chunks, and better fees on licenses."""

from django.conf import settings
from django.db import models

from replicas.models.crowd import Crowd, CrowdOffer
from replicas.models.license import License
from replicas.rules.crowds import Mailing
from replicas.rules.vocabulary import Currency


class CrowdMailing(models.Model):
    """Something the house did that everybody who still can answer is told. Written with it; the letters follow in
    chunks, by the id of the place, so that a worker that dies goes on where it was and nobody is told twice."""

    crowd = models.ForeignKey(Crowd, on_delete=models.PROTECT, related_name="mailings")
    kind = models.CharField(max_length=8, choices=Mailing.choices())
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_place = models.PositiveBigIntegerField("everybody up to this place is told", default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["crowd", "id"], name="crowd_mailing_open", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class LicenseAmendment(models.Model):
    """A better fee for a license, from a better offer to its crowd: never updated, only followed by another.

    In the performer's favor alone, so that it needs no new signature. ``document`` is each use's fee before and after
    (``rules/crowds/raising.py``, money as text), ``sha256`` its hash, ``total`` the sum of the fees after it.
    """

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    offer = models.ForeignKey(CrowdOffer, on_delete=models.PROTECT, related_name="amendments")
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    currency = models.CharField(max_length=3, choices=Currency.choices())
    total_before = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["license", "number"], name="amendment_once"),
            models.UniqueConstraint(fields=["license", "offer"], name="amendment_once_for_an_offer"),
            models.CheckConstraint(
                name="amendment_only_betters", condition=models.Q(total__gt=models.F("total_before"))
            ),
        ]

    def __str__(self) -> str:
        return f"Amendment {self.number}"
