"""Crowds for tests, made by the real actions: prepared, released, asked and told."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import ActorProfile, User
from accounts.rules.references import new_reference
from replicas.actions.crowds.drafting import begin_crowd, choose_people
from replicas.actions.crowds.releasing import release
from replicas.actions.crowds.sending import send_on
from replicas.models import Crowd, CrowdPlace, Project, Replica, ReuseRequest
from replicas.rules.crowds.plan import CrowdPlan
from replicas.rules.deadlines import first_reminder_at
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import ReplicaKind, Visibility
from tests.factories import make_actor, make_project, make_replica, make_user, offered_terms, use_terms

TITLE = "Harbor fair, wide shots"
BRIEF = "In the crowd behind the ferris wheel, far from the camera, never alone in a shot."


def crowd_terms(fee: str = "250.00", **changes: Any) -> OfferedTerms:
    """One use as background, for $250."""
    return offered_terms(use_terms("Crowd at the fair", fee=Decimal(fee), replica_days=1, **changes))


def crowd_plan(*, needed: int = 5, at: datetime | None = None, **changes: Any) -> CrowdPlan:
    """A plan without faults: five needed, five days to answer, nobody named before their yes."""
    values: dict[str, Any] = {
        "title": TITLE,
        "brief": BRIEF,
        "needed": needed,
        "answer_by": (at or timezone.now()) + timedelta(days=5),
        "terms": crowd_terms(),
        **changes,
    }
    return CrowdPlan(**values)


def make_people(count: int) -> list[Replica]:
    """As many actors with a listed replica each, in the order of their names."""
    return [
        make_replica(make_actor(f"Person {number:03d}", user=make_user(f"Person{number:03d} Extra")))
        for number in range(1, count + 1)
    ]


def make_crowd(
    people: int | Sequence[Replica] = 10,
    needed: int = 5,
    *,
    released: bool = True,
    delivered: bool = True,
    project: Project | None = None,
    at: datetime | None = None,
    **plan: Any,
) -> Crowd:
    """A crowd of ``people`` (how many, or whose replicas, by rank); with ``released`` everybody was asked and told.

    ``delivered``: their first letters have arrived. ``plan`` changes ``crowd_plan`` (margin, anonymous, band, …).
    """
    at, project = at or timezone.now(), project or make_project()
    by = project.created_by
    replicas = make_people(people) if isinstance(people, int) else people
    crowd = begin_crowd(project=project, title=TITLE, by=by, at=at)
    choose_people(crowd, replica_ids=[replica.pk for replica in replicas], by=by, at=at)
    if released:
        release(crowd, plan=crowd_plan(needed=needed, at=at, **plan), by=by, at=at)
        send_whole(crowd, at=at)
        if delivered:
            deliver(crowd, at=at)
    return refreshed(crowd)


def send_whole(crowd: Crowd, *, at: datetime | None = None) -> None:
    """What the workers do until the last first letter is written."""
    while send_on(crowd.pk, by=None, at=at or timezone.now()):
        continue


def deliver(crowd: Crowd, *, at: datetime | None = None) -> None:
    """The first letters of everybody asked so far have arrived."""
    at = at or timezone.now()
    for request in ReuseRequest.objects.filter(crowd=crowd, sent_at__isnull=False, delivered_at__isnull=True):
        assert request.answer_by is not None
        request.delivered_at, request.next_reminder_at = at, first_reminder_at(at, request.answer_by)
        request.save(update_fields=["delivered_at", "next_reminder_at"])


def refreshed(crowd: Crowd) -> Crowd:
    """The row as it is now, with what pages and moves read of it."""
    return Crowd.objects.select_related("project__organization", "organization", "offer", "sent_by").get(pk=crowd.pk)


def requests_in(crowd: Crowd) -> list[ReuseRequest]:
    """The requests that were sent, by the rank of their performer's place."""
    rows = ReuseRequest.objects.filter(crowd=crowd, sent_at__isnull=False).order_by("crowd_place__rank")
    return list(rows.select_related("actor__user", "project", "organization", "replica", "current_terms", "crowd"))


def place_of(request: ReuseRequest) -> CrowdPlace:
    return CrowdPlace.objects.get(request=request.pk)


def many_people(count: int) -> list[Replica]:
    """As many actors with a listed replica, in a few statements and without a password."""
    at = timezone.now()
    users = User.objects.bulk_create(
        User(email=f"extra{number}@example.com", name=f"Extra {number}", password="!") for number in range(count)
    )
    actors = ActorProfile.objects.bulk_create(ActorProfile(user=user, stage_name=user.name) for user in users)
    return Replica.objects.bulk_create(
        Replica(
            ref=new_reference("P"),
            actor=actor,
            kind=ReplicaKind.EBDR,
            body=True,
            captured_on=date(2024, 3, 14),
            captured_at_place="Burbank",
            captured_by="Volume Stage",
            custodian="Volume Stage",
            visibility=Visibility.LISTED,
            link_nonce=f"extra{actor.pk:017d}",
            registered_by_id=actor.user_id,
            registered_at=at,
        )
        for actor in actors
    )
