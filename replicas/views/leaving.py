"""Withdrawing from a replica altogether: one page that shows everything first, and one signature."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.signing import challenge_for, passkey_options
from accounts.forms.signing import ProofFields
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.leaving import Stakes, get_to_leave, stakes_of
from replicas.actions.leaving import leave
from replicas.forms.leaving import LeaveForm
from replicas.models import Replica
from replicas.rules.answering import Side
from replicas.rules.leaving import default_due_on
from replicas.rules.replicas import Act, may
from replicas.rules.vocabulary import ReplicaState

SIGNING = ("proof-", "wrong-", "password-", "no-factor", "too-many-tries")  # refusals about the signature alone


@login_required
@never_cache
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ViewerRequest, ref: str) -> HttpResponse:
    """What ends with it, license by license; the POST signs it."""
    found = get_to_leave(request.user, ref)
    stakes = stakes_of(found)
    form = _form(request, stakes)
    if request.method != "POST" or not _may(found):
        return _page(request, stakes, form)
    if not form.is_valid():
        return _page(request, stakes, form)
    values = form.cleaned_data
    try:
        leave(
            found,
            shown=values["shown"],
            fates=form.fates(),
            wanted=values["due_on"],
            contacts=form.contacts(),
            typed_name=values["typed_name"],
            proof=_signing(request, stakes, bound=True).proof(),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, ref, form, refusal)
    messages.success(
        request, "You withdrew it. Whoever holds it has been asked to destroy it; you see each proof here."
    )
    return see_other("custody", found.ref)


def _refused(request: ViewerRequest, ref: str, form: LeaveForm, refusal: Refused) -> HttpResponse:
    """The page again with what is true now and what was typed."""
    stakes = stakes_of(get_to_leave(request.user, ref))
    if refusal.code == "changed-meanwhile":
        fresh = _form(request, stakes, typed=request.POST)
        return _page(request, stakes, fresh, refusal=refusal.sentence, status=409)
    if refusal.code.startswith(SIGNING):
        return _page(request, stakes, form, sign_error=refusal.sentence)
    field = {"name-differs": "typed_name", "due-too-soon": "due_on", "due-too-late": "due_on"}.get(refusal.code)
    form.add_error(field, refusal.sentence)
    return _page(request, stakes, form)


def _form(request: ViewerRequest, stakes: Stakes, *, typed: Any = None) -> LeaveForm:
    """The form; with ``typed``, a fresh one over what is true now that keeps what was typed."""
    today = timezone.now().astimezone(stakes.replica.actor.user.zone).date()
    start = {"due_on": default_due_on(today), **(typed.dict() if typed else {}), "shown": stakes.digest}
    bound = request.POST if request.method == "POST" and typed is None else None
    return LeaveForm(bound, licenses=stakes.licenses, holdings=stakes.holdings, initial=start)


def _may(found: Replica) -> bool:
    return may(Act.LEAVE, sides=frozenset({Side.ACTOR}), state=ReplicaState(found.state))


def _signing(request: ViewerRequest, stakes: Stakes, *, bound: bool = False) -> ProofFields:
    """The fields that prove the person, with a challenge for this replica and what the page shows of it."""
    posted = request.POST if bound else None
    subject = stakes.replica.subject
    return ProofFields(posted, user=request.user, subject=subject, digest=stakes.digest, at=timezone.now())


def _page(request: ViewerRequest, stakes: Stakes, form: LeaveForm, *, status: int = 200, **more: Any) -> HttpResponse:
    shown = {
        "replica": stakes.replica,
        "stakes": stakes,
        "form": form,
        "allowed": _may(stakes.replica),
        "signing": _signing(request, stakes),
        "challenge_url": reverse("replica-delete-challenge", args=[stakes.replica.ref]),
        **more,
    }
    return render(request, "replicas/replica_delete.html", shown, status=status)


@login_required
@never_cache
@require_safe
def challenge(request: ViewerRequest, ref: str) -> HttpResponse:
    """A fresh challenge over what is true now, for the page's script. Writes nothing."""
    found = get_to_leave(request.user, ref)
    if not _may(found):
        raise Http404
    at, stakes = timezone.now(), stakes_of(found)
    text = challenge_for(request.user, found.subject, stakes.digest, at=at)
    return JsonResponse({"challenge": text, "options": passkey_options(request.user, text)})
