"""The performer's answer to an announced scan, what is said about it, and reminders. The only writer of answers."""

from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.actions.moves import move
from accounts.actions.signing import Proof, prove
from accounts.audit import record, record_all
from accounts.audit.recording import Happening
from accounts.models import ActorProfile, User
from accounts.rules.refusal import Refused
from agencies.access.guardians import acting_for, guardians_of
from replicas.access.scans import sides_on_scan
from replicas.access.strikes import strike_in_force
from replicas.actions.scan_notices import check_may_act
from replicas.actions.scan_telling import nothing_left_to_ask, people_of, tell, to_agents, to_house, to_performers
from replicas.models import Scan, ScanAnswer, ScanMessage
from replicas.rules.answering import Side
from replicas.rules.events import Event
from replicas.rules.scanning import ALREADY, ScanMove, ScanState, judge
from replicas.rules.striking import blocked_words

BATCH = 500
NO_PROFILE = "Tell us first how casting people know you: it takes a minute, under “Your profile”. Then answer here."


def lock(scan: Scan) -> Scan:
    """The row as it is now, locked until the end of the transaction (PostgreSQL; SQLite's transaction is alone)."""
    rows = Scan.objects.select_for_update(of=("self",))
    return rows.select_related("notice__project", "notice__organization", "actor__user").get(pk=scan.pk)


def allowed(move_: ScanMove, scan: Scan, *, by: User, at: datetime) -> frozenset[Side]:
    """The sides in whose name ``by`` may make the move right now. Raises Refused with the scan as its subject."""
    sides = sides_on_scan(by, scan, at=at)
    try:
        judge(move_, state=ScanState(scan.state), sides=sides, at=at, scan_at=scan.notice.scan_at)
        if Side.LICENSEE in sides and Side.ACTOR not in sides:
            check_may_act(by, scan.notice.organization_id, scan.subject)
    except Refused as refusal:
        refusal.subject = scan.subject
        raise
    return sides


def change(scan: Scan, *, at: datetime, **values: Any) -> None:
    """Writes only if the row still has the state, notice and version that were judged. Raises Refused otherwise."""
    rows = Scan.objects.filter(pk=scan.pk, state=scan.state, version=scan.version, notice=scan.notice_id)
    if not rows.update(version=F("version") + 1, changed_at=at, **values):
        now = ScanState(Scan.objects.values_list("state", flat=True).get(pk=scan.pk))
        raise Refused(f"already-{now.value}", ALREADY[now], subject=scan.subject)
    scan.version += 1
    for name, value in values.items():
        setattr(scan, name, value)


@move(Event.SCAN_AGREED)
def agree(scan: Scan, *, notice_sha256: str, typed_name: str, proof: Proof, by: User, at: datetime) -> Scan:
    """The performer's yes to this scan and to nothing else, signed over the notice they were shown.

    ``notice_sha256`` is what the page showed. Raises Refused when another version has taken its place, when the name is
    not the person's, when the proof fails, or when the move itself is not allowed.
    """
    scan = lock(scan)
    allowed(ScanMove.AGREE, scan, by=by, at=at)
    if strike := strike_in_force(scan.notice.project.agreement, at):
        raise Refused("strike", blocked_words(strike.value, at=at, zone=by.zone), subject=scan.subject)
    if scan.notice.sha256 != notice_sha256:
        raise Refused("notice-changed", "The announcement changed since you read it.", subject=scan.subject)
    actor = _performer(scan, by)
    if not _same_name(typed_name, by, actor):
        raise Refused("name-differs", f"Type your name as it stands here: {by.name}.", subject=scan.subject)
    try:
        proven = prove(proof, by=by, subject=scan.subject, digest=notice_sha256, at=at)
    except Refused as refusal:
        refusal.subject = scan.subject
        raise
    evidence = {"typed_name": typed_name.strip(), "factor": proven.factor, "challenge": proven.nonce}
    if _others_still_sign(scan, actor, by, at=at):
        change(scan, at=at, actor=actor)
        _keep_answer(scan, ScanState.AGREED, by=by, at=at, **evidence)
    else:
        _answer(scan, ScanState.AGREED, actor=actor, by=by, at=at, **evidence)
        _tell_answer(scan, "agreed", by=by, at=at)
    record(
        Event.SCAN_AGREED,
        subject=scan.subject,
        by=by,
        at=at,
        for_label=acting_for(by, actor),
        factor=proven.factor.label,
        challenge=proven.nonce,
        notice=scan.notice.ref,
        notice_sha256=notice_sha256,
    )
    return scan


@move(Event.SCAN_REFUSED)
def refuse(scan: Scan, *, reason: str = "", shared: bool = False, by: User, at: datetime) -> Scan:
    """The performer's no. The house reads “not available for scanning”, and the reason only if it is shared."""
    scan = lock(scan)
    allowed(ScanMove.REFUSE, scan, by=by, at=at)
    actor = _performer(scan, by)
    _answer(scan, ScanState.REFUSED, actor=actor, by=by, at=at, reason=reason, shared=shared)
    _tell_answer(scan, "refused", by=by, at=at, reason=reason if shared else "")
    record(Event.SCAN_REFUSED, subject=scan.subject, by=by, at=at, for_label=acting_for(by, actor))
    return scan


