"""Papers that come with a request: a script page, a storyboard as PDF."""

from django.conf import settings
from django.db import models

from replicas.models.request import ReuseRequest


class Attachment(models.Model):
    """Kept under a random name; ``name`` is what the sender called it. Downloaded only, never shown as a page."""

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="attachments")
    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
