"""Terms that change hands: proposing, countering, accepting, withdrawing, giving more time."""

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
from replicas.access.pages import RequestPage, get_page
from replicas.actions import drafting, negotiating
from replicas.forms.negotiate import AcceptForm, ExtendForm, NoteForm, WithdrawForm
from replicas.forms.terms import Draft, TermsForm, with_another_use, without_use
from replicas.rules.answering import Move
from replicas.views.conversation import typed, write
from replicas.views.requests import CONFLICT, again, closed, shown


@login_required
@once_per_form
def propose(request: ViewerRequest, ref: str) -> HttpResponse:
    """The actor or their agency puts forward other terms."""
    return _new_round(request, ref, Move.PROPOSE, negotiating.propose)


@login_required
@once_per_form
def counter(request: ViewerRequest, ref: str) -> HttpResponse:
    """The people who asked answer a proposal with other terms."""
    return _new_round(request, ref, Move.COUNTER, negotiating.counter)


@login_required
@once_per_form
def accept(request: ViewerRequest, ref: str) -> HttpResponse:
    """The people who asked take the proposed terms as they are; the actor still signs."""

    def act(page: RequestPage, form: forms.Form) -> str:
        negotiating.accept(page.request, terms_hash=form.data.get("terms_hash", ""), by=request.user, at=timezone.now())
        return f"You accepted the changes. {page.request.actor.stage_name} has been told and still signs."

    return write(request, ref, Move.ACCEPT, AcceptForm, act)


@login_required
@once_per_form
def withdraw(request: ViewerRequest, ref: str) -> HttpResponse:
    """Takes the request back before it is answered."""

    def act(page: RequestPage, form: forms.Form) -> str:
        drafting.withdraw(page.request, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return f"{page.request.ref} is withdrawn."

    return write(request, ref, Move.WITHDRAW, WithdrawForm, act)


@login_required
@once_per_form
def extend(request: ViewerRequest, ref: str) -> HttpResponse:
    """Gives the actor more time."""
    page = get_page(request.user, request.desk, ref, at=timezone.now())

    def act(page: RequestPage, form: forms.Form) -> str:
        assert isinstance(form, ExtendForm)
        negotiating.extend(page.request, answer_by=form.until, by=request.user, at=timezone.now())
        return f"{page.request.actor.stage_name} has more time and has been told."

    return write(request, ref, Move.EXTEND, ExtendForm, act, now_until=page.request.answer_by)


Action = Callable[..., Any]


def _new_round(request: ViewerRequest, ref: str, move: Move, action: Action) -> HttpResponse:
    """The terms form, prefilled with the present round; what is sent becomes the next round."""
    page = get_page(request.user, request.desk, ref, at=timezone.now())
    posted = request.POST if request.method == "POST" else None
    if posted is None:
        if not page.may(move):
            return closed(request, page, tried=move.value)
        return _terms_page(request, page, move, _prefilled(page), NoteForm())
    if posted.get("do"):
        return _terms_page(request, page, move, _with_uses_changed(page, request), NoteForm(initial=posted.dict()))
    form, note = TermsForm(posted, today=_today(page)), NoteForm(posted)
    if not (form.is_valid() & note.is_valid()):
        if not page.may(move):
            return closed(request, page, kept=_kept(form, note), tried=move.value)
        return _terms_page(request, page, move, form, note)
    try:
        action(
            page.request,
            terms=form.offered(),
            terms_hash=note.cleaned_data["terms_hash"],
            note=note.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, ref, move, form, note, refusal)
    signs = "you sign" if page.is_actor else f"{page.request.actor.stage_name} signs"
    messages.success(request, f"Sent. It is {_other_side(page)}’s turn now; nothing is agreed until {signs}.")
    return see_other(page.request)


def _refused(
    request: ViewerRequest, ref: str, move: Move, form: TermsForm, note: NoteForm, refusal: Refused
) -> HttpResponse:
    page = again(request, ref)
    if not page.may(move):
        return closed(request, page, refusal=refusal, kept=_kept(form, note), tried=move.value)
    form.add_error(None, refusal.sentence)
    changes = page.changes_since(note.cleaned_data["terms_hash"])
    needs = refusal.code == "second-factor-missing"
    return _terms_page(
        request, page, move, form, note, changes=changes, needs_factor=needs, refusal=refusal, status=CONFLICT
    )


def _terms_page(
    request: ViewerRequest,
    page: RequestPage,
    move: Move,
    form: TermsForm,
    note: NoteForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    if page.is_unnamed:
        note.is_read_after_the_yes()
    shown_hash = page.terms.sha256 if page.terms else ""
    if more.get("refusal") is None and note.data.get("terms_hash"):
        shown_hash = note.data["terms_hash"]  # what the person read; a stale one is told when they send
    context = {**shown(page), "form": form, "note": note, "move": move.value, "terms_hash": shown_hash, **more}
    return render(request, "replicas/answer_terms.html", context, status=status)


def _prefilled(page: RequestPage) -> TermsForm:
    return TermsForm(today=_today(page), terms=page.offered)


def _with_uses_changed(page: RequestPage, request: ViewerRequest) -> TermsForm:
    """The form as typed, with one use more or less: the two buttons of the page without JavaScript."""
    draft: Draft = TermsForm.data_of(request.POST)
    do = request.POST["do"]
    if do == "add-use":
        draft = with_another_use(draft)
    elif (number := do.removeprefix("remove-use-")).isdecimal():
        draft = without_use(draft, int(number))
    return TermsForm(today=_today(page), draft=draft)


def _today(page: RequestPage) -> Any:
    return page.at.astimezone(page.request.actor.user.zone).date()


def _other_side(page: RequestPage) -> str:
    return page.request.actor.stage_name if page.is_licensee else page.request.organization.name


def _kept(form: TermsForm, note: NoteForm) -> list[tuple[str, str]]:
    """What was typed, use by use, so that nothing is lost when the form can't be sent any more."""
    kept = [("Note", str(note["note"].value() or "")), *typed(form)]
    for position, use in enumerate(form.uses, 1):
        kept += [(f"Use {position}, {label[0].lower()}{label[1:]}", text) for label, text in typed(use)]
    return kept
