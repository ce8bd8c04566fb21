"""One use, one project: what lies outside a license, and when nothing may be used at all."""

from collections.abc import Iterator

from replicas.rules.days import months_later
from replicas.rules.rulebook.facts import Facts, LicenseFacts, UseFacts
from replicas.rules.rulebook.findings import Hit
from replicas.rules.rulebook.registry import Rule, rule
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Party, Stage, Theme
from replicas.rules.rulebook.words import blank, label, listed
from replicas.rules.vocabulary import Agreement, Medium, ProjectKind, Territory

USE_PERIOD_MONTHS = 24
WITHIN: dict[str, frozenset[str]] = {
    Territory.WORLD: frozenset(Territory),
    Territory.US_CA: frozenset({Territory.US, Territory.CANADA}),
}
SCOPE = {
    "project": "another title",
    "medium": "another medium",
    "territory": "another territory",
    "role": "another role",
    "starts_on": "before its first day",
    "ends_on": "after its last day",
}


def outside(use: UseFacts, license_: LicenseFacts) -> list[str]:
    """The fields in which ``use`` lies outside the license: those of the licensed use it is closest to. Only what both
    sides know counts; with no licensed use known, only the title does."""
    if use.project is not None and license_.project is not None and use.project != license_.project:
        return ["project"]
    return min((_misfits(use, licensed) for licensed in license_.uses), key=len, default=[])


def _misfits(use: UseFacts, licensed: UseFacts) -> list[str]:
    found = [
        name
        for name in ("medium", "role")
        if None not in (mine := getattr(use, name), theirs := getattr(licensed, name)) and mine != theirs
    ]
    if use.territory is not None and licensed.territory is not None:
        allowed = WITHIN.get(licensed.territory, frozenset()) | {licensed.territory}
        found += ["territory"] if use.territory not in allowed else []
    if use.starts_on and licensed.starts_on and use.starts_on < licensed.starts_on:
        found.append("starts_on")
    if use.ends_on and licensed.ends_on and use.ends_on > licensed.ends_on:
        found.append("ends_on")
    return found


@rule(
    Rule(
        id="R08",
        version=1,
        name="One project",
        theme=Theme.SCOPE,
        binds=(Party.CASTING,),
        stages=(Stage.LICENSE_USE,),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T3", "T6"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2023, kept in 2026",
        why="A license is for one title and its uses. A sequel, a season, a game or a promo is another request.",
    )
)
def one_project(facts: Facts) -> Iterator[Hit]:
    """A planned use lies within the license. Source: SAG-AFTRA 2023 (T3, T6, secondary sources)."""
    if facts.license is None:
        return
    for number, use in enumerate(facts.uses):
        if found := outside(use, facts.license):
            yield Hit(
                f"The license does not cover this: {listed(SCOPE[name] for name in found)}.",
                "Send a new request before the use.",
                found[0],
                number,
            )


@rule(
    Rule(
        id="R09",
        version=1,
        name="Use outside the license",
        theme=Theme.SCOPE,
        binds=(Party.CASTING,),
        stages=(Stage.LICENSE_USE,),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T7",),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39",
        why="A use nobody agreed to stops the license until it is cleared up.",
    )
)
def use_outside(facts: Facts) -> Iterator[Hit]:
    """A reported or discovered use lies within the license. Source: SAG-AFTRA 2026 §39 (T7, secondary source)."""
    if facts.license is None:
        return
    for number, use in enumerate(facts.reports):
        if found := outside(use, facts.license):
            yield Hit(
                f"A use was reported that the license does not cover: {listed(SCOPE[name] for name in found)}.",
                "Stop it, tell the performer and their agency, and ask for what is needed.",
                found[0],
                number,
            )


@rule(
    Rule(
        id="R10",
        version=1,
        name="Held during a strike",
        theme=Theme.SCOPE,
        binds=(Party.CASTING, Party.PERFORMER, Party.AGENCY, Party.HOLDER, Party.PORTAL),
        stages=tuple(Stage),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT,),
        sources=("T7", "T18", "T21"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA TV/Theatrical 2026 §39.G; strike order of Jul 13, 2023; Interactive Media 2025",
        why="A replica must not work while the person could refuse to.",
    )
)
def strike(facts: Facts) -> Iterator[Hit]:
    """While a strike stands nothing is asked, agreed, scanned or used under its agreement.

    Source: SAG-AFTRA 2026 §39.G (T7), the strike order of 2023 (T18), Interactive Media 2025, where the performer may
    hold their own consents (T21); secondary sources. Whether a strike stands at a moment comes with the facts.
    """
    if facts.struck:
        yield Hit(
            f"A strike stands under {label(Agreement, facts.agreement) or 'this agreement'}.",
            "Wait until it is over. Open requests keep the time they had left.",
        )
    elif facts.person.holds_consents and facts.agreement == Agreement.SAG_INTERACTIVE:
        yield Hit(
            "The performer has put their consents on hold during the strike.",
            "Nothing new is made with the replica until they take it up again.",
        )


@rule(
    Rule(
        id="R37",
        version=1,
        name="Brand by brand",
        theme=Theme.SCOPE,
        binds=(Party.CASTING,),
        stages=(Stage.COMPOSING, Stage.ANSWERING, Stage.LICENSE_USE),
        effect=Effect.BLOCK,
        bases=(Basis.CONTRACT, Basis.PORTAL),
        sources=("T24", "T27"),
        grade=Grade.SECONDARY,
        contract="SAG-AFTRA Commercials 2025, from Apr 1, 2025: same advertiser and product line, 24 months",
        why="Whoever lends their face to one product has not lent it to the next.",
    )
)
def brand_by_brand(facts: Facts) -> Iterator[Hit]:
    """An advertisement is for one advertiser and product line, made within the maximum period of use.

    Source: Commercials 2025 (T24, secondary source), Narrativ (T27, primary). A brand fires when it is known to be
    missing. The period is 24 months from the day of the yes, that day of the month included, under that contract alone.
    """
    for number, use in enumerate(facts.uses):
        if use.medium != Medium.COMMERCIAL and facts.production.kind != ProjectKind.COMMERCIAL:
            continue
        if use.brand is not None and blank(use.brand):
            yield Hit("No advertiser is named.", "Name the brand and the product line.", "brand", number)
        if facts.license is not None:
            yield from _same_brand(use, facts.license, number)
            yield from _within_period(facts, use, facts.license, number)


def _same_brand(use: UseFacts, license_: LicenseFacts, number: int) -> Iterator[Hit]:
    for name, words in (("brand", "advertiser"), ("product_line", "product line")):
        mine = getattr(use, name)
        licensed = {getattr(one, name) for one in license_.uses} - {None}
        if mine and licensed and mine not in licensed:
            yield Hit(f"The license is for another {words}.", "Send a request for this one.", name, number)


def _within_period(facts: Facts, use: UseFacts, license_: LicenseFacts, number: int) -> Iterator[Hit]:
    made_on = facts.production.photography_from or use.starts_on
    if facts.agreement != Agreement.SAG_COMMERCIALS or license_.agreed_on is None or made_on is None:
        return
    if made_on > months_later(license_.agreed_on, USE_PERIOD_MONTHS):
        yield Hit(
            f"It would be made more than {USE_PERIOD_MONTHS} months after the consent.",
            "The maximum period of use is over. Ask again.",
            "starts_on",
            number,
        )
