"""Who answers for a minor: the tie between a guardian and a young actor."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models.bonds import Bond
from agencies.rules.guardians import Relation
from agencies.rules.organizations import BondState


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def running(self, at: datetime) -> Self:
        """Accepted, not ended, and the actor is still a minor by the clock: these may see."""
        return self.filter(state=BondState.ACTIVE, actor__adult_at__gt=at)

    def deciding(self, at: datetime) -> Self:
        """Running and confirmed by staff: these say yes and no."""
        return self.running(at).filter(verified_at__isnull=False, guardian__is_active=True)


class Guardianship(Bond):
    """A parent or legal guardian answers for a minor. ``guardian`` is empty until somebody accepts the invitation.

    It counts only after staff have looked at the paper that ``proof`` names (``verified_at``); the paper itself is
    never kept. It ends with the minor's 18th birthday by the clock, whatever ``state`` says yet.
    """

    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="guardianships"
    )
    relation = models.CharField(max_length=10, choices=Relation.choices(), blank=True)
    proof = models.CharField("paper that shows it", max_length=200, blank=True)
    opened_profile = models.BooleanField("opened the profile", default=False)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "guardian"], condition=Q(state="active"), name="guardian_once"),
            models.UniqueConstraint(
                fields=["actor", "email"], condition=Q(state="invited"), name="guardian_invited_once"
            ),
            models.CheckConstraint(
                name="guardian_confirmed_is_somebody",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False, guardian__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["guardian", "state"], name="wards_of_guardian")]

    def __str__(self) -> str:
        return f"{self.name} for {self.actor} ({self.state})"

    @property
    def subject(self) -> Subject:
        return Subject("guardianship", self.pk, "", f"{self.name} for {self.actor.stage_name}")

    @property
    def name(self) -> str:
        return str(self.guardian) if self.guardian else self.email

    @property
    def relation_label(self) -> str:
        return Relation(self.relation).label if self.relation else "Guardian"

    def decides(self, at: datetime) -> bool:
        """Whether it lets somebody say yes and no at ``at``. Needs ``actor`` and ``guardian``."""
        there = self.state == BondState.ACTIVE and self.verified_at is not None and self.actor.is_minor(at)
        return there and self.guardian is not None and self.guardian.is_active
