"""The data pages are measured on: one agency, one casting office, and as many clients and requests as wanted.

Written in bulk with a fixed seed; one request and one license are made by the real actions, so that their pages show
everything a page can.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import ActorProfile, Notification, User
from accounts.rules.references import ALPHABET, LENGTHS
from agencies.models import Organization, Representation
from bench.crowd_board import make_board
from bench.sessions import session_of
from replicas.actions.listing import relist
from replicas.models import Decision, Holding, License, Preview, Project, Replica, ReuseRequest, Terms, Use
from replicas.rules.terms import digest
from replicas.rules.vocabulary import ReplicaState, Visibility
from tests import factories

BATCH = 2000
FIRST = "Ada Bela Cleo Dora Enzo Fay Gus Hana Ivo June Kai Lea Max Nia Otto Pia Rosa Sam Tess Uma".split()
LAST = "Abbot Birch Castle Dane Ellis Frost Grant Hart Ives Jarvis Kerr Lowe Marsh North Osborn Price Quill".split()
STATES = ("open",) * 7 + ("countered", "denied", "lapsed")


@dataclass(slots=True)
class World:
    """What was made, as far as later steps need it."""

    agency: Organization
    house: Organization
    projects: list[Project]
    at: datetime


def reference(prefix: str, number: int) -> str:
    """The reference of a running number, in the alphabet of real ones."""
    letters = ""
    for _ in range(LENGTHS[prefix]):
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return f"{prefix}-{letters}"


@transaction.atomic
def build(clients: int, requests: int) -> dict[str, Any]:
    """Makes the world. Returns ``pages`` (name, path, who) and the people's emails by ``who``."""
    chance = random.Random(2)
    agent, caster = factories.make_user("Alex Agent"), factories.make_user("Dana Director")
    agency, house = factories.make_agency(agent), factories.make_casting(caster)
    projects = [factories.make_project(house, f"Production {number}") for number in range(8)]
    world = World(agency, house, projects, timezone.now())
    actors = make_clients(clients, agency, chance)
    replicas = make_replicas(actors, world)
    make_requests(requests, replicas, world, caster, chance)
    yes = make_licenses(max(60, requests // 10), replicas, world, caster, chance)
    crowd = make_board(replicas[:requests], yes, projects[0], caster, world.at)
    make_notices(requests, agent, world)
    star = factories.make_actor("Maya Moreno")
    factories.represent(agency, star)
    replica = factories.make_replica(star)
    waiting = factories.make_request(replica, projects[0])
    agreed = factories.make_request(replica, projects[1])
    license_ = factories.approve_request(agreed)
    paths = _paths(agency, projects[0], replica.ref, waiting.ref, license_.ref)
    paths["crowd board"] = ["casting", crowd.get_absolute_url()]
    return {"pages": paths, "people": {"agent": agent.email, "casting": caster.email, "actor": star.user.email}}


def _paths(agency: Organization, project: Project, replica: str, request: str, license_: str) -> dict[str, list[str]]:
    """Pages by name: who looks, and where."""
    return {
        "home of an agent": ["agent", "/"],
        "home of a casting director": ["casting", "/"],
        "home of an actor": ["actor", "/"],
        "inbox": ["agent", "/inbox/"],
        "inbox of a casting office": ["casting", "/inbox/?tab=waiting"],
        "inbox of an actor": ["actor", "/inbox/"],
        "roster": ["agent", f"/agency/{agency.slug}/roster/"],
        "listing": ["casting", "/replicas/"],
        "listing with a word": ["casting", "/replicas/?q=birch"],
        "request page": ["actor", f"/requests/{request}/"],
        "request page of an agent": ["agent", f"/requests/{request}/"],
        "license page": ["casting", f"/licenses/{license_}/"],
        "licenses": ["agent", "/licenses/"],
        "replica page": ["casting", f"/replicas/{replica}/"],
        "project page": ["casting", f"/projects/{project.ref}/"],
        "projects": ["casting", "/projects/"],
        "my replicas": ["actor", "/me/replicas/"],
        "notices": ["agent", "/notifications/"],
        "verify": ["", f"/verify/{license_}/"],
    }


def make_clients(number: int, agency: Organization, chance: random.Random) -> list[ActorProfile]:
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)} {place}" for place in range(number)]
    users = User.objects.bulk_create(
        (User(email=f"client{place}@example.com", name=name, password="!") for place, name in enumerate(names)), BATCH
    )
    actors = ActorProfile.objects.bulk_create(
        (
            ActorProfile(
                user=user,
                stage_name=user.name,
                gender="woman" if place % 2 else "man",
                playing_age_from=20 + place % 40,
                playing_age_to=30 + place % 40,
                height_cm=150 + place % 45,
                union="sag_aftra",
                place=("Burbank", "Leeds", "Toronto")[place % 3],
                languages=" en es ",
            )
            for place, user in enumerate(users)
        ),
        BATCH,
    )
    now = timezone.now()
    Representation.objects.bulk_create(
        (
            Representation(
                agency=agency,
                actor=actor,
                state="active",
                invited_at=now,
                started_at=now,
                sort_name=actor.stage_name.casefold(),
            )
            for actor in actors
        ),
        BATCH,
    )
    return actors


