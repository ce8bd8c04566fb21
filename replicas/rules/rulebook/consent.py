"""Who says yes, and how: apart, by their own act, with time, by nobody else, and not worn down."""

from collections.abc import Iterator
from datetime import date

from replicas.rules.answering import ALREADY, ONLY_THE_ACTOR, RequestState
from replicas.rules.descriptions import catch_alls
from replicas.rules.reasking import INSTEAD, UNAVAILABLE
from replicas.rules.rulebook.asking import ASKED, too_short
from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, listed, rule
from replicas.rules.rulebook.stages import (
    Basis,
    Effect,
    Grade,
    Jurisdiction,
    Party,
    Represented,
    Signer,
    Stage,
    Theme,
)
from replicas.rules.rulebook.words import blank


@rule(
    Rule(
        id="R03",
        version=1,
        name="The three-part test",
        theme=Theme.CONSENT,
        binds=(Party.CASTING, Party.PERFORMER, Party.AGENCY),
        stages=ASKED,
        effect=Effect.BLOCK,
        bases=(Basis.LAW,),
        sources=("L1", "L7", "L11"),
        grade=Grade.SECONDARY,
        jurisdictions=frozenset({Jurisdiction.CALIFORNIA, Jurisdiction.NEW_YORK, Jurisdiction.ILLINOIS}),
        effective_from=date(2025, 1, 1),
        why="In California, New York and Illinois such terms can’t be enforced: they replace work, vaguely, unadvised.",
    )
)
def three_part_test(facts: Facts) -> Iterator[Hit]:
    """Void if all three hold: it replaces work in person, the description is weak, nobody stood beside the performer.

    Source: CA Labor Code 927 (L1), NY GOL 5-302 (L7), both primary texts; IL HB 4762 (L11, secondary source). Fires
    only where all three are known.
    """
    if facts.person.represented != Represented.NONE:
        return
    for number, use in enumerate(facts.uses):
        if use.work_replaced and (too_short(use.description) or catch_alls(use.description or "")):
            yield Hit(
                "It replaces work in person, is not described specifically, and nobody advised the performer.",
                "Describe the use exactly, or have a lawyer or the union stand beside the performer.",
                "description",
                number,
            )


