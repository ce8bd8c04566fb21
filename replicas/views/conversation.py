"""What people say about a request: questions both sides read, and the agent's advice that only the actor reads."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.pages import RequestPage
from replicas.actions import conversing
from replicas.forms.negotiate import AdviseForm, AskForm
from replicas.rules.answering import Move
from replicas.views.requests import again, closed, page_to_decide, shown

TEMPLATES = {
    Move.ASK: "replicas/answer_ask.html",
    Move.ADVISE: "replicas/answer_advise.html",
    Move.DENY: "replicas/answer_deny.html",
    Move.ACCEPT: "replicas/answer_accept.html",
    Move.WITHDRAW: "replicas/answer_withdraw.html",
    Move.EXTEND: "replicas/answer_extend.html",
}


@login_required
@once_per_form
def ask(request: ViewerRequest, ref: str) -> HttpResponse:
    def act(page: RequestPage, form: forms.Form) -> str:
        body, at = form.cleaned_data["body"], timezone.now()
        conversing.ask(page.request, body=body, side=page.side, by=request.user, at=at)
        if page.is_unnamed:
            return f"Your message is sent. {page.request.organization.name} reads it without a name."
        return "Your message is sent. Everybody in this request reads it."

    return write(request, ref, Move.ASK, AskForm, act)


@login_required
@once_per_form
def advise(request: ViewerRequest, ref: str) -> HttpResponse:
    def act(page: RequestPage, form: forms.Form) -> str:
        conversing.advise(page.request, body=form.cleaned_data["body"], by=request.user, at=timezone.now())
        return f"{page.request.actor.stage_name} reads your advice beside the request."

    return write(request, ref, Move.ADVISE, AdviseForm, act)


def write(
    request: ViewerRequest,
    ref: str,
    move: Move,
    form_class: Callable[..., forms.Form],
    act: Callable[[RequestPage, forms.Form], str],
    *,
    event: str = "",
    **form_kwargs: Any,
) -> HttpResponse:
    """One form, one action, one message. ``act`` does the work and says what came of it.

    ``event`` names a decision: a stranger's try leaves an entry then.
    """
    page = page_to_decide(request, ref, event)
    form = form_class(request.POST if request.method == "POST" else None, **form_kwargs)
    if page.is_unnamed:  # nothing is shared with people who are not to know whose answer it is
        form.fields.pop("seen_by", None)
    if request.method != "POST" and not page.may(move):
        return closed(request, page, tried=move.value)
    status = 200
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(page, form))
            return see_other(page.request)
        except Refused as refusal:
            page, status = again(request, ref), 409
            if not page.may(move):
                return closed(request, page, refusal=refusal, kept=typed(form), tried=move.value)
            form.add_error(None, refusal.sentence)
            more = {
                "needs_factor": refusal.code == "second-factor-missing",
                "changes": page.changes_since(request.POST.get("terms_hash", "")),
            }
    context = {**shown(page), "form": form, "move": move.value, **more}
    return render(request, TEMPLATES[move], context, status=status)


def typed(form: forms.Form) -> list[tuple[str, str]]:
    """What somebody put into a form, for a page that can't show the form any more: nothing left empty or as it was
    preset, and choices by their names."""
    fields = [field for field in form.visible_fields() if field.value() and not _preset(field)]
    return [(str(field.label), _named(field)) for field in fields]


def _preset(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect) and field.value() == field.field.initial


def _named(field: forms.BoundField) -> str:
    value = field.value()
    names = {str(key): str(name) for key, name in getattr(field.field, "choices", ())}
    return ", ".join(names.get(one, one) for one in map(str, value if isinstance(value, list) else [value]))
