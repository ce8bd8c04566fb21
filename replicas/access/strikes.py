"""Which strikes stand. Everybody may know; only staff set them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from replicas.models import StrikePeriod


def strike_in_force(agreement: str, at: datetime) -> StrikePeriod | None:
    """The strike that stands under an agreement at ``at``, by the clock; None when none does. One query."""
    return StrikePeriod.objects.in_force(at).under(agreement).order_by("-starts_at").first()


def struck(at: datetime, agreement: str = "project__agreement") -> Exists:
    """An annotation: whether a strike stands at ``at`` under the agreement that ``agreement`` leads to from the row.

    ``ReuseRequest.objects.annotate(struck=struck(at))``; as part of the query it costs no statement.
    """
    return Exists(StrikePeriod.objects.in_force(at).under(OuterRef(agreement)))


def strike_id(at: datetime, agreement: str = "project__agreement") -> Any:
    """The same as the strike's id, for ``Subquery``."""
    return StrikePeriod.objects.in_force(at).under(OuterRef(agreement)).order_by("-starts_at").values("pk")[:1]
