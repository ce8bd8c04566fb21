"""Who answers for a minor, right now by the clock: the guardians that staff have confirmed, until the 18th birthday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import ActorProfile, User
from agencies.access.invitations import open_to, owns_address
from agencies.models import Guardianship
from agencies.rules.bonds import BondSide
from agencies.rules.organizations import BondState


def decides_for(user: User, actor: ActorProfile, at: datetime | None = None) -> bool:
    """Whether the person says yes and no for this performer at ``at`` (now): an adult for themself, for a minor a
    guardian whom staff have confirmed. Never a minor. No query for an adult, one for a minor.
    """
    at = at or timezone.now()
    if not actor.is_minor(at):
        return actor.user_id == user.pk
    return Guardianship.objects.deciding(at).filter(actor=actor, guardian=user).exists()


def guardians_of(actor: ActorProfile, at: datetime | None = None) -> list[User]:
    """A minor's confirmed guardians, the first confirmed first: a yes needs all of them. Empty for an adult."""
    at = at or timezone.now()
    if not actor.is_minor(at):
        return []
    bonds = Guardianship.objects.deciding(at).filter(actor=actor).select_related("guardian")
    return [bond.guardian for bond in bonds.order_by("verified_at", "pk") if bond.guardian]


def deciders_of(actor: ActorProfile, at: datetime | None = None, *, copies: bool = True) -> list[User]:
    """Who is told and asked: an adult themself; for a minor the confirmed guardians, and the minor with a copy.

    ``copies`` false leaves the minor out: for what only asks for an answer. Needs ``actor.user``. A child without an
    account is left out. No query for an adult, one for a minor.
    """
    return [*guardians_of(actor, at), *_themself(actor, at or timezone.now(), copies)]


def _themself(actor: ActorProfile, at: datetime, copies: bool) -> list[User]:
    return [actor.user] if actor.user.has_account and (copies or not actor.is_minor(at)) else []


def deciders_of_each(
    actors: Iterable[ActorProfile], at: datetime | None = None, *, copies: bool = True
) -> dict[int, list[User]]:
    """``deciders_of`` for many, by actor id: one query however many, none when all are adults. Needs ``actor.user``."""
    at = at or timezone.now()
    found = {actor.pk: actor for actor in actors}
    young = [pk for pk, actor in found.items() if actor.is_minor(at)]
    told: dict[int, list[User]] = {pk: [] for pk in found}
    if young:
        bonds = Guardianship.objects.deciding(at).filter(actor__in=young).select_related("guardian")
        for bond in bonds.order_by("verified_at", "pk"):
            told[bond.actor_id] += [bond.guardian] if bond.guardian else []
    for pk, actor in found.items():
        told[pk] += _themself(actor, at, copies)
    return told


def wards_of(user: User | int, at: datetime | None = None) -> QuerySet[Guardianship]:
    """The person's running guardianships, confirmed or not, as a subquery for ``actor__in=….values("actor")``."""
    return Guardianship.objects.running(at or timezone.now()).filter(guardian=user)


def own_actors(user: User | int, at: datetime | None = None) -> QuerySet[ActorProfile]:
    """The profiles whose register, requests and rules this person may open as the actor's own side: their own, and
    those they are a guardian of. Who decides is another question (``decides_for``)."""
    return ActorProfile.objects.filter(pk__in=own_actor_ids(user, at))


def own_actor_ids(user: User | int, at: datetime | None = None) -> QuerySet[Any, Any]:
    """The ids of ``own_actors``, for ``actor__in=…``. A union, because a database answers each half of it by an index
    and an OR of the two by reading every profile there is."""
    own = ActorProfile.objects.filter(user=user).values_list("pk")
    return own.union(wards_of(user, at).values_list("actor"))


def may_speak_for(user: User, actor: ActorProfile, at: datetime | None = None) -> bool:
    """Whether the person may ask questions in the actor's name: the performer, of any age, and who decides for them."""
    return actor.user_id == user.pk or decides_for(user, actor, at)


def get_own_actor(user: User, pk: int, at: datetime | None = None) -> ActorProfile:
    """One profile of the person's own side, with its ``user``. Raises Http404 for everybody else's."""
    found = own_actors(user, at).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Guardians:
    """One minor with the people around them: ``bonds`` (invited and active), and what was before."""

    actor: ActorProfile
    bonds: list[Guardianship]
    former: list[Guardianship]

    def confirmed(self, at: datetime) -> list[Guardianship]:
        return [bond for bond in self.bonds if bond.decides(at)]


def young_ones_of(user: User, at: datetime) -> list[Guardians]:
    """Every minor whose guardians this person may look after: themself, and their wards. Two queries."""
    actors = list(own_actors(user, at).filter(adult_at__gt=at).select_related("user").order_by("stage_name", "pk"))
    bonds: dict[int, list[Guardianship]] = {actor.pk: [] for actor in actors}
    rows = Guardianship.objects.filter(actor__in=bonds).select_related("guardian", "actor", "invited_by")
    for bond in rows.order_by("invited_at", "pk"):
        bonds[bond.actor_id].append(bond)
    there = {BondState.INVITED, BondState.ACTIVE}
    return [
        Guardians(
            actor,
            [bond for bond in bonds[actor.pk] if bond.state in there],
            [bond for bond in bonds[actor.pk] if bond.state == BondState.FORMER],
        )
        for actor in actors
    ]


def letters_to(user: User, at: datetime) -> list[Guardianship]:
    """Invitations to be somebody's guardian that this person may answer now."""
    rows = Guardianship.objects.filter(open_to(user, at), actor__adult_at__gt=at)
    return list(rows.select_related("actor", "invited_by").order_by("pk"))


def get_guardianship(user: User, pk: int, at: datetime) -> Guardianship:
    """One bond, for the minor it is about and their guardians. Raises Http404 for everybody else."""
    rows = Guardianship.objects.select_related("actor__user", "guardian", "invited_by")
    found = rows.filter(pk=pk, actor__in=own_actors(user, at)).first()
    if found is None:
        raise Http404
    return found


def sides_in_guardianship(user: User, bond: Guardianship, at: datetime) -> frozenset[BondSide]:
    """In whose name the person acts: the minor's side (the house of the table), or the guardian's own."""
    sides = set()
    if own_actors(user, at).filter(pk=bond.actor_id).exists():
        sides.add(BondSide.HOUSE)
    mine = bond.guardian_id == user.pk if bond.guardian_id else owns_address(user, bond.email)
    if mine:
        sides.add(BondSide.PERSON)
    return frozenset(sides)


def acting_for(user: User, actor: ActorProfile) -> str:
    """Whom the person acts for in the trail: nobody but themself (empty), or the performer whose side they are."""
    return "" if actor.user_id == user.pk else actor.stage_name


def who_decides(actor: ActorProfile, at: datetime) -> str:
    """“Maya”, or “a guardian of Mia”: who alone says yes, in words. Needs ``actor.user``."""
    first = actor.user.get_short_name()
    return f"a guardian of {first}" if actor.is_minor(at) else first
