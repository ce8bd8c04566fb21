"""A reuse request: one replica, one project, one or more uses, one deadline."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q, Subquery
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.guardrails import GuardrailsVersion
from replicas.models.project import Project
from replicas.models.replica import Replica
from replicas.models.strike import StrikePeriod
from replicas.rules.answering import UNDECIDED, WAITING, RequestState, Side
from replicas.rules.crowds import CrowdState
from replicas.rules.crowds.filling import ended_as
from replicas.rules.deadlines import Threshold

WAITING_STATES = sorted(state.value for state in WAITING)
UNDECIDED_STATES = sorted(state.value for state in UNDECIDED)


def read_by_house(request: str = "") -> Q:
    """Which requests their house reads one by one; ``request`` is the path to them, if any (``"requests__"``).

    What belongs to an anonymous crowd is read on the crowd's board alone until its yes, and what a crowd is still
    writing is nobody's (docs/decisions/0012).
    """
    single = Q(**{f"{request}crowd__isnull": True})
    yes = Q(**{f"{request}state": RequestState.APPROVED})
    named = Q(**{f"{request}crowd__anonymous": False}) & ~Q(**{f"{request}state": RequestState.DRAFT})
    return single | yes | named


class RequestQuerySet(models.QuerySet["ReuseRequest"]):
    def waiting(self) -> Self:
        """Open or countered: somebody still has to answer."""
        return self.filter(state__in=WAITING_STATES)

    def lapsing(self, at: datetime) -> Self:
        """Past the deadline and told in time. A request whose first notice never arrived does not lapse silently, and
        one whose clock a strike has stopped does not lapse at all, whether or not it is held yet."""
        due = self.waiting().filter(answer_by__lte=at, delivered_at__isnull=False)
        return due.exclude(self.stopped(at)).exclude(self.over_with_crowd())

    def to_remind(self, at: datetime) -> Self:
        due = self.waiting().filter(next_reminder_at__lte=at, answer_by__gt=at, delivered_at__isnull=False)
        return due.exclude(self.stopped(at)).exclude(self.over_with_crowd())

    def not_yet_delivered(self) -> Self:
        """Sent, undecided, and the first notice has not arrived; held ones too."""
        return self.filter(state__in=UNDECIDED_STATES, delivered_at__isnull=True)

    def to_hold(self, at: datetime) -> Self:
        """Waiting, although a strike has stopped their clock."""
        return self.waiting().filter(self.stopped(at)).exclude(self.over_with_crowd())

    def to_release(self, at: datetime) -> Self:
        """Held by a strike that does not stand any more."""
        return self.filter(Q(strike__ends_at__lte=at) | Q(strike__starts_at__gt=at), state=RequestState.HELD)

    @staticmethod
    def over_with_crowd() -> Q:
        """Undecided when their crowd ended: over from that moment, whether or not their end is written yet. Who let
        their own deadline pass before is not among them."""
        late = Q(answer_by__lte=F("crowd__over_at"), delivered_at__isnull=False) & ~Q(state=RequestState.HELD)
        return Q(crowd__isnull=False, crowd__over_at__isnull=False) & ~late

    @staticmethod
    def struck_by(at: datetime) -> Subquery:
        """An annotation: the id of the strike that has stopped a request's clock by ``at``, held or not yet."""
        stopping = StrikePeriod.objects.stopping_requests(at).order_by("-starts_at", "-pk")
        return Subquery(stopping.values("pk")[:1])

    @staticmethod
    def stopped(at: datetime) -> Exists:
        return Exists(StrikePeriod.objects.stopping_requests(at))


