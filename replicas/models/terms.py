"""Frozen rounds of terms and the uses in them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from replicas.models.request import ReuseRequest
from replicas.rules.answering import Side
from replicas.rules.showing import TermsShown, shown
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import Currency, Medium, Territory, UseRole


class Terms(models.Model):
    """One round, frozen when it was put forward: never updated, only followed by another.

    ``document`` is the canonical content, ``sha256`` its hash; signatures are bound to it. ``judged`` are the rules it
    was judged by, with their versions (``["R01.1", …]``); empty for rounds from before there was a rulebook.
    """

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices())
    note = models.CharField(max_length=1000, blank=True)
    business_reason = models.TextField(max_length=1000)
    currency = models.CharField(max_length=3, choices=Currency.choices(), default=Currency.USD)
    disclosure = models.CharField(max_length=300, blank=True)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    judged = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "terms"
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="round_once")]

    def __str__(self) -> str:
        return f"Round {self.number}"

    def offered(self) -> OfferedTerms:
        """This round as the value the rules work with. Uses ``uses.all()``, so prefetch it for lists."""
        return OfferedTerms(
            uses=tuple(use.offered() for use in self.uses.all()),
            business_reason=self.business_reason,
            currency=self.currency,
            disclosure=self.disclosure,
        )

    def shown(self, answers: Mapping[str, str] | None = None, *, their: str = "you") -> TermsShown:
        """This round in words, for ``replicas/_terms_table.html``. ``answers`` is "yes" or "no" by use id (as text)."""
        return shown(self.offered(), keys=[use.pk for use in self.uses.all()], answers=answers, their=their)


class Use(models.Model):
    """One use inside a round, with its own yes or no."""

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    description = models.TextField(max_length=2000)
    role = models.CharField(max_length=10, choices=UseRole.choices())
    scenes = models.CharField(max_length=120, blank=True)
    medium = models.CharField(max_length=12, choices=Medium.choices())
    territory = models.CharField(max_length=10, choices=Territory.choices())
    languages = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    alterations = models.CharField(max_length=500, blank=True)
    ai = models.JSONField(default=list)
    sensitive = models.JSONField(default=list)
    replica_days = models.PositiveSmallIntegerField(default=1)
    fee = models.DecimalField(max_digits=12, decimal_places=2)
    work_replaced = models.BooleanField(default=False)
    as_scripted = models.BooleanField(default=False)
    script_version = models.CharField(max_length=80, blank=True)
    script_dated = models.DateField(null=True)
    brand = models.CharField(max_length=80, blank=True)
    product_line = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "position"], name="use_position_once"),
            models.CheckConstraint(name="use_dates_in_order", condition=Q(starts_on__lte=models.F("ends_on"))),
            models.CheckConstraint(name="use_fee_not_negative", condition=Q(fee__gte=0)),
        ]

    def __str__(self) -> str:
        return self.title

    def offered(self) -> UseTerms:
        values: dict[str, Any] = {name: getattr(self, name) for name in UseTerms.__dataclass_fields__}
        return UseTerms(**{**values, "ai": tuple(self.ai), "sensitive": tuple(self.sensitive)})
