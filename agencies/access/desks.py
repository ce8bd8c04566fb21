"""The desks a person may sit at: their own as an actor, one for each house they belong to, and staff's."""

from dataclasses import dataclass
from typing import Any

from accounts.models import ActorProfile, User
from agencies.models import Membership, Organization
from agencies.rules.organizations import MAY_ACT, BondState, OrganizationKind, Role


@dataclass(frozen=True)
class Desk:
    """``kind`` is actor, agency, casting (casting offices and production companies), staff, or new (nothing yet).

    ``key`` names the desk in the session. ``organization`` and ``role`` are set for houses, ``actor`` for actors.
    """

    kind: str
    key: str
    label: str
    user: User | None = None
    organization: Organization | None = None
    role: str = ""
    actor: ActorProfile | None = None

    @property
    def may_act(self) -> bool:
        """Whether the role may send and decide. An assistant reads and drafts."""
        return self.actor is not None or self.role in MAY_ACT

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER


NOBODY = Desk("nobody", "", "")


def desks_of(user: Any) -> list[Desk]:
    """Every desk of a signed-in person, the actor's first, then houses in the order they were joined.

    Two queries, once for each loaded user: the list is remembered on the instance, which lives as long as its request.
    """
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_desks"):
        user._desks = _find_desks(user)
    return list(user._desks)


def current_desk(user: Any, wanted: str) -> Desk:
    """The desk chosen in this session, or the first; ``NOBODY`` for a visitor."""
    desks = desks_of(user)
    return next((desk for desk in desks if desk.key == wanted), desks[0]) if desks else NOBODY


def _find_desks(user: User) -> list[Desk]:
    desks = [
        Desk("actor", "actor", actor.stage_name, user, actor=actor)
        for actor in ActorProfile.objects.filter(user=user)[:1]
    ]
    memberships = Membership.objects.filter(user=user, state=BondState.ACTIVE).select_related("organization")
    for membership in memberships.order_by("pk"):
        house = membership.organization
        kind = "agency" if house.kind == OrganizationKind.AGENCY else "casting"
        desks.append(Desk(kind, house.slug, house.name, user, house, membership.role))
    if user.is_staff:
        desks.append(Desk("staff", "staff", "Staff", user))
    return desks or [Desk("new", "new", str(user), user)]
