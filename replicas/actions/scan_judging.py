"""What the rulebook says about an announcement, for everybody on its list."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from replicas.access.rulebook import rulebook_on
from replicas.access.strikes import strike_in_force
from replicas.models import Project
from replicas.rules.announcing import Announcement, listed, scan_facts
from replicas.rules.lists import Listed
from replicas.rules.rates import BACKGROUND, PRINCIPAL
from replicas.rules.rulebook import judge, judged_ids
from replicas.rules.rulebook.facts import DAY_PERFORMER, Facts, ProductionFacts
from replicas.rules.rulebook.findings import Finding
from replicas.rules.rulebook.stages import Effect, Stage
from replicas.rules.scanning import NOTICE
from replicas.rules.vocabulary import UseRole


def ground(project: Project, announcement: Announcement, *, at: datetime) -> Facts:
    """Everything the rulebook is told about a scan but whom it is about: two queries, the figures from memory.

    Figures are those in force on the day of the scan; a strike is one that stands when it is announced.
    """
    day = announcement.here.date()
    book = rulebook_on(day)
    rates = book.rates_of(project.agreement)
    floors = {kind: rates[kind] for kind in (BACKGROUND, DAY_PERFORMER) if kind in rates}
    group = PRINCIPAL if announcement.role == UseRole.PRINCIPAL else BACKGROUND
    contribution = book.contribution(project.agreement, group)
    return Facts(
        day=day,
        at=at,
        agreement=project.agreement,
        jurisdictions=announcement.jurisdictions,
        currency=announcement.currency,
        production=ProductionFacts(
            project=project.ref,
            kind=project.kind,
            photography_from=project.photography_from,
            photography_to=project.photography_to,
        ),
        struck=strike_in_force(project.agreement, at) is not None,
        rates={kind: rate.value for kind, rate in floors.items()},
        rates_currency=next((rate.currency for rate in floors.values()), "USD"),
        contribution=contribution.percent if contribution else None,
        contributions_offered=announcement.contributions,
    )


def _told(base: Facts, announcement: Announcement, at: datetime, engaged_at: datetime | None) -> Facts:
    return replace(base, scan=scan_facts(announcement, notice_at=at, engaged_at=engaged_at))


def findings(project: Project, announcement: Announcement, people: Sequence[Listed], *, at: datetime) -> list[Finding]:
    """Every finding once, in the order of the rules: what holds for all, and rule R05 for whoever is told too late.

    The announcement is judged once, and once more for each different moment somebody was engaged, so that a long list
    costs what a short one does.
    """
    base = ground(project, announcement, at=at)
    found: dict[tuple[str, str, str], Finding] = {}
    for engaged_at in _moments(people):
        for finding in judge(_told(base, announcement, at, engaged_at), Stage.SCAN):
            found.setdefault((finding.rule, finding.field, finding.what), finding)
    return sorted(found.values(), key=lambda finding: (finding.effect != Effect.BLOCK, finding.rule))


def told_too_late(
    project: Project, announcement: Announcement, people: Sequence[Listed], *, at: datetime
) -> list[Listed]:
    """Whom rule R05 stops: everybody, or those of a late announcement who were engaged before it."""
    if announcement.scan_at - at >= NOTICE:
        return []
    base = ground(project, announcement, at=at)
    late = {
        engaged_at
        for engaged_at in _moments(people)
        if any(
            finding.rule == "R05" and finding.blocks
            for finding in judge(_told(base, announcement, at, engaged_at), Stage.SCAN)
        )
    }
    return [person for person in people if person.engaged_at in late]


def too_late_words(late: Sequence[Listed], people: Sequence[Listed]) -> str:
    """Whom rule R05 stops, by their rows; nothing when it is everybody alike."""
    if not late or (len(late) == len(people) and not any(person.engaged_at for person in people)):
        return ""
    rows = listed([str(person.line) for person in late[:10]])
    more = f" and {len(late) - 10} more" if len(late) > 10 else ""
    return f"It is about row{'s' if len(late) > 1 else ''} {rows}{more}."


def judged(project: Project, announcement: Announcement) -> list[str]:
    """The ids and versions of the rules that were asked, as kept with the announcement."""
    asked = Facts(day=announcement.here.date(), agreement=project.agreement, jurisdictions=announcement.jurisdictions)
    return judged_ids(Stage.SCAN, asked)


def check(found: Iterable[Finding], subject: Subject) -> None:
    """Raises Refused with the first finding that stops the scan, and what mends it."""
    for finding in found:
        if finding.blocks:
            raise Refused(f"rule-{finding.rule}", f"{finding.what} {finding.mend}", subject=subject)


def _moments(people: Sequence[Listed]) -> list[datetime | None]:
    return list(dict.fromkeys(person.engaged_at for person in people)) or [None]
