"""What lies with each actor of a roster: open requests and when the next is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from replicas.models import ReuseRequest
from replicas.rules.answering import RequestState


@dataclass(frozen=True, slots=True)
class Numbers:
    """``open`` waiting requests, and when the next answer of the actor is due (aware; None when none is)."""

    open: int
    next_due: datetime | None


def numbers_of(actors: Sequence[int], *, at: datetime) -> dict[int, Numbers]:
    """The numbers by actor id, for those who have any. One query; for actors the viewer may see already."""
    over = Q(delivered_at__isnull=False, answer_by__lte=at)
    rows = (
        ReuseRequest.objects.waiting()
        .exclude(over)
        .filter(actor__in=actors)
        .order_by()
        .values("actor")
        .annotate(open=Count("id"), next_due=Min("answer_by", filter=Q(state=RequestState.OPEN)))
    )
    return {row["actor"]: Numbers(row["open"], row["next_due"]) for row in rows}
