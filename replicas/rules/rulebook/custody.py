"""Who holds it, who gets it, when it is destroyed, and what happens when something goes wrong."""

from collections.abc import Iterator
from datetime import date

from replicas.rules.custody import DESTROY_DAYS, INTERACTION_YEARS, UNION_DAYS
from replicas.rules.days import days_later, months_later, years_later
from replicas.rules.rulebook.facts import DestructionFacts, Facts, TransferFacts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.pay import under_union
from replicas.rules.rulebook.registry import Rule, listed, rule
from replicas.rules.rulebook.stages import Basis, Deliverable, Effect, Grade, Jurisdiction, Party, Stage, Theme
from replicas.rules.rulebook.words import day_words


@rule(
    Rule(
        id="R23",
        version=1,
        name="Custody on record",
        theme=Theme.CUSTODY,
        binds=(Party.CASTING, Party.HOLDER, Party.PORTAL),
        stages=(Stage.COMPOSING, Stage.ANSWERING, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        effects={Stage.COMPOSING: Effect.WARN, Stage.ANSWERING: Effect.WARN},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.H",
        why="A performer can find out who holds them, where, in how many copies, and who opened it.",
    )
)
def custody_on_record(facts: Facts) -> Iterator[Hit]:
    """Holder, place and copies are on record, and nobody opens it without need. Source: 2026 §39.H (T7, secondary)."""
    replica = facts.replica
    if replica.holder_registered is False:
        yield Hit("Nobody is on record as holding this replica.", "Enter who holds it.", "holder_registered")
    if replica.place_registered is False:
        yield Hit("It is not on record where it is kept.", "Enter the place.", "place_registered")
    if replica.copies_registered is False:
        yield Hit("There are copies nobody has entered.", "Enter each copy.", "copies_registered")
    if replica.access_needed is False:
        yield Hit("It was opened by somebody with no need to.", "Say why, or close the access.", "access_needed")


@rule(
    Rule(
        id="R24",
        version=1,
        name="Passing a replica on",
        theme=Theme.CUSTODY,
        binds=(Party.CASTING, Party.HOLDER),
        stages=(Stage.LICENSE_USE,),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.I: the union answers within 21 days",
        why="The performer is asked first, and the new holder takes on everything the old one promised.",
        by_hand="Seen to under Custody, where a transfer is asked for; it is not completed without these.",
    )
)
def passing_on(facts: Facts) -> Iterator[Hit]:
    """The performer’s yes, a written assumption and, under a union agreement, the union’s approval.

    Source: SAG-AFTRA 2026 §39.I (T7, secondary source). What is not known is missing. The union has 21 days; silence
    after them is not an approval here.
    """
    transfer = facts.transfer
    if transfer is None:
        return
    if not transfer.performer_agreed:
        yield Hit("The performer has not agreed to the new holder.", "Ask them first.", "performer_agreed")
    if not transfer.assumption_signed:
        yield Hit(
            "The new holder has not taken on the obligations in writing.",
            "Attach the signed assumption.",
            "assumption_signed",
        )
    if under_union(facts) and not transfer.union_approved:
        yield _union_missing(transfer, facts)


def _union_missing(transfer: TransferFacts, facts: Facts) -> Hit:
    asked_on = transfer.union_asked_on
    if transfer.union_approved is False:
        return Hit("The union has not approved the new holder.", "The replica stays where it is.", "union_approved")
    if asked_on is None:
        return Hit(
            "The union has not been asked.",
            f"Ask it in writing; it answers within {UNION_DAYS} days.",
            "union_asked_on",
        )
    if facts.day is not None and (facts.day - asked_on).days > UNION_DAYS:
        return Hit(
            f"The union has not answered within its {UNION_DAYS} days.",
            "Ask again. Silence is not a yes.",
            "union_approved",
        )
    return Hit(
        f"The union was asked on {day_words(asked_on)} and has {UNION_DAYS} days to answer.",
        "Wait for its answer.",
        "union_approved",
    )


@rule(
    Rule(
        id="R26",
        version=1,
        name="Destruction in time",
        theme=Theme.CUSTODY,
        binds=(Party.HOLDER,),
        stages=(Stage.COMPOSING, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        otherwise={Effect.INFORM: "in the 30 days before it is due"},
        bases=(Basis.LAW, Basis.PORTAL),
        sources=("L6", "H8"),
        grade=Grade.SECONDARY,
        why="What is no longer needed is deleted, and somebody says so in writing.",
    )
)
def destruction(facts: Facts) -> Iterator[Hit]:
    """Destroyed when the retention has passed, within 30 days of the purpose met or the license’s end, or three years
    after the last contact, whichever comes first.

    Source: BIPA, 740 ILCS 14/15(a) (L6, primary text); the 30 days, and that it holds everywhere, are the portal’s.
    Informs in the 30 days before and on the day itself, blocks from the day after until the deletion is attested.
    """
    clock = facts.destruction
    due = _due(clock) if clock and not clock.attested else None
    if due is None or facts.day is None:
        return
    if facts.day > due:
        yield Hit(
            f"It had to be destroyed by {day_words(due)}, and nobody has attested it.",
            "Destroy it, and attest that.",
            "retention_until",
        )
    elif (due - facts.day).days <= DESTROY_DAYS:
        yield Hit(
            f"It has to be destroyed by {day_words(due)}.",
            "Plan it, and attest it on that day at the latest.",
            "retention_until",
            effect=Effect.INFORM,
        )


def _due(clock: DestructionFacts) -> date | None:
    """The first of the days that ask for it."""
    last = clock.last_interaction_on
    met, ended = clock.purpose_met_on, clock.license_ended_on
    days = (
        clock.retention_until,
        days_later(met, DESTROY_DAYS) if met else None,
        days_later(ended, DESTROY_DAYS) if ended else None,
        years_later(last, INTERACTION_YEARS) if last else None,
    )
    return min((day for day in days if day), default=None)


@rule(
    Rule(
        id="R27",
        version=1,
        name="No sale of biometrics",
        theme=Theme.CUSTODY,
        binds=(Party.CASTING, Party.HOLDER, Party.PORTAL),
        stages=(Stage.COMPOSING, Stage.ANSWERING, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        bases=(Basis.LAW,),
        sources=("L6",),
        grade=Grade.PRIMARY,
        jurisdictions=frozenset({Jurisdiction.ILLINOIS}),
        why="Illinois forbids selling, leasing or trading face geometry and voiceprints, whoever consents.",
    )
)
def no_sale(facts: Facts) -> Iterator[Hit]:
    """Raw geometry or a voiceprint is not delivered for a fee. Source: BIPA, 740 ILCS 14/15(c) (L6, primary text)."""
    for number, use in enumerate(facts.uses):
        if use.delivers in (Deliverable.GEOMETRY, Deliverable.VOICEPRINT) and (use.fee or 0) > 0:
            yield Hit(
                "Raw scan data would be delivered for a fee.",
                "License the finished pictures or sound instead, and have a lawyer look at it.",
                "delivers",
                number,
            )


@rule(
    Rule(
        id="R28",
        version=1,
        name="Withdrawn is withdrawn",
        theme=Theme.AFTER,
        binds=(Party.CASTING, Party.HOLDER),
        stages=(Stage.LICENSE_USE,),
        effect=Effect.BLOCK,
        bases=(Basis.LAW, Basis.BILL, Basis.PORTAL),
        sources=("G3", "L12", "T27"),
        grade=Grade.SECONDARY,
        why="A yes can be taken back as easily as it was given. What was made lawfully before stays listed.",
    )
)
def withdrawn(facts: Facts) -> Iterator[Hit]:
    """No new use from the moment of the withdrawal. Source: GDPR Art. 7(3) (G3), S.4591 (L12, a bill), T27."""
    taken_back = facts.license.withdrawn_at if facts.license else None
    if taken_back is not None and (facts.at is None or facts.at >= taken_back):
        yield Hit("The performer has withdrawn this license.", "Stop new use now, and tell whoever holds a copy.")


@rule(
    Rule(
        id="R29",
        version=1,
        name="A month to answer",
        theme=Theme.AFTER,
        binds=(Party.HOLDER,),
        stages=(Stage.LICENSE_USE,),
        effect=Effect.INFORM,
        otherwise={Effect.WARN: "once the month is over"},
        bases=(Basis.LAW, Basis.PORTAL),
        sources=("U4",),
        grade=Grade.SECONDARY,
        why="Whoever holds data about a person tells them so within one month of being asked.",
    )
)
def access_request(facts: Facts) -> Iterator[Hit]:
    """An access request is answered within a month, that day included. Source: GDPR Art. 15; U4 (secondary)."""
    sent_on = facts.access_request_sent_on
    if sent_on is None or facts.access_request_answered:
        return
    due = months_later(sent_on, 1)
    late = facts.day is not None and facts.day > due
    yield Hit(
        f"The performer asked what is held about them; the answer {'was' if late else 'is'} due {day_words(due)}.",
        "Answer now." if late else "Answer by then.",
        "access_request_sent_on",
        effect=Effect.WARN if late else None,
    )


listed(
    Rule(
        id="R32",
        version=1,
        name="Taking an unauthorized use down",
        theme=Theme.AFTER,
        binds=(Party.PERFORMER, Party.AGENCY),
        stages=(),
        effect=Effect.INFORM,
        bases=(Basis.LAW, Basis.BILL),
        sources=("L5", "L12"),
        grade=Grade.SECONDARY,
        why="In California a court’s order is followed within 2 business days; the bill adds counter-notices.",
        by_hand="Each case is judged by hand: what was used, where, and whether an exception may cover it.",
    )
)


@rule(
    Rule(
        id="R38",
        version=1,
        name="Reports of use",
        theme=Theme.AFTER,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        effects={Stage.LICENSE_USE: Effect.INFORM},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA Interactive Media 2025, usage reports",
        why="A performer hears what was made of them before they are asked for more.",
        by_hand="Asked once a report’s due day is on record. No license here sets one yet.",
    )
)
def usage_report(facts: Facts) -> Iterator[Hit]:
    """A report that is late stops new requests of that licensee. Source: Interactive Media 2025 (T7, secondary source).

    The day it is due still counts as in time. A report that is not known to be in is missing.
    """
    due = facts.usage_report_due
    if due is not None and facts.day is not None and facts.day > due and not facts.usage_report_received:
        yield Hit(f"A report of use was due {day_words(due)}.", "Send it first.", "usage_report_due")