@move(Event.SCAN_WITHDRAWN)
def withdraw(scan: Scan, *, by: User, at: datetime) -> Scan:
    """Takes an agreement back, until the scan. To the house it reads like a refusal."""
    scan = lock(scan)
    allowed(ScanMove.WITHDRAW, scan, by=by, at=at)
    actor = _performer(scan, by)
    _answer(scan, ScanState.WITHDRAWN, actor=actor, by=by, at=at)
    _tell_answer(scan, "taken back", by=by, at=at)
    record(Event.SCAN_WITHDRAWN, subject=scan.subject, by=by, at=at, for_label=acting_for(by, actor))
    return scan


@move(Event.SCAN_ASKED)
def ask(scan: Scan, *, body: str, side: Side, by: User, at: datetime) -> ScanMessage:
    """Writes into the thread both sides and the agency see. ``side`` must be one the person may act for."""
    scan = lock(scan)
    sides = allowed(ScanMove.ASK, scan, by=by, at=at)
    if side not in sides:
        raise Refused("not-yours", "You can't write for that side.", subject=scan.subject)
    if side is Side.ACTOR and scan.actor is None:
        change(scan, at=at, actor=_performer(scan, by))
    message = ScanMessage.objects.create(scan=scan, by=by, side=side, body=body, at=at)
    agents, house = people_of(scan)
    once = f"message:{message.pk}"
    words: dict[str, Any] = {"written_by": str(by), "body": body}
    notices = [
        *to_performers("scan-question", [scan], scan.notice, once=f"{scan.ref}:{once}", **words),
        *to_house("scan-question", [*house, *agents], scan, once=once, **words),
    ]
    people = {by.pk}
    kept = []
    for notice in notices:
        pk = notice.to.pk if isinstance(notice.to, User) else None
        if pk not in people or pk is None:
            kept.append(notice)
            people.add(pk) if pk else None
    tell(kept, at=at)
    record(Event.SCAN_ASKED, subject=scan.subject, by=by, at=at)
    return message


@move(Event.SCAN_REMINDED)
def remind_due(*, by: None = None, at: datetime) -> int:
    """Reminds who has not answered, once, a day before. Returns how many of one batch; call until it says 0."""
    due = Scan.objects.filter(state=ScanState.ANNOUNCED, remind_at__lte=at)
    rows = due.select_for_update(of=("self",), skip_locked=True)
    scans = list(rows.select_related("notice__project", "notice__organization", "actor__user").order_by("pk")[:BATCH])
    if not scans:
        return 0
    Scan.objects.filter(pk__in=[scan.pk for scan in scans]).update(remind_at=None)
    waiting = [scan for scan in scans if scan.notice.scan_at > at]
    groups: dict[int, list[Scan]] = {}
    for scan in waiting:
        groups.setdefault(scan.notice_id, []).append(scan)
    notices = [
        notice
        for group in groups.values()
        for notice in to_performers("scan-reminder", group, group[0].notice, once="reminder", due=True)
    ]
    tell(notices, at=at)
    record_all([Happening(Event.SCAN_REMINDED, scan.subject) for scan in waiting], at=at)
    return len(scans)


def _others_still_sign(scan: Scan, actor: ActorProfile, by: User, *, at: datetime) -> bool:
    """Whether a minor has other guardians who have not signed this announcement: a yes needs all of them."""
    guardians = {guardian.pk for guardian in guardians_of(actor, at)}
    if len(guardians) < 2:
        return False
    signed = {by.pk}
    for outcome, person in scan.answers.filter(notice=scan.notice).order_by("id").values_list("outcome", "by"):
        signed = signed | {person} if outcome == ScanState.AGREED else {by.pk}
    return bool(guardians - signed)


def _performer(scan: Scan, by: User) -> ActorProfile:
    """Whose scan it is; for one announced to a bare address, the profile of the person who owns it."""
    actor = scan.actor or ActorProfile.objects.select_related("user").filter(user=by).first()
    if actor is None:
        raise Refused("no-profile", NO_PROFILE, subject=scan.subject)
    return actor


def _answer(scan: Scan, outcome: ScanState, *, actor: ActorProfile, by: User, at: datetime, **values: Any) -> None:
    change(scan, state=outcome, at=at, actor=actor, remind_at=None)
    nothing_left_to_ask([scan], at=at)
    _keep_answer(scan, outcome, by=by, at=at, **values)


def _keep_answer(scan: Scan, outcome: ScanState, *, by: User, at: datetime, **values: Any) -> None:
    ScanAnswer.objects.create(
        scan=scan, notice=scan.notice, outcome=outcome, by=by, at=at, notice_sha256=scan.notice.sha256, **values
    )


def _tell_answer(scan: Scan, outcome: str, *, by: User, at: datetime, reason: str = "") -> None:
    agents, house = people_of(scan)
    agreed = outcome == "agreed"
    tell(
        to_house("scan-answered", house, scan, once=f"answer:{scan.version}", agreed=agreed, reason=reason),
        [
            notice
            for notice in to_agents([scan], scan.notice, once=f"answer:{scan.version}", outcome=outcome)
            if agents and notice.to != by
        ],
        at=at,
    )


def _same_name(typed: str, by: User, actor: ActorProfile) -> bool:
    """The person's own name or stage name, whatever the case and spacing."""
    plain = " ".join(typed.split()).casefold()
    return plain in {" ".join(name.split()).casefold() for name in (by.name, actor.stage_name)}
