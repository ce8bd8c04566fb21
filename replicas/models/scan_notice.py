"""What a house announces before it scans anybody: frozen when it is put, followed by another when it changes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.project import Project
from replicas.rules.announcing import Announcement


class ScanNotice(models.Model):
    """One announcement, frozen: never updated, only superseded by a changed version that names it.

    ``document`` is ``Announcement.as_dict()`` with who announces and for what, ``sha256`` its hash, which agreements
    are bound to. ``scan_at`` (aware UTC) stands in the document, too; ``zone`` is the place's. ``judged`` holds the
    rules and versions it was judged by.
    """

    ref = models.CharField(max_length=12, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="scan_notices")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scan_notices")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    scan_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    judged = models.JSONField(default=list)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="scan_notices_of_house")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("scan-notice", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("scannotice", self.pk, self.ref, f"{self.project.title}, {self.announcement.place}")

    @property
    def announcement(self) -> Announcement:
        """The frozen content as the value the rules work with."""
        return Announcement.from_dict(self.document)

    @property
    def here(self) -> datetime:
        """The moment of the scan on the clock of its place."""
        return self.scan_at.astimezone(ZoneInfo(self.zone))


class ScanCallOff(models.Model):
    """The house called an announced scan off, for everybody it was announced to."""

    notice = models.OneToOneField(ScanNotice, on_delete=models.PROTECT, related_name="call_off")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.notice_id} called off at {self.at:%Y-%m-%d %H:%M}"


class ScanDraft(models.Model):
    """What a house has typed so far: form field name → list of strings, so that nothing half filled is lost.

    Its reference becomes the notice's. ``supersedes`` is the announcement this is a changed version of.
    """

    ref = models.CharField(max_length=12, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="scan_drafts")
    supersedes = models.ForeignKey(ScanNotice, on_delete=models.PROTECT, null=True, related_name="drafts")
    values = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="scan_drafts_of_house")]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("scan-draft", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("scandraft", self.pk, self.ref, self.organization.name)
