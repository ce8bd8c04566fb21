"""The houses of the demo and their people: three agencies, two casting offices, a production company."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.actions.people import join, register_actor, update_director
from accounts.models import ActorProfile, User
from agencies.actions import organizations, representations, teams
from agencies.models import Organization
from agencies.rules.organizations import OrganizationKind, Role
from portal.demo.cast import HOST, PASSWORD, Part


@dataclass
class World:
    """Everybody and everything the demo's stories need, by short names. ``now`` is the moment of seeding."""

    now: datetime
    hashed: str = field(default_factory=lambda: make_password(PASSWORD))
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, ActorProfile] = field(default_factory=dict)
    houses: dict[str, Organization] = field(default_factory=dict)

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)


HOUSES = (
    # key, kind, name, place, owner, colleagues with roles
    ("northlight", OrganizationKind.AGENCY, "Northlight Talent", "Los Angeles", "Alex Moreno", ("Bea Lund:member", "Jo Petit:assistant")),
    ("marlowe", OrganizationKind.AGENCY, "Marlowe & Finch", "New York", "Edith Marlowe", ("Cal Finch:member",)),
    ("brightwater", OrganizationKind.AGENCY, "Brightwater Artists", "London", "Imogen Hale", ()),
    ("nova", OrganizationKind.CASTING, "Nova Casting", "Burbank", "Dana Whitfield", ("Ravi Menon:member", "Tess Ito:assistant")),
    ("secondunit", OrganizationKind.CASTING, "Second Unit Casting", "Atlanta", "Harold Pike", ()),
    ("glacier", OrganizationKind.PRODUCTION, "Glacier Films", "Vancouver", "Signe Aune", ("Dana Whitfield:member",)),
)  # fmt: skip
OWNERS = {house[0]: house[4] for house in HOUSES}
EMAILS = {"Alex Moreno": "alex", "Dana Whitfield": "dana"}


def add_user(world: World, name: str, zone: str, *, email: str = "", at: datetime) -> User:
    """Somebody with a verified address and the demo's password."""
    email = email or f"{EMAILS.get(name) or '.'.join(name.lower().split())}@{HOST}"
    user = User(email=email, password=world.hashed, date_joined=at)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    world.users[name] = join(user, name=name, time_zone=zone, by=user, at=at)
    return user


def add_staff(world: World) -> User:
    staff = add_user(world, "Sol Archer", "America/Los_Angeles", email=f"staff@{HOST}", at=world.ago(days=60))
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_superuser=True)
    staff.refresh_from_db()
    return staff


def add_houses(world: World, staff: User) -> None:
    """Founds the houses, verifies them, and lets colleagues join by invitation."""
    at = world.ago(days=55)
    for key, kind, name, place, owner, colleagues in HOUSES:
        zone = "Europe/London" if place == "London" else "America/Los_Angeles"
        founder = world.users.get(owner) or add_user(world, owner, zone, at=at)
        house = organizations.found(kind=kind, name=name, place=place, by=founder, at=at)
        organizations.verify(house, by=staff, at=at + timedelta(hours=3))
        world.houses[key] = house
        for colleague in colleagues:
            person, role = colleague.split(":")
            user = world.users.get(person) or add_user(world, person, zone, at=at)
            bond = teams.invite(house, email=user.email, role=Role(role), by=founder, at=at)
            teams.accept(bond, by=user, at=at + timedelta(hours=20))
    dana = world.users["Dana Whitfield"]
    titles = "Low Tide (2024), The Quiet Car (2025), Harbor Lights (in preparation)"
    update_director(dana, values={"title": "Casting director", "credits": titles}, by=dana, at=at)


def add_actors(world: World, parts: list[Part]) -> None:
    for position, part in enumerate(parts):
        at = world.ago(days=50, minutes=-position)
        user = add_user(world, part.name, part.zone, email=part.email, at=at)
        world.actors[part.name] = register_actor(user, stage_name=part.name, by=user, at=at, **part.profile)


def add_representations(world: World, parts: list[Part]) -> None:
    """Northlight has Maya and 25 more, the others a dozen each; the rest speak for themselves. One of each open kind."""
    names = [part.name for part in parts if part.name not in ("Marcus Bell", "Lena Kowalski")]
    rosters = {"northlight": names[:26], "marlowe": [*names[26:37], "Lena Kowalski"], "brightwater": names[37:48]}
    for key, clients in rosters.items():
        agency, owner = world.houses[key], _owner(world, key)
        for position, name in enumerate(clients):
            actor, at = world.actors[name], world.ago(days=45, minutes=-3 * position)
            bond = representations.invite(agency, email=actor.user.email, name=name, message="", by=owner, at=at)
            representations.accept(bond, by=actor.user, at=at + timedelta(hours=9))
    for name in names[48:50]:
        actor = world.actors[name]
        representations.ask(
            world.houses["northlight"], message="We met at the Tide wrap.", by=actor.user, at=world.ago(days=2)
        )
    alex = world.users["Alex Moreno"]
    representations.invite(
        world.houses["northlight"],
        email=world.actors["Marcus Bell"].user.email,
        name="Marcus Bell",
        message="No scans unless you say so. I mean it.",
        by=alex,
        at=world.ago(days=3),
    )
    representations.invite(
        world.houses["northlight"],
        email="newcomer@example.com",
        name="Robin Vale",
        message="",
        by=alex,
        at=world.ago(days=1),
    )


def _owner(world: World, key: str) -> User:
    return world.users[OWNERS[key]]
