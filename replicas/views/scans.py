"""One announced scan, as its performer, their agency or the house may see it; the answer; the day itself."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.signing import challenge_for, passkey_options
from accounts.forms.signing import ProofFields
from accounts.notifications.actions import mark_read
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.scan_pages import ScanPage, get_scan_page
from replicas.actions import scans as acts
from replicas.certificates.scan_sheet import scan_qr, scan_sheet, scan_url
from replicas.forms.scans import AgreeForm, QuestionForm, RefuseForm
from replicas.rules.scanning import ScanMove, ScanState

CONFLICT = 409
SIGNING = ("proof-", "wrong-", "password-", "no-factor", "too-many-tries")  # refusals about the signature alone


@login_required
@require_safe
def scan(request: ViewerRequest, ref: str) -> HttpResponse:
    """The page itself. Notices about it count as read; nothing else changes."""
    page = _page(request, ref)
    if page.has_unread:
        mark_read(request.user, page.scan.subject, page.at)
    return render(request, "replicas/scan.html", _shown(page))


@login_required
@never_cache
@once_per_form
def agree(request: ViewerRequest, ref: str) -> HttpResponse:
    """The confirm page of a yes; the POST signs it over the announcement that was shown."""
    page = _page(request, ref)
    shown_hash = page.notice.sha256
    form = AgreeForm(request.POST if request.method == "POST" else None, initial={"notice_sha256": shown_hash})
    if not page.may(ScanMove.AGREE):
        return _closed(request, page, tried=request.method == "POST")
    if request.method != "POST" or not form.is_valid():
        return _agree_page(request, page, form)
    try:
        signed = acts.agree(
            page.scan,
            notice_sha256=form.cleaned_data["notice_sha256"],
            typed_name=form.cleaned_data["typed_name"],
            proof=_proof(page, request, bound=True).proof(),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _not_agreed(request, ref, form, refusal)
    if signed.state == ScanState.AGREED:
        words = f"You agreed to this scan and to nothing else. {page.notice.organization} has been told."
    else:
        words = "Your signature is kept. The other guardian signs as well; until then the answer is no."
    messages.success(request, words)
    return see_other(page.scan)


def _not_agreed(request: ViewerRequest, ref: str, form: AgreeForm, refusal: Refused) -> HttpResponse:
    page = _page(request, ref)
    if not page.may(ScanMove.AGREE):
        return _closed(request, page, refusal=refusal, tried=True)
    if refusal.code == "notice-changed":
        typed = request.POST.get("typed_name", "")
        fresh = AgreeForm(initial={"notice_sha256": page.notice.sha256, "typed_name": typed})
        return _agree_page(request, page, fresh, refusal=refusal, status=CONFLICT)
    if refusal.code.startswith(SIGNING):
        return _agree_page(request, page, form, sign_error=refusal.sentence)
    form.add_error("typed_name" if refusal.code == "name-differs" else None, refusal.sentence)
    return _agree_page(request, page, form, needs_profile=refusal.code == "no-profile")


def _proof(page: ScanPage, request: ViewerRequest, *, bound: bool = False) -> ProofFields:
    return ProofFields(
        request.POST if bound else None,
        user=request.user,
        subject=page.scan.subject,
        digest=page.notice.sha256,
        at=timezone.now(),
    )


def _agree_page(
    request: ViewerRequest, page: ScanPage, form: AgreeForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    signing = _proof(page, request)
    challenge_url = reverse("scan-challenge", args=[page.scan.ref])
    context = {**_shown(page), "form": form, "signing": signing, "challenge_url": challenge_url, **more}
    return render(request, "replicas/scan_agree.html", context, status=status)


@login_required
@never_cache
@require_safe
def challenge(request: ViewerRequest, ref: str) -> HttpResponse:
    """A fresh challenge over the present announcement, for the page's script. Writes nothing."""
    page = _page(request, ref)
    if not page.may(ScanMove.AGREE):
        raise Http404
    text = challenge_for(request.user, page.scan.subject, page.notice.sha256, at=page.at)
    return JsonResponse({"challenge": text, "options": passkey_options(request.user, text)})


