"""The inbox of a desk: what needs an answer, what waits, what is over. Everything chosen stands in the address."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.access import Desk, desks_of
from agencies.views.viewer import ViewerRequest
from replicas.access.inbox import GROUPS, Row, counts_of, opened_on, rows_on, urgent_on
from replicas.previews import nearest
from replicas.rules.inbox import opening, piles_of, shown

THUMB = 100  # pixels; the avatar is 44 CSS pixels wide


@login_required
@require_safe
def inbox(request: ViewerRequest) -> HttpResponse:
    """The inbox of the desk the person sits at."""
    return _inbox(request, request.desk)


@login_required
@require_safe
def agency_inbox(request: ViewerRequest, slug: str) -> HttpResponse:
    """The same for one agency, whatever desk the person sits at. 404 for who does not belong to it."""
    desk = next((desk for desk in desks_of(request.user) if desk.key == slug and desk.kind == "agency"), None)
    if desk is None:
        raise Http404
    return _inbox(request, desk)


def _inbox(request: ViewerRequest, desk: Desk) -> HttpResponse:
    at = timezone.now()
    piles = piles_of(desk.kind)
    pile = next((one for one in piles if one.key == request.GET.get("tab")), piles[0])
    by = "received" if request.GET.get("by") == "received" else "due"
    group = request.GET.get("group", "") if request.GET.get("group") in GROUPS else ""
    counts = counts_of(desk, at=at)
    page = rows_on(desk, pile, query=request.GET, by=by, group=group)
    for row in page.items:
        row.picture = _picture(row)
    urgent = urgent_on(desk, at=at) if counts.soon else []
    context = {
        "inbox_desk": desk,
        "tabs": [(one, counts.piles[one.key]) for one in piles if shown(one, pile, counts.piles)],
        "pile": pile,
        "by": by,
        "group": group,
        "page": page,
        "opening": opening(desk.reader, counts.piles, urgent, soon=counts.soon, at=at, zone=request.user.zone),
        "detail": opened_on(desk, request.GET["open"]) if "open" in request.GET and desk.kind == "agency" else None,
        "at": at,
    }
    return render(request, "replicas/inbox.html", context)


def _picture(row: Row) -> str:
    """The address of a small picture, from the packed key and width; nothing where there is none."""
    if not row.picture:
        return ""
    key, width = row.picture.split(" ")
    return f"/previews/{key}/{nearest(int(width), THUMB)}.jpg"
