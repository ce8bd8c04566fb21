"""What came of a scan: a digital replica, its files by hash, and its preview pictures."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.rules.vocabulary import Modality, ReplicaKind, ReplicaState, Visibility


class Replica(models.Model):
    """A digital replica of one actor. The portal keeps pictures and hashes, never the scan data itself.

    ``link_nonce`` opens the page by link; making a new one closes every link given out before. What the search reads is
    a copy, ``Listing``.
    """

    ref = models.CharField(max_length=12, unique=True)
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="replicas")
    kind = models.CharField(max_length=5, choices=ReplicaKind.choices())
    face = models.BooleanField(default=False)
    body = models.BooleanField(default=False)
    voice = models.BooleanField(default=False)
    motion = models.BooleanField(default=False)
    captured_on = models.DateField("when it was captured")
    captured_at_place = models.CharField("where", max_length=120)
    captured_by = models.CharField("by whom", max_length=120, help_text="The company or person who made the scan.")
    captured_for = models.CharField("for which project", max_length=120, blank=True)
    custodian = models.CharField("who holds the files", max_length=120)
    custodian_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="held_replicas"
    )
    custody_place = models.CharField("where they are kept", max_length=120, blank=True)
    custody_until = models.DateField("kept until", null=True, blank=True)
    notes = models.TextField(max_length=2000, blank=True, help_text="Quality, formats, wardrobe, hair at the time…")
    visibility = models.CharField(max_length=8, choices=Visibility.choices(), default=Visibility.HIDDEN)
    state = models.CharField(max_length=10, choices=ReplicaState.choices(), default=ReplicaState.CONFIRMED)
    link_nonce = models.CharField(max_length=22, unique=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["actor", "-id"], name="replicas_of_actor")]

    def __str__(self) -> str:
        return f"{self.name} of {self.actor}"

    def get_absolute_url(self) -> str:
        return reverse("replica", args=[self.ref])

    @property
    def modalities(self) -> list[Modality]:
        return [modality for modality in Modality if getattr(self, modality.value)]

    @property
    def name(self) -> str:
        """“2024 body scan”: the year and what was captured, as people call it."""
        parts = [modality.label.lower() for modality in self.modalities]
        return f"{self.captured_on.year} {' and '.join(parts)} {'recording' if parts == ['voice'] else 'scan'}"

    @property
    def subject(self) -> Subject:
        return Subject("replica", self.pk, self.ref, str(self))


class ReplicaFile(models.Model):
    """A delivered scan file, known by its SHA-256 alone: it is never uploaded here."""

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(null=True, help_text="Bytes, where known.")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replica", "sha256"], name="replica_file_once")]

    def __str__(self) -> str:
        return self.name


class Preview(models.Model):
    """A picture of a replica in several sizes, under a random key, served only through an access check."""

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="previews")
    key = models.CharField(max_length=43, unique=True)
    width = models.PositiveIntegerField(help_text="Of the largest size kept, in pixels.")
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=140, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.caption or self.key
