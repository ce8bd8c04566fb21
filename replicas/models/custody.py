"""Who holds a replica, who looked at it, to whom it may pass, and when it has to be destroyed."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.license import License
from replicas.models.replica import Replica
from replicas.rules.custody import (
    LIVE_TRANSFERS,
    Ending,
    HoldingKind,
    Method,
    Reminded,
    TaskReason,
    TaskState,
    TransferState,
    is_overdue,
    union_decides,
)
from replicas.rules.vocabulary import Agreement

LIVE = sorted(state.value for state in LIVE_TRANSFERS)


class HoldingQuerySet(models.QuerySet["Holding"]):
    def live(self) -> Self:
        """Held now."""
        return self.filter(ended_at__isnull=True)


class Holding(models.Model):
    """Somebody holds an original or copies of a replica. A row is ended, never removed.

    ``organization`` is set when the holder is on the portal; then its people record what happens. ``contact`` is where
    a holder off the portal gets letters. ``source`` is the holding a copy was made from. ``license`` is what a copy is
    kept for. ``until`` is the last day they may keep it. ``last_interaction_on`` feeds the three-year clock, and
    ``look_on`` is the day on which the clock looks at the row next: the earliest on which a task can be due to open.
    """

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="holdings")
    holder = models.CharField(max_length=120)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="holdings"
    )
    contact = models.EmailField(blank=True)
    place = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=8, choices=HoldingKind.choices())
    copies = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copied")
    license = models.ForeignKey(License, on_delete=models.PROTECT, null=True, blank=True, related_name="held_for")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    last_interaction_on = models.DateField()
    look_on = models.DateField()
    told_by = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=11, choices=Ending.choices(), blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["replica"],
                name="holding_one_original",
                condition=Q(kind=HoldingKind.ORIGINAL, ended_at__isnull=True),
            ),
            models.CheckConstraint(name="holding_has_copies", condition=Q(copies__gte=1)),
            models.CheckConstraint(
                name="holding_ended_with_how",
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
        ]
        indexes = [
            models.Index(fields=["replica", "id"], name="holdings_of_replica"),
            models.Index(
                fields=["organization", "-id"],
                name="holdings_of_house",
                condition=Q(ended_at__isnull=True, organization__isnull=False),
            ),
            models.Index(fields=["look_on"], name="holding_to_look_at", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["license"], name="holding_for_license", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.what}"

    @property
    def what(self) -> str:
        """“the original”, “1 copy”, “3 copies”."""
        if self.kind == HoldingKind.ORIGINAL:
            return "the original"
        return "1 copy" if self.copies == 1 else f"{self.copies} copies"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


class CustodyTransfer(models.Model):
    """The original, or copies, shall pass to a new holder: asked of the actor first (R24).

    ``answer_by`` is the actor's deadline, ``union_due_at`` the union's, each a moment at which it is too late.
    The assumption document is the new holder's written promise, known by name and SHA-256.
    """

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="transfers")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="transfers")
    to_name = models.CharField(max_length=120)
    to_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="incoming_transfers"
    )
    to_contact = models.EmailField(blank=True)
    place = models.CharField(max_length=120)
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    agreement = models.CharField(max_length=30, choices=Agreement.choices())
    document = models.CharField(max_length=255, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=13, choices=TransferState.choices(), default=TransferState.ASKED)
    told_by = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    union_asked_at = models.DateTimeField(null=True)
    union_due_at = models.DateTimeField(null=True)
    union_approved_on = models.DateField(null=True)
    union_reference = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["holding"], name="transfer_one_at_a_time", condition=Q(state__in=LIVE)),
            models.CheckConstraint(
                name="transfer_ended_iff_over",
                condition=Q(state__in=LIVE, ended_at__isnull=True) | (~Q(state__in=LIVE) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="transfer_done_was_agreed",
                condition=~Q(state__in=["agreed", "union_pending", "completed"]) | Q(agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_union_has_clock",
                condition=~Q(state="union_pending") | Q(union_asked_at__isnull=False, union_due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["replica", "-id"], name="transfers_of_replica"),
            models.Index(fields=["answer_by"], name="transfer_to_answer", condition=Q(state="asked")),
            models.Index(fields=["union_due_at"], name="transfer_union_due", condition=Q(state="union_pending")),
        ]

    def __str__(self) -> str:
        return f"{self.holding.holder} to {self.to_name}"

    @property
    def subject(self) -> Subject:
        return Subject("transfer", self.pk, self.replica.ref, str(self.replica))

    @property
    def due_at(self) -> datetime | None:
        """The deadline of the state it is in."""
        if self.state == TransferState.ASKED:
            return self.answer_by
        return self.union_due_at if self.state == TransferState.UNION_PENDING else None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_TRANSFERS

    @property
    def union_last_day(self) -> date | None:
        """The last day on which the union’s approval counts, in the actor's zone. Needs ``replica.actor.user``."""
        if self.union_due_at is None:
            return None
        return (self.union_due_at.astimezone(self.replica.actor.user.zone) - timedelta(seconds=1)).date()

    @property
    def needs_union(self) -> bool:
        return union_decides(self.agreement)


