"""Who on the list of a draft is asked, licensed or owed something already, as their house knows it anyway."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from replicas.models import Crowd, CrowdPlace, DestructionTask, ReuseRequest
from replicas.models.request import WAITING_STATES, read_by_house
from replicas.rules.answering import RequestState
from replicas.rules.crowds import CrowdState

MOST = 300
OWED = "You should have destroyed what you hold of this replica. Attest that first, or take them off."


@dataclass(frozen=True, slots=True)
class Conflict:
    """``replica`` is the reference of the replica on the list, ``whys`` are (words, where to read it); ``stops``: the
    crowd can't be released with them."""

    name: str
    replica: str
    whys: tuple[tuple[str, str], ...]
    stops: bool = False


def conflicts_of(crowd: Crowd, *, at: datetime) -> list[Conflict]:
    """By name, those that stop a release first. One query.

    Only what the people of the house can read elsewhere: requests of anonymous crowds are none of theirs before a yes.
    Of another crowd of the project it is read that somebody was chosen, which is the house's own doing, and not what
    became of it.
    """
    owed = DestructionTask.objects.overdue(at).filter(
        holding__organization=crowd.organization_id, replica=OuterRef("replica")
    )
    asked = ReuseRequest.objects.filter(
        read_by_house(),
        organization=crowd.organization_id,
        project=crowd.project_id,
        actor=OuterRef("actor"),
        state__in=[*WAITING_STATES, RequestState.HELD, RequestState.APPROVED],
    ).order_by("-pk")
    others = CrowdPlace.objects.filter(
        crowd__project=crowd.project_id,
        crowd__state__in=[CrowdState.SENDING, CrowdState.OPEN],
        actor=OuterRef("actor"),
    ).order_by("-pk")
    rows: Any = CrowdPlace.objects.filter(crowd=crowd).annotate(
        is_owed=Exists(owed),
        asked_in=Subquery(asked.values("ref")[:1]),
        asked_state=Subquery(asked.values("state")[:1]),
        crowd_in=Subquery(others.values("crowd__ref")[:1]),
        crowd_title=Subquery(others.values("crowd__title")[:1]),
    )
    some = Q(is_owed=True) | Q(asked_in__isnull=False) | Q(crowd_in__isnull=False)
    places = rows.filter(some).select_related("actor", "replica").order_by("-is_owed", "actor__stage_name", "pk")
    return [
        Conflict(place.actor.stage_name, place.replica.ref, tuple(_whys(place)), place.is_owed)
        for place in places[:MOST]
    ]


def _whys(place: Any) -> Iterator[tuple[str, str]]:
    if place.is_owed:
        yield OWED, reverse("house-custody")
    if place.asked_in:
        done = place.asked_state == RequestState.APPROVED
        words = "Said yes for this project" if done else "Is being asked"
        yield f"{words} already ({place.asked_in}).", reverse("request", args=[place.asked_in])
    if place.crowd_in:
        words = f"Is on the list of “{place.crowd_title}” for this project, too."
        yield words, reverse("crowd", args=[place.crowd_in])
