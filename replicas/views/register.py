"""The scan register: everything known about scans of the person, or of an agency's clients; and its exports."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.register import register_of, whom
from replicas.papers.registers import register_pdf
from replicas.rules.register import COLUMNS, SCHEMA, SHOWN, YOU, Entry, as_row, opening, safe_cell


@dataclass(frozen=True, slots=True)
class About:
    """Whose register an export is: ``label`` on its head, ``whom`` in its sentence."""

    label: str
    whom: str


BOM = "\ufeff"  # Excel reads UTF-8 only where this stands first


@login_required
@require_safe
def scan_register(request: ViewerRequest) -> HttpResponse:
    """One sentence, then what needs the person, then the years. A casting desk has its own page of announced scans."""
    if request.desk.kind == "casting":
        return see_other("scan-notices")
    at = timezone.now()
    register = register_of(request.desk, request.user, at=at)
    most = None if request.GET.get("all") else SHOWN
    shown = {
        "opening": opening(register.entries, today=_today(at, request.user.zone), whom=whom(request.desk)),
        "register": register,
        "needs": register.needs[:most],
        "years": register.years(most),
        "hidden": 0 if most is None else max(len(register.past) - most, 0) + max(len(register.needs) - most, 0),
        "for_clients": request.desk.kind == "agency",
        "at": at,
    }
    return render(request, "replicas/scan_register.html", shown)


@login_required
@require_safe
def export(request: ViewerRequest, fmt: str) -> HttpResponse:
    """All lines of the page as PDF, CSV or JSON. Other endings lead nowhere."""
    if fmt not in WRITERS or request.desk.kind == "casting":
        raise Http404
    at = timezone.now()
    register = register_of(request.desk, request.user, at=at)
    write, kind = WRITERS[fmt]
    response = HttpResponse(write(register.entries, _about(request), at, request.user.zone), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="scan-register-{_today(at, request.user.zone)}.{fmt}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _about(request: ViewerRequest) -> About:
    about = whom(request.desk)
    label = about if about not in (YOU, "your clients") else request.desk.label
    return About(label, about)


def _today(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _csv(entries: list[Entry], about: About, at: datetime, zone: ZoneInfo) -> bytes:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(COLUMNS.values())
    for entry in entries:
        row = as_row(entry)
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
    return (BOM + page.getvalue()).encode()


def _json(entries: list[Entry], about: About, at: datetime, zone: ZoneInfo) -> bytes:
    rows = [as_row(entry) for entry in entries]
    document = {"schema": SCHEMA, "made_at": at.isoformat(timespec="seconds"), "desk": about.label, "rows": rows}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _pdf(entries: list[Entry], about: About, at: datetime, zone: ZoneInfo) -> bytes:
    return register_pdf(entries, about.label, about.whom, at.astimezone(zone))


Writer = Callable[[list[Entry], About, datetime, ZoneInfo], bytes]
WRITERS: dict[str, tuple[Writer, str]] = {
    "pdf": (_pdf, "application/pdf"),
    "csv": (_csv, "text/csv; charset=utf-8"),
    "json": (_json, "application/json"),
}
