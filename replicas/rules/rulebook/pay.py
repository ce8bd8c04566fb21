"""Pay: floors, upgrades, contributions, head counts and what an agency may take. Figures come with the facts."""

from collections.abc import Iterator
from decimal import Decimal

from replicas.rules.rulebook.asking import ASKED
from replicas.rules.rulebook.facts import BACKGROUND, DAY_PERFORMER, Facts, ScanFacts, UseFacts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Jurisdiction, Party, Stage, Theme
from replicas.rules.rulebook.words import blank, money
from replicas.rules.vocabulary import Agreement, ReplicaKind, UseRole

NOTHING = Decimal(0)
SHORT_SESSION = Decimal(4)  # hours; half a day’s pay if scheduled to suit the performer
MOST_COMMISSION = Decimal(10)  # per cent


def under_union(facts: Facts) -> bool:
    """Whether a union agreement is known to apply."""
    return bool(facts.agreement) and facts.agreement != Agreement.NONE


def upgraded(facts: Facts, use: UseFacts) -> bool:
    """Whether a background actor’s replica does a principal’s work (rule R31)."""
    works = use.role == UseRole.PRINCIPAL or bool(use.has_lines) or bool(use.close_up)
    return facts.replica.kind == ReplicaKind.BADR and works


def same_picture(facts: Facts, use: UseFacts) -> bool:
    """Whether the replica was made for the very title it is asked for."""
    return bool(use.project) and use.project == facts.replica.captured_for


def floor_rate(facts: Facts, use: UseFacts) -> str | None:
    """Which rate is the floor of one replica day: a key of ``Facts.rates``, "" for nothing more, None if not known.

    A background actor’s replica as background costs the background rate, and nothing more in the picture it was made
    for (unverified); in a principal’s role, and for every other kind of replica, the day performer’s minimum. Source:
    SAG-AFTRA 2023 (T6) and 2026 §39.C (T7), secondary sources.
    """
    kind = facts.replica.kind
    is_background = kind == ReplicaKind.BADR or (not kind and use.role in (UseRole.BACKGROUND, UseRole.FEATURED))
    if is_background and not upgraded(facts, use):
        return "" if same_picture(facts, use) else BACKGROUND
    return DAY_PERFORMER if kind or use.role else None


def day_floor(facts: Facts, use: UseFacts) -> Decimal | None:
    """The least for one replica day of ``use``, in the facts’ currency; None where it is not known."""
    if not facts.currency or facts.currency != facts.rates_currency:
        return None
    rate = floor_rate(facts, use)
    return NOTHING if rate == "" else facts.rates.get(rate or "")


def use_floor(facts: Facts, use: UseFacts) -> Decimal | None:
    """The least for the whole of ``use``: its replica days times the floor of one. None where either is not known."""
    floor = day_floor(facts, use)
    return None if floor is None or use.replica_days is None else floor * use.replica_days


def session_floor(facts: Facts, scan: ScanFacts) -> Decimal | None:
    """The least for a scan on a day of its own; half for a principal’s session of up to 4 hours at their own wish.

    Source: SAG-AFTRA 2023 (T6), rates (C4), secondary sources; the background actor’s day is unverified. Nothing on a
    work day, which is paid as work. None where the day, the role or the rate is not known.
    """
    if scan.own_day is False:
        return NOTHING
    if scan.own_day is None or not scan.role or facts.currency != facts.rates_currency:
        return None
    if scan.role != UseRole.PRINCIPAL:
        return facts.rates.get(BACKGROUND)
    day = facts.rates.get(DAY_PERFORMER)
    short = scan.by_request and scan.hours is not None and scan.hours <= SHORT_SESSION
    return day / 2 if day is not None and short else day


