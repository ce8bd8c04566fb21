"""Before a scan: told in time, with a reason, and with a release where the law asks for one."""

from collections.abc import Iterator
from datetime import timedelta

from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Jurisdiction, Party, Stage, Theme

NOTICE = timedelta(hours=48)


@rule(
    Rule(
        id="R05",
        version=1,
        name="48 hours’ notice",
        theme=Theme.TIME,
        binds=(Party.CASTING,),
        stages=(Stage.SCAN,),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T1",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, kept in 2026",
        why="A performer needs time to read, ask and say no away from the set.",
    )
)
def notice(facts: Facts) -> Iterator[Hit]:
    """The performer is told at least 48 hours before the scan; if engaged later than that, at their engagement.

    Source: SAG-AFTRA 2023 MOA, notice (T1, secondary source). A scan with a date and no notice at all fires too.
    """
    scan = facts.scan
    if scan is None or scan.scan_at is None:
        return
    if scan.notice_at is None:
        yield Hit("Nobody has been told of this scan.", "Send the notice at least 48 hours before.", "scan_at")
        return
    if scan.scan_at - scan.notice_at >= NOTICE:
        return
    late = scan.engaged_at is not None and scan.scan_at - scan.engaged_at < NOTICE
    if late and scan.engaged_at is not None and scan.notice_at <= scan.engaged_at:
        return
    yield Hit(
        "The scan is less than 48 hours after the notice.",
        "Move the scan. If they are engaged later than 48 hours before it, tell them when you engage them.",
        "scan_at",
    )


@rule(
    Rule(
        id="R06",
        version=1,
        name="A business reason",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING, Stage.ANSWERING, Stage.SCAN),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7", "T12"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.J",
        why="Nobody is scanned, or replaced, for no reason.",
    )
)
def business_reason(facts: Facts) -> Iterator[Hit]:
    """Whoever asks says why the replica is needed. Source: SAG-AFTRA 2026 §39.J (T7, T12, secondary sources).

    For a scan a reason that is not known is missing.
    """
    if facts.scan is not None and not (facts.scan.business_reason or "").strip():
        yield Hit("No reason is given for this scan.", "Say what the scan makes possible.", "business_reason")
    if facts.business_reason is not None and not facts.business_reason.strip():
        yield Hit("No reason is given.", "Say why you need the replica rather than the person.", "business_reason")


@rule(
    Rule(
        id="R25",
        version=1,
        name="Release in Illinois",
        theme=Theme.CONSENT,
        binds=(Party.CASTING,),
        stages=(Stage.SCAN,),
        effect=Effect.BLOCK,
        bases=(Basis.LAW,),
        sources=("L6",),
        grade=Grade.PRIMARY,
        jurisdictions=frozenset({Jurisdiction.ILLINOIS}),
        why="Illinois lets nobody capture face geometry or a voiceprint without notice, purpose, term and a release.",
    )
)
def illinois_release(facts: Facts) -> Iterator[Hit]:
    """Written notice of the capture, its specific purpose and its length of term, and a written release, before it.

    Source: BIPA, 740 ILCS 14/15(b) (L6, primary text). A missing notice, purpose or term is the fault itself; the
    release fires when it is known to be missing.
    """
    scan = facts.scan
    if scan is None:
        return
    if scan.notice_at is None:
        yield Hit("There is no written notice of this scan.", "Send the notice before anything is captured.", "scan_at")
    if not (scan.description or "").strip():
        yield Hit("The notice names no purpose.", "Say what exactly the scan is for.", "description")
    if scan.retention_until is None:
        yield Hit("The notice names no term.", "Say until when the data is kept.", "retention_until")
    if scan.release is False:
        yield Hit("There is no written release.", "Ask for the signed release before the session.", "release")
