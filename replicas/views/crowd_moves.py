"""What the house does with a crowd that runs. Each is one confirm page that says what happens, and one action."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import may_act_for
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import get_crowd
from replicas.access.crowds.board import tally_of
from replicas.access.crowds.life import get_variant, reads_as, variants_of
from replicas.actions.crowds import mailing, moving, raising
from replicas.forms.crowd_moves import (
    CloseCrowdForm,
    ExtendForm,
    MoreForm,
    NudgeForm,
    PromoteForm,
    RaiseForm,
    WithdrawOpenForm,
)
from replicas.models import Crowd
from replicas.rules.crowds import CrowdState, Shown
from replicas.rules.crowds.moving import CrowdMove, check_nudge, judge_crowd
from replicas.rules.showing import shown, terms_of

CONFLICT = 409
TEMPLATES = {
    CrowdMove.NUDGE: "replicas/crowd_nudge.html",
    CrowdMove.EXTEND: "replicas/crowd_extend.html",
    CrowdMove.RAISE: "replicas/crowd_raise.html",
    CrowdMove.ACCEPT: "replicas/crowd_accept.html",
    CrowdMove.PROMOTE: "replicas/crowd_promote.html",
    CrowdMove.MORE: "replicas/crowd_more.html",
    CrowdMove.WITHDRAW: "replicas/crowd_withdraw.html",
    CrowdMove.CLOSE: "replicas/crowd_close.html",
}
Act = Callable[[Crowd, Any], str]
FormOf = Callable[[Crowd, Any], forms.Form]


@login_required
@once_per_form
def nudge(request: ViewerRequest, ref: str) -> HttpResponse:
    """Reminds everybody whose turn it is."""

    def act(crowd: Crowd, form: forms.Form) -> str:
        mailing.nudge(crowd, by=request.user, at=timezone.now())
        return "Everybody who is still reading is reminded, outside of their quiet hours."

    return _write(request, ref, CrowdMove.NUDGE, lambda crowd, data: NudgeForm(data), act)


@login_required
@once_per_form
def extend(request: ViewerRequest, ref: str) -> HttpResponse:
    """Gives everybody who still can answer more time."""

    def act(crowd: Crowd, form: ExtendForm) -> str:
        mailing.extend(crowd, answer_by=form.until, by=request.user, at=timezone.now())
        return "Everybody who has not answered has more time and is told."

    return _write(request, ref, CrowdMove.EXTEND, lambda crowd, data: ExtendForm(data, now_until=crowd.answer_by), act)


@login_required
@once_per_form
def raise_offer(request: ViewerRequest, ref: str) -> HttpResponse:
    """A better fee for everybody, those who said yes before included."""

    def form_of(crowd: Crowd, data: Any) -> RaiseForm:
        assert crowd.offer is not None
        return RaiseForm(data, offer=terms_of(crowd.offer.document), number=crowd.offer.number)

    def act(crowd: Crowd, form: RaiseForm) -> str:
        number = form.cleaned_data["shown"]
        raising.raise_offer(crowd, fees=form.fees, shown=number, by=request.user, at=timezone.now())
        return "The offer is raised. Everybody who can still answer gets it, and so do those who said yes."

    return _write(request, ref, CrowdMove.RAISE, form_of, act)


@login_required
@once_per_form
def promote(request: ViewerRequest, ref: str) -> HttpResponse:
    """Calls standbys now."""

    def act(crowd: Crowd, form: PromoteForm) -> str:
        moving.promote(crowd, people=form.cleaned_data["people"], by=request.user, at=timezone.now())
        return "They are called, each with a full window to answer."

    def form_of(crowd: Crowd, data: Any) -> PromoteForm:
        return PromoteForm(data, most=reads_as(crowd, Shown.WAITING))

    return _write(request, ref, CrowdMove.PROMOTE, form_of, act)


@login_required
@once_per_form
def more(request: ViewerRequest, ref: str) -> HttpResponse:
    """Needs more people than before."""

    def act(crowd: Crowd, form: MoreForm) -> str:
        values = form.cleaned_data
        moving.ask_for_more(
            crowd, more=values["more"], answer_by=values["answer_by"], by=request.user, at=timezone.now()
        )
        return "The next are called. Whoever agreed to be asked again comes first."

    return _write(request, ref, CrowdMove.MORE, lambda crowd, data: MoreForm(data), act)


@login_required
@once_per_form
def withdraw(request: ViewerRequest, ref: str) -> HttpResponse:
    """Takes back what is still asked, with a message, and ends the crowd as it stands."""

    def act(crowd: Crowd, form: WithdrawOpenForm) -> str:
        moving.withdraw_open(crowd, message=form.cleaned_data["message"], by=request.user, at=timezone.now())
        return "The crowd is closed. Everybody who had not answered is told and reads your message."

    return _write(request, ref, CrowdMove.WITHDRAW, lambda crowd, data: WithdrawOpenForm(data), act)


@login_required
@once_per_form
def close(request: ViewerRequest, ref: str) -> HttpResponse:
    """Calls nobody any more; who was asked may still answer."""

    def act(crowd: Crowd, form: forms.Form) -> str:
        moving.close_to_standbys(crowd, by=request.user, at=timezone.now())
        return "Nobody else is called. Who was asked may still answer."

    return _write(request, ref, CrowdMove.CLOSE, lambda crowd, data: CloseCrowdForm(data), act)


@login_required
@require_safe
def variants(request: ViewerRequest, ref: str) -> HttpResponse:
    """What is proposed instead of the offer, grouped, and by how many."""
    crowd = get_crowd(request.user, ref)
    if crowd.offer is None:
        raise Http404
    found = {"variants": variants_of(crowd), "offer": shown(terms_of(crowd.offer.document))}
    return render(request, "replicas/crowd_variants.html", {**_shown(request, crowd), **found})


@login_required
@once_per_form
def accept_variant(request: ViewerRequest, ref: str, key: str) -> HttpResponse:
    """Takes what several propose, for all of them; each still signs."""

    def act(crowd: Crowd, form: forms.Form) -> str:
        moving.accept_variant(crowd, key=key, by=request.user, at=timezone.now())
        return "Accepted for everybody who asks for it. Each has at least 48 hours to sign."

    crowd = get_crowd(request.user, ref)
    variant = get_variant(crowd, key) if crowd.offer else None
    if variant is None and request.method != "POST":
        raise Http404
    extra = {"variant": variant, "terms": shown(variant.terms)} if variant else {}
    return _write(request, ref, CrowdMove.ACCEPT, lambda crowd, data: CloseCrowdForm(data), act, **extra)


def _write(
    request: ViewerRequest,
    ref: str,
    move: CrowdMove,
    form_of: Callable[[Crowd, Any], forms.Form],
    act: Act,
    **more: Any,
) -> HttpResponse:
    """One form, one action, one message. What was typed is kept beside the reason when it is refused."""
    crowd = get_crowd(request.user, ref)
    if crowd.is_draft or crowd.state == CrowdState.SENDING:
        return see_other(crowd)
    form, status, refused = form_of(crowd, request.POST if request.method == "POST" else None), 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(crowd, form))
            return see_other(crowd)
        except Refused as refusal:
            crowd, status, refused = get_crowd(request.user, ref), CONFLICT, refusal.code
            form.add_error(None, refusal.sentence)
    context = {**_shown(request, crowd, move), **more, "form": form, "needs_factor": refused == "second-factor-missing"}
    return render(request, TEMPLATES[move], context, status=status)


def _shown(request: ViewerRequest, crowd: Crowd, move: CrowdMove | None = None) -> dict[str, Any]:
    """What every one of these pages shows. ``why_not`` says why the move is not open; empty where it is."""
    tally = tally_of(crowd)
    reach = {CrowdMove.NUDGE: Shown.OPEN, CrowdMove.PROMOTE: Shown.WAITING, CrowdMove.ACCEPT: Shown.COUNTERED}
    people = tally.of(reach[move]) if move in reach else 1
    return {
        "crowd": crowd,
        "open": tally.words(Shown.OPEN),
        "waiting": tally.words(Shown.WAITING),
        "why_not": _why_not(request, move, crowd, people) if move else "",
        "at": timezone.now(),
    }


def _why_not(request: ViewerRequest, move: CrowdMove, crowd: Crowd, people: int) -> str:
    may_act = may_act_for(request.user, crowd.organization_id)
    try:
        judge_crowd(move, state=CrowdState(crowd.state), may_act=may_act, people=people)
        if move is CrowdMove.NUDGE:
            check_nudge(crowd.nudged_at, at=timezone.now(), zone=request.user.zone)
    except Refused as refusal:
        return refusal.sentence
    return ""