@rule(
    Rule(
        id="R30",
        version=1,
        name="Pay floor",
        theme=Theme.PAY,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.SCAN),
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "without a union agreement, or where no floor is known"},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T6", "T7", "C4"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023; 2026 §39.C",
        why="Under a union agreement less than the minimum can’t be agreed. Without one, it is what such work costs.",
    )
)
def pay_floor(facts: Facts) -> Iterator[Hit]:
    """The offer is not below the floor for kind, role, contract and date; below it blocks under a union agreement and
    warns otherwise. Nothing at all warns where no floor is known.

    Source: SAG-AFTRA 2023 and 2026 §39.C (T6, T7), rates (C4); secondary sources. R31 sees to upgraded background.
    """
    effect = None if under_union(facts) else Effect.WARN
    for number, use in enumerate(facts.uses):
        floor = use_floor(facts, use)
        if floor is not None and use.fee is not None and use.fee < floor and not upgraded(facts, use):
            yield _below(facts, use, floor, number, effect)
    if _offers_nothing(facts):
        yield Hit("No fee is offered at all.", "Offer one, or say in the reason why not.", "fee", effect=Effect.WARN)
    if facts.scan is not None and facts.scan.pay is not None:
        least = session_floor(facts, facts.scan)
        if least is not None and facts.scan.pay < least:
            yield Hit(
                f"{money(facts.scan.pay, facts.currency)} for the session is below the minimum of "
                f"{money(least, facts.currency)}.",
                f"Pay at least {money(least, facts.currency)}, or scan on a day they work anyway.",
                "pay",
                effect=effect,
            )


def _below(facts: Facts, use: UseFacts, floor: Decimal, number: int, effect: Effect | None) -> Hit:
    days = use.replica_days or 0
    each = money(floor / days if days else floor, facts.currency)
    return Hit(
        f"{money(use.fee or NOTHING, facts.currency)} is below the minimum of {money(floor, facts.currency)}: "
        f"{days} {'day' if days == 1 else 'days'} at {each}.",
        f"Offer at least {money(floor, facts.currency)}.",
        "fee",
        number,
        effect=effect,
    )


def _offers_nothing(facts: Facts) -> bool:
    """Whether every fee is known to be nothing, and no floor says so already or allows it."""
    fees = [use.fee for use in facts.uses]
    return bool(fees) and all(fee == 0 for fee in fees) and any(use_floor(facts, use) is None for use in facts.uses)


@rule(
    Rule(
        id="R31",
        version=1,
        name="Background in a principal’s role",
        theme=Theme.PAY,
        binds=(Party.CASTING,),
        stages=ASKED,
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "without a union agreement, or where the price is not known"},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T1", "T6"),
        grade=Grade.UNVERIFIED,
        contract="SAG-AFTRA TV/Theatrical 2023, background replicas",
        why="Whoever carries a scene is paid as a day performer, however their replica was made.",
    )
)
def principal_upgrade(facts: Facts) -> Iterator[Hit]:
    """A background actor’s replica with lines, a recognizable close-up or a principal’s role is a day performer’s.

    Source: contract, unverified [M]. Blocks below that price under a union agreement, warns otherwise, and warns where
    the price is not known.
    """
    for number, use in enumerate(facts.uses):
        if not upgraded(facts, use):
            continue
        floor = use_floor(facts, use)
        if floor is None or use.fee is None:
            yield Hit(
                "A background actor’s replica in a principal role is priced as a day performer.",
                "Check the fee.",
                "fee",
                number,
                effect=Effect.WARN,
            )
        elif use.fee < floor:
            yield Hit(
                "A background actor’s replica in a principal role is priced as a day performer.",
                f"Offer at least {money(floor, facts.currency)}, or ask for background.",
                "fee",
                number,
                effect=None if under_union(facts) else Effect.WARN,
            )


