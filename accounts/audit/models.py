"""The audit trail: append-only by trigger on both engines, each entry carrying the hash of the one before it."""

from django.db import models


class AuditEntry(models.Model):
    """One thing that happened or was refused.

    People and things are named by id and label, without foreign keys: the entry outlives both. ``digest`` is SHA-256
    over the previous entry's digest and this entry's canonical JSON (see ``recording.digest_of``).
    """

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    refused = models.CharField(max_length=40, blank=True, help_text="Why a move was refused; empty when it was done.")
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=140, blank=True)
    for_label = models.CharField(max_length=140, blank=True, help_text="On whose behalf.")
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField(null=True)
    subject_ref = models.CharField(max_length=20, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    source = models.CharField(max_length=10)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["by_id", "id"], name="audit_by"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject_ref}"
