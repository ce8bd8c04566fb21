"""Freezing a round of terms."""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access.facts import asked_facts
from replicas.actions.judging import check
from replicas.actions.signatures import check_young
from replicas.models import ReuseRequest, Terms, Use
from replicas.rules.answering import Side
from replicas.rules.faults import terms_faults
from replicas.rules.rulebook.stages import Stage
from replicas.rules.terms import OfferedTerms, digest, document


def parties_of(request: ReuseRequest) -> dict[str, object]:
    """Who and what a round is about, as it stands in the frozen document.

    In a crowd it says so, and how the look is used: that is a part of what they sign.
    """
    crowd = request.crowd
    in_crowd = {"crowd": {"ref": crowd.ref, "title": crowd.title, "brief": crowd.brief}} if crowd else {}
    return {
        **in_crowd,
        "request": request.ref,
        "performer": request.actor.stage_name,
        "replica": {"ref": request.replica.ref, "name": request.replica.name, "kind": request.replica.kind},
        "licensee": request.organization.name,
        "project": {
            "ref": request.project.ref,
            "title": request.project.title,
            "kind": request.project.kind,
            "agreement": request.project.agreement,
            "company": request.project.company,
        },
    }


def freeze(request: ReuseRequest, terms: OfferedTerms, *, side: Side, by: User, at: datetime, note: str = "") -> Terms:
    """Writes the next round with its uses, its hash and the rules it was judged by. ``request`` comes from ``lock``.

    Raises Refused for terms with faults, for what nobody can agree to for a minor and for what the rulebook stops,
    whoever offers them.
    """
    judged = check_terms(request, terms, at=at)
    number = request.current_terms.number + 1 if request.current_terms else 1
    content = document(terms, parties={**parties_of(request), "round": number})
    frozen = a_round(request, terms, content, judged=judged, side=side, by=by, at=at, note=note)
    frozen.save(force_insert=True)
    Use.objects.bulk_create(uses_in(frozen, terms))
    return frozen


def a_round(
    request: ReuseRequest,
    terms: OfferedTerms,
    content: dict[str, Any],
    *,
    judged: list[str],
    side: Side,
    by: User,
    at: datetime,
    note: str = "",
) -> Terms:
    """One round as a row that is not written yet. ``content`` is its frozen document, with its number."""
    return Terms(
        request=request,
        number=content["round"],
        put_by=by,
        side=side,
        note=note,
        business_reason=terms.business_reason,
        currency=terms.currency,
        disclosure=terms.disclosure,
        total=terms.total,
        document=content,
        sha256=digest(content),
        judged=judged,
        created_at=at,
    )


def uses_in(frozen: Terms, terms: OfferedTerms) -> list[Use]:
    """The rows of a round's uses, not written yet."""
    return [
        Use(
            terms=frozen,
            position=position,
            **{
                name: list(value) if isinstance(value := getattr(use, name), tuple) else value
                for name in use.__dataclass_fields__
            },
        )
        for position, use in enumerate(terms.uses)
    ]


def check_terms(request: ReuseRequest, terms: OfferedTerms, *, at: datetime) -> list[str]:
    """The rules the terms were judged by, with their versions. Raises Refused for faults and for what a rule stops."""
    if faults := terms_faults(terms):
        raise Refused("unfit-terms", faults[0].sentence, subject=request.subject)
    check_young(request, terms, at=at)
    return check(request, asked_facts(request, terms, at=at), Stage.COMPOSING)