@rule(
    Rule(
        id="R33",
        version=1,
        name="Enough people in the crowd",
        theme=Theme.PAY,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING,),
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "for a producer who is no signatory"},
        bases=(Basis.CONTRACT,),
        sources=("T20",),
        grade=Grade.UNVERIFIED,
        contract="SAG-AFTRA TV/Theatrical 2023, background counts",
        why="Replicas fill a crowd up. They don’t stand in for the people who have to be hired.",
        by_hand="Asked once a crowd’s live counts are entered. A request here is for one performer.",
    )
)
def background_counts(facts: Facts) -> Iterator[Hit]:
    """As many covered background actors as the zone and type ask for. Source: contract, unverified [M]; T20.

    Blocks for a signatory, warns otherwise.
    """
    live, required = facts.production.live_background, facts.production.required_background
    if live is not None and required is not None and live < required:
        yield Hit(
            f"{live} background actors are planned where {required} have to be hired.",
            f"Hire {required - live} more; replicas come on top.",
            "live_background",
            effect=None if facts.production.signatory else Effect.WARN,
        )


@rule(
    Rule(
        id="R34",
        version=1,
        name="Contributions, and the day of the scan",
        theme=Theme.PAY,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.SCAN),
        effect=Effect.WARN,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("C1", "T6"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, contributions; scan day",
        why="Pension and health are part of the pay, and a scan on a day of its own is a day of work.",
    )
)
def contributions(facts: Facts) -> Iterator[Hit]:
    """Pay comes with its contributions, and a scan on a day of its own is paid.

    Source: contribution rates (C1, primary), scan day (T6, secondary source). Pay for the scan that is not known is
    missing; where a floor is known and the pay lies below it, R30 says so instead.
    """
    scan = facts.scan
    paid = any(use.fee for use in facts.uses) or bool(scan and scan.pay)
    if facts.contributions_offered is False and paid:
        share = f" of {facts.contribution.normalize():f}%" if facts.contribution else ""
        yield Hit(
            f"The offer does not carry the contributions{share}.",
            "Add them on top of the fee.",
            "contributions_offered",
        )
    if scan is not None and scan.own_day and not scan.pay and (scan.pay is None or not session_floor(facts, scan)):
        yield Hit("The scan takes a day of its own and is not paid.", "Pay it as a day of work.", "pay")


@rule(
    Rule(
        id="R35",
        version=1,
        name="What an agency may take",
        theme=Theme.PAY,
        binds=(Party.AGENCY,),
        stages=(Stage.ANSWERING,),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("C2",),
        grade=Grade.PRIMARY,
        contract="SAG-AFTRA agency regulations",
        why="An agent takes ten per cent on top of the minimum, from one side, and nothing else.",
        by_hand="Commissions are looked at by hand: none passes through this portal.",
    )
)
def commission(facts: Facts) -> Iterator[Hit]:
    """At most ten per cent, not out of the minimum, not from both sides. Source: C2 (primary)."""
    if facts.commission is not None and facts.commission > MOST_COMMISSION:
        yield Hit(
            f"The commission is {facts.commission.normalize():f}%.", f"It is {MOST_COMMISSION}% at most.", "commission"
        )
    if facts.commission_from_scale:
        yield Hit(
            "The commission is taken out of the minimum.", "It comes on top: scale plus ten.", "commission_from_scale"
        )
    if facts.commission_from_both:
        yield Hit("The commission is taken from both sides.", "It comes from one side only.", "commission_from_both")


@rule(
    Rule(
        id="R36",
        version=1,
        name="An agency’s license and trust account",
        theme=Theme.PAY,
        binds=(Party.AGENCY,),
        stages=(Stage.ANSWERING,),
        effect=Effect.WARN,
        bases=(Basis.LAW,),
        sources=("C3",),
        grade=Grade.PRIMARY,
        jurisdictions=frozenset({Jurisdiction.CALIFORNIA}),
        why="In California whoever finds work for performers has a license, and pays them out within 30 days.",
        by_hand="The trust account is looked at by hand: no money passes through this portal.",
    )
)
def agency_license(facts: Facts) -> Iterator[Hit]:
    """An agency in California names its license. Source: CA Labor Code 1700 ff. (C3, primary)."""
    if facts.agency_license is not None and blank(facts.agency_license):
        yield Hit("The agency names no license number.", "Add the number to the agency’s page.", "agency_license")