class ReuseRequest(models.Model):
    """The state is changed only in ``replicas.actions``, by an UPDATE that names the old one.

    ``draft`` holds what was typed before sending (form field name → list of strings), so that a half-filled form is
    never lost. ``sent_at`` is when it left; ``delivered_at`` when the first notice reached the actor; ``opened_at``
    when the running window began. ``undelivered_at`` flags a first notice that failed for good. All aware UTC.
    """

    ref = models.CharField(max_length=12, unique=True)
    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="requests")
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="requests")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="requests")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="requests")
    crowd = models.ForeignKey(
        "replicas.Crowd",
        on_delete=models.PROTECT,
        null=True,
        related_name="requests",
        help_text="The crowd it is a part of. Its house reads it on the crowd's board, not here, until the yes.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=RequestState.choices(), default=RequestState.DRAFT)
    turn = models.CharField(max_length=10, choices=Side.choices(), default=Side.LICENSEE)
    version = models.PositiveIntegerField(default=0, help_text="Goes up with every move.")
    draft = models.JSONField(default=dict, blank=True)
    current_terms = models.ForeignKey("Terms", on_delete=models.PROTECT, null=True, related_name="+")

    guardrails = models.ForeignKey(
        GuardrailsVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The version of the actor's standing rules it was judged by when it was sent; empty: the portal's.",
    )
    guardrails_judged = models.JSONField(
        default=dict, blank=True, help_text="Every version it was judged by when it was sent: own, agencies', union's."
    )

    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    undelivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=Threshold.NONE)
    next_reminder_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True, help_text="When the clock stopped; empty while it runs.")
    strike = models.ForeignKey(StrikePeriod, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True, help_text="When the clock last went on after a strike.")
    held_for = models.DurationField(default=timedelta(0), help_text="How long the clock stood still in all.")

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_sent_has_deadline_and_terms",
                condition=Q(sent_at__isnull=True)
                | Q(answer_by__isnull=False, current_terms__isnull=False, sent_by__isnull=False),
            ),
            models.CheckConstraint(
                name="request_waiting_was_sent", condition=~Q(state__in=WAITING_STATES) | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="request_decided_iff_over",
                condition=Q(state__in=["approved", "denied", "lapsed", "withdrawn", "filled"], decided_at__isnull=False)
                | Q(state__in=["draft", "open", "countered", "held"], decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="request_held_iff_clock_stopped",
                condition=Q(state="held", held_at__isnull=False, strike__isnull=False, sent_at__isnull=False)
                | (~Q(state="held") & Q(held_at__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["crowd", "actor"], condition=Q(crowd__isnull=False), name="request_once_in_a_crowd"
            ),
            models.CheckConstraint(
                name="request_filled_is_in_a_crowd", condition=~Q(state="filled") | Q(crowd__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "state", "answer_by", "id"], name="request_of_actor"),
            models.Index(fields=["organization", "state", "answer_by", "id"], name="request_of_house"),
            # A desk with thousands reads its first fifty in this order instead of sorting them all.
            models.Index(fields=["state", "answer_by", "id"], name="request_by_deadline"),
            models.Index(fields=["project", "state"], name="request_of_project"),
            models.Index(
                fields=["answer_by"],
                name="request_lapsing",
                condition=Q(state__in=WAITING_STATES, delivered_at__isnull=False),
            ),
            models.Index(
                fields=["next_reminder_at"],
                name="request_to_remind",
                condition=Q(state__in=WAITING_STATES, next_reminder_at__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="request_undelivered",
                condition=Q(state__in=UNDECIDED_STATES, delivered_at__isnull=True),
            ),
            models.Index(fields=["strike", "id"], name="request_held", condition=Q(state="held")),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("request", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("request", self.pk, self.ref, f"{self.project.title}, {self.actor.stage_name}")

    @property
    def is_draft(self) -> bool:
        return self.state == RequestState.DRAFT

    @property
    def is_hidden_from_house(self) -> bool:
        """Whether the people who asked do not read it by itself, and are told nothing about it: the same as
        ``read_by_house``. Only a crowd's row is looked up."""
        if self.crowd is None or self.state == RequestState.APPROVED:
            return False
        return self.crowd.anonymous or self.is_draft

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def over_as(self) -> RequestState | None:
        """What the end of its crowd makes of it, had it no answer then; None outside of a crowd that is over.

        A query where it is in a crowd and ``crowd`` was not selected with it.
        """
        crowd = self.crowd
        if crowd is None or crowd.over_at is None:
            return None
        late = self.answer_by is not None and self.answer_by <= crowd.over_at
        if late and self.delivered_at is not None and self.state in WAITING:
            return None  # its own deadline had passed: it lapsed
        return ended_as(CrowdState(crowd.state))

    @property
    def is_held(self) -> bool:
        return self.state == RequestState.HELD

    @property
    def waits_for_actor(self) -> bool:
        return self.state == RequestState.OPEN
