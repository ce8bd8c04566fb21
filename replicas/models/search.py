"""A search somebody keeps, to run it again and to be told of news."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.rules.searches import MOST_NAME


class SavedSearch(models.Model):
    """One person's own, at the desk of one house; their colleagues do not see it.

    ``query`` is the page's address without the page, ``document`` the same as ``rules.searches.as_document`` has it,
    ``said`` its filters in words. What was listed before ``looked_until`` (aware UTC) has been told.
    """

    ref = models.CharField(max_length=12, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_searches")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="saved_searches")
    name = models.CharField(max_length=MOST_NAME)
    query = models.TextField(blank=True)
    document = models.JSONField(default=dict)
    said = models.JSONField(default=list)
    alert = models.BooleanField("an e-mail about what is new", default=False)
    looked_until = models.DateTimeField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "name"], name="saved_search_named_once"),
        ]
        indexes = [
            models.Index(fields=["looked_until"], name="saved_search_due", condition=models.Q(alert=True)),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        """Where it runs."""
        return f"{reverse('replicas')}?{self.query}" if self.query else reverse("replicas")

    @property
    def subject(self) -> Subject:
        return Subject("savedsearch", self.pk, self.ref, "A saved search")
