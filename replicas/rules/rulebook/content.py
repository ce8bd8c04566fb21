"""What may never be assumed: training, other languages, intimate content, and that people know it is a replica."""

from collections.abc import Iterator
from datetime import date

from accounts.rules.people import Language
from replicas.rules.days import is_minor
from replicas.rules.rulebook.asking import ASKED, CONTRACT_2026
from replicas.rules.rulebook.facts import Facts, UseFacts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Jurisdiction, Party, Stage, Theme
from replicas.rules.rulebook.words import blank, label, listed
from replicas.rules.vocabulary import Agreement, AIUse, Medium, Sensitive, Territory

ALWAYS = (*ASKED, Stage.LICENSE_USE)
TRAINING = (AIUse.GENERATIVE_TRAINING, AIUse.TRAINING)
BEYOND_INFERENCE = (*TRAINING, AIUse.DATA_MINING)
INTIMATE = frozenset({Sensitive.NUDITY, Sensitive.SEX})
DUBBING_FROM = date(2027, 7, 1)
EU_FROM = date(2026, 8, 2)
NEW_YORK_FROM = date(2026, 6, 9)
REACHES_EU = frozenset({Territory.EU, Territory.WORLD, Territory.UK_IE})  # Ireland is in the EU


def _licensed(facts: Facts, name: str) -> set[str] | None:
    """What the license’s uses allow in ``name``, all together; None without a license."""
    if facts.license is None:
        return None
    return {value for use in facts.license.uses for value in getattr(use, name) or ()}


@rule(
    Rule(
        id="R11",
        version=1,
        name="Training is off",
        theme=Theme.CONTENT,
        binds=(Party.CASTING,),
        stages=ALWAYS,
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "while it is not known what the performer opted in to"},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7", "T26", "K2"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026; Commercials 2025",
        why="A yes to a use is not a yes to training AI on it. Each permission is given by itself.",
    )
)
def training_is_off(facts: Facts) -> Iterator[Hit]:
    """Anything beyond input to an AI system needs a yes of its own. Source: T7 (secondary), T26, K2 (primary).

    Warns while the performer’s opt-in is not known; at a license’s use its own permissions are what counts.
    """
    licensed = _licensed(facts, "ai")
    agreed = facts.person.ai_agreed if licensed is None else licensed
    for number, use in enumerate(facts.uses):
        asked = [word for word in BEYOND_INFERENCE if word in (use.ai or ())]
        missing = [word for word in asked if word not in (agreed or ())]
        if not missing:
            continue
        words = listed(f"“{word.label}”" for word in missing)
        if agreed is None:
            yield Hit(
                f"It asks for {words}. Most performers say no to that.",
                "Ask for it only where it is needed; they can say no to each use.",
                "ai",
                number,
                effect=Effect.WARN,
            )
        else:
            yield Hit(
                f"{words}: the performer has not agreed to that.",
                "Take it out, or ask them for it separately.",
                "ai",
                number,
            )


@rule(
    Rule(
        id="R12",
        version=1,
        name="Training by others",
        theme=Theme.CONTENT,
        binds=(Party.CASTING,),
        stages=ALWAYS,
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT,),
        sources=("T7", "T13"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.L",
        agreements=frozenset({Agreement.SAG_TV_THEATRICAL}),
        effective_from=CONTRACT_2026,
        why="Before a third party trains on performances, the union hears of it in writing, and the performer agrees.",
        by_hand="Asked once a sale for training is told to the portal. No request here sells one yet.",
    )
)
def training_by_others(facts: Facts) -> Iterator[Hit]:
    """Training by a third party waits for the union’s notice. Source: SAG-AFTRA 2026 §39.L (T7, T13, secondary).

    A notice that is not known, or lies in the future, is missing. The performer’s own yes is rule R11.
    """
    for number, use in enumerate(facts.uses):
        if blank(use.training_recipient) or not any(word in (use.ai or ()) for word in TRAINING):
            continue
        told = use.union_told_on
        if told is None or (facts.day is not None and told > facts.day):
            yield Hit(
                f"{use.training_recipient} would train on it, and the union has not been told.",
                "Send the union a written notice first, and enter its date.",
                "union_told_on",
                number,
            )


