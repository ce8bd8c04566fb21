"""What the house reads of a crowd while it runs, beyond its board: who could be reached, and what several ask for.

Everything here is read from what the board may show, never from what is true of a person.
"""

from decimal import Decimal

from django.db.models import F, Q

from replicas.models import Crowd, CrowdPlace
from replicas.rules.crowds import CrowdState, Shown
from replicas.rules.crowds.variants import Variant, key_of, variants
from replicas.rules.showing import terms_of


def crowds_to_settle() -> list[int]:
    """Ids of the crowds in which something may be due, the oldest first: those that run, those whose end is not told
    to everybody, and those in which a place came free, whether or not anybody can be called for it. One query."""
    untold = Q(state__in=[CrowdState.FILLED, CrowdState.CLOSED], settled_at__isnull=True)
    short = Q(state=CrowdState.FILLED, approved__lt=F("needed"))
    freed = Q(pk__in=CrowdPlace.objects.filter(freed=True).values("crowd"))
    rows = Crowd.objects.filter(Q(state=CrowdState.OPEN) | untold | short | freed)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def reads_as(crowd: Crowd, shown: Shown) -> int:
    """How many places the board shows as ``shown``. One query."""
    return CrowdPlace.objects.filter(crowd=crowd, shown=shown).count()


def variants_of(crowd: Crowd) -> list[Variant]:
    """What is proposed instead of the offer, grouped. One query. Needs ``crowd.offer``."""
    assert crowd.offer is not None
    asked = [terms_of(place.request.current_terms.document) for place in _countered(crowd)]  # type: ignore[union-attr]
    band: Decimal | None = crowd.band
    return variants(asked, offer=terms_of(crowd.offer.document), band=band)


def get_variant(crowd: Crowd, key: str) -> Variant | None:
    """One of them, or None where nobody asks for it (any more)."""
    return next((variant for variant in variants_of(crowd) if variant.key == key), None)


def places_asking(crowd: Crowd, key: str) -> list[CrowdPlace]:
    """The places whose last proposal is this variant, as far as the board shows. One query."""
    return [
        place
        for place in _countered(crowd)
        if key_of(terms_of(place.request.current_terms.document)) == key  # type: ignore[union-attr]
    ]


def _countered(crowd: Crowd) -> list[CrowdPlace]:
    rows = CrowdPlace.objects.filter(crowd=crowd, shown=Shown.COUNTERED, request__current_terms__isnull=False)
    return list(rows.select_related("request__current_terms"))
