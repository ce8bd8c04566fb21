"""What ties people to houses: membership for colleagues, representation for an agency's actors."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models.organization import Organization
from agencies.rules.organizations import MAY_ACT, BondState, Role


class Bond(models.Model):
    """An invitation that may become active and then end.

    ``email`` is where the invitation went. The link in the letter is signed over the id and ``nonce`` and is good
    until ``expires_at``; nothing that opens it is stored. Sending again makes a new nonce, and old links stop.
    """

    state = models.CharField(max_length=10, choices=BondState.choices(), default=BondState.INVITED)
    email = models.EmailField(blank=True)
    nonce = models.CharField(max_length=22, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def expired(self, at: datetime) -> bool:
        """Whether the invitation went unanswered for too long."""
        return self.state == BondState.INVITED and self.expires_at is not None and self.expires_at <= at


class Membership(Bond):
    """A person's place in a house. ``user`` is empty until somebody accepts the invitation."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices(), default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], condition=Q(state="active"), name="member_once_per_house"
            ),
            models.UniqueConstraint(
                fields=["organization", "email"], condition=Q(state="invited"), name="colleague_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.email} at {self.organization} ({self.role})"

    @property
    def house(self) -> Organization:
        return self.organization

    @property
    def subject(self) -> Subject:
        return Subject("membership", self.pk, "", f"{self.organization.name}, {self.name}")

    @property
    def name(self) -> str:
        return str(self.user) if self.user else self.email

    @property
    def role_label(self) -> str:
        return Role(self.role).label.lower()

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def may_act(self) -> bool:
        """Whether the role may send and decide. An assistant reads and drafts."""
        return self.role in MAY_ACT


class Representation(Bond):
    """An agency speaks for an actor. Both sides confirm it; either may end it.

    ``asked_by_actor`` tells who made the first step, and so who has to confirm. ``actor`` is empty while an invited
    person has no account or profile yet.
    """

    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="representations")
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, null=True, related_name="representations")
    invited_name = models.CharField(max_length=120, blank=True)
    asked_by_actor = models.BooleanField(default=False)
    message = models.CharField(max_length=600, blank=True)
    sort_name = models.CharField(max_length=254, blank=True, editable=False)  # rules.bonds.roster_name

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "actor"], condition=Q(state__in=["invited", "active"]), name="represented_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "email"], condition=Q(state="invited") & ~Q(email=""), name="client_invited_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "id"], name="roster"),
            models.Index(
                fields=["agency", "sort_name", "id"],
                name="roster_by_name",
                condition=Q(state__in=["invited", "active"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} for {self.name} ({self.state})"

    def get_absolute_url(self) -> str:
        return reverse("representation", args=[self.pk])

    @property
    def house(self) -> Organization:
        return self.agency

    @property
    def subject(self) -> Subject:
        return Subject("representation", self.pk, "", f"{self.agency.name} for {self.name}")

    @property
    def name(self) -> str:
        """The stage name, or what the agency called the invited person."""
        return self.actor.stage_name if self.actor else self.invited_name or self.email
