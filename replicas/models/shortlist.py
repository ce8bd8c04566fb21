"""What a house gathers before it asks anybody: its own list of replicas, with tags, notes and links given out."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.replica import Replica
from replicas.rules.shortlists import TAGS, named, numbers_of


class Shortlist(models.Model):
    """A list of one house, seen by its people alone. ``tags`` are the names of tags 1 to 6; "" is one not used."""

    ref = models.CharField(max_length=12, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="shortlists")
    title = models.CharField(max_length=80)
    about = models.CharField("what it is for", max_length=300, blank=True)
    tags = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="shortlists_of_house")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("shortlist", args=[self.ref])

    @property
    def subject(self) -> Subject:
        """Without its title, which is the house's own and not the trail's."""
        return Subject("shortlist", self.pk, self.ref, "A shortlist")

    @property
    def named_tags(self) -> list[tuple[int, str]]:
        """``(number, name)`` of the tags that are offered."""
        return named(self.tags)


class ShortlistEntry(models.Model):
    """A replica on a list. ``position`` is the order (any integer, ties by id), ``tags`` a mask (bit 0 is tag 1).

    Whether it is shown is asked anew each time (``access.shortlists``): what its actor hides falls silent here.
    """

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="entries")
    replica = models.ForeignKey(Replica, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    tags = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "shortlist entries"
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "replica"], name="shortlisted_once"),
            models.CheckConstraint(name="shortlist_six_tags", condition=Q(tags__lt=1 << TAGS)),
        ]
        indexes = [models.Index(fields=["shortlist", "position", "id"], name="shortlist_in_order")]

    def __str__(self) -> str:
        return f"{self.shortlist_id} no. {self.position}"

    @property
    def tag_numbers(self) -> list[int]:
        return numbers_of(self.tags)


class ShortlistShare(models.Model):
    """A link that shows a list to whoever holds it, until ``expires_at`` (aware UTC) or until it is closed.

    The token is made from ``nonce`` (``notifications/sealed``); of the token the database keeps its SHA-256 alone.
    ``whom`` stands across every picture as a watermark.
    """

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="shares")
    nonce = models.CharField(max_length=22, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    whom = models.CharField("for whom", max_length=60)
    with_notes = models.BooleanField("shows tags and notes", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shortlist_share_closed_whole",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"for {self.whom}"

    def is_open(self, at: datetime) -> bool:
        """Whether the link shows the list at ``at``: the very moment of its end is over."""
        return self.closed_at is None and at < self.expires_at