@rule(
    Rule(
        id="R13",
        version=1,
        name="Dubbing by replica",
        theme=Theme.CONTENT,
        binds=(Party.CASTING,),
        stages=ALWAYS,
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "for photography before Jul 1, 2027, or without dates"},
        bases=(Basis.CONTRACT,),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.D, photography on or after Jul 1, 2027",
        agreements=frozenset({Agreement.SAG_TV_THEATRICAL}),
        effective_from=CONTRACT_2026,
        why="A voice that speaks another language is another performance.",
    )
)
def dubbing(facts: Facts) -> Iterator[Hit]:
    """A replica speaks only the languages agreed to. Source: SAG-AFTRA 2026 §39.D (T7, secondary source).

    Blocks for principal photography on or after July 1, 2027; warns before, and while the dates are not known.
    """
    licensed = _licensed(facts, "languages")
    begins = facts.production.photography_from
    effect = Effect.BLOCK if begins is not None and begins >= DUBBING_FROM else Effect.WARN
    for number, use in enumerate(facts.uses):
        planned = _spoken(use, licensed is not None)
        agreed = use.languages if licensed is None else licensed
        missing = [code for code in planned if code not in (agreed or ())]
        if agreed is not None and missing:
            names = listed(label(Language, code) for code in missing)
            yield Hit(
                f"The replica would speak {names}, which nobody has agreed to.",
                "Ask for each language, or leave the dubbing to a person.",
                "languages",
                number,
                effect=effect,
            )


def _spoken(use: UseFacts, planned: bool) -> tuple[str, ...]:
    """The languages of a use: those to dub into and, for a planned use of a license, its own."""
    return (*(use.dubbing or ()), *((use.languages or ()) if planned else ()))


@rule(
    Rule(
        id="R14",
        version=1,
        name="Intimate content",
        theme=Theme.CONTENT,
        binds=(Party.CASTING, Party.PERFORMER, Party.GUARDIAN, Party.AGENCY),
        stages=ALWAYS,
        effect=Effect.BLOCK,
        otherwise={Effect.WARN: "while it is not known whether there is a rider"},
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.F, 43.E",
        why="Nudity and simulated sex need a rider of their own, and never show a child, or anybody as one.",
    )
)
def intimate_content(facts: Facts) -> Iterator[Hit]:
    """Never with a minor, one captured as a minor, or one depicted as a minor; else with a rider of its own.

    Source: SAG-AFTRA 2026 §39.F and 43.E (T7, secondary source). A minor is known by the day judged, the use’s first
    day and the day of the capture. A rider that is not known warns, one known to be missing blocks.
    """
    for number, use in enumerate(facts.uses):
        if INTIMATE.isdisjoint(use.sensitive or ()):
            continue
        if _of_a_child(facts, use):
            yield Hit(
                "Nudity and simulated sex are never agreed for a performer under 18, or shown as under 18.",
                "Take it out. Nobody can allow it.",
                "sensitive",
                number,
                why="This is forbidden whoever agrees, also by making somebody look younger or older.",
            )
        elif not use.rider:
            yield Hit(
                "Intimate content needs a rider of its own.",
                "Attach the rider that says exactly what is shown, and what is not.",
                "sensitive",
                number,
                effect=Effect.WARN if use.rider is None else None,
            )


def _of_a_child(facts: Facts, use: UseFacts) -> bool:
    days = (facts.day, use.starts_on, facts.replica.captured_on)
    looks_young = use.depicted_age is not None and use.depicted_age < 18
    return looks_young or any(is_minor(facts.person.born_on, day) for day in days)


@rule(
    Rule(
        id="R39",
        version=1,
        name="Saying that it is a replica",
        theme=Theme.CONTENT,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING, Stage.LICENSE_USE),
        effect=Effect.WARN,
        bases=(Basis.LAW,),
        sources=("L9", "T7"),
        grade=Grade.SECONDARY,
        effective_from=NEW_YORK_FROM,
        why="In the EU, and in advertising in New York, the audience has to be told.",
    )
)
def disclosure(facts: Facts) -> Iterator[Hit]:
    """Distribution in the EU (AI Act Art. 50, from Aug 2, 2026) or an ad in New York (from Jun 9, 2026) says so.

    Source: L9, T7 (secondary sources). Fires where the words are known to be missing and the use runs on that day or
    later.
    """
    if facts.disclosure is None or not blank(facts.disclosure):
        return
    in_eu = Jurisdiction.EU in facts.jurisdictions
    in_new_york = Jurisdiction.NEW_YORK in facts.jurisdictions
    for number, use in enumerate(facts.uses):
        runs_until = use.ends_on or facts.day or date.max
        if (in_eu or use.territory in REACHES_EU) and runs_until >= EU_FROM:
            where = "the European Union"
        elif in_new_york and use.medium == Medium.COMMERCIAL and runs_until >= NEW_YORK_FROM:
            where = "New York"
        else:
            continue
        yield Hit(
            f"It would be seen in {where}, and nothing says that a replica is used.",
            "Say where it is disclosed; for a film the credits are enough.",
            "disclosure",
            number,
        )
