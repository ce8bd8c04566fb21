"""What a house releases: how many of whom it needs, until when, on which terms, and what is wrong with that. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.rules.refusal import Refused
from replicas.rules.crowds import MOST_PEOPLE
from replicas.rules.deadlines import check_answer_by
from replicas.rules.faults import terms_faults, text_faults
from replicas.rules.money import amount
from replicas.rules.terms import OfferedTerms

LONGEST_TITLE = 80
LONGEST_BRIEF = 2000
LEAST_BRIEF = 20  # characters: "In the crowd." tells nobody how their look is used


@dataclass(frozen=True, slots=True)
class CrowdPlan:
    """Everything about a crowd that is frozen when it is released, but its people.

    ``margin`` are asked beyond the ``needed``. ``anonymous``: nobody is named before their yes. ``end_moves``: a
    standby who is called late may move the crowd's end. ``band`` is the highest total (in the currency of ``terms``) a
    counter-offer may ask for without a standby being called; None: only the offer itself. ``answer_by`` is aware.
    """

    title: str
    brief: str
    needed: int
    answer_by: datetime
    terms: OfferedTerms
    margin: int = 0
    anonymous: bool = True
    end_moves: bool = False
    band: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlanFault:
    """``field`` is the name in ``CrowdPlan``; ``people`` for the list, ``terms`` for a fault of the terms."""

    field: str
    sentence: str


def plan_faults(plan: CrowdPlan, *, people: int, at: datetime) -> list[PlanFault]:
    """Every fault of a plan for a list of ``people``, in the order of the steps; empty is fine."""
    return [PlanFault(field, sentence) for field, sentence in _faults(plan, people, at)]


def _faults(plan: CrowdPlan, people: int, at: datetime) -> Iterator[tuple[str, str]]:
    yield from _faults_of_words(plan)
    for fault in terms_faults(plan.terms):
        yield "terms", fault.sentence
    yield from _faults_of_numbers(plan, people)
    if plan.band is not None and plan.band < plan.terms.total:
        offered = amount(plan.terms.total, plan.terms.currency)
        yield "band", f"You offer {offered} yourself. Name at least that, or leave it empty."
    try:
        check_answer_by(plan.answer_by, at=at)
    except Refused as refusal:
        yield "answer_by", refusal.sentence


def _faults_of_words(plan: CrowdPlan) -> Iterator[tuple[str, str]]:
    title, brief = " ".join(plan.title.split()), " ".join(plan.brief.split())
    if not title:
        yield "title", "Give the crowd a name, like “Harbor fair, wide shots”."
    elif len(title) > LONGEST_TITLE:
        yield "title", f"A name can have {LONGEST_TITLE} characters."
    if len(brief) < LEAST_BRIEF:
        yield "brief", "Say in a sentence or two how the look is used. Everybody who is asked reads it."
    elif len(plan.brief) > LONGEST_BRIEF:
        yield "brief", f"This can have {LONGEST_BRIEF:,} characters."
    for name in ("title", "brief"):
        yield from ((name, sentence) for sentence in text_faults(getattr(plan, name)))


def _faults_of_numbers(plan: CrowdPlan, people: int) -> Iterator[tuple[str, str]]:
    if not people:
        yield "people", "Choose at least one person."
    elif people > MOST_PEOPLE:
        yield "people", f"One crowd can have {MOST_PEOPLE:,} people. Make two."
    if plan.needed < 1:
        yield "needed", "Say how many you need."
    elif people and plan.needed > people:
        yield (
            "needed",
            (f"You need {plan.needed:,} and chose {people:,}. Choose {plan.needed - people:,} more, or need fewer."),
        )
    if not 0 <= plan.margin <= MOST_PEOPLE:
        yield "margin", f"This can be between 0 and {MOST_PEOPLE:,}."
