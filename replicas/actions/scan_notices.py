"""Announcing scans, changing what was announced, calling it off. The only writer of notices."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.access.factors import has_second_factor
from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import may_act_for
from agencies.access.invitations import addresses_of
from replicas.access.scans import performers_at
from replicas.actions.scan_judging import check, findings, judged
from replicas.actions.scan_telling import nothing_left_to_ask, tell, to_agents, to_performers
from replicas.models import Project, Scan, ScanCallOff, ScanDraft, ScanNotice
from replicas.rules.announcing import LABELS, Announcement, changed, is_material, listed, when_words
from replicas.rules.answering import Side
from replicas.rules.events import Event
from replicas.rules.lists import MOST_PEOPLE, Listed
from replicas.rules.scanning import NOTICE, ScanMove, ScanState, judge, remind_at

OPEN_STATES = (ScanState.ANNOUNCED, ScanState.AGREED, ScanState.REFUSED, ScanState.WITHDRAWN)
GONE = "This draft was announced or thrown away meanwhile, by you in another tab or by a colleague."


@move(Event.SCAN_ANNOUNCED)
def announce(
    *,
    project: Project,
    announcement: Announcement,
    people: Sequence[Listed],
    draft: ScanDraft | None = None,
    by: User,
    at: datetime,
) -> ScanNotice:
    """Announces one scan to everybody on the list: one frozen notice, one row and at most one letter for each.

    The number of statements does not depend on how many they are. ``draft`` is used up; the notice takes its
    reference. Raises Refused for who may not act for the house, for an empty or too long list, for somebody who would
    announce to themself, and for what the rulebook stops.
    """
    subject = project.subject
    check_may_act(by, project.organization_id, subject)
    _check_list(people, by, subject)
    check(findings(project, announcement, people, at=at), subject)
    ref = _use_up(draft, subject) if draft else new_reference("N")
    notice = _freeze(ref, project, announcement, None, by=by, at=at)
    scans = _bulk(notice, people, at=at)
    tell(
        to_performers("scan-announced", scans, notice, once="announced", due=True),
        to_agents(scans, notice, once="announced", outcome="announced"),
        at=at,
    )
    words = {"when": when_words(announcement), "people": len(scans)}
    record_all(
        [
            Happening(Event.SCAN_ANNOUNCED, notice.subject, by, data={**words, "judged": notice.judged}),
            *(Happening(Event.SCAN_ANNOUNCED, scan.subject, by, data={"when": words["when"]}) for scan in scans),
        ],
        at=at,
    )
    return notice


@move(Event.SCAN_CHANGED)
def change(
    notice: ScanNotice, *, announcement: Announcement, draft: ScanDraft | None = None, by: User, at: datetime
) -> ScanNotice:
    """A changed version takes the place of ``notice``. What matters resets every answer; everybody is told.

    Raises Refused when nothing differs, when the scan's time has come or it was called off or changed meanwhile, and
    for what the rulebook stops.
    """
    notice = _lock(notice, by)
    old = notice.announcement
    names = changed(old, announcement)
    if not names:
        raise Refused("nothing-changed", "Nothing differs from what was announced.", subject=notice.subject)
    judge(
        ScanMove.CHANGE,
        state=ScanState.ANNOUNCED,
        sides=frozenset({Side.LICENSEE}),
        at=at,
        scan_at=notice.scan_at,
    )
    scans = _scans_of(notice)
    material = is_material(names)
    if material:
        people = [Listed(scan.email, engaged_at=scan.engaged_at) for scan in scans]
        check(findings(notice.project, announcement, people, at=at), notice.subject)
    ref = _use_up(draft, notice.subject) if draft else new_reference("N")
    new = _freeze(ref, notice.project, announcement, notice, by=by, at=at)
    rows = Scan.objects.filter(notice=notice, state__in=OPEN_STATES)
    if material:
        rows.update(
            notice=new,
            state=ScanState.ANNOUNCED,
            version=F("version") + 1,
            told_at=at,
            at_engagement=new.scan_at - at < NOTICE,
            remind_at=remind_at(at, new.scan_at),
            changed_at=at,
        )
    else:
        rows.update(notice=new, version=F("version") + 1, changed_at=at)
    for scan in scans:
        scan.notice = new
    what = listed([LABELS[name] for name in names])
    nothing_left_to_ask(scans if material else [], at=at)
    tell(
        to_performers("scan-changed", scans, new, once="changed", due=material, what=what, material=material),
        to_agents(scans, new, once=f"changed:{new.ref}", outcome="changed", what=what),
        at=at,
    )
    record_all(
        [
            Happening(Event.SCAN_CHANGED, subject, by, data={"what": what})
            for subject in (notice.subject, new.subject, *(scan.subject for scan in scans))
        ],
        at=at,
    )
    return new


@move(Event.SCAN_CALLED_OFF)
def call_off(notice: ScanNotice, *, reason: str = "", by: User, at: datetime) -> ScanNotice:
    """The house calls the scan off for everybody who was not scanned yet. Who said no already is not bothered again."""
    notice = _lock(notice, by)
    scans = _scans_of(notice)
    if not scans:
        raise Refused("nobody-left", "Everybody on it was scanned already.", subject=notice.subject)
    ScanCallOff.objects.create(notice=notice, reason=reason, by=by, at=at)
    Scan.objects.filter(notice=notice, state__in=OPEN_STATES).update(
        state=ScanState.CALLED_OFF, version=F("version") + 1, remind_at=None, changed_at=at
    )
    told = [scan for scan in scans if scan.state in (ScanState.ANNOUNCED, ScanState.AGREED)]
    nothing_left_to_ask(scans, at=at)
    tell(
        to_performers("scan-called-off", told, notice, once="called-off", reason=reason),
        to_agents(told, notice, once="called-off", outcome="called off"),
        at=at,
    )
    record_all(
        [
            Happening(Event.SCAN_CALLED_OFF, subject, by, data={"reason": reason})
            for subject in (notice.subject, *(scan.subject for scan in scans))
        ],
        at=at,
    )
    return notice


def check_may_act(by: User, organization: int, subject: Subject) -> None:
    """Owners and members of the house, with a second factor where the portal asks for one."""
    if not may_act_for(by, organization):
        raise Refused("not-yours", "An owner or a member of the house has to do this.", subject=subject)
    if settings.REQUIRE_MFA and not has_second_factor(by):
        raise Refused(
            "second-factor-missing",
            "Set up a passkey or codes from an app first, then come back to this.",
            subject=subject,
        )


def _check_list(people: Sequence[Listed], by: User, subject: Subject) -> None:
    if not people:
        raise Refused("nobody-listed", "Put at least one person on the list.", subject=subject)
    if len(people) > MOST_PEOPLE:
        sentence = f"One announcement can go to {MOST_PEOPLE} people. Split the list and announce twice."
        raise Refused("too-many-people", sentence, subject=subject)
    if {person.email for person in people} & set(addresses_of(by)):
        sentence = "Your own address is on the list. Somebody else of your house has to announce a scan of you."
        raise Refused("own-address", sentence, subject=subject)


def _freeze(
    ref: str, project: Project, announcement: Announcement, before: ScanNotice | None, *, by: User, at: datetime
) -> ScanNotice:
    try:
        with transaction.atomic():
            return ScanNotice.objects.create(
                ref=ref,
                organization=project.organization,
                project=project,
                supersedes=before,
                document=announcement.as_dict(),
                sha256=announcement.sha256,
                scan_at=announcement.scan_at,
                zone=announcement.zone,
                judged=judged(project, announcement),
                announced_by=by,
                announced_at=at,
            )
    except IntegrityError:
        raise Refused(
            "changed-meanwhile", "Somebody changed this announcement meanwhile.", subject=project.subject
        ) from None


def _use_up(draft: ScanDraft, subject: Subject) -> str:
    """Takes the draft away in this transaction, so that it is announced once."""
    deleted, _ = ScanDraft.objects.filter(pk=draft.pk).delete()
    if not deleted:
        raise Refused("draft-gone", GONE, subject=subject)
    return draft.ref


def _bulk(notice: ScanNotice, people: Sequence[Listed], *, at: datetime) -> list[Scan]:
    """One row for each, with the actor where somebody proved the address to be theirs. Two statements."""
    owners = performers_at([person.email for person in people])
    late = notice.scan_at - at < NOTICE
    scans = [
        Scan(
            ref=new_reference("S"),
            notice=notice,
            actor=owners.get(person.email),
            email=person.email,
            name=person.name,
            engaged_at=person.engaged_at,
            at_engagement=late,
            told_at=at,
            changed_at=at,
            remind_at=remind_at(at, notice.scan_at),
        )
        for person in people
    ]
    return Scan.objects.bulk_create(scans, batch_size=MOST_PEOPLE)


def _lock(notice: ScanNotice, by: User) -> ScanNotice:
    """The notice, locked; refused when it is not the present one any more."""
    rows = ScanNotice.objects.select_for_update(of=("self",)).select_related("project__organization", "organization")
    notice = rows.get(pk=notice.pk)
    check_may_act(by, notice.organization_id, notice.subject)
    if ScanCallOff.objects.filter(notice=notice).exists():
        raise Refused("called-off", "This scan was called off.", subject=notice.subject)
    if ScanNotice.objects.filter(supersedes=notice).exists():
        sentence = "A changed version has taken the place of this announcement."
        raise Refused("superseded", sentence, subject=notice.subject)
    return notice


def _scans_of(notice: ScanNotice) -> list[Scan]:
    """Everybody who was not scanned yet, locked, with whom they are."""
    rows = Scan.objects.select_for_update(of=("self",)).filter(notice=notice, state__in=OPEN_STATES)
    scans = list(rows.select_related("actor__user").order_by("pk"))
    for scan in scans:
        scan.notice = notice
    return scans
