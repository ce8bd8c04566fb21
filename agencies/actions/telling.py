"""Who is told what about a team or a representation. Gathers notices; ``notify`` writes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.notifications import Notice, call_off, call_off_to, notify
from agencies.access.guardians import deciders_of
from agencies.access.invitations import invitation_path, owner_of_address
from agencies.access.people import members_of
from agencies.models import Guardianship, Membership, Representation
from agencies.rules.organizations import BondState, Role

Bond = Membership | Representation | Guardianship
ASKING = ("team-invited", "representation-invited", "representation-asked", "guardian-invited")
INVITING: dict[type[Bond], str] = {
    Membership: "team-invited",
    Representation: "representation-invited",
    Guardianship: "guardian-invited",
}


def tell_invited(bond: Bond, *, by: User, at: datetime) -> None:
    """The letter with the link. It goes to the account that owns the address, or to the bare address."""
    call_off(bond.subject, ASKING, at=at)
    _write(
        INVITING[type(bond)],
        [owner_of_address(bond.email) or bond.email],
        bond,
        by=by,
        at=at,
        path=invitation_path(bond),
        message=bond.message if isinstance(bond, Representation) else "",
        expires_at=bond.expires_at.isoformat() if bond.expires_at else None,
    )


def tell_asked(bond: Representation, *, by: User, at: datetime) -> None:
    """An actor asks: everybody of the agency who may confirm hears of it."""
    people = members_of(bond.agency_id, who_may_act=True)
    _write("representation-asked", people, bond, by=by, at=at, path=bond.get_absolute_url(), message=bond.message)


def tell_team(membership: Membership, change: str, sentence: str, *, by: User, at: datetime) -> None:
    """Owners and the person concerned, never whoever did it. ``change``: joined, declined, left, removed or role."""
    owners = User.objects.filter(
        memberships__organization=membership.organization_id,
        memberships__state=BondState.ACTIVE,
        memberships__role=Role.OWNER,
        is_active=True,
    )
    people = {person.pk: person for person in (*owners, membership.user) if person}
    people.pop(by.pk, None)
    path = reverse("team", args=[membership.organization.slug])
    gone = membership.state != BondState.ACTIVE
    for person in people.values():
        leads_to = "/" if gone and person.pk == membership.user_id else path
        _write("team-changed", [person], membership, by=by, at=at, path=leads_to, message=sentence, change=change)


def tell_represented(bond: Representation, change: str, sentence: str, *, by: User, at: datetime) -> None:
    """The actor and the agency's acting people, never whoever did it. ``change``: began, declined or ended."""
    people = {person.pk: person for person in members_of(bond.agency_id, who_may_act=True)}
    if bond.actor:
        people |= {person.pk: person for person in deciders_of(bond.actor, at)}
    people.pop(by.pk, None)
    path = bond.get_absolute_url()
    _write("representation-changed", people.values(), bond, by=by, at=at, path=path, message=sentence, change=change)


def tell_guardians(bond: Guardianship, change: str, sentence: str, *, by: User, at: datetime) -> None:
    """The minor and every guardian, never whoever did it. ``change``: accepted, declined, confirmed, unconfirmed or
    ended."""
    running = Guardianship.objects.running(at).filter(actor=bond.actor_id).select_related("guardian")
    people = {row.guardian.pk: row.guardian for row in running if row.guardian}
    people |= {person.pk: person for person in (bond.guardian, bond.actor.user) if person}
    people.pop(by.pk, None)
    gone = bond.state != BondState.ACTIVE
    for person in people.values():
        path = "/" if gone and person.pk == bond.guardian_id else reverse("guardians")
        _write("guardian-changed", [person], bond, by=by, at=at, path=path, message=sentence, change=change)


def nothing_more_to_guardian(bond: Guardianship, *, at: datetime) -> None:
    """Cancels letters about the minor that are on their way to somebody who is a guardian no longer."""
    if bond.guardian:
        call_off_to([bond.guardian], actor_id=bond.actor_id, at=at)


def nothing_left_to_ask(bond: Bond, *, at: datetime) -> None:
    """Cancels letters that still ask for an answer."""
    call_off(bond.subject, ASKING, at=at)


def nothing_more_about(actor_id: int, agency_id: int, *, at: datetime) -> None:
    """Cancels letters about the actor that are on their way to the agency's people. The actor's own still go out."""
    people = User.objects.filter(memberships__organization=agency_id).exclude(actor_profile=actor_id)
    call_off_to(people, actor_id=actor_id, at=at)


def _write(
    kind: str, people: Iterable[User | str], bond: Bond, *, by: User, at: datetime, path: str, **more: Any
) -> None:
    context = {
        "organization": "" if isinstance(bond, Guardianship) else bond.house.name,
        "by": str(by),
        "role": bond.role_label if isinstance(bond, Membership) else "",
        "name": bond.actor.stage_name if isinstance(bond, Guardianship) else bond.name,
        **more,
    }
    once = f"{bond.subject.type}:{bond.pk}:{more.get('change', '')}:{at:%Y%m%d%H%M%S}"
    notify([Notice(kind, person, bond.subject, once=once, path=path, context=context) for person in people], at=at)
