"""Standing rules as numbers, for the search: whose rules allow given terms. A copy of what the versions say."""

from django.db import models

from accounts.models import ActorProfile
from replicas.rules.permitted import Least
from replicas.rules.permitted import RuleSet as Numbers


class RuleSet(models.Model):
    """Everything that many people's rules forbid alike; each set is kept once and never changed.

    The columns are those of ``rules.permitted.RuleSet``. ``content_in`` is ``{medium: bits}``, ``least`` is
    ``{role: {currency: cents a day}}``. Nothing in it says whose rules they are or whom somebody won't work for.
    """

    key = models.CharField(max_length=64, unique=True)
    media = models.BigIntegerField()
    content = models.BigIntegerField()
    content_in = models.JSONField(default=dict)
    ai = models.BigIntegerField()
    territories = models.BigIntegerField()
    languages = models.BigIntegerField()
    longest_days = models.IntegerField(null=True)
    notice_hours = models.IntegerField()
    least = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.key[:12]

    @classmethod
    def of(cls, numbers: Numbers) -> "RuleSet":
        """The row, not saved, that says the same."""
        return cls(
            key=numbers.key,
            media=numbers.media,
            content=numbers.content,
            content_in=dict(numbers.content_in),
            ai=numbers.ai,
            territories=numbers.territories,
            languages=numbers.languages,
            longest_days=numbers.longest_days,
            notice_hours=numbers.notice_hours,
            least=_by_role(numbers.least),
        )


class ActorRules(models.Model):
    """Which set is in force for an actor: their own, their agencies' and their union's rules together.

    A copy that is written with whatever changes it (``actions.permitted.follow_rules``); whoever asks the actor is
    judged by the versions themselves. ``read_with`` names the words and union defaults it was read with.
    """

    actor = models.OneToOneField(ActorProfile, on_delete=models.CASCADE, primary_key=True, related_name="rules_kept")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="actors")
    read_with = models.CharField(max_length=16, db_index=True)

    class Meta:
        verbose_name_plural = "actor rules"

    def __str__(self) -> str:
        return f"Rules of {self.actor_id}"


def _by_role(least: tuple[Least, ...]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for floor in least:
        found.setdefault(floor.role, {})[floor.currency] = floor.cents
    return found
