"""The inbox of notices, the wishes about them, and the link that ends a kind of letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access.keyset import keyset_page
from accounts.forms.preferences import PreferencesForm
from accounts.notifications.access import inbox_of, switched_off
from accounts.notifications.actions import mark_all_read, mark_one_read, set_wishes, unsubscribe
from accounts.notifications.letters import headline
from accounts.notifications.rules import KINDS
from accounts.notifications.unsubscribing import read_unsubscription
from accounts.views.responses import see_other
from accounts.views.signed_in import SignedInRequest

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    """Everything I was told, newest first. POST marks one notice (``notice``) or all of them as read."""
    if request.method == "POST":
        notice = request.POST.get("notice", "")
        if notice.isdecimal() and len(notice) < 19:
            mark_one_read(int(notice), by=request.user, at=timezone.now())
        elif "all" in request.POST:
            mark_all_read(by=request.user, at=timezone.now())
        return see_other("notifications")
    rows = inbox_of(request.user).select_related("recipient")
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    notices = [{"row": row, "headline": headline(row), "kind": KINDS[row.kind]} for row in page.items]
    return render(request, "accounts/notifications.html", {"page": page, "notices": notices})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """Which notices by which channel."""
    form = PreferencesForm(request.POST or None, off=switched_off(request.user))
    if request.method == "POST" and form.is_valid():
        set_wishes(request.user, form.wishes(), by=request.user, at=timezone.now())
        messages.success(request, "Saved. It counts from the next notice on.")
        return see_other("preferences")
    return render(request, "accounts/preferences.html", {"groups": form.table(), "form": form})


@csrf_exempt  # RFC 8058: mail programs send the POST themselves; the signed token says whose and what
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the letters a link names. A look at the page changes nothing; its button, or a mail program's POST, does."""
    found = read_unsubscription(token)
    if found is None or not found.kinds:
        raise Http404
    if request.method == "POST" and not unsubscribe(found.user_id, found.kinds, by=None, at=timezone.now()):
        raise Http404
    shown = {"labels": found.labels, "done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", shown)