@rule(
    Rule(
        id="R04",
        version=1,
        name="A signature of its own",
        theme=Theme.CONSENT,
        binds=(Party.PERFORMER,),
        stages=(Stage.ANSWERING, Stage.SCAN, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.LAW),
        sources=("T1", "L7"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, kept in 2026",
        why="Consent stands clear and apart, not in a voucher or standard terms, and is signed by itself.",
    )
)
def signature_of_its_own(facts: Facts) -> Iterator[Hit]:
    """The consent is a text of its own, signed by itself. Source: T1 (secondary), NY GOL 5-302 (L7, primary)."""
    if facts.signed_apart is False:
        yield Hit(
            "The consent is part of another paper.",
            "Ask for it on its own page, with its own signature.",
            "signed_apart",
        )
    if facts.signed_by_own_act is False:
        yield Hit(
            "There is no signature for this consent alone.",
            "Ask the performer to sign it by itself.",
            "signed_by_own_act",
        )


@rule(
    Rule(
        id="R18",
        version=1,
        name="After death, by choice",
        theme=Theme.CONSENT,
        binds=(Party.PERFORMER,),
        stages=(Stage.ANSWERING,),
        effect=Effect.BLOCK,
        bases=(Basis.PORTAL,),
        sources=("T17",),
        grade=Grade.SECONDARY,
        why="Under some contracts a consent outlives the person unless it was limited. Here they are asked.",
    )
)
def after_death(facts: Facts) -> Iterator[Hit]:
    """A consent says what happens after death. Source: portal policy; the contracts’ default is in T17 (secondary)."""
    if facts.person.after_death is not None and blank(facts.person.after_death):
        yield Hit(
            "Nothing says what happens with this consent after death.",
            "Choose: it ends, it goes on, or the estate decides. “It ends” is chosen for you until you change it.",
            "after_death",
        )


@rule(
    Rule(
        id="R19",
        version=1,
        name="Silence is no",
        theme=Theme.TIME,
        binds=(Party.CASTING, Party.PERFORMER, Party.AGENCY, Party.PORTAL),
        stages=(Stage.ANSWERING,),
        effect=Effect.BLOCK,
        bases=(Basis.PORTAL,),
        sources=("H14",),
        grade=Grade.SECONDARY,
        why="Nothing and nobody approves for a person. A deadline that passes is a no.",
    )
)
def silence_is_no(facts: Facts) -> Iterator[Hit]:
    """At the deadline itself it is too late. Source: portal policy, after H14 (press)."""
    if facts.at is not None and facts.answer_by is not None and facts.at >= facts.answer_by:
        yield Hit(ALREADY[RequestState.LAPSED], "If it is still wanted, a new request can be sent.", "answer_by")


listed(
    Rule(
        id="R20",
        version=1,
        name="A refusal is private",
        theme=Theme.CONSENT,
        binds=(Party.PORTAL,),
        stages=(),
        effect=Effect.BLOCK,
        bases=(Basis.PORTAL,),
        sources=("T5", "H1", "H6"),
        grade=Grade.SECONDARY,
        why="People were told they would lose the job if they refused. A no costs nothing here.",
        by_hand="Built into every page, search, count and export: a refusal and a silence both read “not available”.",
    )
)


@rule(
    Rule(
        id="R21",
        version=1,
        name="A no is not worn down",
        theme=Theme.CONSENT,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING,),
        effect=Effect.BLOCK,
        bases=(Basis.PORTAL,),
        sources=("H6",),
        grade=Grade.SECONDARY,
        why="The same use is not asked again within 30 days unless the terms changed.",
    )
)
def not_asked_again(facts: Facts) -> Iterator[Hit]:
    """The same use on the same terms rests for 30 days after a no (``rules/reasking.py``). Source: portal, H6."""
    if facts.refused_before:
        yield Hit(UNAVAILABLE, INSTEAD)


@rule(
    Rule(
        id="R22",
        version=1,
        name="Only the performer says yes",
        theme=Theme.CONSENT,
        binds=(Party.AGENCY,),
        stages=(Stage.ANSWERING,),
        effect=Effect.BLOCK,
        bases=(Basis.BILL, Basis.PORTAL),
        sources=("L12",),
        grade=Grade.PRIMARY,
        why="An agency sees first, advises, negotiates and may say no. It never says yes, whatever its mandate.",
    )
)
def only_the_performer(facts: Facts) -> Iterator[Hit]:
    """An agency can’t approve. Stricter than what a mandate may allow elsewhere (S.4591, L12, a bill)."""
    if facts.signer == Signer.AGENCY:
        yield Hit(ONLY_THE_ACTOR, "Advise them; they are told at once.", "signer")


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
    if blank(scan.description) and blank(scan.uses):
        yield Hit("The notice names no purpose.", "Say what exactly the scan is for.", "description")
    if scan.retention_until is None:
        yield Hit("The notice names no term.", "Say until when the data is kept.", "retention_until")
    if scan.release is False:
        yield Hit("There is no written release.", "Ask for the signed release before the session.", "release")


listed(
    Rule(
        id="R42",
        version=1,
        name="A copy for the performer",
        theme=Theme.CONSENT,
        binds=(Party.PORTAL,),
        stages=(),
        effect=Effect.INFORM,
        bases=(Basis.LAW, Basis.PORTAL),
        sources=("K1",),
        grade=Grade.PRIMARY,
        why="Whoever says yes has the same paper as whoever asked, at once.",
        by_hand="Done by the portal whenever something is signed, changed, withdrawn or ends.",
    )
)