@login_required
@once_per_form
def refuse(request: ViewerRequest, ref: str) -> HttpResponse:
    """The confirm page of a no. Nothing in it has to be filled in."""

    def act(page: ScanPage, form: forms.Form) -> str:
        acts.refuse(page.scan, **form.cleaned_data, by=request.user, at=timezone.now())
        return f"You refused. {page.notice.organization} reads “Not available for scanning”, and it shows nowhere else."

    return _write(request, ref, ScanMove.REFUSE, RefuseForm, "replicas/scan_refuse.html", act)


@login_required
@once_per_form
def ask(request: ViewerRequest, ref: str) -> HttpResponse:
    def act(page: ScanPage, form: forms.Form) -> str:
        acts.ask(page.scan, body=form.cleaned_data["body"], side=page.side, by=request.user, at=timezone.now())
        return "Your message is sent. Both sides read it here."

    return _write(request, ref, ScanMove.ASK, QuestionForm, "replicas/scan_ask.html", act)


@login_required
@require_POST
@once_per_form
def withdraw(request: ViewerRequest, ref: str) -> HttpResponse:
    """Takes an agreement back with one press, until the scan."""
    page = _page(request, ref)
    try:
        acts.withdraw(page.scan, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _closed(request, _page(request, ref), refusal=refusal, tried=True)
    messages.success(request, f"Taken back. {page.notice.organization} reads “Not available for scanning”.")
    return see_other(page.scan)


@login_required
@require_safe
def day(request: ViewerRequest, ref: str) -> HttpResponse:
    """For the set: whether there is an agreement, what to, and whom to ask. Large, and good on paper."""
    page = _page(request, ref)
    qr = {"qr": scan_qr(page.scan.ref), "url": scan_url(page.scan.ref)}
    return render(request, "replicas/scan_day.html", {**_shown(page), **qr})


@login_required
@require_safe
def sheet(request: ViewerRequest, ref: str) -> HttpResponse:
    """The same on one page of paper, as a download."""
    page = _page(request, ref)
    response = HttpResponse(scan_sheet(page), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{page.scan.ref}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _write(
    request: ViewerRequest,
    ref: str,
    move: ScanMove,
    form_class: Callable[..., forms.Form],
    template: str,
    act: Callable[[ScanPage, forms.Form], str],
) -> HttpResponse:
    """One form, one action, one message. ``act`` does the work and says what came of it."""
    page = _page(request, ref)
    form = form_class(request.POST if request.method == "POST" else None)
    if not page.may(move):
        return _closed(request, page, tried=request.method == "POST", kept=_typed(form))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(page, form))
            return see_other(page.scan)
        except Refused as refusal:
            page, status = _page(request, ref), CONFLICT
            if not page.may(move):
                return _closed(request, page, refusal=refusal, tried=True, kept=_typed(form))
            form.add_error(None, refusal.sentence)
    return render(request, template, {**_shown(page), "form": form}, status=status)


def _page(request: ViewerRequest, ref: str) -> ScanPage:
    return get_scan_page(request.user, request.desk, ref, at=timezone.now())


def _shown(page: ScanPage) -> dict[str, Any]:
    return {"page": page, "scan": page.scan, "standing": page.standing, "may": page.moves, "at": page.at}


def _typed(form: forms.Form) -> str:
    """What somebody wrote into a form that can't be shown any more."""
    return str(form.data.get("body") or form.data.get("reason") or "") if form.is_bound else ""


def _closed(
    request: ViewerRequest, page: ScanPage, *, refusal: Refused | None = None, tried: bool = False, kept: str = ""
) -> HttpResponse:
    """Says the true state where a form can't be shown any more. ``kept`` is what was typed, to be copied away."""
    status = CONFLICT if tried else 200
    if tried and not page.may_act:
        status = 403
    why = refusal.sentence if refusal else page.strike_words
    context = {**_shown(page), "refusal": why, "tried": tried, "kept": kept}
    return render(request, "replicas/scan_closed.html", context, status=status)
