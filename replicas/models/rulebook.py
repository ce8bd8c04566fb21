"""The figures rules are judged by: agreements, rates, contributions and jurisdictions, version by version."""

from django.conf import settings
from django.db import models

from accounts.rules.subject import Subject
from replicas.rules.rates import Entry, EntryKind, headline
from replicas.rules.rulebook.stages import Grade


class RulebookEntry(models.Model):
    """One version of one figure (``rules.rates.Entry``). Never updated, only followed by another version.

    The newest version of a key and day counts. ``created_by`` is empty for what came with the portal. ``created_at`` is
    aware UTC; ``effective_from`` is the first day it counts.
    """

    kind = models.CharField(max_length=12, choices=EntryKind.choices())
    key = models.CharField(max_length=80)
    effective_from = models.DateField("counts from")
    number = models.PositiveIntegerField("version", default=1)
    values = models.JSONField()
    void = models.BooleanField("taken back", default=False)
    source = models.CharField(max_length=200)
    grade = models.CharField("how sure", max_length=1, choices=Grade.choices())
    reason = models.CharField(max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "figure of the rulebook"
        verbose_name_plural = "rulebook: agreements, rates, contributions"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "effective_from", "number"], name="rulebook_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.headline}"

    @property
    def name(self) -> str:
        return f"{self.values['name']} ({self.key.partition('/')[0]})"

    @property
    def headline(self) -> str:
        """The figure in words: “$231 a day”."""
        return "taken back" if self.void else headline(self.kind, self.values)

    @property
    def subject(self) -> Subject:
        return Subject("rulebook", self.pk, "", f"{self.name}, from {self.effective_from:%Y-%m-%d}")

    def entry(self) -> Entry:
        """The row as the value the rules work with."""
        return Entry(
            self.kind,
            self.key,
            self.effective_from,
            self.values,
            self.source,
            self.grade,
            self.number,
            self.void,
        )
