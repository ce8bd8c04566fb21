"""A house's crowds: the list, the board of each, and answers to what is asked there without a name."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import desks_of
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import crowds_of, get_crowd
from replicas.access.crowds.board import board_of
from replicas.access.crowds.questions import get_thread
from replicas.actions.crowds.conversing import answer_question
from replicas.forms.negotiate import AskForm
from replicas.rules.crowds.board import TABS

PAGE = 30
NOTHING_NEW = 204  # htmx leaves the page as it is


@login_required
@require_safe
def crowds(request: ViewerRequest) -> HttpResponse:
    """The house's crowds, the newest first."""
    rows = crowds_of(request.desk).select_related("project")
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    return render(request, "replicas/crowds.html", {"page": page, "at": timezone.now()})


@login_required
@require_safe
def crowd(request: ViewerRequest, ref: str) -> HttpResponse:
    """The board of one crowd. While something can still change htmx asks for its live part alone, naming what it has,
    so that a page without news is left alone with its focus and its place."""
    at = timezone.now()
    found = get_crowd(request.user, ref)
    tab = request.GET.get("state", "")
    if tab not in dict(TABS):
        raise Http404
    board = board_of(found, tab, query=request.GET, at=at)
    houses = [desk for desk in desks_of(request.user) if desk.organization == found.organization]
    may_act = any(desk.may_act for desk in houses)
    shown: dict[str, Any] = {"crowd": found, "board": board, "may_act": may_act, "at": at}
    live = render_to_string("replicas/_crowd_live.html", shown)  # without the shell around a page
    digest = sha256(live.encode()).hexdigest()[:16]
    if request.htmx and request.GET.get("seen") == digest:
        return HttpResponse(status=NOTHING_NEW)
    shown |= {"live": live, "digest": digest}
    if request.htmx:
        return render(request, "replicas/_crowd_board.html", shown)
    shown["history"] = timeline(found.subject, side="licensee")
    return render(request, "replicas/crowd.html", shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: ViewerRequest, ref: str, key: str) -> HttpResponse:
    """Answering one thread. Nothing here says whose it is or what became of their request."""
    found = get_crowd(request.user, ref)
    thread = get_thread(found, key)
    if thread is None:
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        try:
            answer_question(found, key=key, body=body, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Sent. Whoever asked reads it beside their request.")
            return see_other(found)
    return render(request, "replicas/crowd_question.html", {"crowd": found, "thread": thread, "form": form})
