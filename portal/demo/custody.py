"""Who holds what in the demo: copies, a transfer that waits for Maya, a destruction that is overdue, one with proof."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from portal.demo.houses import OWNERS
from portal.demo.staging import Stage
from replicas.actions.custody.destroying import Attestation, ask_destruction, attest
from replicas.actions.custody.recording import CopyFacts, log_access, record_copy
from replicas.actions.custody.transferring import TransferFacts, ask_transfer
from replicas.models import DestructionTask, Holding, Replica
from replicas.rules.custody import HoldingKind, Method
from replicas.rules.vocabulary import Agreement

OPENINGS = (
    ("Ben Ito, compositing", "Placed in the crowd of scene 12A"),
    ("Ada Voss, lighting", "Matched the light of the harbor night"),
    ("Ben Ito, compositing", "Corrected a sleeve in scene 14"),
    ("Ruth Ellis, archive", "Checked the files against their SHA-256"),
)


def write(stage: Stage) -> None:
    """Schedules the moves of custody beside the stories."""
    ago, dana = stage.world.ago, stage.user("Dana Whitfield")
    maya = _copy(stage, "Maya Reyes", "nova", at=ago(days=27), copies=2, purpose="Crowd shots of Low Tide")
    for position, (who, purpose) in enumerate(OPENINGS):
        stage.script.at(ago(days=20 - 5 * position), _opens(maya, who, purpose, stage))
    stage.script.at(ago(days=2, hours=3), lambda at: ask_transfer(maya(), facts=to_glacier(stage), by=dana, at=at))

    lena = _copy(stage, "Lena Kowalski", "glacier", at=ago(days=35), copies=1, purpose="Voice tests for Glacier")
    _asks(stage, lena, at=ago(days=20), days=8, comment="The tests are over. I want them gone.")

    jonah = _copy(stage, "Jonah Adeyemi", "nova", at=ago(days=34), copies=1, purpose="Camera tests for Harbor Lights")
    _asks(stage, jonah, at=ago(days=24), days=14, comment="")
    stage.script.at(ago(days=13), lambda at: attest(_task(jonah()), proof=_proof(jonah(), at), by=dana, at=at))

    hana = _copy(stage, "Hana Sato", "nova", at=ago(days=21), copies=1, purpose="Crowd shots of Low Tide")
    _asks(stage, hana, at=ago(days=3), days=12, comment="The license is suspended; you need no copy meanwhile.")


def to_glacier(stage: Stage) -> TransferFacts:
    house = stage.world.houses["glacier"]
    return TransferFacts(
        to_name=house.name,
        to_organization=house,
        place="Vancouver",
        reason="Glacier Films finishes the market shots of Low Tide and needs the scan on its own machines until March.",
        agreement=Agreement.SAG_TV_THEATRICAL,
        until=stage.world.now.date() + timedelta(days=120),
    )


def _copy(stage: Stage, name: str, house: str, *, at: datetime, copies: int, purpose: str) -> Callable[[], Holding]:
    """Schedules that the performer writes down copies at a house; the function returned gives the holding."""
    holder = stage.world.houses[house]
    made: list[Holding] = []

    def move(moment: datetime) -> None:
        replica = stage.shelf[name][0]
        facts = CopyFacts(
            holder=holder.name,
            organization=holder,
            place="Burbank" if house == "nova" else "Vancouver",
            purpose=purpose,
            since=moment.date() - timedelta(days=1),
            copies=copies,
            until=date(moment.year + 1, 12, 31),
            told_by=f"{stage.user(OWNERS[house])}, by e-mail",
        )
        made.append(record_copy(_original(replica), facts=facts, by=stage.user(name), at=moment))

    stage.script.at(at, move)
    return lambda: made[0]


def _asks(stage: Stage, holding: Callable[[], Holding], *, at: datetime, days: int, comment: str) -> None:
    def move(moment: datetime) -> None:
        found = holding()
        due_on = moment.astimezone(found.replica.actor.user.zone).date() + timedelta(days=days)
        ask_destruction(found, due_on=due_on, comment=comment, by=found.replica.actor.user, at=moment)

    stage.script.at(at, move)


def _opens(holding: Callable[[], Holding], who: str, purpose: str, stage: Stage) -> Callable[[datetime], object]:
    dana = stage.user("Dana Whitfield")
    names = ["mesh_lod0.abc", "textures_16k.exr.tar"]
    return lambda at: log_access(
        holding(), who=who, purpose=purpose, opened_at=at - timedelta(hours=2), files=names, by=dana, at=at
    )


def _original(replica: Replica) -> Holding:
    return Holding.objects.live().get(replica=replica, kind=HoldingKind.ORIGINAL)


def _task(holding: Holding) -> DestructionTask:
    return DestructionTask.objects.open().get(holding=holding)


def _proof(holding: Holding, at: datetime) -> Attestation:
    random = Random(holding.pk)
    return Attestation(
        attester="Ruth Ellis, archive",
        method=Method.ERASED,
        destroyed_on=at.date() - timedelta(days=1),
        statement="Erased from the render store and from last week’s backup.",
        sha256s=[hashlib.sha256(random.randbytes(8)).hexdigest()],
    )