def make_replicas(actors: list[ActorProfile], world: World) -> list[Replica]:
    replicas = Replica.objects.bulk_create(
        (
            Replica(
                ref=reference("P", place),
                actor=actor,
                kind="ebdr",
                body=True,
                face=place % 3 == 0,
                captured_on=date(2018 + place % 8, 3, 14),
                captured_at_place="Burbank",
                captured_by="Volume Stage",
                custodian="Volume Stage",
                visibility=Visibility.LISTED,
                state=ReplicaState.CONFIRMED,
                link_nonce=f"bench{place:017d}",
                registered_by_id=actor.user_id,
                registered_at=world.at,
                confirmed_at=world.at,
            )
            for place, actor in enumerate(actors)
        ),
        BATCH,
    )
    Holding.objects.bulk_create(
        (
            Holding(
                replica=replica,
                holder=replica.custodian,
                kind="original",
                since=replica.captured_on,
                last_interaction_on=world.at.date(),
                look_on=world.at.date() + timedelta(days=1000),
                recorded_by_id=replica.registered_by_id,
                recorded_at=world.at,
            )
            for replica in replicas
        ),
        BATCH,
    )
    Preview.objects.bulk_create(
        (
            Preview(replica=replica, key=f"{replica.pk:043d}", width=1200, height=1500, added_at=world.at)
            for replica in replicas
        ),
        BATCH,
    )
    for start in range(0, len(replicas), BATCH):
        relist(replica.pk for replica in replicas[start : start + BATCH])
    return replicas


def make_requests(
    number: int,
    replicas: list[Replica],
    world: World,
    by: User,
    chance: random.Random,
    *,
    states: tuple[str, ...] = STATES,
    first: int = 0,
) -> list[ReuseRequest]:
    """Requests with a round of one or two uses each; deadlines spread over ten days.

    They go in as drafts, because a sent row must name its round, and the round its request.
    """
    made = []
    for place, replica in enumerate(islice(cycle(replicas), number), first):
        sent = world.at - timedelta(hours=1 + chance.randrange(72))
        state = states[place % len(states)]
        over = state not in ("open", "countered")
        made.append(
            ReuseRequest(
                ref=reference("R", place),
                replica=replica,
                actor_id=replica.actor_id,
                project=world.projects[place % len(world.projects)],
                organization=world.house,
                created_by=by,
                created_at=sent,
                changed_at=sent,
                state="draft",
                turn="actor" if state == "open" else "licensee",
                sent_by=by,
                answer_by=world.at + timedelta(minutes=30 + chance.randrange(14_400)),
                delivered_at=sent,
                opened_at=sent,
                next_reminder_at=world.at + timedelta(days=1) if not over else None,
            )
        )
    ReuseRequest.objects.bulk_create(made, BATCH)
    _rounds(made, world, by)
    for state in set(states):
        rows = [row.pk for place, row in enumerate(made, first) if states[place % len(states)] == state]
        over = None if state in ("open", "countered") else world.at
        for start in range(0, len(rows), BATCH):
            ReuseRequest.objects.filter(pk__in=rows[start : start + BATCH]).update(
                state=state, sent_at=world.at - timedelta(hours=2), decided_at=over
            )
    return made


