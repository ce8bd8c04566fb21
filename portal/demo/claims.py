"""Scans of the demo that nobody explained: one claim in mid-clock, one answered, one on a house's desk, one draft."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from portal.demo.houses import OWNERS
from portal.demo.staging import Stage
from replicas.access.claims import letter_at
from replicas.actions import claims as acts
from replicas.models import ScanClaim
from replicas.rules.claiming import Address, Answer, ClaimFacts
from replicas.rules.letters import digest

TRAILER = ClaimFacts(
    about_when="spring 2023",
    place="a trailer beside the set, Atlanta",
    captured_by="Peach State Volume",
    production="Quarter Mile",
    told="“Just for reference, so we can light you.” Nobody wrote anything down.",
    remembered="A ring of about a hundred cameras, fifteen minutes, arms up, arms out, a scream without sound.",
)
RECORDING = ClaimFacts(
    scanned_on=date(2024, 9, 3),
    place="Burbank, stage 12",
    captured_by="Second Unit Casting",
    production="Night Buses",
    told="It is for the seats behind us.",
    remembered="Head and shoulders, two lamps on a rail, then reading numbers aloud.",
)
FITTING = ClaimFacts(
    scanned_on=date(2025, 2, 11),
    place="Burbank",
    captured_by="Nova Casting",
    production="Low Tide",
    remembered="A handheld scanner at the costume fitting, before anybody had said a word about it.",
)


def write_claims(stage: Stage) -> None:
    """Onto the stage's script, a line of story each."""
    ago = stage.world.ago
    volume = Address(
        holder_name="Peach State Volume",
        holder_email="privacy@peachstate.example",
        jurisdiction="us",
        ask="disclosure",
        under_union=True,
        union_contact="steward@union.example",
    )
    _sent(stage, "Marcus Bell", TRAILER, volume, ago(days=17))
    house = stage.world.houses["secondunit"].pk
    answered = _sent(stage, "Lena Kowalski", RECORDING, Address(house, jurisdiction="us"), ago(days=12))
    harold = stage.user(OWNERS["secondunit"])
    holds = Answer(
        "holds",
        text="A head scan (mesh and textures) and four minutes of voice, for one bus scene that was cut.",
        held_at="Atlanta, Georgia, on our own disks",
        held_until=stage.world.now.date() + timedelta(days=200),
        held_why="The scene may come back in the second season. Without a new request nothing is made from it.",
    )
    stage.script.at(ago(days=2, hours=5), lambda at: acts.answer(answered(), answer=holds, by=harold, at=at))
    nova = Address(stage.world.houses["nova"].pk, jurisdiction="us", ask="access")
    _sent(stage, "Jonah Adeyemi", FITTING, nova, ago(days=3))
    half = ClaimFacts(
        about_when="a Tuesday in October 2022", place="somewhere in Burbank", captured_by="a van with no name"
    )
    maya = stage.world.actors["Maya Reyes"]
    stage.script.at(ago(days=1, hours=7), lambda at: acts.begin(actor=maya, facts=half, by=maya.user, at=at))


def _sent(stage: Stage, name: str, facts: ClaimFacts, address: Address, sent: datetime) -> Callable[[], ScanClaim]:
    """Schedules a claim from its first words to its letter; the claim itself can be asked for once that is played."""
    actor, made = stage.world.actors[name], list[ScanClaim]()
    who = actor.user

    def write(at: datetime) -> None:
        claim = acts.begin(actor=actor, facts=facts, by=who, at=at)
        made.append(acts.set_address(claim, address=address, by=who, at=at))

    stage.script.at(sent - timedelta(minutes=20), write)
    stage.script.at(
        sent, lambda at: made.append(acts.send(made[-1], shown=digest(letter_at(made[-1], at).text), by=who, at=at))
    )
    return lambda: made[-1]
