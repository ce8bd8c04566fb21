"""The decision page: one request, as the actor, their agency or the people who asked may see it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.notifications.actions import mark_read
from accounts.rules.refusal import Refused
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.judging import findings_at_the_answer, pay_of
from replicas.access.pages import RequestPage, get_page
from replicas.actions.signatures import note_stranger
from replicas.actions.sweeping import mark_seen
from replicas.forms.answer import chosen
from replicas.rules.answering import WAITING
from replicas.rules.findings import FindingsShown

NOT_YOURS, CONFLICT = 403, 409


@login_required
@require_safe
def request_page(request: ViewerRequest, ref: str) -> HttpResponse:
    """The page itself. What the actor opens counts as delivered, and notices about it as read; nothing else changes."""
    at = timezone.now()
    page = get_page(request.user, request.desk, ref, at=at)
    if page.is_draft:
        return see_other("request-draft", page.request.ref)
    if page.is_actor and page.request.delivered_at is None and page.request.is_undecided:
        mark_seen(page.request, by=request.user, at=at)
        page = get_page(request.user, request.desk, ref, at=at)
    if page.has_unread:
        mark_read(request.user, page.request.subject, at)
    return render(request, "replicas/request.html", shown(page, request.GET))


def shown(page: RequestPage, choices: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What every page about a request shows: the page, its terms in words, and what may be done."""
    answers = chosen(choices or {}, [use.pk for use in page.terms.uses.all()] if page.terms else [])
    waits = page.offered if page.state in WAITING else None
    to = "To you" if page.is_actor and page.is_performer else f"To {page.request.actor.stage_name}"
    kept = page.decision.judged if page.decision else []
    return {
        "page": page,
        "reuse": page.request,
        "standing": page.standing,
        "terms": page.shown(answers),
        "findings": findings_at_the_answer(page.request, waits, at=page.at) if waits else FindingsShown(),
        "pay": pay_of(page.request, waits, at=page.at, to=to) if waits else None,
        "judged": kept or (page.terms.judged if page.terms else []),
        "may": {move.value for move in page.moves},
        "lines": fee_lines(page),
        "total": fee_total(page),
        "at": page.at,
    }


def fee_lines(page: RequestPage) -> list[dict[str, Any]]:
    """The money, use by use."""
    if page.offered is None:
        return []
    return [{"label": use.title, "amount": use.fee, "currency": page.offered.currency} for use in page.offered.uses]


def fee_total(page: RequestPage) -> dict[str, Any] | None:
    if page.offered is None:
        return None
    return {"amount": page.offered.total, "currency": page.offered.currency}


def page_to_decide(request: ViewerRequest, ref: str, event: str) -> RequestPage:
    """The page a decision (``event``) is made from. Somebody who may not even see it leaves an entry by trying."""
    at = timezone.now()
    try:
        return get_page(request.user, request.desk, ref, at=at)
    except Http404:
        if event and request.method == "POST":
            note_stranger(event, ref, by=request.user, at=at)
        raise


def again(request: ViewerRequest, ref: str) -> RequestPage:
    """The page as it is now, after something was refused."""
    return get_page(request.user, request.desk, ref, at=timezone.now())


def closed(
    request: ViewerRequest,
    page: RequestPage,
    *,
    refusal: Refused | None = None,
    kept: Sequence[tuple[str, str]] = (),
    tried: str = "",
) -> HttpResponse:
    """Says the true state where a form can't be shown any more. ``kept`` is what was typed, to be copied away."""
    status = 200 if refusal is None else NOT_YOURS if refusal.code == "not-yours" else CONFLICT
    context = {
        **shown(page),
        "refusal": refusal.sentence if refusal else "",
        "needs_factor": bool(refusal and refusal.code == "second-factor-missing"),
        "kept": [(label, text) for label, text in kept if text],
        "tried": tried,
    }
    return render(request, "replicas/request_closed.html", context, status=status)
