"""A house: an agency, a casting office or a production company."""

from django.db import models
from django.urls import reverse

from accounts.rules.subject import Subject
from agencies.rules.organizations import LICENSEE_KINDS, OrganizationKind


class Organization(models.Model):
    """People belong to it by membership; actors are represented by it when it is an agency."""

    kind = models.CharField(max_length=12, choices=OrganizationKind.choices())
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    place = models.CharField(max_length=80, blank=True)
    website = models.URLField(blank=True)
    about = models.TextField(max_length=1000, blank=True)
    license_number = models.CharField(
        "agency license number", max_length=40, blank=True, help_text="California agencies have one; it is shown."
    )
    verified_at = models.DateTimeField(null=True, blank=True, help_text="When staff checked that the house is real.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.slug])

    @property
    def subject(self) -> Subject:
        return Subject("organization", self.pk, "", self.name)

    @property
    def is_agency(self) -> bool:
        return self.kind == OrganizationKind.AGENCY

    @property
    def is_licensee(self) -> bool:
        return self.kind in LICENSEE_KINDS
