"""How far a crowd is on its way, and which ones are; never whom it reached."""

from django.db.models import Q

from replicas.models import Crowd, CrowdPlace
from replicas.rules.crowds import CrowdState, PlaceState
from replicas.rules.crowds.sending import Phase, Progress, wanted


def progress_of(crowd: Crowd) -> Progress:
    """How far ``crowd`` is from its release to the last letter. Two queries while it is on its way, else none.

    Who was ruled out counts as written while others are: it can't be told from this who can be asked.
    """
    if crowd.state == CrowdState.DRAFT:
        return Progress(Phase.DRAFT, 0, 0)
    if crowd.told_at is not None:
        return Progress(Phase.SENT, 0, 0)
    places = CrowdPlace.objects.filter(crowd=crowd)
    total = wanted(needed=crowd.needed, margin=crowd.margin, people=places.count())
    if crowd.state == CrowdState.SENDING:
        done = places.exclude(state=PlaceState.STANDBY).count()
        return Progress(Phase.WRITING, min(done, total), total)
    untold = places.filter(told=False, request__isnull=False).count()
    return Progress(Phase.TELLING, max(total - untold, 0), total)


def crowds_on_their_way() -> list[int]:
    """The ids of every crowd that was released and whose last letter is not written, the oldest first. One query."""
    unwritten = Q(state=CrowdState.SENDING) | Q(
        state__in=[CrowdState.OPEN, CrowdState.FILLED, CrowdState.CLOSED], told_at__isnull=True
    )
    return list(Crowd.objects.filter(unwritten).order_by("pk").values_list("pk", flat=True))
