"""Recording that a scan was done: the moment, the files, the replica that came of it, and what was not as agreed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.actions.replicas import enter
from replicas.actions.scan_telling import nothing_left_to_ask, people_of, tell, to_agents, to_house, to_performers
from replicas.actions.scans import allowed, change, lock
from replicas.models import Replica, ReplicaFile, Scan, ScanBreach
from replicas.rules.announcing import when_words
from replicas.rules.events import Event
from replicas.rules.files import MOST_FILES, FileRow, twice
from replicas.rules.replicas import Facts
from replicas.rules.scan_breaches import Breach, Done, breaches
from replicas.rules.scanning import ScanMove, ScanState
from replicas.rules.vocabulary import Visibility


@dataclass(frozen=True, slots=True)
class Record:
    """What the house says about a scan that was done. ``performed_at`` is aware; files are known by hash alone."""

    performed_at: datetime
    place: str
    purpose: str
    custodian: str
    custody_place: str
    kept_until: date
    files: tuple[FileRow, ...] = ()


@move(Event.SCAN_PERFORMED)
def perform(scans: Sequence[Scan], *, done: Record, by: User, at: datetime) -> list[Scan]:
    """Records that these people were scanned. For each with an account a replica is entered, which they confirm.

    What was not agreed, told too late, done elsewhere or for something else is written down as a breach both sides
    read. Raises Refused before the scan's time, for a moment that lies ahead, and for files of several people at once.
    """
    if not scans:
        raise Refused("nobody-chosen", "Choose at least one person.")
    if done.performed_at > at:
        raise Refused("in-the-future", "A scan can't be recorded before it was done.", subject=scans[0].subject)
    if done.files and len(scans) > 1:
        sentence = "Files belong to one person each. Record people with files one by one."
        raise Refused("files-of-several", sentence, subject=scans[0].subject)
    if sentences := twice(done.files, {}):
        raise Refused("file-twice", sentences[0], subject=scans[0].subject)
    if len(done.files) > MOST_FILES:
        raise Refused("too-many-files", f"A scan can hold {MOST_FILES:,} files.", subject=scans[0].subject)
    happenings: list[Happening] = []
    locked = []
    for scan in sorted(scans, key=lambda scan: scan.pk):
        scan = lock(scan)
        allowed(ScanMove.PERFORM, scan, by=by, at=at)
        happenings += _perform(scan, done, by=by, at=at)
        locked.append(scan)
    nothing_left_to_ask(locked, at=at)
    record_all(happenings, at=at)
    return locked


def _perform(scan: Scan, done: Record, *, by: User, at: datetime) -> list[Happening]:
    found = _breaches(scan, done)
    replica = _enter(scan, done, by=by, at=at) if scan.actor else None
    change(
        scan,
        state=ScanState.PERFORMED,
        at=at,
        performed_at=done.performed_at,
        performed_place=done.place,
        performed_purpose=done.purpose,
        custodian=done.custodian,
        custody_place=done.custody_place,
        manifest=[{name: value for name, value in asdict(row).items() if name != "where"} for row in done.files],
        recorded_by=by,
        recorded_at=at,
        remind_at=None,
        replica=replica,
    )
    ScanBreach.objects.bulk_create(
        ScanBreach(scan=scan, kind=one.kind, agreed=one.agreed, happened=one.happened, recorded_by=by, recorded_at=at)
        for one in found
    )
    _tell(scan, replica, found, at=at)
    happenings = [Happening(Event.SCAN_PERFORMED, scan.subject, by, data={"files": len(done.files)})]
    if replica:
        happenings.append(Happening(Event.REPLICA_REGISTERED, replica.subject, by, for_label=scan.called))
    if found:
        what = ", ".join(one.kind.label.lower() for one in found)
        happenings.append(Happening(Event.SCAN_BREACHED, scan.subject, None, data={"what": what}))
    return happenings


def _breaches(scan: Scan, done: Record) -> list[Breach]:
    announcement = scan.notice.announcement
    return breaches(
        Done(
            agreed=scan.state == ScanState.AGREED,
            told_at=scan.told_at,
            at_engagement=scan.at_engagement,
            performed_at=done.performed_at,
            place=done.place,
            purpose=done.purpose,
            announced_place=announcement.place,
            announced_use=announcement.intended_use,
            announced_when=when_words(announcement),
            zone=ZoneInfo(announcement.zone),
        )
    )


def _enter(scan: Scan, done: Record, *, by: User, at: datetime) -> Replica:
    """The replica, which waits for its performer, with its files and its first holding."""
    assert scan.actor is not None
    announcement = scan.notice.announcement
    house = scan.notice.organization
    facts = Facts(
        kind=announcement.replica_kind,
        modalities=announcement.modalities,
        captured_on=done.performed_at.astimezone(ZoneInfo(announcement.zone)).date(),
        captured_at_place=done.place[:120],
        captured_by=house.name,
        captured_for=announcement.project,
        custodian=done.custodian,
        custody_place=done.custody_place,
        custody_until=done.kept_until,
    )
    own = done.custodian.strip().casefold() == house.name.casefold()
    replica = enter(
        actor=scan.actor,
        facts=facts,
        visibility=Visibility.HIDDEN,
        confirmed=False,
        by=by,
        at=at,
        custodian=house if own else None,
    )
    ReplicaFile.objects.bulk_create(
        [
            ReplicaFile(replica=replica, name=row.name, size=row.size, sha256=row.sha256, added_at=at)
            for row in done.files
        ],
        batch_size=500,
    )
    return replica


def _tell(scan: Scan, replica: Replica | None, found: Sequence[Breach], *, at: datetime) -> None:
    what = [[one.kind.label, one.agreed, one.happened] for one in found]
    words: dict[str, Any] = {"replica": replica.ref if replica else "", "breaches": what}
    kind = "scan-breach" if found else "scan-performed"
    groups = [
        to_performers(kind, [scan], scan.notice, once=f"{scan.ref}:performed", **words),
        to_agents([scan], scan.notice, once="performed", outcome="done, and not as agreed" if found else "done"),
    ]
    if found:
        groups.append(to_house("scan-breach", people_of(scan)[1], scan, once="performed", **words))
    tell(*groups, at=at)
