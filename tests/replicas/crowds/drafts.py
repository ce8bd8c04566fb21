"""Crowds that are being prepared, for tests: made by the real actions."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from replicas.actions.crowds.drafting import begin_crowd, choose_people, save_crowd_draft
from replicas.forms.terms import TermsForm
from replicas.models import Crowd, CrowdPlace, Project, Replica
from replicas.rules.crowds.drafting import Step
from tests.factories import make_actor, make_project, make_replica, make_user, offered_terms, use_terms

TERMS = offered_terms(use_terms("Crowd", fee=Decimal("250.00"), replica_days=1))
BRIEF = {
    "title": ["Harbor fair, wide shots"],
    "brief": ["Behind the ferris wheel in three wide shots, two or three seconds each, never in close-up."],
    "needs": ["body"],
    "naming": ["anonymous"],
}


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


def ready(replicas, *, terms=TERMS, needed: int = 2, project=None, **deadline) -> Crowd:
    """A draft with nothing missing, of the project's owner."""
    crowd = make_crowd_draft(replicas, project=project)
    moment = (timezone.now() + timedelta(days=5)).astimezone(ZoneInfo("America/Los_Angeles"))
    typed = {
        "needed": [str(needed)],
        "margin": ["0"],
        "answer_by": [moment.strftime("%Y-%m-%dT%H:%M")],
        "ending": ["stays"],
        **deadline,
    }
    for step, values in ((Step.BRIEF, BRIEF), (Step.TERMS, TermsForm.draft_of(terms)), (Step.DEADLINE, typed)):
        assert save_crowd_draft(crowd, step=step, values=values, by=crowd.created_by, at=timezone.now())
    return crowd
