"""Time: how long before, how long at most, until what age, and after a death."""

from collections.abc import Iterator
from datetime import date

from replicas.rules.days import is_minor, of_age_on, years_later
from replicas.rules.faults import MOST_YEARS, TOO_LONG
from replicas.rules.rulebook.asking import ASKED
from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Jurisdiction, Party, Stage, Theme
from replicas.rules.rulebook.words import blank, day_words
from replicas.rules.scanning import NOTICE

MINOR_YEARS = 5
CALIFORNIA_YEARS, NEW_YORK_YEARS = 70, 40


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
        why="A performer needs time to read, ask and say no, away from the set.",
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
    if scan.engaged_at is not None and scan.notice_at <= scan.engaged_at:
        return  # engaged later than 48 hours before, then, and told by that moment
    yield Hit(
        "The scan is less than 48 hours after the notice.",
        "Move the scan. Whoever is engaged later than 48 hours before it is told when they are engaged.",
        "scan_at",
    )


@rule(
    Rule(
        id="R15",
        version=1,
        name="A young performer’s license",
        theme=Theme.TIME,
        binds=(Party.GUARDIAN, Party.CASTING),
        stages=ASKED,
        effect=Effect.BLOCK,
        bases=(Basis.BILL, Basis.PORTAL),
        sources=("L12",),
        grade=Grade.PRIMARY,
        why="A child’s likeness is lent for five years at most, ends with childhood, and a grown-up answers for it.",
    )
)
def minor_license(facts: Facts) -> Iterator[Hit]:
    """At most five years, over before the eighteenth birthday, with a guardian and a court’s approval.

    Source: S.4591 (L12, primary text of a bill). The last day of a use is at the latest the day before the birthday.
    Guardian and court fire when they are known to be missing. No sentence names the birthday: it is private.
    """
    born_on, person = facts.person.born_on, facts.person
    if born_on is None or not is_minor(born_on, facts.day):
        return
    of_age = of_age_on(born_on)
    for number, use in enumerate(facts.uses):
        if use.starts_on and use.ends_on and use.ends_on > years_later(use.starts_on, MINOR_YEARS):
            yield Hit(
                f"The use runs for more than {MINOR_YEARS} years.",
                f"A performer under 18 can agree to {MINOR_YEARS} years at most.",
                "ends_on",
                number,
            )
        if use.ends_on and use.ends_on >= of_age:
            yield Hit(
                "The use goes on after the performer has come of age.",
                "Choose an earlier last day; from their 18th birthday on they answer for themself.",
                "ends_on",
                number,
            )
    if person.guardian is False:
        yield Hit("No guardian is named.", "A guardian has to be confirmed first.", "guardian")
    if person.court_ref is not None and blank(person.court_ref):
        yield Hit("No court’s approval is named.", "Give the reference of the approval.", "court_ref")


@rule(
    Rule(
        id="R16",
        version=1,
        name="Ten years at most",
        theme=Theme.TIME,
        binds=(Party.CASTING,),
        stages=ASKED,
        effect=Effect.BLOCK,
        bases=(Basis.BILL, Basis.PORTAL),
        sources=("L12",),
        grade=Grade.PRIMARY,
        why="A yes to a replica should be given again while the person is still who they were.",
    )
)
def ten_years(facts: Facts) -> Iterator[Hit]:
    """An adult’s license runs for ten years at most (S.4591, L12, a bill). For a minor R15 is stricter."""
    if is_minor(facts.person.born_on, facts.day):
        return
    for number, use in enumerate(facts.uses):
        if use.starts_on and use.ends_on and use.ends_on > years_later(use.starts_on, MOST_YEARS):
            yield Hit(f"The use runs for more than {MOST_YEARS} years.", TOO_LONG, "ends_on", number)


@rule(
    Rule(
        id="R17",
        version=1,
        name="After a death",
        theme=Theme.TIME,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "once the right may have ended, or without a registered claim in New York"},
        bases=(Basis.LAW, Basis.CONTRACT, Basis.PORTAL),
        sources=("L4", "L8", "T6"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023: representative, else the union",
        why="After a death those answer who hold the right: the estate, or where a contract says so the union.",
    )
)
def after_a_death(facts: Facts) -> Iterator[Hit]:
    """Nobody uses a deceased performer’s replica without whoever holds the right.

    Source: CA Civ. Code 3344.1, 70 years (L4, primary text); NY Civ. Rights 50-f, 40 years and a registered claim (L8);
    SAG-AFTRA 2023 (T6, secondary source). An estate that is not known is missing. Through the last day of the longest
    period that applies it blocks; from the next day on it warns. Where no place is known, the longer period counts.
    """
    person = facts.person
    if person.died_on is None:
        return
    in_new_york = Jurisdiction.NEW_YORK in facts.jurisdictions
    if person.estate or person.union_speaks:
        if in_new_york and blank(person.claim_ref):
            yield Hit(
                "No registered claim of the successors is on record.",
                "In New York successors register their claim with the Secretary of State; ask for its number.",
                "claim_ref",
                effect=Effect.WARN,
            )
        return
    only_new_york = in_new_york and Jurisdiction.CALIFORNIA not in facts.jurisdictions
    last_day = years_later(person.died_on, NEW_YORK_YEARS if only_new_york else CALIFORNIA_YEARS)
    if _over(last_day, facts.day):
        yield Hit(
            f"The right may have ended on {day_words(last_day)}.",
            "Have a lawyer confirm it in writing before anything is used.",
            "died_on",
            effect=Effect.WARN,
        )
    else:
        yield Hit(
            "The performer has died, and nobody is on record who may answer.",
            "Ask the estate to confirm its mandate here, or the union where the contract says so.",
            "died_on",
        )


def _over(last_day: date, day: date | None) -> bool:
    return day is not None and day > last_day
