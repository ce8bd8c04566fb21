"""Giving a list out by a link, and the page behind it. Looking at that page changes nothing, whoever looks."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.access.limits import within_limit
from accounts.notifications.sealed import token_of
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.shortlist_shares import behind_share, get_shared_preview, kept_back, shared_entries
from replicas.access.shortlists import get_shortlist, line_of, may_give_out, shares_of
from replicas.actions.shortlists import close_share, share
from replicas.forms.shortlists import ShareForm
from replicas.models import Shortlist, ShortlistShare
from replicas.previews import nearest
from replicas.previews.marking import marked_file
from replicas.rules.wording import day

PAGE = 24
PER_MINUTE = 60  # pages, as for the public check of a license
PICTURES_PER_MINUTE = 600
STATUS = {"unknown": 404, "over": 410}
SHOWN_WIDTH = 800  # pixels: enough to recognize somebody, too little to build anything from


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: ViewerRequest, ref: str) -> HttpResponse:
    """The links to a list that are open, with a new one to be made and each to be closed. Members' alone."""
    found, at = get_shortlist(request.user, ref), timezone.now()
    if not may_give_out(request.user, found):
        raise Http404
    closing = request.POST.get("close", "")
    form = ShareForm(None if closing else _posted(request))
    if request.method == "POST" and (closing or form.is_valid()):
        try:
            messages.success(request, _write(request, found, form, closing, at))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            return see_other("shortlist-shares", found.ref)
    links = [(row, _address(request, row), kept_back(row, at=at)) for row in shares_of(found, at=at)]
    return render(request, "replicas/shortlist_shares.html", {"shortlist": found, "form": form, "links": links})


def _write(request: ViewerRequest, found: Shortlist, form: ShareForm, closing: str, at: datetime) -> str:
    """Closes the link named, or makes the one that was filled in; says what was done."""
    if closing:
        number = int(closing) if closing.isascii() and closing.isdigit() else 0
        close_share(found, share_id=number, by=request.user, at=at)
        return "The link is closed. It shows nothing any more."
    made = share(found, **form.cleaned_data, by=request.user, at=at)
    until = day(made.expires_at.astimezone(request.user.zone).date())
    return f"The link for {made.whom} works until {until}. Copy it and give it to them."


def _address(request: HttpRequest, row: ShortlistShare) -> str:
    return request.build_absolute_uri(reverse("shortlist-shared", args=[token_of(row.nonce)]))


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The list for whoever holds the link: names, pictures and facts, no way to reach anybody. Else: it is over."""
    if not within_limit("shortlist-shared", request, per_minute=PER_MINUTE):
        return _private(render(request, "429.html", status=429))
    at = timezone.now()
    found = behind_share(token, at=at)
    if found.share is None:
        page = render(request, "replicas/shortlist_shared_over.html", status=STATUS[found.standing])
        return _private(page)
    row = found.share
    page_ = keyset_page(shared_entries(row, at=at), order=("position", "id"), size=PAGE, query=request.GET)
    shown: dict[str, Any] = {
        "share": row,
        "shortlist": row.shortlist,
        "page": page_,
        "lines": [(line_of(entry, row.shortlist), _picture(entry.picture, token)) for entry in page_.items],
        "mark": mark(row),
    }
    return _private(render(request, "replicas/shortlist_shared.html", shown))


@require_safe
def picture(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """One picture of the list, with the watermark in it. Nobody on the way keeps it."""
    if not within_limit("shortlist-picture", request, per_minute=PICTURES_PER_MINUTE):
        return _private(HttpResponse(status=429))
    row, found = get_shared_preview(token, key, at=timezone.now())
    data = marked_file(found.key, nearest(found.width, SHOWN_WIDTH), mark(row))
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return _private(response)


def mark(row: ShortlistShare) -> str:
    """What stands across a picture: for whom, from which list, until which day (UTC, the same for everybody)."""
    return f"For {row.whom} · {row.shortlist.ref} · until {day(row.expires_at.date())}"


def _picture(packed: str | None, token: str) -> dict[str, Any] | None:
    """Address and size of the first picture, from ``key width height``."""
    if not packed:
        return None
    key, width, height = packed.split(" ")
    shown = nearest(int(width), SHOWN_WIDTH)
    address = reverse("shortlist-shared-picture", args=[token, key])
    return {"address": address, "width": shown, "height": max(1, round(int(height) * shown / int(width)))}


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way, found by no search engine. The referrer stays within this site for all pages."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None
