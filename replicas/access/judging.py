"""What the rulebook says about a request or a license, and what a request costs, ready for a page."""

from dataclasses import replace
from datetime import datetime

from replicas.access.facts import answer_facts, asked_facts, book_of, figures, license_facts, offer_facts
from replicas.access.rulebook import rulebook_on
from replicas.access.strikes import strike_in_force
from replicas.models import License, Project, ReuseRequest
from replicas.rules.findings import FindingsShown, findings_shown
from replicas.rules.pay import Breakdown, breakdown
from replicas.rules.rulebook import judge
from replicas.rules.rulebook.facts import UseFacts
from replicas.rules.rulebook.stages import Stage
from replicas.rules.terms import OfferedTerms


def findings_before_sending(
    request: ReuseRequest,
    terms: OfferedTerms,
    *,
    at: datetime,
    uses: tuple[UseFacts, ...] | None = None,
    unwritten: frozenset[tuple[int | None, str]] = frozenset(),
) -> FindingsShown:
    """For the people who ask. ``uses`` and ``unwritten`` come from a form that is still being filled in. No query."""
    facts = asked_facts(request, terms, at=at, uses=uses)
    return findings_shown(judge(facts, Stage.COMPOSING), [use.title or "" for use in facts.uses], unwritten=unwritten)


def findings_for_many(
    project: Project,
    terms: OfferedTerms,
    *,
    at: datetime,
    uses: tuple[UseFacts, ...] | None = None,
    unwritten: frozenset[tuple[int | None, str]] = frozenset(),
) -> FindingsShown:
    """The same for what is asked of many people alike: what stands in the way whoever they are. Two queries."""
    struck = strike_in_force(project.agreement, at) is not None
    facts = replace(offer_facts(project, terms, at=at, uses=uses), struck=struck)
    return findings_shown(judge(facts, Stage.COMPOSING), [use.title or "" for use in facts.uses], unwritten=unwritten)


def findings_at_the_answer(request: ReuseRequest, terms: OfferedTerms, *, at: datetime) -> FindingsShown:
    """For everybody who sees an open request: what stands in the way of a yes to ``terms``. No query.

    Whether a guardian is there is not asked: the page only offers an answer to somebody who may give it.
    """
    facts = answer_facts(request, terms, at=at)
    return findings_shown(judge(facts, Stage.ANSWERING), [use.title or "" for use in facts.uses])


def license_judged(license_: License, *, at: datetime, to: str) -> tuple[FindingsShown, Breakdown]:
    """For both sides of a license: what stands in the way of using it now, and what it costs by the figures of the day
    it was agreed on, as they were known then. No query."""
    facts = license_facts(license_, at=at)
    found = findings_shown(judge(facts, Stage.LICENSE_USE), [use.title or "" for use in facts.uses])
    agreed_on = facts.license.agreed_on if facts.license else None
    book = rulebook_on(agreed_on or at.date(), at_stamp=license_.agreed_stamp or 0)  # type: ignore[attr-defined]
    signed = replace(facts, **figures(book, facts.agreement, facts.currency))
    has_agent = bool(license_.had_agency)  # type: ignore[attr-defined]
    return found, breakdown(signed, book, has_agent=has_agent, to=to)


def pay_of(request: ReuseRequest, terms: OfferedTerms, *, at: datetime, to: str) -> Breakdown:
    """The calculation for ``terms``, which are whole. No query."""
    facts = asked_facts(request, terms, at=at)
    has_agent = bool(request.has_agency)  # type: ignore[attr-defined]
    return breakdown(facts, book_of(request, at), has_agent=has_agent, to=to)
