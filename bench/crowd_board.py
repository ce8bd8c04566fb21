"""The crowd whose board is measured: a tenth said yes, everybody else is counted only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from replicas.models import Crowd, CrowdOffer, CrowdPlace, Project, Replica, ReuseRequest
from replicas.rules.terms import digest, document
from tests import factories

BATCH = 2000
REST = ("open",) * 6 + ("countered", "gone", "gone", "waiting")


def make_board(
    replicas: Sequence[Replica], yes: Sequence[ReuseRequest], project: Project, by: User, at: datetime
) -> Crowd:
    """A running, anonymous crowd of everybody in ``replicas``; ``yes`` are approved requests of some of them."""
    crowd = Crowd.objects.create(
        ref="C-BENCH2",
        project=project,
        organization_id=project.organization_id,
        created_by=by,
        created_at=at,
        changed_at=at,
        title="Stadium, the whole north stand",
        brief="You stand in the north stand.",
    )
    content = document(factories.offered_terms(), parties={})
    offer = CrowdOffer.objects.create(
        crowd=crowd,
        number=1,
        document=content,
        sha256=digest(content),
        currency="USD",
        total=Decimal("793.00"),
        put_by=by,
        created_at=at,
    )
    said = {request.actor_id: request for request in yes}
    CrowdPlace.objects.bulk_create((_place(crowd, row, said, place) for place, row in enumerate(replicas, 1)), BATCH)
    ids = [request.pk for request in yes]
    for start in range(0, len(ids), BATCH):
        ReuseRequest.objects.filter(pk__in=ids[start : start + BATCH]).update(crowd=crowd)
    Crowd.objects.filter(pk=crowd.pk).update(
        state="open",
        needed=max(len(said), len(replicas) * 8 // 10),
        approved=CrowdPlace.objects.filter(crowd=crowd, shown="approved").count(),
        answer_by=at + timedelta(days=3),
        offer=offer,
        sent_by=by,
        sent_at=at - timedelta(days=1),
        asked_at=at - timedelta(days=1),
        told_at=at - timedelta(days=1),
    )
    return crowd


def _place(crowd: Crowd, replica: Replica, said: dict[int, ReuseRequest], place: int) -> CrowdPlace:
    request = said.get(replica.actor_id)
    return CrowdPlace(
        crowd=crowd,
        replica=replica,
        actor_id=replica.actor_id,
        rank=place,
        number=place,
        state="asked" if request else "standby",
        shown="approved" if request else REST[place % len(REST)],
        request=request,
        told=request is not None,
    )
