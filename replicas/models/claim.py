"""An unknown scan somebody claims: what they remember, the letter they sent, and what was answered."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.replica import Replica
from replicas.rules.claiming import (
    RUNNING,
    WAITING,
    Ask,
    ClaimSide,
    ClaimState,
    Closing,
    Outcome,
    Place,
    Threshold,
    last_day,
)

RUNNING_STATES = sorted(state.value for state in RUNNING)
WAITING_STATES = sorted(state.value for state in WAITING)


class ClaimQuerySet(models.QuerySet["ScanClaim"]):
    def due(self, at: datetime) -> Self:
        """The clock has something to do: a reminder, or the end of the time for an answer."""
        return self.filter(state__in=RUNNING_STATES, next_look_at__lte=at)

    def sent(self) -> Self:
        """What has left the actor's hands, whatever became of it."""
        return self.filter(sent_at__isnull=False)


class ScanClaim(models.Model):
    """Private to the actor until ``sent_at``; from then on the letter is what was sent, word for word.

    ``scanned_on`` is the day where it is known, ``about_when`` the actor's own words for it. The holder is a house on
    the portal (``holder_organization``) or a name and an address. ``opened_at`` is when the running window began,
    ``due_at`` the moment after its last day, ``next_look_at`` when the clock has to look again. ``link_nonce`` names
    the one-purpose link of somebody without an account and ``link_hash`` is the SHA-256 of its token; the token itself
    is made with SECRET_KEY and stands nowhere in the database. All moments are aware UTC.
    """

    ref = models.CharField(max_length=12, unique=True)
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="claims")
    state = models.CharField(max_length=12, choices=ClaimState.choices(), default=ClaimState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    scanned_on = models.DateField("the day", null=True, blank=True)
    about_when = models.CharField("about when", max_length=80, blank=True)
    place = models.CharField("where", max_length=120, blank=True)
    captured_by = models.CharField("by whom", max_length=120, blank=True)
    production = models.CharField("for which production", max_length=120, blank=True)
    told = models.TextField("what they were told", max_length=2000, blank=True)
    remembered = models.TextField("what they remember being captured", max_length=2000, blank=True)

    holder_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    holder_name = models.CharField("who should answer", max_length=120, blank=True)
    holder_email = models.EmailField("their e-mail", blank=True)
    jurisdiction = models.CharField("where the law is asked", max_length=8, choices=Place.choices(), blank=True)
    ask = models.CharField("what is asked for", max_length=12, choices=Ask.choices(), default=Ask.ACCESS)
    under_union = models.BooleanField("under a SAG-AFTRA agreement", default=False)
    tell_agency = models.BooleanField("tell the agency when nobody answers", default=True)
    union_contact = models.EmailField("union contact to tell when nobody answers", blank=True)

    letter_bases = models.JSONField(default=list, blank=True)
    letter_text = models.TextField(blank=True)
    letter_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=Threshold.NONE)
    next_look_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=10, choices=Closing.choices(), blank=True)
    rounds = models.PositiveSmallIntegerField(default=1, help_text="Goes up with every dispute.")
    link_nonce = models.CharField(max_length=22, blank=True)
    link_hash = models.CharField(max_length=64, blank=True)
    link_expires_at = models.DateTimeField(null=True)
    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_sent_has_letter_and_clock",
                condition=Q(sent_at__isnull=True, letter_sha256="")
                | (Q(sent_at__isnull=False, opened_at__isnull=False, due_at__isnull=False) & ~Q(letter_sha256="")),
            ),
            models.CheckConstraint(
                name="claim_beyond_draft_was_sent",
                condition=Q(state="draft", sent_at__isnull=True)
                | Q(state="closed")
                | (~Q(state="draft") & Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="claim_closed_has_moment_and_reason",
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(closing=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True, closing="")),
            ),
            models.CheckConstraint(
                name="claim_running_has_a_next_look",
                condition=~Q(state__in=RUNNING_STATES) | Q(next_look_at__isnull=False),
            ),
            models.UniqueConstraint(name="claim_link_once", fields=["link_hash"], condition=~Q(link_hash="")),
        ]
        indexes = [
            models.Index(fields=["actor", "-id"], name="claims_of_actor"),
            models.Index(
                fields=["holder_organization", "state", "due_at", "id"],
                name="claims_to_house",
                condition=Q(sent_at__isnull=False),
            ),
            models.Index(fields=["next_look_at"], name="claim_due", condition=Q(state__in=RUNNING_STATES)),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.ref])

    @property
    def holder(self) -> str:
        """Who should answer, as they are called. Needs ``holder_organization``."""
        return self.holder_organization.name if self.holder_organization else self.holder_name

    @property
    def due_on(self) -> date | None:
        """The last day on which an answer is in time, as the letter says it: the actor's. Needs ``actor.user``."""
        return last_day(self.due_at, self.actor.user.zone) if self.due_at else None

    @property
    def subject(self) -> Subject:
        return Subject("scanclaim", self.pk, self.ref, f"{self.holder or self.captured_by or 'a scan'}, {self.actor}")


class ClaimAnswer(models.Model):
    """One answer of a holder. Never changed, only followed by another after a dispute.

    ``by`` is empty when it came by the link; ``by_label`` is who they say they are.
    """

    claim = models.ForeignKey(ScanClaim, on_delete=models.PROTECT, related_name="answers")
    round_number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices())
    text = models.TextField(max_length=4000, blank=True)
    custodian = models.CharField("who holds it", max_length=120, blank=True)
    held_at = models.CharField("where it is kept", max_length=200, blank=True)
    held_until = models.DateField("kept until", null=True, blank=True)
    held_why = models.TextField("why it is kept", max_length=1000, blank=True)
    destroyed_on = models.DateField(null=True, blank=True)
    attested_by = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "round_number"], name="claim_answer_once_per_round"),
            models.CheckConstraint(
                name="claim_destroyed_is_attested",
                condition=~Q(outcome="destroyed") | (Q(destroyed_on__isnull=False) & ~Q(attested_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.round_number} to {self.claim_id}"


class ClaimMessage(models.Model):
    """What one side wrote beside the answers: why the actor disputes one. Never changed."""

    claim = models.ForeignKey(ScanClaim, on_delete=models.PROTECT, related_name="messages")
    round_number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10, choices=ClaimSide.choices())
    body = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:60]
