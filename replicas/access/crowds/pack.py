"""The licenses of a crowd as its clearance pack tells them. Nobody without a license is read here."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from replicas.models import Crowd, License
from replicas.models.license import struck_at
from replicas.rules.crowds.pack import Signed, terms_document

AT_ONCE = 50
SHOWN = ("actor__user", "organization", "request__project", "request__replica", "decision", "terms")


def licensed_in(crowd: Crowd) -> list[int]:
    """The ids of the crowd's licenses, by their numbers, which are random. One query."""
    return list(License.objects.filter(request__crowd=crowd).order_by("ref").values_list("pk", flat=True))


def licenses_by_id(ids: list[int], *, at: datetime) -> Iterator[tuple[License, Signed]]:
    """Each license with what the pack says of it at ``at`` (aware). Two queries for each 50 of them."""
    for start in range(0, len(ids), AT_ONCE):
        rows = (
            License.objects.filter(pk__in=ids[start : start + AT_ONCE])
            .select_related(*SHOWN)
            .prefetch_related("amendments")
        )
        for row in rows.annotate(struck=struck_at(at)).order_by("ref"):
            yield row, _signed(row, at)


def _signed(row: License, at: datetime) -> Signed:
    decision = row.decision
    return Signed(
        ref=row.ref,
        request=row.document["request"],
        performer=row.document["performer"],
        replica=f"{row.document['replica']['name']} ({row.document['replica']['ref']})",
        document=row.document,
        round_document=row.terms.document,
        terms_sha256=row.terms_hash,
        total=sum((Decimal(use["fee"]) for use in row.document_now["uses"]), Decimal(0)),
        currency=row.document["currency"],
        first_day=row.first_day.isoformat(),
        last_day=row.last_day.isoformat(),
        issued_at=row.issued_at,
        standing=row.standing(at).why,
        revoked_at=row.revoked_at,
        signed_by=decision.typed_name,
        signed_as=decision.signed_as,
        court_ref=decision.court_ref,
        factor=decision.get_factor_display(),
        signed_at=decision.at,
        after_death=decision.get_after_death_display() or "Not said",
        verify=settings.SITE_URL + reverse("verify-license", args=[row.ref]),
        amendments=tuple(
            {
                "number": each.number,
                "made_at": each.created_at.isoformat(timespec="seconds"),
                "total_before": f"{each.total_before:.2f}",
                "total": f"{each.total:.2f}",
                "currency": each.currency,
                "document": each.document,
                "sha256": each.sha256,
            }
            for each in row.amended_by
        ),
    )


def terms_offered(crowd: Crowd) -> dict[str, Any]:
    """What was offered to everybody alike, with its project. One query."""
    project = crowd.project
    return terms_document(
        crowd=crowd.ref,
        title=crowd.title,
        brief=crowd.brief,
        project={"ref": project.ref, "title": project.title, "company": project.company},
        offers=[
            {
                "number": offer.number,
                "offered_at": offer.created_at.isoformat(timespec="seconds"),
                "total": f"{offer.total:.2f}",
                "currency": offer.currency,
                "document": offer.document,
                "sha256": offer.sha256,
            }
            for offer in crowd.offers.order_by("number")
        ],
    )
