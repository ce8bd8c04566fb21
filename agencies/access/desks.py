"""The desks a person may sit at: their own as an actor, one for each minor they are a guardian of, one for each house
they belong to, and staff's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.access.prepared import Prepared
from accounts.models import ActorProfile, User
from agencies.access.guardians import own_actors
from agencies.models import Guardianship, Membership, Organization
from agencies.rules.organizations import MAY_ACT, BondState, OrganizationKind, Role


@dataclass(frozen=True)
class Desk:
    """``kind`` is actor, agency, casting (casting offices and production companies), staff, or new (nothing yet).

    ``key`` names the desk in the session. ``organization`` and ``role`` are set for houses, ``actor`` for actors.
    ``decides`` is false at an actor's desk for a minor at their own, and for a guardian nobody has confirmed yet.
    """

    kind: str
    key: str
    label: str
    user: User | None = None
    organization: Organization | None = None
    role: str = ""
    actor: ActorProfile | None = None
    decides: bool = True

    @property
    def may_act(self) -> bool:
        """Whether the role may send and decide. An assistant reads and drafts; so does a minor."""
        return self.decides if self.actor is not None else self.role in MAY_ACT

    @property
    def reader(self) -> str:
        """Whom a page's first sentence speaks to: the kind of desk, or "guarded" where a guardian answers instead."""
        return "guarded" if self.actor is not None and not self.decides else self.kind

    @property
    def place(self) -> str:
        """One word for whose desk it is, the same for everybody who sits at it: what is kept of it, is kept by this."""
        whose = self.actor or self.organization or self.user
        return f"{self.kind}:{whose.pk if whose else 0}"

    @property
    def for_ward(self) -> bool:
        """Whether it is a guardian's desk, for somebody else's profile."""
        return self.actor is not None and self.user is not None and self.actor.user_id != self.user.pk

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER


NOBODY = Desk("nobody", "", "")


def desks_of(user: Any) -> list[Desk]:
    """Every desk of a signed-in person, the actor's first, then their wards', then houses in the order of joining.

    Two queries, once for each loaded user: the list is remembered on the instance, which lives as long as its request.
    """
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_desks"):
        user._desks = _find_desks(user, timezone.now())
    return list(user._desks)


def current_desk(user: Any, wanted: str) -> Desk:
    """The desk chosen in this session, or the first; ``NOBODY`` for a visitor."""
    desks = desks_of(user)
    return next((desk for desk in desks if desk.key == wanted), desks[0]) if desks else NOBODY


def _find_desks(user: User, at: datetime) -> list[Desk]:
    desks = _actors_desks(user, at)
    for membership in _seats(user=user.pk):
        house = membership.organization
        kind = "agency" if house.kind == OrganizationKind.AGENCY else "casting"
        desks.append(Desk(kind, house.slug, house.name, user, house, membership.role))
    if user.is_staff:
        desks.append(Desk("staff", "staff", "Staff", user))
    return desks or [Desk("new", "new", str(user), user)]


def _actors_desks(user: User, at: datetime) -> list[Desk]:
    """The person's own, and one for each minor they are a guardian of. One query."""
    desks: list[Desk] = []
    for actor in _profiles(user=user.pk, at=at):
        if actor.user_id == user.pk:
            own = Desk("actor", "actor", actor.stage_name, user, actor=actor, decides=not actor.is_minor(at))
            desks.insert(0, own)
        else:
            label = f"For {actor.stage_name}"
            desks.append(Desk("actor", f"for-{actor.pk}", label, user, actor=actor, decides=actor.confirmed))
    return desks


@Prepared
def _seats(*, user: int) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user=user, state=BondState.ACTIVE)
    return rows.select_related("organization").order_by("pk")


@Prepared
def _profiles(*, user: int, at: datetime) -> QuerySet[Any]:
    """Each with ``confirmed``: whether staff have looked at the paper of the guardianship."""
    confirmed = Guardianship.objects.deciding(at).filter(guardian=user, actor=OuterRef("pk"))
    rows = own_actors(user, at).annotate(confirmed=Exists(confirmed))
    return rows.select_related("user").order_by("pk")
