"""What a performer agreed to, on one sheet of paper for the set: a tagged PDF (PDF/UA-1) with a QR code to the page."""

import io
import json
from functools import cache
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.urls import reverse

from replicas.access.scan_pages import ScanPage
from replicas.rules.states import deadline_words

FOLDER = Path(__file__).parent


def scan_url(ref: str) -> str:
    """The absolute address of the page to show on set."""
    return settings.SITE_URL + reverse("scan-day", args=[ref])


@cache
def scan_qr(ref: str) -> str:
    """The QR code of that page as an SVG text, readable down to 2 cm."""
    drawing = io.BytesIO()
    code = segno.make(scan_url(ref), error="m")
    code.save(drawing, kind="svg", scale=4, border=2, xmldecl=False, omitsize=True, title=f"The page of scan {ref}")
    return drawing.getvalue().decode()


def scan_sheet(page: ScanPage) -> bytes:
    """The sheet as it stands at ``page.at``. The same page at the same moment gives the same bytes."""
    return typst.compile(
        str(FOLDER / "scan_sheet.typ"),
        root=str(FOLDER),
        sys_inputs={"scan": json.dumps(_facts(page), ensure_ascii=False), "qr": scan_qr(page.scan.ref)},
        pdf_standards=["ua-1"],
    )


def _facts(page: ScanPage) -> dict[str, object]:
    agreement = page.agreement
    return {
        "ref": page.scan.ref,
        "performer": page.called,
        "house": page.notice.organization.name,
        "project": page.announcement.project,
        "standing": page.standing.sentence,
        "next": page.standing.next,
        "agreed": agreement is not None,
        "signed": f"{agreement.typed_name}, by {agreement.get_factor_display()}" if agreement else "",
        "groups": [{"title": group.title, "rows": [list(row) for row in group.rows]} for group in page.groups],
        "contact": page.announcement.contact,
        "printed": deadline_words(page.at, page.viewer.zone),
        "hash": page.notice.sha256,
        "url": scan_url(page.scan.ref),
    }
