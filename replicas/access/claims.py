"""Claims of an unknown scan as each side may see them. A draft exists for its actor alone."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import ActorProfile, User
from accounts.notifications.access import FirstNotice, first_notices
from accounts.notifications.sealed import hash_of
from accounts.rules.references import read_reference
from agencies.access import Desk, decides_for, may_act_for, own_actors
from agencies.models import Membership, Organization, Representation
from agencies.rules.organizations import BondState
from replicas.models import ScanClaim
from replicas.models.claim import WAITING_STATES
from replicas.rules.claiming import (
    WAITING,
    Address,
    Ask,
    ClaimFacts,
    ClaimSide,
    ClaimState,
    Closing,
    Place,
    due_moment,
    last_day,
)
from replicas.rules.letters import Basis, LetterFacts, bases_of, by_month, letter

PEOPLE = ("actor__user", "holder_organization", "replica")
MOST_HOUSES = 500


def _houses_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE)


def _clients_of(user: User) -> QuerySet[Representation]:
    houses = _houses_of(user).values("organization")
    return Representation.objects.filter(state=BondState.ACTIVE, agency__in=houses, actor__isnull=False)


def _seen_by(user: User) -> Q:
    """Own claims; sent ones of clients who let their agency in; sent ones addressed to a house of the person's."""
    own = Q(actor__in=own_actors(user))
    client = Q(sent_at__isnull=False, tell_agency=True, actor__in=_clients_of(user).values("actor"))
    addressed = Q(sent_at__isnull=False, holder_organization__in=_houses_of(user).values("organization"))
    return own | client | addressed


def get_claim(user: User, ref: str) -> ScanClaim:
    """One claim for its actor, their agency or the house it was sent to. Raises Http404 for everybody else."""
    rows = ScanClaim.objects.filter(_seen_by(user), ref=read_reference(ref)).exclude(closing=Closing.DISCARDED)
    found = rows.select_related(*PEOPLE).first()
    if found is None:
        raise Http404
    return found


def get_own_claim(user: User, ref: str) -> ScanClaim:
    """The same for its actor's side alone. Raises Http404 for everybody else."""
    found = get_claim(user, ref)
    if not decides_for(user, found.actor):
        raise Http404
    return found


def side_of(user: User, claim: ScanClaim) -> ClaimSide:
    """From which side the page is told. ``claim`` must come from ``get_claim``. A minor reads what a guardian does."""
    if claim.actor.user_id == user.pk or own_actors(user).filter(pk=claim.actor_id).exists():
        return ClaimSide.ACTOR
    in_house = _houses_of(user).filter(organization=claim.holder_organization_id)
    return ClaimSide.HOLDER if claim.holder_organization_id and in_house.exists() else ClaimSide.AGENCY


def sides_of(user: User, claim: ScanClaim) -> frozenset[ClaimSide]:
    """In whose names the person may act right now. An assistant reads, and acts in nobody's."""
    sides = set()
    if decides_for(user, claim.actor):
        sides.add(ClaimSide.ACTOR)
    if claim.holder_organization_id and may_act_for(user, claim.holder_organization_id):
        sides.add(ClaimSide.HOLDER)
    return frozenset(sides)


def own_actor(user: User, desk: Desk) -> ActorProfile:
    """The performer in whose name a new claim is written. Raises Http404 for somebody who is none."""
    found = desk.actor or own_actors(user).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def claims_to(desk: Desk) -> QuerySet[ScanClaim]:
    """What was sent to the house of this desk. Nothing at other desks."""
    if desk.organization is None:
        return ScanClaim.objects.none()
    return ScanClaim.objects.sent().filter(holder_organization=desk.organization).select_related("actor__user")


def waiting_claims_to(desk: Desk) -> QuerySet[ScanClaim]:
    return claims_to(desk).filter(state__in=WAITING_STATES)


def houses_to_ask() -> list[tuple[int, str]]:
    """Houses on the portal that staff have checked, by name: a letter must not go to whoever took a company's name."""
    rows = Organization.objects.filter(verified_at__isnull=False).order_by("name", "pk")
    return list(rows.values_list("pk", "name")[:MOST_HOUSES])


# --- By the link ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Linked:
    """What the holder of a link finds. ``standing`` is open, answered, closed, expired or unknown."""

    standing: str
    claim: ScanClaim | None = None


def behind_link(token: str, *, at: datetime) -> Linked:
    """The claim behind a one-purpose link, and whether the link still opens it. One query, by the token's hash."""
    claim = ScanClaim.objects.filter(link_hash=hash_of(token)).select_related(*PEOPLE).first()
    if claim is None:
        return Linked("unknown")
    if claim.state == ClaimState.CLOSED:
        return Linked("closed", claim)
    if claim.state not in WAITING:
        return Linked("answered", claim)
    if claim.link_expires_at is None or at >= claim.link_expires_at:
        return Linked("expired", claim)
    return Linked("open", claim)


# --- Facts and letter -------------------------------------------------------------------------------------------------


def facts_of(claim: ScanClaim) -> ClaimFacts:
    return ClaimFacts(**{name: getattr(claim, name) for name in ClaimFacts.__dataclass_fields__})


def address_of(claim: ScanClaim) -> Address:
    values = {name: getattr(claim, name) for name in Address.__dataclass_fields__ if name != "organization"}
    return Address(organization=claim.holder_organization_id, **values)


def suggested_address(claim: ScanClaim) -> Address:
    """The address to begin with: until one is given, whoever made the scan is who should answer."""
    address = address_of(claim)
    return address if address.organization or address.holder_name else replace(address, holder_name=claim.captured_by)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it would go at one moment, what it rests on, and the moment after its last day."""

    text: str
    bases: tuple[Basis, ...]
    due_at: datetime
    due_on: date


def letter_at(claim: ScanClaim, at: datetime) -> Letter:
    """The letter of a complete draft if it went at ``at``. Days are the actor's. Needs ``actor.user``."""
    place, ask, zone = Place(claim.jurisdiction), Ask(claim.ask), claim.actor.user.zone
    bases = bases_of(place, ask, under_union=claim.under_union)
    due_at = due_moment(at, by_month=by_month(bases), zone=zone)
    about = LetterFacts(
        ref=claim.ref,
        performer=claim.actor.stage_name,
        legal_name=claim.actor.user.name,
        holder=claim.holder,
        facts=facts_of(claim),
        place=place,
        ask=ask,
        under_union=claim.under_union,
        sent_on=at.astimezone(zone).date(),
        due_on=last_day(due_at, zone),
        on_portal=claim.holder_organization_id is not None,
    )
    return Letter(letter(about), bases, due_at, about.due_on)


def fate_of_letter(claim: ScanClaim) -> FirstNotice | None:
    """What became of the letter that asked last; None while it is on its way. One query."""
    kind = "claim-letter" if claim.rounds == 1 else "claim-disputed"
    return first_notices("scanclaim", kind, [claim.pk]).get(claim.pk)
