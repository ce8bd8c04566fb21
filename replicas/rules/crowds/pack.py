"""The clearance pack of a crowd: what insurers and distributors ask for, as files anyone can check without us. Pure.

Only people who said yes are in it. Each file is named by its license number, which is random, and the index is by name,
so that neither tells in which order people answered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

SCHEMA = "understudy-license/1"
TERMS_SCHEMA = "understudy-crowd-terms/1"
README, INDEX, TERMS, SUMS = "README.txt", "index.csv", "terms.json", "SHA256SUMS"
WHAT_IT_IS = """Each was signed by the performer, or by who decides
for them, for this project and these terms alone. Nobody else is named here."""
WHAT_IS_IN_IT = f"""  {INDEX:<14} who signed what, when and how, with the hash of every license
  {TERMS:<14} what was offered to everybody alike
  licenses/      one PDF to read and one JSON to compute with, by license number
  {SUMS:<14} hashes of all files: run  sha256sum -c {SUMS}"""
HOW_TO_CHECK = """In each JSON, "signed_terms" is the round that was signed. Written as JSON with
sorted keys, no spaces and in UTF-8, its SHA-256 is "signed_terms_sha256", the
hash the signature was given to."""
STILL_IN_FORCE = """A license can be revoked or suspended after today. Its public page says whether
it is in force:"""


@dataclass(frozen=True, slots=True)
class Signed:
    """One license as the pack needs it. Moments are aware UTC; ``document`` is what was agreed, ``round_document`` the
    whole round as it was signed, whose canonical form (``rules.terms``) has ``terms_sha256``.

    ``total`` is the fee for all agreed uses now, with every amendment (a better fee, oldest first). ``standing`` is
    where the license stood when the pack was made.
    """

    ref: str
    request: str
    performer: str
    replica: str
    document: Mapping[str, Any]
    round_document: Mapping[str, Any]
    terms_sha256: str
    total: Decimal
    currency: str
    first_day: str
    last_day: str
    issued_at: datetime
    standing: str
    revoked_at: datetime | None
    signed_by: str
    signed_as: str
    court_ref: str
    factor: str
    signed_at: datetime
    after_death: str
    verify: str
    amendments: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the index, every value as text."""

    performer: str
    license: str
    request: str
    replica: str
    signed_by: str
    signed_at: str
    signed_with: str
    first_day: str
    last_day: str
    fee: str
    currency: str
    standing: str
    terms_sha256: str
    pdf: str
    pdf_sha256: str
    json: str
    json_sha256: str
    verify: str


COLUMNS = {
    "performer": "Performer",
    "license": "License",
    "request": "Request",
    "replica": "Replica",
    "signed_by": "Signed by",
    "signed_at": "Signed at (UTC)",
    "signed_with": "Signed with",
    "first_day": "From",
    "last_day": "Until",
    "fee": "Fee",
    "currency": "Currency",
    "standing": "Stands",
    "terms_sha256": "SHA-256 of the signed terms",
    "pdf": "PDF",
    "pdf_sha256": "SHA-256 of the PDF",
    "json": "JSON",
    "json_sha256": "SHA-256 of the JSON",
    "verify": "Check it here",
}


def license_document(signed: Signed) -> dict[str, Any]:
    """The JSON of one license: what was agreed, what was signed, who signed it when and how."""
    return {
        "schema": SCHEMA,
        "license": signed.ref,
        "request": signed.request,
        "agreed": signed.document,
        "signed_terms": signed.round_document,
        "signed_terms_sha256": signed.terms_sha256,
        "amendments": list(signed.amendments),
        "fee": f"{signed.total:.2f}",
        "currency": signed.currency,
        "first_day": signed.first_day,
        "last_day": signed.last_day,
        "issued_at": _moment(signed.issued_at),
        "standing": signed.standing,
        "revoked_at": _moment(signed.revoked_at) if signed.revoked_at else None,
        "signature": {
            "typed_name": signed.signed_by,
            "signed_as": signed.signed_as,
            "court_ref": signed.court_ref,
            "factor": signed.factor,
            "at": _moment(signed.signed_at),
        },
        "after_death": signed.after_death,
        "verify": signed.verify,
    }


def line_of(signed: Signed, *, pdf_sha256: str, json_sha256: str) -> Line:
    return Line(
        performer=signed.performer,
        license=signed.ref,
        request=signed.request,
        replica=signed.replica,
        signed_by=signed.signed_as or signed.signed_by,
        signed_at=_moment(signed.signed_at),
        signed_with=signed.factor,
        first_day=signed.first_day,
        last_day=signed.last_day,
        fee=f"{signed.total:.2f}",
        currency=signed.currency,
        standing=signed.standing,
        terms_sha256=signed.terms_sha256,
        pdf=pdf_name(signed.ref),
        pdf_sha256=pdf_sha256,
        json=json_name(signed.ref),
        json_sha256=json_sha256,
        verify=signed.verify,
    )


def as_row(line: Line) -> dict[str, str]:
    """Keys as in ``COLUMNS``."""
    return asdict(line)


def by_name(lines: Iterable[Line]) -> list[Line]:
    """The index's order: performers by name, then license numbers, which are random."""
    return sorted(lines, key=lambda line: (line.performer.casefold(), line.license))


def pdf_name(ref: str) -> str:
    return f"licenses/{ref}.pdf"


def json_name(ref: str) -> str:
    return f"licenses/{ref}.json"


def terms_document(
    *, crowd: str, title: str, brief: str, project: Mapping[str, str], offers: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What was offered to everybody alike: each offer with its number, document and hash, the first one first."""
    return {
        "schema": TERMS_SCHEMA,
        "crowd": crowd,
        "title": title,
        "brief": brief,
        "project": project,
        "offers": offers,
    }


def readme(*, title: str, ref: str, project: str, house: str, licenses: int, made_at: datetime, site: str) -> str:
    """What the pack is and how to check it, for somebody who has never heard of the portal. ``site`` is the address of
    the public check."""
    head = f"Clearance pack of {title} ({ref})\n{project}, {house}"
    number = f"{licenses:,} license{'' if licenses == 1 else 's'}, as of {_moment(made_at)}."
    return "\n\n".join((head, f"{number} {WHAT_IT_IS}", WHAT_IS_IN_IT, HOW_TO_CHECK, f"{STILL_IN_FORCE}\n{site}\n"))


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
