"""What every move of a bond has in common: lock, ask the rule, write with compare-and-set."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.models import Guardianship, Membership, Organization, Representation
from agencies.rules.bonds import ALREADY, INVITATION_LASTS, BondMove, BondSide, judge_bond
from agencies.rules.organizations import BondState

Bond = Membership | Representation | Guardianship
B = TypeVar("B", Membership, Representation, Guardianship)


def lock_house(organization: Organization | int) -> Organization:
    """The house, locked until the end of the transaction, so that its owners are counted by one at a time."""
    pk = organization if isinstance(organization, int) else organization.pk
    return Organization.objects.select_for_update().get(pk=pk)


def lock_membership(membership: Membership) -> Membership:
    """House first, then the row: everybody takes the locks in this order."""
    lock_house(membership.organization_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("organization", "user", "invited_by")
    return rows.get(pk=membership.pk)


def lock_representation(bond: Representation) -> Representation:
    rows = Representation.objects.select_for_update(of=("self",))
    return rows.select_related("agency", "actor__user", "invited_by").get(pk=bond.pk)


def allowed(move: BondMove, bond: Bond, sides: frozenset[BondSide], *, at: datetime) -> BondState:
    """The state ``move`` leads to, or Refused with the bond's house or the bond itself as its subject."""
    asked = isinstance(bond, Representation) and bond.asked_by_actor
    with refusals_about(bond):
        return judge_bond(
            move,
            state=BondState(bond.state),
            sides=sides,
            opened_by=BondSide.PERSON if asked else BondSide.HOUSE,
            at=at,
            expires_at=bond.expires_at,
        )


@contextmanager
def refusals_about(bond: Bond) -> Iterator[None]:
    """A Refused raised inside carries the bond's subject, so that the trail knows what was tried."""
    try:
        yield
    except Refused as refusal:
        refusal.subject = about(bond)
        raise


def about(bond: Bond) -> Subject:
    """What the trail is kept under: the house for its team, the bond itself for what an actor is part of."""
    return bond.organization.subject if isinstance(bond, Membership) else bond.subject


def fresh_link(at: datetime) -> dict[str, Any]:
    """The columns of a new letter: its nonce (128 bits) and until when its link is good."""
    return {"nonce": secrets.token_urlsafe(16), "invited_at": at, "expires_at": at + INVITATION_LASTS}


def insert(bond: B, *, taken: str) -> B:
    """Writes a new row. Raises Refused with ``taken`` as its sentence when a constraint says somebody was faster."""
    try:
        with transaction.atomic():
            bond.save(force_insert=True)
    except IntegrityError:
        raise Refused("already-there", taken, subject=about(bond)) from None
    return bond


def change(bond: B, *, state: BondState, taken: str = "", **values: Any) -> None:
    """Writes the new state only if the row still has the state and nonce that were judged.

    Raises Refused when somebody was faster, with ``taken`` when a constraint says so. The instance carries the new
    values afterwards.
    """
    rows = type(bond)._default_manager.filter(pk=bond.pk, state=bond.state, nonce=bond.nonce)
    try:
        with transaction.atomic():
            won = rows.update(state=state, **values)
    except IntegrityError:
        raise Refused("already-there", taken, subject=about(bond)) from None
    if not won:
        now = BondState(type(bond)._default_manager.get(pk=bond.pk).state)
        raise Refused(f"already-{now.value}", ALREADY[now], subject=about(bond))
    began_or_ended = BondState.ACTIVE in (bond.state, state)
    for name, value in {"state": state, **values}.items():
        setattr(bond, name, value)
    if began_or_ended and isinstance(bond, Representation):
        _tell_followers(bond, at=bond.ended_at or bond.started_at)


def _tell_followers(bond: Representation, *, at: datetime | None) -> None:
    """Apps above this one that keep a copy of what follows from a representation, by their names in the settings."""
    for name in settings.REPRESENTATION_FOLLOWERS:
        import_string(name)(bond, by=None, at=at)


def let_expire(bond: B, *, at: datetime) -> None:
    """Closes an invitation whose time ran out, to make room for a new one."""
    state = allowed(BondMove.EXPIRE, bond, frozenset({BondSide.PORTAL}), at=at)
    change(bond, state=state, ended_at=at)


def closing(by: User, at: datetime) -> dict[str, Any]:
    return {"ended_at": at, "ended_by": by}
