"""Strikes under union agreements, and every correction of what was known about them."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from accounts.rules.subject import Subject
from replicas.rules.striking import LONGEST_NOTE, Strike
from replicas.rules.vocabulary import Agreement


class StrikeQuerySet(models.QuerySet["StrikePeriod"]):
    def in_force(self, at: datetime) -> Self:
        """Standing at ``at``: from the first second, up to and not including the end."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)

    def under(self, agreement: Any) -> Self:
        """``agreement`` is a code or an ``OuterRef`` to one."""
        return self.filter(agreement=agreement)

    def stopping_requests(self, at: datetime) -> Self:
        """A subquery over requests: strikes that stopped their clock by ``at`` and were not reckoned up since.

        It began before the request's deadline, and it ends after the running window began and after the request was
        last released. It may be over by ``at``: then the clock waits for the sweep. Nothing matches a draft.
        """
        window = OuterRef("opened_at")
        reckoned = Greatest(window, Coalesce(OuterRef("released_at"), window))
        return self.under(OuterRef("project__agreement")).filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=reckoned), starts_at__lte=at, starts_at__lt=OuterRef("answer_by")
        )


class StrikePeriod(models.Model):
    """A strike under one agreement, set by staff. ``ends_at`` is empty until it is lifted; moments aware UTC.

    ``version`` goes up with every correction. ``began_told_at`` and ``ended_told_at`` are when everybody affected was
    told, once each.
    """

    agreement = models.CharField("union agreement", max_length=30, choices=Agreement.choices())
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("ends", null=True, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, help_text="Where it was called; everybody reads this.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    began_told_at = models.DateTimeField(null=True)
    ended_told_at = models.DateTimeField(null=True)

    objects = StrikeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="strike_ends_after_start", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(ends_at__isnull=True), name="strike_open_once_per_agreement"
            ),
        ]
        indexes = [models.Index(fields=["agreement", "starts_at"], name="strike_by_agreement")]

    def __str__(self) -> str:
        return f"Strike under {self.value.label}, {self.starts_at:%Y-%m-%d}"

    @property
    def value(self) -> Strike:
        """The strike as the rules see it."""
        return Strike(self.agreement, self.starts_at, self.ends_at)

    @property
    def subject(self) -> Subject:
        return Subject("strike", self.pk, "", self.value.label)


class StrikeChange(models.Model):
    """One version of what was set, by whom, when and why. Never updated, only followed by another."""

    strike = models.ForeignKey(StrikePeriod, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    why = models.CharField(max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["strike", "number"], name="strike_version_once")]
        ordering = ["strike", "number"]

    def __str__(self) -> str:
        return f"{self.strike}, version {self.number}"
