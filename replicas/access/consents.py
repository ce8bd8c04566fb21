"""What a performer can hold, and has held, in a strike under the interactive agreement."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from agencies.access import Desk
from replicas.access.strikes import strike_in_force
from replicas.models import License, StrikePeriod
from replicas.rules.licensing import LicenseState
from replicas.rules.striking import HOLD_OF_ONES_OWN

_SHOWN = ("organization", "request__project", "request__replica", "actor__user", "suspended_in")


@dataclass(frozen=True, slots=True)
class Consents:
    """``strike`` is the one that stands; ``to_hold`` what can be held now, ``held`` what is."""

    strike: StrikePeriod | None
    to_hold: list[License]
    held: list[License]


def holdable_of(actor_id: int, at: datetime) -> QuerySet[License]:
    """Licenses of the performer under the interactive agreement that are in force or have not started."""
    living = [LicenseState.SCHEDULED, LicenseState.ACTIVE]
    under = License.objects.filter(actor=actor_id, request__project__agreement=HOLD_OF_ONES_OWN)
    return under.filter(state__in=living, ends_at__gt=at)


def held_of(actor_id: int) -> QuerySet[License]:
    """Licenses the performer holds in a strike."""
    return License.objects.filter(actor=actor_id, suspended_in__isnull=False)


def consents_of(desk: Desk, *, at: datetime) -> Consents:
    """For an actor's desk while such a strike stands or something is held. Raises Http404 otherwise."""
    if desk.kind != "actor" or desk.actor is None:
        raise Http404
    strike = strike_in_force(HOLD_OF_ONES_OWN, at)
    held = list(held_of(desk.actor.pk).select_related(*_SHOWN).order_by("pk"))
    if strike is None and not held:
        raise Http404
    rows = holdable_of(desk.actor.pk, at).select_related(*_SHOWN).order_by("pk") if strike else []
    return Consents(strike, list(rows), held)


def has_hold_of_ones_own(license_: License) -> bool:
    """Whether the license is under the agreement in whose strikes performers may hold their consents themselves."""
    return license_.request.project.agreement == HOLD_OF_ONES_OWN
