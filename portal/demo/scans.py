"""Scans announced on the demo's desks, in every state: asked, agreed, refused, taken back, called off, done, breached."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.actions.signing import Proof, challenge_for
from portal.demo.cast import PASSWORD
from portal.demo.staging import Stage
from replicas.actions.scan_drafts import begin
from replicas.actions.scan_notices import announce, call_off
from replicas.actions.scan_records import Record, perform
from replicas.actions.scans import agree, ask, refuse, withdraw
from replicas.forms.scan_notices import AnnounceForm
from replicas.models import Project, Scan, ScanNotice
from replicas.rules.announcing import Announcement
from replicas.rules.answering import Side
from replicas.rules.files import FileRow
from replicas.rules.lists import Listed

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CROWD: dict[str, Any] = {
    "zone": LOS_ANGELES.key,
    "place": "Stage 4, Burbank",
    "jurisdiction": "US-CA",
    "modalities": ("face", "body"),
    "equipment": "A booth of 120 still cameras, flash, no markers",
    "minutes": 30,
    "business_reason": "The harbor fair can't be built again at full size for the night shoot.",
    "intended_use": "Stands in the crowd behind the ferris wheel in three wide shots of scenes 12A, 14 and 41.",
    "role": "background",
    "alterations": "Clothing color and lighting only.",
    "training": False,
    "storage": "Volume Stage, on its own servers in Burbank.",
    "access": "The effects house, four people, for these three shots.",
    "pay": Decimal("231.00"),
    "currency": "USD",
    "contributions": True,
    "own_work_day": False,
    "contact": "Ravi Menon, Nova Casting, (213) 555-0137",
}
STUNT = {
    **CROWD,
    "modalities": ("face", "body", "motion"),
    "equipment": "A booth of 120 still cameras; a motion suit for ten minutes",
    "minutes": 90,
    "business_reason": "The fall from the pier can't be done by a person at that height.",
    "intended_use": "Falls from the pier in one shot of scene 33, seen from the water, the face not in close-up.",
    "role": "principal",
    "pay": Decimal("1283.00"),
}
Made = Callable[[], list[Scan]]


def nine(now: datetime, days: int) -> datetime:
    """9:00 in Los Angeles, ``days`` from now: when sets begin."""
    day = now.astimezone(LOS_ANGELES).date() + timedelta(days=days)
    return datetime.combine(day, time(9), tzinfo=LOS_ANGELES)


def described(project: Project, facts: dict[str, Any], scan_at: datetime) -> Announcement:
    until = scan_at.date() + timedelta(days=400)
    house = project.organization.name
    return Announcement(organization=house, project=project.title, scan_at=scan_at, retention_until=until, **facts)


def announces(
    stage: Stage, title: str, facts: dict[str, Any], people: Sequence[Listed], *, at: datetime, scan_at: datetime
) -> Made:
    """Schedules an announcement; the function returned gives its scans, in the order of the list, once it was made."""
    project = stage.projects[title]
    made: list[ScanNotice] = []

    def move(moment: datetime) -> None:
        announcement = described(project, facts, scan_at)
        by = project.created_by
        made.append(announce(project=project, announcement=announcement, people=people, by=by, at=moment))

    stage.script.at(at, move)
    return lambda: list(
        Scan.objects.filter(notice=made[0]).select_related("notice__project", "actor__user").order_by("pk")
    )


def listed(stage: Stage, *names: str) -> list[Listed]:
    """People by name; a name with an @ is somebody without an account."""
    rows = [
        (name.split("@")[0].replace(".", " ").title(), name) if "@" in name else (name, _address(stage, name))
        for name in names
    ]
    return [Listed(address, name, None, line) for line, (name, address) in enumerate(rows, start=1)]


def _address(stage: Stage, name: str) -> str:
    return stage.world.actors[name].user.email


def yes(stage: Stage, made: Made, which: int, at: datetime) -> None:
    def move(moment: datetime) -> None:
        scan = made()[which]
        assert scan.actor is not None
        user, digest = scan.actor.user, scan.notice.sha256
        proof = Proof(challenge_for(user, scan.subject, digest, at=moment), password=PASSWORD)
        agree(scan, notice_sha256=digest, typed_name=user.name, proof=proof, by=user, at=moment)

    stage.script.at(at, move)


def no(stage: Stage, made: Made, which: int, at: datetime, reason: str = "", *, shared: bool = False) -> None:
    def move(moment: datetime) -> None:
        scan = made()[which]
        assert scan.actor is not None
        refuse(scan, reason=reason, shared=shared, by=scan.actor.user, at=moment)

    stage.script.at(at, move)


def back(stage: Stage, made: Made, which: int, at: datetime) -> None:
    def move(moment: datetime) -> None:
        scan = made()[which]
        assert scan.actor is not None
        withdraw(scan, by=scan.actor.user, at=moment)

    stage.script.at(at, move)


def says(stage: Stage, made: Made, name: str, side: Side, words: str, at: datetime) -> None:
    stage.script.at(at, lambda moment: ask(made()[0], body=words, side=side, by=stage.user(name), at=moment))


def recorded(stage: Stage, made: Made, which: int, at: datetime, **changes: Any) -> None:
    """The house records one person's scan as it was announced, but for ``changes``."""

    def move(moment: datetime) -> None:
        scan = made()[which]
        announcement = scan.notice.announcement
        values: dict[str, Any] = {
            "performed_at": announcement.scan_at + timedelta(minutes=20),
            "place": announcement.place,
            "purpose": announcement.intended_use,
            "custodian": "Volume Stage",
            "custody_place": "Burbank",
            "kept_until": announcement.retention_until,
            **changes,
        }
        perform([scan], done=Record(**values), by=scan.notice.announced_by, at=moment)

    stage.script.at(at, move)


