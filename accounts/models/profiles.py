"""Who a person is at work: the actor's profile and the director's."""

from datetime import datetime

from django.db import models

from accounts.models.user import User
from accounts.rules.ages import is_minor
from accounts.rules.people import Gender, Language, Union


class ActorProfile(models.Model):
    """A performer. Their replicas, requests and licenses hang on this row.

    ``languages`` is kept as `` en es `` (codes between spaces), so that one ``contains`` finds one on both engines.

    ``birth_date`` is private: staff and the actor's own side see it, casting people never. Empty means that the person
    stated at sign-up to be an adult. ``adult_at`` is the 18th birthday at 00:00 in their zone, as aware UTC; before it
    a guardian decides (``agencies.access.decides_for``).
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="actor_profile")
    stage_name = models.CharField(max_length=120, help_text="How casting people know you.")
    gender = models.CharField(max_length=12, choices=Gender.choices(), blank=True)
    gender_word = models.CharField("in your own word", max_length=40, blank=True)
    playing_age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    playing_age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField("height in cm", null=True, blank=True)
    union = models.CharField(max_length=12, choices=Union.choices(), blank=True)
    place = models.CharField("where you live", max_length=80, blank=True, help_text="City, as you would say it.")
    languages = models.CharField(max_length=120, blank=True)
    skills = models.CharField(max_length=400, blank=True, help_text="Riding, stage combat, accents…")
    about = models.TextField(max_length=2000, blank=True)
    birth_date = models.DateField("date of birth", null=True, blank=True)
    adult_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="actor_born_iff_of_age_once",
                condition=models.Q(birth_date__isnull=True, adult_at__isnull=True)
                | models.Q(birth_date__isnull=False, adult_at__isnull=False),
            ),
            models.CheckConstraint(
                name="actor_playing_ages_in_order",
                condition=models.Q(playing_age_from__isnull=True)
                | models.Q(playing_age_to__isnull=True)
                | models.Q(playing_age_from__lte=models.F("playing_age_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.stage_name

    def is_minor(self, at: datetime) -> bool:
        """Whether a guardian decides for them at ``at``."""
        return is_minor(self.adult_at, at)

    @property
    def language_labels(self) -> list[str]:
        return [Language(code).label for code in self.languages.split()]


class DirectorProfile(models.Model):
    """A casting director or producer: what actors may know about who asks."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="director_profile")
    title = models.CharField(max_length=80, blank=True, help_text="Casting director, associate, producer…")
    credits = models.TextField(max_length=1000, blank=True, help_text="A few titles people may know.")
    website = models.URLField(blank=True)

    def __str__(self) -> str:
        return f"{self.user}, {self.title}" if self.title else str(self.user)
