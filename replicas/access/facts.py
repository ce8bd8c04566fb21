"""Facts for the rulebook, read from rows: for what is asked, for the answer, and for the use of a license."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.access.custody import custody_known
from replicas.access.rulebook import rulebook_on, stamped
from replicas.access.strikes import struck
from replicas.models import DestructionTask, License, Project, Replica, ReuseRequest, RulebookEntry
from replicas.rules.custody import TaskState
from replicas.rules.rates import Rulebook
from replicas.rules.rulebook.facts import (
    DestructionFacts,
    Facts,
    LicenseFacts,
    PersonFacts,
    ProductionFacts,
    ReplicaFacts,
    UseFacts,
    uses_of,
)
from replicas.rules.rulebook.stages import Represented, Signer
from replicas.rules.showing import terms_of
from replicas.rules.terms import OfferedTerms


def judging_facts(at: datetime) -> dict[str, Any]:
    """Annotations for requests; ``asked_facts`` reads them, so that judging needs no statement of its own."""
    represented = Representation.objects.filter(actor=OuterRef("actor"), state=BondState.ACTIVE)
    return {
        "rulebook_stamp": Subquery(stamped()),
        "has_agency": Exists(represented),
        "is_struck": struck(at),
        **custody_known("replica"),
    }


def day_of(request: ReuseRequest, at: datetime) -> date:
    """The day it is for the performer."""
    return at.astimezone(request.actor.user.zone).date()


def book_of(request: ReuseRequest, at: datetime) -> Rulebook:
    """The figures in force, for a request annotated with ``judging_facts``."""
    return rulebook_on(day_of(request, at), at_stamp=request.rulebook_stamp or 0)  # type: ignore[attr-defined]


def asked_facts(
    request: ReuseRequest, terms: OfferedTerms, *, at: datetime, uses: tuple[UseFacts, ...] | None = None
) -> Facts:
    """What a request asks for, as the rulebook is asked before sending. No query.

    ``request`` is annotated with ``judging_facts`` and has its actor with user, project and replica. ``uses`` replaces
    those of the terms where a form is only half filled.
    """
    project, actor = request.project, request.actor
    book = book_of(request, at)
    return Facts(
        day=book.day,
        at=at,
        agreement=project.agreement,
        jurisdictions=frozenset(project.jurisdictions),
        currency=terms.currency,
        business_reason=terms.business_reason,
        uses=uses_of(terms, project.title) if uses is None else uses,
        person=PersonFacts(born_on=actor.birth_date, represented=_represented(request, book)),
        replica=_replica(request.replica, project, known=request),
        production=_production(project),
        struck=request.is_struck,  # type: ignore[attr-defined]
        disclosure=terms.disclosure,
        **figures(book, project.agreement, terms.currency),
    )


def offer_facts(
    project: Project, terms: OfferedTerms, *, at: datetime, uses: tuple[UseFacts, ...] | None = None
) -> Facts:
    """What an offer to many asks of anybody, before it is known of whom: what is not known of a person is left out.

    The figures are those of the day in UTC. ``uses`` replaces those of the terms where a form is only half filled.
    One query, two where figures were entered since the last.
    """
    book = rulebook_on(at.astimezone(UTC).date())
    return Facts(
        day=book.day,
        at=at,
        agreement=project.agreement,
        jurisdictions=frozenset(project.jurisdictions),
        currency=terms.currency,
        business_reason=terms.business_reason,
        uses=uses_of(terms, project.title) if uses is None else uses,
        production=_production(project),
        disclosure=terms.disclosure,
        **figures(book, project.agreement, terms.currency),
    )


def answer_facts(
    request: ReuseRequest,
    terms: OfferedTerms,
    *,
    at: datetime,
    by_guardian: bool = False,
    after_death: str | None = None,
) -> Facts:
    """The same when it is answered by the performer, or for them by their guardian. No query.

    ``terms`` hold the uses they say yes to, ``after_death`` what they chose (None: not asked yet). What rounds of
    earlier days were not asked counts as not known.
    """
    facts = asked_facts(request, terms, at=at)
    agreed = frozenset(permission for use in terms.uses for permission in use.ai)
    person = replace(facts.person, guardian=True if by_guardian else None, ai_agreed=agreed, after_death=after_death)
    return replace(
        facts,
        uses=tuple(replace(use, brand=use.brand or None) for use in facts.uses),
        person=person,
        answer_by=request.answer_by,
        disclosure=terms.disclosure or None,
        signer=Signer.GUARDIAN if by_guardian else Signer.PERFORMER,
        signed_apart=True,
        signed_by_own_act=True,
    )


def license_judging_facts() -> dict[str, Any]:
    """Annotations for licenses, read by ``license_facts``. ``agreed_stamp`` are the figures known when it was made,
    ``had_agency`` whether an agency stood beside the performer then."""
    represented = Representation.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=OuterRef("issued_at")),
        actor=OuterRef("actor"),
        started_at__lte=OuterRef("issued_at"),
    )
    known_then = RulebookEntry.objects.filter(created_at__lte=OuterRef("issued_at")).order_by("-pk").values("pk")[:1]
    destroyed = DestructionTask.objects.filter(replica=OuterRef("request__replica"), state=TaskState.ATTESTED)
    return {
        "rulebook_stamp": Subquery(stamped()),
        "agreed_stamp": Subquery(known_then),
        "had_agency": Exists(represented),
        "is_destroyed": Exists(destroyed),
        **custody_known("request__replica"),
    }


def license_facts(license_: License, *, at: datetime) -> Facts:
    """What a license covers and whether it may be used now, with the fees it has by now. ``license_`` comes from
    ``get_license``. No query, one for a license of a crowd."""
    project, replica = license_.request.project, license_.request.replica
    terms = terms_of(license_.document_now)
    day = at.astimezone(license_.actor.user.zone).date()
    book = rulebook_on(day, at_stamp=license_.rulebook_stamp or 0)  # type: ignore[attr-defined]
    uses = tuple(replace(use, brand=use.brand or None) for use in uses_of(terms, project.title))
    attested: bool = license_.is_destroyed  # type: ignore[attr-defined]
    agreed_on = license_.issued_at.astimezone(license_.actor.user.zone).date()
    return Facts(
        day=day,
        at=at,
        agreement=project.agreement,
        jurisdictions=frozenset(project.jurisdictions),
        currency=terms.currency,
        uses=uses,
        replica=_replica(replica, project, known=license_),
        production=_production(project),
        struck=license_.struck,  # type: ignore[attr-defined]
        license=LicenseFacts(project.title, uses, agreed_on, license_.revoked_at),
        destruction=DestructionFacts(retention_until=replica.custody_until, attested=attested),
        disclosure=terms.disclosure or None,
        **figures(book, project.agreement, terms.currency),
    )


def _represented(request: ReuseRequest, book: Rulebook) -> Represented | None:
    """Who stands beside the performer. An agency may or may not have a lawyer, so with one it is not known."""
    if book.under_union(request.project.agreement):
        return Represented.UNION
    return None if request.has_agency else Represented.NONE  # type: ignore[attr-defined]


def _replica(replica: Replica, project: Project, *, known: Any) -> ReplicaFacts:
    """``known`` is the row annotated with ``custody_known``."""
    made_for = replica.captured_for.strip()
    same = made_for.casefold() == project.title.strip().casefold()
    return ReplicaFacts(
        kind=replica.kind,
        captured_on=replica.captured_on,
        captured_for=project.title if same else made_for or None,
        holder_registered=known.holder_known,
        place_registered=known.place_known,
    )


def _production(project: Project) -> ProductionFacts:
    return ProductionFacts(
        project=project.title,
        kind=project.kind,
        photography_from=project.photography_from,
        photography_to=project.photography_to,
    )


def figures(book: Rulebook, agreement: str, currency: str) -> dict[str, Any]:
    """The rates in the request's currency; none where they are in another."""
    rates: dict[str, Decimal] = {
        kind: rate.value for kind, rate in book.rates_of(agreement).items() if rate.currency == currency
    }
    return {"rates": rates, "rates_currency": currency}
