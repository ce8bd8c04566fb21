"""Crowds that run, for tests: the first of the list are asked and have their letter, the others are standbys."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.rules.references import new_reference
from agencies.models import Organization
from replicas.models import Crowd, CrowdOffer, CrowdPlace, Project, ReuseRequest
from replicas.rules.crowds import CrowdState, PlaceState, Shown
from replicas.rules.terms import OfferedTerms, digest, document
from tests.factories import make_actor, make_project, make_replica, make_request, make_user, offered_terms

IN_ONE = ("actor__user", "project", "organization", "replica", "current_terms", "crowd")


def make_crowd(
    people: int = 4,
    *,
    needed: int = 2,
    margin: int = 0,
    project: Project | None = None,
    house: Organization | None = None,
    terms: OfferedTerms | None = None,
    at: datetime | None = None,
    answer_by: datetime | None = None,
    **fields: Any,
) -> Crowd:
    """An open crowd of ``people``, ranked by their number, of whom ``needed`` + ``margin`` are asked."""
    at = at or timezone.now()
    answer_by = answer_by or at + timedelta(days=5)
    project, terms = project or make_project(house), terms or offered_terms()
    owner = project.created_by
    crowd = Crowd.objects.create(
        ref=new_reference("C"),
        project=project,
        organization=project.organization,
        created_by=owner,
        created_at=at,
        changed_at=at,
        title="The fair at night",
        brief="Seen from behind in three wide shots of the harbor fair.",
        needed=needed,
        margin=margin,
        answer_by=answer_by,
        **fields,
    )
    frozen = document(terms, parties={})
    crowd.offer = CrowdOffer.objects.create(
        crowd=crowd,
        number=1,
        document=frozen,
        sha256=digest(frozen),
        currency=terms.currency,
        total=terms.total,
        put_by=owner,
        created_at=at,
    )
    crowd.state, crowd.sent_by, crowd.sent_at, crowd.asked_at, crowd.told_at = CrowdState.OPEN, owner, at, at, at
    crowd.save()
    for number in range(1, people + 1):
        replica = make_replica(make_actor(f"Person {number:02d}", user=make_user(f"Person {number:02d}")))
        place = CrowdPlace(crowd=crowd, replica=replica, actor=replica.actor, rank=number, number=number)
        if number <= needed + margin:
            request = make_request(replica, project, terms=terms, at=at, answer_by=answer_by)
            ReuseRequest.objects.filter(pk=request.pk).update(crowd=crowd)
            place.state, place.shown, place.request, place.told = PlaceState.ASKED, Shown.OPEN, request, True
        place.save()
    return crowd


def request_of(crowd: Crowd, rank: int) -> ReuseRequest:
    """The request of whoever stands at ``rank``, as it is now."""
    return ReuseRequest.objects.select_related(*IN_ONE).get(crowd_place__crowd=crowd, crowd_place__rank=rank)


def shown(crowd: Crowd) -> dict[str, int]:
    """How many places the board shows as what."""
    found: dict[str, int] = {}
    for value in CrowdPlace.objects.filter(crowd=crowd).values_list("shown", flat=True):
        found[value] = found.get(value, 0) + 1
    return found


def states(crowd: Crowd) -> dict[int, str]:
    """What is true of each place, by rank: the state of its request, or its own."""
    rows = CrowdPlace.objects.filter(crowd=crowd).order_by("rank").values_list("rank", "state", "request__state")
    return {rank: request or state for rank, state, request in rows}