class CustodyAccess(models.Model):
    """Who opened the files, for what, when, and which. Only ever added to (§39.H: a legitimate need)."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="accesses")
    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="accesses")
    who = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    at = models.DateTimeField()
    files = models.JSONField(default=list, help_text="Names of the files; empty: all of them.")
    told_by = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["replica", "-at", "-id"], name="accesses_of_replica")]
        verbose_name_plural = "custody accesses"

    def __str__(self) -> str:
        return f"{self.who}: {self.purpose}"


class TaskQuerySet(models.QuerySet["DestructionTask"]):
    def open(self) -> Self:
        return self.filter(state=TaskState.OPEN)

    def overdue(self, at: datetime) -> Self:
        """Open past its day, by the clock and not by what a sweep has written down."""
        return self.open().filter(due_at__lte=at)

    def to_remind(self, at: datetime) -> Self:
        return self.open().filter(next_reminder_at__lte=at)


class DestructionTask(models.Model):
    """What somebody holds has to be destroyed, and proof of it given, by a day (R26).

    ``due_at`` is the moment after the last of ``due_on`` in the actor's zone. ``asked_by`` is None when the clock
    opened it. The attestation is written once, with the state.
    """

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="destruction_tasks")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="destruction_tasks")
    reason = models.CharField(max_length=11, choices=TaskReason.choices())
    comment = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TaskState.choices(), default=TaskState.OPEN)
    reminded = models.PositiveSmallIntegerField(default=Reminded.NONE)
    next_reminder_at = models.DateTimeField(null=True)

    attester = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=11, choices=Method.choices(), blank=True)
    destroyed_on = models.DateField(null=True)
    statement = models.CharField(max_length=1000, blank=True)
    sha256s = models.JSONField(default=list)
    told_by = models.CharField(max_length=120, blank=True)
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holding"], name="task_one_open", condition=Q(state="open")),
            models.CheckConstraint(
                name="task_attested_has_proof",
                condition=Q(state="open", attested_at__isnull=True)
                | (
                    Q(
                        state="attested",
                        attested_at__isnull=False,
                        attested_by__isnull=False,
                        destroyed_on__isnull=False,
                    )
                    & ~Q(attester="")
                    & ~Q(method="")
                ),
            ),
            models.CheckConstraint(name="task_due_after_asked", condition=Q(due_at__gt=F("asked_at"))),
        ]
        indexes = [
            models.Index(fields=["replica", "due_at"], name="task_of_replica", condition=Q(state="open")),
            models.Index(fields=["next_reminder_at"], name="task_to_remind", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"Destruction of {self.holding}"

    def get_absolute_url(self) -> str:
        return reverse("custody-attest", args=[self.replica.ref, self.pk])

    @property
    def subject(self) -> Subject:
        return Subject("destruction", self.pk, self.replica.ref, str(self.replica))

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    def overdue(self, at: datetime) -> bool:
        return is_overdue(state=self.state, due_at=self.due_at, at=at)
