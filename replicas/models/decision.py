"""How a request ended, and what proves it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.rules.factors import Factor
from replicas.models.request import ReuseRequest
from replicas.models.terms import Terms, Use
from replicas.rules.answering import RequestState
from replicas.rules.vocabulary import AfterDeath, ReasonSeenBy


class Decision(models.Model):
    """The end of a request: a yes, a no, a lapse or a withdrawal. At most one stands; a denial may be taken back.

    ``factor`` is what proved the person (passkey, totp, password), ``challenge`` the nonce it was bound to together
    with this request and ``terms_hash``. For a minor ``by`` is the guardian who signed last, ``signed_as`` names all of
    them and whose guardians they are, and ``court_ref`` is the court's approval they named. ``judged`` are the rules an
    approval was judged by (``["R01.1", …]``), ``after_death`` what it says about the time after the performer's death.
    """

    request = models.ForeignKey(ReuseRequest, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=RequestState.choices())
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="decisions")
    terms_hash = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    approved_uses = models.ManyToManyField(Use, related_name="approvals")
    typed_name = models.CharField(max_length=120, blank=True)
    factor = models.CharField(max_length=10, choices=Factor.choices(), blank=True)
    challenge = models.CharField(max_length=43, blank=True)
    reason = models.CharField(max_length=12, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    seen_by = models.CharField(max_length=10, choices=ReasonSeenBy.choices(), default=ReasonSeenBy.AGENT)
    taken_back_at = models.DateTimeField(null=True)
    signed_as = models.CharField(max_length=400, blank=True)
    court_ref = models.CharField("court's approval", max_length=120, blank=True)
    after_death = models.CharField(max_length=8, choices=AfterDeath.choices(), blank=True)
    judged = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(taken_back_at__isnull=True), name="one_decision_stands"
            ),
            models.CheckConstraint(
                name="approval_is_signed",
                condition=~Q(outcome="approved")
                | Q(by__isnull=False, terms__isnull=False, taken_back_at__isnull=True)
                & ~Q(factor="")
                & ~Q(typed_name=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at:%Y-%m-%d %H:%M}"
