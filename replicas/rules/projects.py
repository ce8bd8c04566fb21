"""What a project is described by. Pure."""

from dataclasses import dataclass
from datetime import date

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Photography dates are inclusive days; both may be open. ``jurisdictions`` are codes of the rulebook's places."""

    title: str
    kind: str
    agreement: str
    company: str
    synopsis: str
    photography_from: date | None = None
    photography_to: date | None = None
    jurisdictions: tuple[str, ...] = ()


LABELS = {
    "title": "the title",
    "kind": "the kind",
    "agreement": "the union agreement",
    "company": "the producing company",
    "synopsis": "the synopsis",
    "photography_from": "when photography begins",
    "photography_to": "when photography ends",
    "jurisdictions": "the places whose law it touches",
}


def check_dates(facts: ProjectFacts) -> None:
    """Raises Refused when photography would end before it begins."""
    if facts.photography_from and facts.photography_to and facts.photography_to < facts.photography_from:
        raise Refused("dates-reversed", "Photography can’t end before it begins.")


def changed(old: ProjectFacts, new: ProjectFacts) -> list[str]:
    """What differs, in words for the timeline."""
    return [label for name, label in LABELS.items() if getattr(old, name) != getattr(new, name)]


class Group(Labeled):
    """Where a project's requests stand for those who asked. A no and a silence are both “not available” (promise 3)."""

    WAITING = "waiting", "Waiting"
    APPROVED = "approved", "Approved"
    NOT_AVAILABLE = "not_available", "Not available"
    DRAFT = "draft", "Drafts"
    WITHDRAWN = "withdrawn", "Withdrawn"
