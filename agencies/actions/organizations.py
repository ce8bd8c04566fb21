"""Houses: founded by somebody who becomes the owner, and checked by staff."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access.teams import is_owner
from agencies.actions.bonding import lock_house
from agencies.models import Membership, Organization
from agencies.rules.bonds import slug_candidates
from agencies.rules.events import Event
from agencies.rules.organizations import BondState, OrganizationKind, Role, described

TWICE = "You work for a house of this name already. Choose it under your name, at the top of the page."


@move(Event.ORGANIZATION_FOUNDED)
def found(
    *,
    kind: OrganizationKind,
    name: str,
    place: str = "",
    website: str = "",
    license_number: str = "",
    by: User,
    at: datetime,
) -> Organization:
    """A new house with ``by`` as its owner. Its address is made from the name and is unique.

    Raises Refused for a second house of one name: that is a form sent again, not another house.
    """
    seats = Membership.objects.filter(user=by, state=BondState.ACTIVE, organization__kind=kind)
    if seats.filter(organization__name__iexact=name).exists():
        raise Refused("founded-already", TWICE)
    organization = _with_free_slug(
        Organization(kind=kind, name=name, place=place, website=website, license_number=license_number, created_at=at)
    )
    Membership.objects.create(
        organization=organization,
        user=by,
        role=Role.OWNER,
        state=BondState.ACTIVE,
        email=by.email,
        invited_by=by,
        invited_at=at,
        started_at=at,
    )
    record(Event.ORGANIZATION_FOUNDED, subject=organization.subject, by=by, at=at, kind=kind.value)
    return organization


@move(Event.ORGANIZATION_CHANGED)
def describe(
    organization: Organization, *, place: str, website: str, license_number: str, by: User, at: datetime
) -> Organization:
    """An owner corrects what others read about the house. Raises Refused for everybody else.

    Another license number is another thing to check, so it takes the mark of staff back.
    """
    organization = lock_house(organization)
    if not is_owner(by, organization):
        raise Refused("not-yours", "Only an owner of the house can change this.", subject=organization.subject)
    typed = {"place": place, "website": website, "license_number": license_number}
    changed = {column: value for column, value in typed.items() if value != getattr(organization, column)}
    if not changed:
        return organization
    unchecked = "license_number" in changed and organization.verified_at is not None
    Organization.objects.filter(pk=organization.pk).update(**changed, **({"verified_at": None} if unchecked else {}))
    organization.refresh_from_db()
    what = described(changed)
    record(Event.ORGANIZATION_CHANGED, subject=organization.subject, by=by, at=at, what=what, **changed)
    return organization


@move(Event.ORGANIZATION_VERIFIED)
def verify(organization: Organization, *, by: User, at: datetime) -> Organization:
    """Staff have checked that the house is real."""
    return _mark(organization, Event.ORGANIZATION_VERIFIED, verified_at=at, by=by, at=at)


@move(Event.ORGANIZATION_UNVERIFIED)
def unverify(organization: Organization, *, by: User, at: datetime) -> Organization:
    """Staff take the mark back."""
    return _mark(organization, Event.ORGANIZATION_UNVERIFIED, verified_at=None, by=by, at=at)


def _mark(
    organization: Organization, event: Event, *, verified_at: datetime | None, by: User, at: datetime
) -> Organization:
    if not by.is_staff:
        raise Refused("not-yours", "Only staff check houses.", subject=organization.subject)
    was = {"verified_at__isnull": verified_at is not None}
    if not Organization.objects.filter(pk=organization.pk, **was).update(verified_at=verified_at):
        raise Refused("nothing-changed", "Somebody has done this already.", subject=organization.subject)
    organization.verified_at = verified_at
    record(event, subject=organization.subject, by=by, at=at)
    return organization


def _with_free_slug(organization: Organization) -> Organization:
    for slug in slug_candidates(slugify(organization.name)):
        organization.slug = slug
        if Organization.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:  # somebody took it between the look and the write
            organization.pk = None
            continue
        return organization
    raise Refused("name-taken", "Too many houses have this name. Add your city or your initials to it.")
