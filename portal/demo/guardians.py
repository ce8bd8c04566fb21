"""A young actor of the demo, her mother and her father, and a request only one of them has signed yet."""

from datetime import date, timedelta

from accounts.actions.people import register_actor
from accounts.actions.signing import Proof, challenge_for
from accounts.models import User
from accounts.rules.ages import birthday
from agencies.actions import guardians
from portal.demo.cast import HOST, PASSWORD
from portal.demo.houses import World, add_user
from portal.demo.shelf import draw
from portal.demo.staging import CROWD, Stage
from replicas.actions.answering import approve
from replicas.actions.previews import add_preview
from replicas.actions.replicas import register
from replicas.models import Replica
from replicas.rules.replicas import Facts
from replicas.rules.vocabulary import ReplicaKind, Visibility

YOUNG, MOTHER, FATHER = "Mia Vega", "Rosa Vega", "Luis Vega"
ZONE = "America/Los_Angeles"
COURT_REF = "26STPB01234, Los Angeles Superior Court"
PAPER = "Birth certificate 114-08-220117, County of Los Angeles"


def add_young_actor(world: World, staff: User) -> Replica:
    """Mia is 16 and was scanned for a crowd. Her parents accepted, and staff have confirmed them."""
    at = world.ago(days=49)
    mia = add_user(world, YOUNG, ZONE, email=f"mia@{HOST}", at=at)
    born_on = birthday(at.astimezone(mia.zone).date() - timedelta(days=60), -16)
    actor = register_actor(mia, stage_name=YOUNG, birth_date=born_on, by=mia, at=at, place="Los Angeles")
    world.actors[YOUNG] = actor
    for name in (MOTHER, FATHER):
        parent = add_user(world, name, ZONE, email=f"{name.split()[0].lower()}@{HOST}", at=at)
        bond = guardians.invite(actor, email=parent.email, by=mia, at=at + timedelta(hours=1))
        bond = guardians.accept(bond, relation="parent", proof=PAPER, by=parent, at=at + timedelta(hours=20))
        guardians.confirm(bond, by=staff, at=at + timedelta(days=2))
    facts = Facts(
        kind=ReplicaKind.BADR,
        modalities=("body",),
        captured_on=date(2026, 5, 9),
        captured_at_place="Burbank",
        captured_by="Volume Stage",
        captured_for="The Understory",
        custodian="Volume Stage",
        custody_place="Burbank",
        custody_until=date(2028, 5, 31),
    )
    rosa, day = world.users[MOTHER], world.ago(days=42)
    replica = register(actor=actor, facts=facts, visibility=Visibility.LISTED, by=rosa, at=day)
    add_preview(replica, picture=draw(YOUNG), caption="Full body, Volume Stage, Burbank", by=rosa, at=day)
    replica.refresh_from_db()
    return replica


def one_of_two_signed(stage: Stage) -> None:
    """Nova asks for Mia in the fair's crowd; her father has signed, and her mother's signature is missing."""
    ago = stage.world.ago
    request = stage.asks(YOUNG, "Harbor Lights", CROWD, sent=ago(days=2, hours=3), due=stage.at_five(YOUNG, 4))
    luis = stage.user(FATHER)

    def sign(at: object) -> None:
        found, moment = request(), ago(days=1, hours=2)
        terms = found.current_terms
        assert terms is not None
        approve(
            found,
            terms_hash=terms.sha256,
            use_ids=list(terms.uses.values_list("pk", flat=True)),
            typed_name=luis.name,
            proof=Proof(challenge_for(luis, found.subject, terms.sha256, at=moment), password=PASSWORD),
            court_ref=COURT_REF,
            by=luis,
            at=moment,
        )

    stage.script.at(ago(days=1, hours=2), sign)
