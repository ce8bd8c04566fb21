"""The license on one page: a tagged, archivable PDF (PDF/UA-1) with a QR code that leads to the public check."""

import io
import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
import typst
from django.conf import settings
from django.urls import reverse

from replicas.models import Decision, License, LicenseAmendment
from replicas.rules.money import amount
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory, UseRole
from replicas.rules.wording import day

FOLDER = Path(__file__).parent


def verify_url(ref: str) -> str:
    """The absolute address of the public check."""
    return settings.SITE_URL + reverse("verify-license", args=[ref])


@lru_cache(maxsize=256)
def qr_svg(ref: str) -> str:
    """The QR code of the public check as an SVG text, readable down to 2 cm."""
    drawing = io.BytesIO()
    code = segno.make(verify_url(ref), error="m")
    code.save(drawing, kind="svg", scale=4, border=2, xmldecl=False, omitsize=True, title=f"Public check of {ref}")
    return drawing.getvalue().decode()


class Writer:
    """Sets many certificates: fonts and template are read once. For one at a time; keep one for each thread."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(str(FOLDER / "certificate.typ"), root=str(FOLDER))

    def write(self, inputs: dict[str, str]) -> bytes:
        pdf = self._compiler.compile(sys_inputs=inputs, pdf_standards=["ua-1"])
        assert isinstance(pdf, bytes)
        return pdf


def certificate(license_: License, writer: Writer | None = None) -> bytes:
    """The PDF of a license as it was agreed and amended since. The same license, the same bytes, by whatever writer.

    It does not state whether the license is in force: that changes, and the QR code leads to the answer of the day.
    """
    facts = json.dumps(_facts(license_), ensure_ascii=False)
    return (writer or Writer()).write({"license": facts, "qr": qr_svg(license_.ref)})


def _facts(license_: License) -> dict[str, object]:
    document, zone = license_.document_now, license_.actor.user.zone
    currency = document["currency"]
    return {
        "ref": license_.ref,
        "request": document["request"],
        "performer": document["performer"],
        "replica": f"{document['replica']['name']} ({document['replica']['ref']})",
        "licensee": document["licensee"],
        "project": document["project"]["title"],
        "company": document["project"]["company"],
        "uses": [_use(use, currency) for use in document["uses"]],
        "total": amount(sum((Decimal(use["fee"]) for use in document["uses"]), Decimal(0)), currency),
        "amendments": [_amendment(one, zone) for one in license_.amended_by],
        "issued": _moment(license_.issued_at, zone),
        "issued_iso": license_.issued_at.isoformat(timespec="seconds"),
        "span": f"{day(license_.starts_at.astimezone(zone).date())} to {day(license_.last_day)}",
        "signed": _signed(license_.decision),
        "after_death": license_.decision.get_after_death_display() or "Not said",
        "hash": license_.terms_hash,
        "url": verify_url(license_.ref),
    }


def _amendment(one: LicenseAmendment, zone: ZoneInfo) -> dict[str, str]:
    was, now = amount(one.total_before, one.currency), amount(one.total, one.currency)
    when = f"Amendment {one.number}, {_moment(one.created_at, zone)}"
    words = f"{when}: the fee for all uses goes up from {was} to {now}, in the performer’s favor."
    return {"words": f"{words} Nothing was signed anew.", "hash": one.sha256}


def _signed(decision: Decision) -> str:
    """Who signed and by what; for a minor also whose guardians they are, and the court's approval."""
    factor = decision.get_factor_display()
    if not decision.signed_as:
        return f"{decision.typed_name}, by {factor}"
    return f"{decision.signed_as}, by {factor}. Court’s approval: {decision.court_ref}"


def _use(use: dict[str, Any], currency: str) -> dict[str, str]:
    starts, ends = (date.fromisoformat(str(use[name])) for name in ("starts_on", "ends_on"))
    return {
        "title": str(use["title"]),
        "description": str(use["description"]),
        "what": f"{UseRole(use['role']).label}, {Medium(use['medium']).label.lower()}",
        "where": Territory(use["territory"]).label,
        "span": f"{day(starts)} to {day(ends)}",
        "alterations": str(use["alterations"]) or "None agreed.",
        "ai": ", ".join(AIUse(item).label for item in use["ai"]) or "None agreed.",
        "sensitive": ", ".join(Sensitive(item).label for item in use["sensitive"]) or "None.",
        "fee": amount(Decimal(str(use["fee"])), currency),
    }


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"
