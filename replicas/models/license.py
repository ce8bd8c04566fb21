"""A yes, as something anyone can check."""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.decision import Decision
from replicas.models.request import ReuseRequest
from replicas.models.strike import StrikePeriod
from replicas.models.terms import Terms
from replicas.rules.crowds.raising import amended
from replicas.rules.licensing import LIVING, LicenseState, Standing, standing
from replicas.rules.striking import Strike

if TYPE_CHECKING:
    from replicas.models.crowd_life import LicenseAmendment

LIVING_STATES = sorted(state.value for state in LIVING)


class License(models.Model):
    """Born with the approval, in the same transaction. ``document`` is the agreed round with the approved uses only.

    ``terms_hash`` is the hash the actor signed. ``starts_at`` and ``ends_at`` are aware moments made from the uses'
    first and last days in the actor's zone; the license runs up to, not including, ``ends_at``.
    """

    ref = models.CharField(max_length=14, unique=True)
    request = models.OneToOneField(ReuseRequest, on_delete=models.PROTECT, related_name="license")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="license")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="licenses")
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="licenses")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="licenses")
    document = models.JSONField()
    terms_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=LicenseState.choices())
    issued_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=1000, blank=True)
    suspended_in = models.ForeignKey(
        StrikePeriod,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The strike in which the performer suspended it; it is taken up again when that one ends.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="license_span_in_order", condition=Q(starts_at__lt=models.F("ends_at"))),
            models.CheckConstraint(
                name="license_revoked_has_moment",
                condition=Q(state="revoked", revoked_at__isnull=False)
                | (~Q(state="revoked") & Q(revoked_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="license_in_strike_is_suspended", condition=Q(suspended_in__isnull=True) | Q(state="suspended")
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "-id"], name="licenses_of_actor"),
            models.Index(fields=["organization", "-id"], name="licenses_of_house"),
            models.Index(fields=["ends_at"], name="license_ending", condition=Q(state__in=LIVING_STATES)),
            models.Index(fields=["starts_at"], name="license_starting", condition=Q(state="scheduled")),
            models.Index(
                fields=["suspended_in", "id"], name="license_in_strike", condition=Q(suspended_in__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("license", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("license", self.pk, self.ref, self.request.subject.label)

    @property
    def first_day(self) -> date:
        """The first day it runs, in the actor's zone. Needs ``actor.user``."""
        return self.starts_at.astimezone(self.actor.user.zone).date()

    @property
    def last_day(self) -> date:
        """The last day it runs, in the actor's zone. Needs ``actor.user``."""
        return (self.ends_at.astimezone(self.actor.user.zone) - timedelta(seconds=1)).date()

    @cached_property
    def amended_by(self) -> list["LicenseAmendment"]:
        """Its amendments, the first one first. One query for a license of a crowd, none for any other."""
        return list(self.amendments.all()) if self.request.crowd_id else []

    @property
    def document_now(self) -> dict[str, Any]:
        """What was signed, with the fees of the last amendment."""
        return amended(self.document, [one.document for one in self.amended_by])

    def standing(self, at: datetime) -> Standing:
        """Where it stands at ``at`` by the clock, whatever the sweep has written down so far.

        One query for the strike, none where ``struck=struck_at(at)`` was annotated.
        """
        struck = self.struck_under(at)
        return standing(
            state=LicenseState(self.state),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            at=at,
            struck=Strike(struck, at).no_new_use if struck else "",
        )

    def struck_under(self, at: datetime) -> str:
        """The agreement under which a strike stands for it at ``at``; empty when none does."""
        if hasattr(self, "struck"):
            return self.struck or ""
        return License.objects.filter(pk=self.pk).values_list(struck_at(at), flat=True)[0] or ""


def struck_at(at: datetime) -> Subquery:
    """The annotation ``struck``: the agreement under which a strike stands for a license at ``at``, or None."""
    standing_ones = StrikePeriod.objects.in_force(at).under(OuterRef("request__project__agreement"))
    return Subquery(standing_ones.values("agreement")[:1])
