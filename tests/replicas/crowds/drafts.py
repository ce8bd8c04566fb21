"""Crowds that are being prepared, for tests: made by the real actions."""

from collections.abc import Sequence

from django.utils import timezone

from replicas.actions.crowds.drafting import begin_crowd, choose_people
from replicas.models import Crowd, CrowdPlace, Project, Replica
from tests.factories import make_actor, make_project, make_replica, make_user


def make_crowd_draft(
    replicas: Sequence[Replica] = (), *, project: Project | None = None, title: str = "The fair at night"
) -> Crowd:
    """A draft of the project's owner with these people, in this order."""
    project = project or make_project()
    at = timezone.now()
    crowd = begin_crowd(project=project, title=title, by=project.created_by, at=at)
    if replicas:
        choose_people(crowd, replica_ids=[replica.pk for replica in replicas], by=project.created_by, at=at)
    return crowd


def make_people(number: int, **fields) -> list[Replica]:
    """Listed replicas of as many people."""
    return [
        make_replica(make_actor(f"Person {n:03d}", user=make_user(f"P{n:03d} Extra")), **fields) for n in range(number)
    ]


def names_on(crowd: Crowd) -> list[str]:
    """Who is on the list, in the order they are asked in."""
    places = CrowdPlace.objects.filter(crowd=crowd).order_by("rank")
    return list(places.values_list("actor__stage_name", flat=True))
