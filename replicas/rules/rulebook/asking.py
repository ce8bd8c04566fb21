"""What is asked: specific, limited, for a reason, and honest about scripts, synthetics and exceptions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from replicas.rules.descriptions import FOR_A_SCAN, LEAST_DESCRIPTION, TOO_SHORT, by_reason, catch_alls
from replicas.rules.faults import NO_REASON, USE_TEXTS
from replicas.rules.rulebook.facts import Facts, ScanFacts, UseFacts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Party, Stage, Theme
from replicas.rules.rulebook.words import blank, day_words
from replicas.rules.vocabulary import Agreement

CONTRACT_2026 = date(2026, 7, 1)
ASKED = (Stage.COMPOSING, Stage.ANSWERING)
USE_NEEDS = {
    "role": ("The role is missing.", "Say whether it is background, featured or principal."),
    "scenes": ("The scenes are missing.", "Name the scenes, or the part of the story."),
    "medium": ("The medium is missing.", "Choose one medium. Each medium is its own use."),
    "territory": ("The territory is missing.", "Choose where it will be seen."),
    "alterations": ("The alterations are missing.", "Say what would be changed, or “None”."),
}
SCAN_NEEDS = {
    "modalities": ("It does not say what is captured.", "Choose face, body, voice, motion, or several."),
    "equipment": ("It does not say with what equipment.", "Name the cameras and devices in the performer’s words."),
    "place": ("The place is missing.", "Say where the scan takes place."),
    "storage": ("It does not say where the data is kept.", "Name each place the data is stored."),
    "access": ("It does not say who gets access.", "Name the companies and the roles that will open the data."),
    "contact": ("There is nobody to ask.", "Name a person with an address or a number."),
}


def too_short(description: str | None) -> bool:
    """Whether a description is missing, or shorter than a sentence."""
    return len(" ".join((description or "").split())) < LEAST_DESCRIPTION


@rule(
    Rule(
        id="R01",
        version=1,
        name="Specific description",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.SCAN),
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "while the project has no photography dates"},
        bases=(Basis.CONTRACT, Basis.LAW, Basis.BILL, Basis.PORTAL),
        sources=("T1", "L1", "L7", "L12", "U1"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, kept in 2026",
        why="A yes counts only for what was described: a reasonably specific description of the intended use.",
    )
)
def specific_description(facts: Facts) -> Iterator[Hit]:
    """Every use and every scan is described: what, where, how long, what is changed, what is kept.

    Source: SAG-AFTRA 2023 MOA (T1, secondary), CA AB 2602 (L1, primary), NY GOL 5-302 (L7, primary), S.4591 (L12,
    primary, a bill), Equity's on-set questions (U1). What is not known is missing, except photography dates, which are
    asked for only once the project is known, as a warning.
    """
    for number, use in enumerate(facts.uses):
        yield from _use_described(use, number)
    if facts.scan is not None:
        yield from _scan_described(facts.scan)
    made = facts.production
    if facts.uses and made.project is not None and made.photography_from is None and made.photography_to is None:
        yield Hit(
            "The project has no photography dates yet, so the performer can’t see when it is made.",
            "Add them to the project when you know them.",
            "photography_from",
            effect=Effect.WARN,
        )


def _use_described(use: UseFacts, number: int) -> Iterator[Hit]:
    if too_short(use.description):
        missing = blank(use.description)
        yield Hit(
            "The description is missing." if missing else "The description is too short to be specific.",
            TOO_SHORT,
            "description",
            number,
        )
    for name, (what, mend) in USE_NEEDS.items():
        if blank(getattr(use, name)):
            yield Hit(what, mend, name, number)
    if use.ends_on is None:
        yield Hit("It does not say how long the use runs.", "Give the last day.", "ends_on", number)


def _scan_described(scan: ScanFacts) -> Iterator[Hit]:
    if too_short(scan.description) and too_short(scan.uses):
        missing = blank(scan.description) and blank(scan.uses)
        yield Hit(
            "The intended use is missing." if missing else "The intended use is too short to be specific.",
            TOO_SHORT,
            "description",
        )
    for name, (what, mend) in SCAN_NEEDS.items():
        value = getattr(scan, name)
        if not value or (isinstance(value, str) and blank(value)):
            yield Hit(what, mend, name)
    if scan.hours is None:
        yield Hit("It does not say how long the session takes.", "Give its length.", "hours")
    if scan.retention_until is None:
        yield Hit("It does not say how long the data is kept.", "Give the day it is destroyed.", "retention_until")
    if scan.training is None:
        yield Hit("It does not say whether AI is trained on it.", "Say yes or no.", "training")


@rule(
    Rule(
        id="R02",
        version=1,
        name="No catch-all phrases",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.SCAN),
        effect=Effect.BLOCK,
        bases=(Basis.PORTAL,),
        sources=("H4", "H8"),
        grade=Grade.SECONDARY,
        why="Likenesses were taken “in perpetuity” and “throughout the universe”. Here each yes has an end.",
    )
)
def no_catch_alls(facts: Facts) -> Iterator[Hit]:
    """Phrases that ask for everything, forever, are refused. Source: portal policy, after H4 and H8 (press)."""
    for number, use in enumerate(facts.uses):
        for name in USE_TEXTS:
            yield from _caught(getattr(use, name), name, number)
    yield from _caught(facts.business_reason, "business_reason")
    if facts.scan is not None:
        first_in: dict[str | None, str] = {}  # a text that stands in two fields is told once
        for name in ("business_reason", "description", "uses", "storage", "access"):
            first_in.setdefault(getattr(facts.scan, name), name)
        for text, name in first_in.items():
            for hit in _caught(text, name):
                yield replace(hit, mend=FOR_A_SCAN.get(hit.mend, hit.mend))


def _caught(text: str | None, name: str, number: int | None = None) -> Iterator[Hit]:
    for phrases, why in by_reason(catch_alls(text or "")):
        yield Hit(f"{phrases} can’t be agreed here.", why, name, number)


@rule(
    Rule(
        id="R06",
        version=1,
        name="A business reason",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(*ASKED, Stage.SCAN),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7", "T12"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.J",
        why="Nobody is scanned or replaced without a reason that can be said aloud.",
    )
)
def business_reason(facts: Facts) -> Iterator[Hit]:
    """Whoever asks says why the replica is needed. Source: SAG-AFTRA 2026 §39.J (T7, T12, secondary sources).

    For a scan, a reason that is not known is missing.
    """
    if facts.scan is not None and blank(facts.scan.business_reason):
        yield Hit("No reason is given for this scan.", "Say what the scan makes possible.", "business_reason")
    if facts.business_reason is not None and blank(facts.business_reason):
        yield Hit("No reason is given.", NO_REASON, "business_reason")


@rule(
    Rule(
        id="R07",
        version=1,
        name="Script first",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=ASKED,
        effect=Effect.WARN,
        bases=(Basis.CONTRACT,),
        sources=("T9",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.B",
        agreements=frozenset({Agreement.SAG_TV_THEATRICAL}),
        effective_from=CONTRACT_2026,
        why="A change is “as scripted” only if the script was there before the performance.",
    )
)
def script_first(facts: Facts) -> Iterator[Hit]:
    """An alteration justified “as scripted” names a script version dated before the performance.

    Source: SAG-AFTRA 2026 §39.B (T9, secondary source). A missing version or date is the fault itself; a script of the
    very day of the performance is not shown to be before it.
    """
    performed_on = facts.replica.captured_on
    for number, use in enumerate(facts.uses):
        if not use.as_scripted:
            continue
        if blank(use.script_version) or use.script_dated is None:
            yield Hit(
                "The change is said to be as scripted, but no dated script is named.",
                "Name the script version and its date.",
                "script_version",
                number,
            )
        elif performed_on is not None and use.script_dated >= performed_on:
            yield Hit(
                f"The script is dated {day_words(use.script_dated)}, not before the performance.",
                "Name the version they performed from, or ask for the change as a change.",
                "script_dated",
                number,
            )


@rule(
    Rule(
        id="R40",
        version=1,
        name="Exceptions are looked at by people",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING, Stage.LICENSE_USE),
        effect=Effect.WARN,
        bases=(Basis.CONTRACT, Basis.LAW),
        sources=("T16", "L4", "L12"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, exceptions",
        why="Parody, news and documentary have limits that no form can judge; explicit content is never covered.",
        by_hand="Looked at by hand: no form here takes a claim of an exception.",
    )
)
def exception_claimed(facts: Facts) -> Iterator[Hit]:
    """A claim that no consent is needed is never cleared here. Source: T16 (secondary), L4, S.4591 (L12)."""
    if not blank(facts.exception_claim):
        yield Hit(
            "It is said that no consent is needed here. This portal can’t confirm that.",
            "Ask the performer anyway, or have a lawyer put the reason in writing.",
            "exception_claim",
        )


@rule(
    Rule(
        id="R41",
        version=1,
        name="People before synthetics",
        theme=Theme.ASKING,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING,),
        effect=Effect.INFORM,
        bases=(Basis.CONTRACT,),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.K",
        agreements=frozenset({Agreement.SAG_TV_THEATRICAL}),
        effective_from=CONTRACT_2026,
        why="A synthetic in a human role needs significant additional value over a person or their replica.",
        by_hand="Asked once a synthetic is told to the portal. Requests here are for replicas of people.",
    )
)
def people_before_synthetics(facts: Facts) -> Iterator[Hit]:
    """A wholly synthetic human role needs a statement of its value, notice to the union, and bargaining.

    Source: SAG-AFTRA 2026 §39.K (T7, secondary source). A missing statement is the fault itself.
    """
    if facts.replica.synthetic and blank(facts.replica.value_statement):
        yield Hit(
            "A synthetic is planned in a human role, and nothing says why.",
            "Ask performers with replicas first; then write the value down and tell the union.",
            "value_statement",
        )
