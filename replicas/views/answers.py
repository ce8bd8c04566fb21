"""The actor's answer: approve, deny, take a denial back. Each is one confirm page and one action."""

from dataclasses import replace
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
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.judging import findings_at_the_answer
from replicas.access.pages import RequestPage, get_page
from replicas.actions import answering
from replicas.forms.answer import ApproveForm, DenyForm, GuardianApproveForm, chosen
from replicas.rules.answering import Move
from replicas.rules.events import Event
from replicas.rules.findings import FindingsShown
from replicas.views.conversation import typed, write
from replicas.views.requests import CONFLICT, again, closed, page_to_decide, shown

SIGNING = ("proof-", "wrong-", "password-", "no-factor")  # refusals that are about the signature alone


@login_required
@never_cache
@once_per_form
def approve(request: ViewerRequest, ref: str) -> HttpResponse:
    """The confirm page of a yes; the POST signs it. A form that is out of date shows what is true now."""
    page = page_to_decide(request, ref, Event.REQUEST_APPROVED)
    if request.method != "POST":
        form = _form(page, request)
        return _approve_page(request, page, form) if page.may(Move.APPROVE) else closed(request, page, tried="approve")
    form = _form(page, request, bound=True)
    terms_hash = request.POST.get("terms_hash", "")
    current = page.terms is not None and page.terms.sha256 == terms_hash
    valid = form.is_valid()
    if page.may(Move.APPROVE) and current and not valid:
        return _approve_page(request, page, form)
    try:
        license_ = answering.approve(
            page.request,
            terms_hash=terms_hash,
            use_ids=form.yes_ids,
            typed_name=request.POST.get("typed_name", "")[:120],
            proof=_proof(page, request).proof(),
            court_ref=form.court,
            after_death=form.wish,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _not_approved(request, ref, form, refusal)
    if license_ is None:
        messages.success(request, "You signed. Nothing is agreed until the other guardian signs, too.")
        return see_other(page.request)
    messages.success(request, f"You approved it. License {license_.ref} is on its way to everybody in this request.")
    return see_other(license_)


def _not_approved(request: ViewerRequest, ref: str, form: ApproveForm, refusal: Refused) -> HttpResponse:
    """After a refusal: the same form for what can be mended, else the true state with what was typed."""
    page = again(request, ref)
    if not page.may(Move.APPROVE):
        return closed(request, page, refusal=refusal, kept=typed(form), tried="approve")
    if refusal.code == "terms-changed":
        fresh = _form(page, request, typed_name=request.POST.get("typed_name", ""))
        changes = page.changes_since(request.POST.get("terms_hash", ""))
        return _approve_page(request, page, fresh, refusal=refusal, changes=changes, status=CONFLICT)
    if refusal.code.startswith(SIGNING):
        return _approve_page(request, page, form, sign_error=refusal.sentence)
    form.add_error("typed_name" if refusal.code == "name-differs" else None, refusal.sentence)
    return _approve_page(request, page, form)


def _form(page: RequestPage, request: ViewerRequest, *, bound: bool = False, typed_name: str = "") -> ApproveForm:
    use_ids = [use.pk for use in page.terms.uses.all()] if page.terms else []
    initial = {"typed_name": typed_name, "terms_hash": page.terms.sha256 if page.terms else ""}
    initial["court_ref"] = next((signature.court_ref for signature in page.signing.given), "")
    form_class = GuardianApproveForm if page.signing.young else ApproveForm
    return form_class(
        request.POST if bound else None,
        use_ids=use_ids,
        answers=chosen(request.POST if request.method == "POST" else request.GET, use_ids),
        initial=initial,
    )


def _proof(page: RequestPage, request: ViewerRequest, *, bound: bool = True) -> ProofFields:
    """The fields that prove the person, with a challenge for this request and the terms on the page."""
    digest = page.terms.sha256 if page.terms else ""
    return ProofFields(
        request.POST if bound else None,
        user=request.user,
        subject=page.request.subject,
        digest=digest,
        at=timezone.now(),
    )


def _approve_page(
    request: ViewerRequest, page: RequestPage, form: ApproveForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = shown(page)
    chosen_uses = [use for use in page.terms.uses.all() if use.pk in form.yes_ids] if page.terms else []
    offered = page.offered
    if chosen_uses and form.all_chosen and offered:
        offered = replace(offered, uses=tuple(use.offered() for use in chosen_uses))
    days = [use.starts_on for use in chosen_uses] + [use.ends_on for use in chosen_uses]
    context |= {
        "form": form,
        "findings": findings_at_the_answer(page.request, offered, at=page.at) if offered else FindingsShown(),
        "terms": page.shown(form.answers),
        "parts": page.sentence_of(offered) if offered else [],
        "signing": _proof(page, request, bound=False),
        "challenge_url": reverse("request-challenge", args=[page.request.ref]),
        "chosen_uses": chosen_uses,
        "chosen_span": (min(days), max(days)) if days else None,
        "chosen_total": sum(use.fee for use in chosen_uses),
        **more,
    }
    return render(request, "replicas/answer_approve.html", context, status=status)


@login_required
@once_per_form
def deny(request: ViewerRequest, ref: str) -> HttpResponse:
    """The confirm page of a no. Nothing in it has to be filled in."""

    def act(page: RequestPage, form: forms.Form) -> str:
        answering.deny(page.request, **form.cleaned_data, by=request.user, at=timezone.now())
        if page.is_unnamed:
            return f"You denied it. {page.request.organization.name} does not read who it was, and it shows nowhere."
        return f"You denied it. {page.request.organization.name} reads “Not available”, and it shows nowhere else."

    return write(request, ref, Move.DENY, DenyForm, act, event=Event.REQUEST_DENIED)


@login_required
@require_POST
@once_per_form
def reopen(request: ViewerRequest, ref: str) -> HttpResponse:
    """Takes a denial back while the window is open."""
    page = page_to_decide(request, ref, Event.REQUEST_REOPENED)
    try:
        answering.reopen(page.request, by=request.user, at=timezone.now())
    except Refused as refusal:
        return closed(request, again(request, ref), refusal=refusal, tried="reopen")
    messages.success(request, "Your denial is taken back. The request waits for your answer again.")
    return see_other(page.request)


@login_required
@never_cache
@require_safe
def challenge(request: ViewerRequest, ref: str) -> HttpResponse:
    """A fresh challenge over the present terms, for the page's script. Writes nothing."""
    at = timezone.now()
    page = get_page(request.user, request.desk, ref, at=at)
    if not page.may(Move.APPROVE) or page.terms is None:
        raise Http404
    text = challenge_for(request.user, page.request.subject, page.terms.sha256, at=at)
    return JsonResponse({"challenge": text, "options": passkey_options(request.user, text)})
