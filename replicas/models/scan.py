"""One person's scan: announced to them, answered by them, recorded when it was done."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.factors import Factor
from accounts.rules.subject import Subject
from replicas.models.replica import Replica
from replicas.models.scan_notice import ScanNotice
from replicas.rules.answering import Side
from replicas.rules.scanning import BreachKind, ScanState, seen_by_house


class Scan(models.Model):
    """The state is changed only in ``replicas.actions``, by an UPDATE that names the old one and its version.

    ``actor`` is empty while the announced person has no account; they are known by ``email`` (lower case) and, once
    that address is verified, find it on their register. ``name`` is what the house called them. ``told_at`` is when
    the present notice was put to them; ``at_engagement`` says that it was less than 48 hours before, because they
    were engaged (``engaged_at``) that late. ``manifest`` holds the recorded files as ``{name, size, sha256}``; the
    files themselves are never here. All moments are aware UTC.
    """

    ref = models.CharField(max_length=12, unique=True)
    notice = models.ForeignKey(ScanNotice, on_delete=models.PROTECT, related_name="scans")
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, null=True, related_name="scans")
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    engaged_at = models.DateTimeField(null=True)
    at_engagement = models.BooleanField(default=False)
    told_at = models.DateTimeField()

    state = models.CharField(max_length=12, choices=ScanState.choices(), default=ScanState.ANNOUNCED)
    version = models.PositiveIntegerField(default=0, help_text="Goes up with every move.")
    changed_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)

    performed_at = models.DateTimeField(null=True)
    performed_place = models.CharField(max_length=200, blank=True)
    performed_purpose = models.TextField(max_length=2000, blank=True)
    custodian = models.CharField(max_length=120, blank=True)
    custody_place = models.CharField(max_length=120, blank=True)
    manifest = models.JSONField(default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    replica = models.OneToOneField(Replica, on_delete=models.PROTECT, null=True, related_name="scan")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "email"], name="scan_announced_once"),
            models.CheckConstraint(
                name="scan_performed_has_moment",
                condition=Q(state__in=["performed", "destroyed"], performed_at__isnull=False, recorded_by__isnull=False)
                | Q(state__in=["announced", "agreed", "refused", "withdrawn", "called_off"], performed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="scan_answered_has_actor",
                condition=~Q(state__in=["agreed", "refused", "withdrawn"]) | Q(actor__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "-id"], name="scans_of_actor"),
            models.Index(fields=["notice", "id"], name="scans_of_notice"),
            models.Index(fields=["email"], name="scans_of_address", condition=Q(actor__isnull=True)),
            models.Index(
                fields=["remind_at"], name="scan_to_remind", condition=Q(state="announced", remind_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("scan", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("scan", self.pk, self.ref, f"{self.notice.project.title}, {self.called}")

    @property
    def called(self) -> str:
        """How the house knows the person: the name it gave, else the address. Says nothing about an account."""
        return self.name or self.email

    @property
    def has_agreed(self) -> bool:
        return self.state == ScanState.AGREED

    def seen_by_house(self, at: datetime) -> str:
        """The state as the house may know it at ``at``. Needs ``notice``."""
        return seen_by_house(ScanState(self.state), at=at, scan_at=self.notice.scan_at)


class ScanAnswer(models.Model):
    """One answer of the performer to one notice. Never changed; the newest counts.

    An agreement carries what was signed: the typed name, the factor that proved the person, the nonce (``challenge``)
    and the hash of the notice they were shown. ``shared`` says whether the house may read the ``reason``.
    """

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="answers")
    notice = models.ForeignKey(ScanNotice, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=12, choices=ScanState.choices())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    notice_sha256 = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=120, blank=True)
    factor = models.CharField(max_length=10, choices=Factor.choices(), blank=True)
    challenge = models.CharField(max_length=43, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="scan_agreement_is_signed",
                condition=~Q(outcome="agreed") | (~Q(factor="") & ~Q(typed_name="") & ~Q(challenge="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at:%Y-%m-%d %H:%M}"


class ScanMessage(models.Model):
    """A question or an answer about a scan. The performer, their agency and the house see it."""

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices())
    body = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:60]


class ScanBreach(models.Model):
    """Something about a scan was not as agreed. Both sides see it; it is never changed or removed."""

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="breaches")
    kind = models.CharField(max_length=14, choices=BreachKind.choices())
    agreed = models.TextField(help_text="What was announced and agreed.")
    happened = models.TextField(help_text="What was recorded.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "scan breaches"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scan", "kind"], name="scan_breach_once")]

    def __str__(self) -> str:
        return BreachKind(self.kind).label
