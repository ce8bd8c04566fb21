"""A crowd laid out as rows, for tests of what is shown of it: who stands where is said, not played."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import ActorProfile
from accounts.rules.references import new_reference
from replicas.actions.rounds import parties_of
from replicas.models import Crowd, CrowdOffer, CrowdPlace, Project, Replica, ReuseRequest, Terms, Use
from replicas.rules.answering import RequestState, Side
from replicas.rules.crowds import OVER, CrowdState, PlaceState, Shown
from replicas.rules.terms import OfferedTerms, digest, document
from tests.factories import (
    approve_request,
    make_actor,
    make_project,
    make_replica,
    offered_terms,
    use_terms,
)

_numbers = count(1)


def make_crowd(project: Project | None = None, *, at: datetime | None = None, **fields: Any) -> Crowd:
    """A released crowd without anybody in it yet; it closes in five days."""
    project, at = project or make_project(), at or timezone.now()
    state = fields.pop("state", CrowdState.OPEN)
    values: dict[str, Any] = {
        "title": "Harbor fair, scenes 12A, 14, 41",
        "brief": "Visitors of the fair, in wide shots.",
        "needed": 32,
        "margin": 8,
        "answer_by": at + timedelta(days=5),
        "created_at": at,
        "changed_at": at,
        "sent_at": at,
        "asked_at": at,
        "told_at": at,
        "sent_by": project.created_by,
        **fields,
    }
    crowd = Crowd.objects.create(
        ref=new_reference("C"),
        project=project,
        organization=project.organization,
        created_by=project.created_by,
        **values,
    )
    if state != CrowdState.DRAFT:
        offer = document(offered_terms(use_terms(fee=Decimal("231.00"))), parties={})
        crowd.offer = CrowdOffer.objects.create(
            crowd=crowd, number=1, document=offer, sha256=digest(offer), currency="USD", total=Decimal("231.00"),
            put_by=project.created_by, created_at=at,
        )  # fmt: skip
        crowd.state = state
        crowd.over_at = at if state in OVER else None
        crowd.save(update_fields=["state", "offer", "over_at"])
    return crowd


def make_place(
    crowd: Crowd, actor: ActorProfile | str = "", shown: str = Shown.OPEN, *, asked: bool | None = None, **fields: Any
) -> CrowdPlace:
    """Somebody in the crowd. Who is shown as anything but a standby was asked; a yes is signed and has its license."""
    number = next(_numbers)
    actor = actor if isinstance(actor, ActorProfile) else make_actor(actor or f"Person {number}")
    replica = make_replica(actor)
    asked = shown != Shown.WAITING if asked is None else asked
    request = ask(crowd, replica) if asked else None
    place = CrowdPlace.objects.create(
        crowd=crowd,
        replica=replica,
        actor=actor,
        rank=number,
        number=fields.pop("number", 10_000 - number),
        state=fields.pop("state", PlaceState.ASKED if asked else PlaceState.STANDBY),
        shown=shown,
        request=request,
        **fields,
    )
    if shown == Shown.APPROVED and request is not None:
        approve_request(request)
        Crowd.objects.filter(pk=crowd.pk).update(approved=crowd.places.filter(shown=Shown.APPROVED).count())
        crowd.refresh_from_db()
    return place


def ask(crowd: Crowd, replica: Replica) -> ReuseRequest:
    """The person's own request as the crowd's sending writes it: in nobody's name in the trail."""
    at, terms = crowd.asked_at or crowd.created_at, offered_terms(use_terms(fee=Decimal("231.00")))
    request = ReuseRequest.objects.create(
        ref=new_reference("R"), replica=replica, actor=replica.actor, project=crowd.project, crowd=crowd,
        organization=crowd.organization, created_by=crowd.created_by, created_at=at, changed_at=at,
    )  # fmt: skip
    content = document(terms, parties={**parties_of(request), "round": 1})
    frozen = Terms.objects.create(
        request=request, number=1, put_by=crowd.created_by, side=Side.LICENSEE, currency=terms.currency,
        business_reason=terms.business_reason, total=terms.total, document=content, sha256=digest(content),
        created_at=at,
    )  # fmt: skip
    Use.objects.bulk_create(uses_in(frozen, terms))
    ReuseRequest.objects.filter(pk=request.pk).update(
        state=RequestState.OPEN, turn=Side.ACTOR, current_terms=frozen, sent_by=crowd.created_by, sent_at=at,
        delivered_at=at, opened_at=at, answer_by=crowd.answer_by, next_reminder_at=None, version=1,
    )  # fmt: skip
    request.refresh_from_db()
    return request


def uses_in(frozen: Terms, terms: OfferedTerms) -> list[Use]:
    return [
        Use(
            terms=frozen,
            position=position,
            **{
                name: list(value) if isinstance(value := getattr(use, name), tuple) else value
                for name in use.__dataclass_fields__
            },
        )
        for position, use in enumerate(terms.uses)
    ]


def lay_out(crowd: Crowd, **shown: int) -> list[CrowdPlace]:
    """So many places that show each: ``lay_out(crowd, open=11, gone=5)``. Asked people have no request here, because a
    board reads none of a place without a yes."""
    made: Sequence[CrowdPlace] = [
        CrowdPlace(
            crowd=crowd, replica=make_replica(actor), actor=actor, rank=number, number=10_000 - number, shown=state
        )
        for state, many in shown.items()
        for number in (next(_numbers) for _ in range(many))
        for actor in [make_actor(f"Person {number}")]
    ]
    return CrowdPlace.objects.bulk_create(made)
