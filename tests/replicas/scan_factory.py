"""Announced scans for tests, made by the real actions, for a scan in three days unless told otherwise."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.actions.signing import Proof, challenge_for
from accounts.models import ActorProfile, User
from replicas.actions.scan_notices import announce
from replicas.actions.scan_records import Record, perform
from replicas.actions.scans import agree
from replicas.models import Project, Scan, ScanNotice
from replicas.rules.announcing import Announcement
from replicas.rules.lists import Listed
from tests.factories import PASSWORD, make_actor, make_project

NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)  # noon in Los Angeles
SCAN_AT = NOW + timedelta(days=3)


def announcement(**changes: Any) -> Announcement:
    values: dict[str, Any] = {
        "organization": "Nova Pictures",
        "project": "Harbor Lights",
        "scan_at": SCAN_AT,
        "zone": "America/Los_Angeles",
        "place": "Stage 4, Burbank",
        "jurisdiction": "US-CA",
        "modalities": ("face", "body"),
        "equipment": "A rig of 120 still cameras",
        "minutes": 30,
        "business_reason": "The harbor fair can't be built again at full size for the night shoot.",
        "intended_use": "Stands in the crowd behind the ferris wheel in three wide shots of scenes 12A and 14.",
        "role": "background",
        "alterations": "Clothing color and lighting only.",
        "training": False,
        "storage": "Volume Stage, servers in Burbank.",
        "access": "The effects house, for these shots.",
        "retention_until": date(2027, 6, 30),
        "pay": Decimal("231.00"),
        "currency": "USD",
        "contributions": True,
        "own_work_day": False,
        "contact": "Ravi Menon, 555 0137",
        **changes,
    }
    return Announcement(**values)


def listed(*people: ActorProfile | str) -> list[Listed]:
    return [
        Listed(person if isinstance(person, str) else person.user.email, line=number)
        for number, person in enumerate(people, start=1)
    ]


def make_notice(
    *people: ActorProfile | str, project: Project | None = None, at: datetime = NOW, **changes: Any
) -> ScanNotice:
    """Announced by the project's house at ``at`` to these people, known by their address alone."""
    project = project or make_project()
    return announce(
        project=project,
        announcement=announcement(organization=project.organization.name, project=project.title, **changes),
        people=listed(*people),
        by=project.created_by,
        at=at,
    )


def make_scan(actor: ActorProfile | None = None, **more: Any) -> Scan:
    """The one scan of a new announcement."""
    return make_notice(actor or make_actor(), **more).scans.get()


def proof_for(user: User, scan: Scan, *, at: datetime, digest: str = "", password: str = PASSWORD) -> Proof:
    return Proof(challenge_for(user, scan.subject, digest or scan.notice.sha256, at=at), password=password)


def say_yes(scan: Scan, *, by: User | None = None, at: datetime = NOW + timedelta(hours=1)) -> Scan:
    """Agreed and signed with the password by the performer."""
    user = by or scan.actor.user
    return agree(
        scan,
        notice_sha256=scan.notice.sha256,
        typed_name=user.name,
        proof=proof_for(user, scan, at=at),
        by=user,
        at=at,
    )


def done(**changes: Any) -> Record:
    """As it was announced, an hour later."""
    values: dict[str, Any] = {
        "performed_at": SCAN_AT + timedelta(minutes=10),
        "place": "Stage 4, Burbank",
        "purpose": "Stands in the crowd behind the ferris wheel in three wide shots of scenes 12A and 14.",
        "custodian": "Volume Stage",
        "custody_place": "Burbank",
        "kept_until": date(2027, 6, 30),
        **changes,
    }
    return Record(**values)


def make_performed(scan: Scan, *, at: datetime = SCAN_AT + timedelta(hours=1), **changes: Any) -> Scan:
    return perform([scan], done=done(**changes), by=scan.notice.announced_by, at=at)[0]
