"""The title a replica is asked for."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.rules.vocabulary import Agreement, ProjectKind


class Project(models.Model):
    """A film, series, commercial or game of a casting office or production company."""

    ref = models.CharField(max_length=12, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=ProjectKind.choices())
    agreement = models.CharField("union agreement", max_length=30, choices=Agreement.choices())
    company = models.CharField("producing company", max_length=120)
    synopsis = models.TextField(max_length=2000)
    photography_from = models.DateField("photography from", null=True, blank=True)
    photography_to = models.DateField("photography to", null=True, blank=True)
    jurisdictions = models.JSONField("places whose law it touches", default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="projects_of_house")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("project", self.pk, self.ref, self.title)
