"""Freezing a round of terms."""

from datetime import datetime

from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.actions.signatures import check_young
from replicas.models import ReuseRequest, Terms, Use
from replicas.rules.answering import Side
from replicas.rules.faults import terms_faults
from replicas.rules.terms import OfferedTerms, digest, document


def parties_of(request: ReuseRequest) -> dict[str, object]:
    """Who and what a round is about, as it stands in the frozen document."""
    return {
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
    """Writes the next round with its uses and its hash. Raises Refused for terms with faults, whoever offers them, and
    for what nobody can agree to for a minor."""
    if faults := terms_faults(terms):
        raise Refused("unfit-terms", faults[0].sentence, subject=request.subject)
    check_young(request, terms, at=at)
    number = request.current_terms.number + 1 if request.current_terms else 1
    content = document(terms, parties={**parties_of(request), "round": number})
    frozen = Terms.objects.create(
        request=request,
        number=number,
        put_by=by,
        side=side,
        note=note,
        business_reason=terms.business_reason,
        currency=terms.currency,
        total=terms.total,
        document=content,
        sha256=digest(content),
        created_at=at,
    )
    Use.objects.bulk_create(
        Use(
            terms=frozen,
            position=position,
            **{
                name: list(value) if isinstance(value := getattr(use, name), tuple) else value
                for name in use.__dataclass_fields__
            },
        )
        for position, use in enumerate(terms.uses)
    )
    return frozen