def write(stage: Stage) -> None:
    """All of it, onto the stage's script."""
    now, ago = stage.world.now, stage.world.ago
    maya = announces(
        stage, "Harbor Lights", STUNT, listed(stage, "Maya Reyes"), at=ago(days=1, hours=3), scan_at=nine(now, 4)
    )
    says(stage, maya, "Maya Reyes", Side.ACTOR, "Who is in the room while I wear the suit?", ago(hours=26))
    says(stage, maya, "Dana Whitfield", Side.LICENSEE, "The operator and Ravi. Nobody else.", ago(hours=23))
    marcus = announces(
        stage, "Harbor Lights", CROWD, listed(stage, "Marcus Bell"), at=ago(days=2, hours=5), scan_at=nine(now, 3)
    )
    no(stage, marcus, 0, ago(days=1, hours=9), "I want to be asked to work, not to be copied.")
    lena = announces(stage, "Low Tide", CROWD, listed(stage, "Lena Kowalski"), at=ago(days=14), scan_at=nine(now, -10))
    yes(stage, lena, 0, ago(days=13))
    recorded(
        stage,
        lena,
        0,
        nine(now, -10) + timedelta(hours=4),
        place="A trailer behind Stage 9, Burbank",
        files=(FileRow("kowalski_body.obj", "5f1e" * 16, 318_444_032, ""),),
    )
    jonah = announces(stage, "Low Tide", CROWD, listed(stage, "Jonah Adeyemi"), at=ago(days=9), scan_at=nine(now, -5))
    yes(stage, jonah, 0, ago(days=8))
    recorded(
        stage,
        jonah,
        0,
        nine(now, -5) + timedelta(hours=3),
        files=(
            FileRow("adeyemi_face.exr", "a7c2" * 16, 88_112_640, ""),
            FileRow("adeyemi_body.obj", "0b9d" * 16, 297_002_188, ""),
        ),
    )
    crowd(stage)
    rain = announces(
        stage,
        "Voltline",
        {**CROWD, "place": "Pier 40"},
        listed(stage, "Theo Laurent"),
        at=ago(days=6),
        scan_at=nine(now, 1),
    )
    stage.script.at(
        ago(days=2),
        lambda at: call_off(
            rain()[0].notice, reason="The pier is closed after the storm.", by=stage.user("Dana Whitfield"), at=at
        ),
    )
    project = stage.projects["Low Tide"]
    names = ("Priya Nair", "Owen Clarke", "Tomas Vega")
    people = "\n".join(f"{_address(stage, name)}; {name}" for name in names)
    typed = {**AnnounceForm.draft_of(described(project, CROWD, nine(now, 9)), project), "people": [people]}
    stage.script.at(
        ago(hours=5),
        lambda at: begin(organization=project.organization, values=typed, by=stage.user("Tess Ito"), at=at),
    )


def crowd(stage: Stage) -> None:
    """Twelve for the fair, four of them without an account: some agreed, some not, some silent."""
    now, ago = stage.world.now, stage.world.ago
    actors = [name for name in stage.world.actors if name not in ("Maya Reyes", "Marcus Bell", "Lena Kowalski")][8:16]
    guests = ("ines.calder@example.com", "rob.tully@example.com", "may.lund@example.com", "ed.soto@example.com")
    made = announces(
        stage, "Harbor Lights", CROWD, listed(stage, *actors, *guests), at=ago(days=1), scan_at=nine(now, 5)
    )
    for which in (0, 1, 2, 3, 4):
        yes(stage, made, which, ago(hours=20 - which))
    back(stage, made, 4, ago(hours=9))
    no(stage, made, 5, ago(hours=14), "I have a play that week.", shared=True)
