"""A crowd: one brief to many actors, the places in it, and what is offered to all of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import ActorProfile
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.models.project import Project
from replicas.models.replica import Replica
from replicas.models.request import ReuseRequest
from replicas.rules.crowds import CrowdState, PlaceState, Shown
from replicas.rules.vocabulary import Currency

OVER_STATES = ["filled", "closed"]


class Crowd(models.Model):
    """Each person gets a request of their own; this row holds what they have in common and how many are needed.

    ``draft`` is what was typed before sending, by step of the wizard (form field name → list of strings). ``answer_by``
    is the crowd's own end (aware UTC); a standby who is called late may move it only where ``end_moves``. ``band`` is
    the highest total (in the offer's currency) a counter-offer may ask for without a standby being called.
    ``approved`` is kept by the approvals themselves, by an UPDATE that never passes ``needed``. The people who asked
    see no name before its yes where it is ``anonymous``.
    """

    ref = models.CharField(max_length=12, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="crowds")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="crowds")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=CrowdState.choices(), default=CrowdState.DRAFT)
    draft = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=80)
    brief = models.TextField("how the look is used", max_length=2000, blank=True)
    needed = models.PositiveIntegerField(default=1)
    margin = models.PositiveIntegerField("asked beyond the number needed", default=0)
    approved = models.PositiveIntegerField(default=0)
    anonymous = models.BooleanField("nobody is named before their yes", default=True)
    end_moves = models.BooleanField("a standby may move the end", default=False)
    band = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    answer_by = models.DateTimeField(null=True)
    offer = models.ForeignKey("CrowdOffer", on_delete=models.PROTECT, null=True, related_name="+")

    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField("released by the house", null=True)
    asked_at = models.DateTimeField("when everybody was asked at once", null=True)
    told_at = models.DateTimeField("when the last first letter was written", null=True)
    nudged_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    closing_message = models.CharField("what who had not answered reads", max_length=1000, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("when everybody left was told that it is over", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="crowd_never_overfilled", condition=Q(approved__lte=models.F("needed"))),
            models.CheckConstraint(
                name="crowd_sent_is_whole",
                condition=Q(state="draft")
                | Q(sent_at__isnull=False, sent_by__isnull=False, answer_by__isnull=False, offer__isnull=False),
            ),
            models.CheckConstraint(
                name="crowd_over_has_moment",
                condition=Q(state__in=OVER_STATES, over_at__isnull=False)
                | (~Q(state__in=OVER_STATES) & Q(over_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="crowds_of_house"),
            models.Index(fields=["project", "-id"], name="crowds_of_project"),
            models.Index(
                fields=["id"],
                name="crowd_to_look_after",
                condition=Q(state__in=["sending", "open"]) | Q(state__in=OVER_STATES, settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("crowd", args=[self.ref])

    @property
    def subject(self) -> Subject:
        return Subject("crowd", self.pk, self.ref, f"{self.title}, {self.project.title}")

    @property
    def is_draft(self) -> bool:
        return self.state == CrowdState.DRAFT

    @property
    def is_over(self) -> bool:
        return self.state in OVER_STATES


class CrowdOffer(models.Model):
    """What is offered to everybody alike: frozen, only followed by a better one.

    ``document`` is ``rules.terms.document`` without parties; each actor's own round repeats it with theirs.
    """

    crowd = models.ForeignKey(Crowd, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    currency = models.CharField(max_length=3, choices=Currency.choices())
    total = models.DecimalField(max_digits=12, decimal_places=2)
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crowd", "number"], name="crowd_offer_once")]

    def __str__(self) -> str:
        return f"Offer {self.number}"


class CrowdPlace(models.Model):
    """One person in a crowd. ``rank`` is the order they are called in; ``number`` is drawn at random when it is sent
    and is all the people who asked see of them before a yes.

    ``state`` is the truth, ``shown`` what the board shows of it (``rules/crowds``). ``keep_asked``: they came too late
    and agreed to be called if a place comes free.
    """

    crowd = models.ForeignKey(Crowd, on_delete=models.PROTECT, related_name="places")
    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(ActorProfile, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=PlaceState.choices(), default=PlaceState.STANDBY)
    shown = models.CharField(max_length=9, choices=Shown.choices(), default=Shown.WAITING)
    request = models.OneToOneField(ReuseRequest, on_delete=models.PROTECT, null=True, related_name="crowd_place")
    told = models.BooleanField("their first letter was written", default=False)
    offered = models.PositiveSmallIntegerField("number of the crowd's offer their round or license has", default=1)
    freed = models.BooleanField("its license was revoked, and that is not counted yet", default=False)
    keep_asked = models.BooleanField("wants to be called if a place comes free", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crowd", "actor"], name="crowd_place_once_for_each"),
            models.UniqueConstraint(fields=["crowd", "number"], name="crowd_number_once"),
            models.CheckConstraint(
                name="crowd_place_asked_has_request",
                condition=Q(state="asked", request__isnull=False) | (~Q(state="asked") & Q(request__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["crowd", "shown", "number"], name="crowd_board"),
            models.Index(fields=["crowd", "state", "rank"], name="crowd_next_called"),
            models.Index(fields=["crowd"], name="crowd_place_freed", condition=Q(freed=True)),
            models.Index(fields=["crowd", "id"], name="crowd_not_told", condition=Q(told=False, request__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.crowd_id} no. {self.number}"