def _rounds(made: list[ReuseRequest], world: World, by: User) -> None:
    offer = factories.offered_terms()
    content = {"schema": "understudy-terms/1", "project": {"title": "Production"}, "uses": [{"title": "Crowd"}]}
    rounds = Terms.objects.bulk_create(
        (
            Terms(
                request=row,
                number=1,
                put_by=by,
                side="licensee",
                business_reason=offer.business_reason,
                total=Decimal("793.00"),
                document=content,
                sha256=digest({"request": row.ref}),
                created_at=world.at,
            )
            for row in made
        ),
        BATCH,
    )
    fields = {
        name: list(value) if isinstance(value := getattr(offer.uses[0], name), tuple) else value
        for name in offer.uses[0].__dataclass_fields__
    }
    Use.objects.bulk_create(
        (Use(terms=terms, position=position, **fields) for terms in rounds for position in range(1 + terms.pk % 2)),
        BATCH,
    )
    for row, terms in zip(made, rounds, strict=True):
        row.current_terms = terms
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE replicas_reuserequest SET current_terms_id = (SELECT id FROM replicas_terms t"
            " WHERE t.request_id = replicas_reuserequest.id) WHERE current_terms_id IS NULL"
        )


def make_licenses(
    number: int, replicas: list[Replica], world: World, by: User, chance: random.Random
) -> list[ReuseRequest]:
    """Approved requests of the first ``number`` replicas, each with its license."""
    rows = make_requests(number, replicas, world, by, chance, states=("approved",), first=20_000_000)
    decisions = Decision.objects.bulk_create(
        (
            Decision(
                request=row,
                outcome="approved",
                terms=row.current_terms,
                by=by,
                at=world.at,
                typed_name="A",
                factor="totp",
            )
            for row in rows
        ),
        BATCH,
    )
    License.objects.bulk_create(
        (
            License(
                ref=reference("L", place),
                request=row,
                decision=decision,
                terms=row.current_terms,
                actor_id=row.actor_id,
                organization=world.house,
                document=row.current_terms.document if row.current_terms else {},
                terms_hash=row.current_terms.sha256 if row.current_terms else "",
                state="active",
                issued_at=world.at,
                starts_at=world.at - timedelta(days=1),
                ends_at=world.at + timedelta(days=300),
            )
            for place, (row, decision) in enumerate(zip(rows, decisions, strict=True))
        ),
        BATCH,
    )
    return rows


def make_notices(number: int, to: User, world: World) -> None:
    """As many notices as requests, every tenth of them unread."""
    Notification.objects.bulk_create(
        (
            Notification(
                recipient=to,
                kind="client-request",
                subject_type="request",
                subject_id=place,
                subject_ref=reference("R", place),
                subject_label="Production",
                context={"actor": "Ada", "project": "Production"},
                created_at=world.at,
                read_at=None if place % 10 == 0 else world.at,
                once=f"bench:{place}",
            )
            for place in range(number)
        ),
        BATCH,
    )


def measure(clients: int, requests: int) -> dict[str, Any]:
    """Builds the world, brings the database's statistics up to date, and signs everybody in."""
    found = build(clients, requests)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found["cookies"] = {who: session_of(email) for who, email in found.pop("people").items()}
    return found
