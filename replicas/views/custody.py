"""Who holds a replica: the page, what is written down about it, transfers and attestations."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.custody import (
    Custody,
    accesses_page,
    files_of,
    get_custody,
    held_by,
    holding_in,
    licenses_for,
    owed_by,
    task_in,
    transfer_in,
    transfers_of,
)
from replicas.access.guardrails import licensee_named
from replicas.actions.custody import destroying, recording, transferring
from replicas.forms.custody import (
    AccessForm,
    AnswerForm,
    AssumptionForm,
    AttestForm,
    CompleteForm,
    CopyForm,
    DestroyForm,
    EndForm,
    TransferForm,
)
from replicas.rules.custody import ANSWER_DAYS, UNION_DAYS, Act, TransferMove, clock_words
from replicas.rules.custody.words import Held, house_opening, liability, opening
from replicas.rules.leaving import default_due_on

CONFLICT = 409


@login_required
@require_safe
def custody(request: ViewerRequest, ref: str) -> HttpResponse:
    """Who holds what until when, who may get it next, what has to be destroyed, and who opened the files."""
    at = timezone.now()
    found = get_custody(request.user, ref, at=at)
    held = [Held(row.holder, row.kind, row.copies, row.until, row.overdue, row.due_on) for row in found.live]
    gone = next((f"{task.holding.holder} destroyed it; nobody holds it any more." for task in found.tasks), "")
    shown = {
        "custody": found,
        "opening": opening(held, ended=gone),
        "accesses": accesses_page(found, request.GET),
        "clocks": [(row, clock_words(row.last_interaction_on, row.until, found.places)) for row in found.live],
        "at": at,
    }
    return render(request, "replicas/custody.html", shown)


@login_required
@require_safe
def house_custody(request: ViewerRequest) -> HttpResponse:
    """What a casting office or production company holds, and what it has to destroy."""
    desk, at = request.desk, timezone.now()
    if desk.kind != "casting":
        raise Http404
    owed, page = owed_by(desk), held_by(desk, at=at, query=request.GET)
    late = sum(task.overdue(at) for task in owed)
    first = owed[0].due_on if owed else None
    sentence = house_opening(owed=len(owed), overdue=late, first=first, held=bool(page.items))
    shown = {"page": page, "owed": owed, "transfers": transfers_of(desk), "opening": sentence, "at": at}
    return render(request, "replicas/house_custody.html", shown)


def _write(
    request: ViewerRequest,
    found: Custody,
    template: str,
    form: forms.Form,
    act: Callable[[Any], str],
    **shown: Any,
) -> HttpResponse:
    """One form, one action, one message; then back to the custody page. ``act`` does the work and says what came."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(form))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = CONFLICT
        else:
            return see_other("custody", found.replica.ref)
    context = {"custody": found, "replica": found.replica, "form": form, **shown}
    return render(request, template, context, status=status)


def _posted(request: ViewerRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _at_holding(request: ViewerRequest, ref: str, holding_id: int, what: Act) -> tuple[Custody, Any, bool]:
    """The custody, one live holding in it, and whether the viewer writes for a holder who is not on the portal."""
    found = get_custody(request.user, ref, at=timezone.now())
    holding = holding_in(found, holding_id, what)
    return found, holding, holding.pk not in found.holds


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: ViewerRequest, ref: str, holding_id: int) -> HttpResponse:
    """Writing down copies."""
    found, holding, noted = _at_holding(request, ref, holding_id, Act.RECORD_COPY)
    licenses = licenses_for(found.replica)
    start = {"holder": "" if noted else holding.holder, "since": found.day(timezone.now()), "copies": 1}
    form = CopyForm(_posted(request), noted=noted, licenses=licenses, initial=start)

    def act(form: CopyForm) -> str:
        facts = form.facts(licensee_named(form.cleaned_data["holder"]))
        made = recording.record_copy(holding, facts=facts, by=request.user, at=timezone.now())
        return f"Recorded: {made.holder} holds {made.what}."

    return _write(request, found, "replicas/custody_copy.html", form, act, holding=holding)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: ViewerRequest, ref: str, holding_id: int) -> HttpResponse:
    """Adding who opened the files."""
    found, holding, noted = _at_holding(request, ref, holding_id, Act.LOG_ACCESS)
    form = AccessForm(_posted(request), noted=noted, initial={"opened_at": timezone.localtime()})

    def act(form: AccessForm) -> str:
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in ("who", "purpose", "opened_at")}
        values |= {"files": form.names(), "told_by": form.told_by()}
        recording.log_access(holding, **values, by=request.user, at=timezone.now())
        return "It stands in the access log. It can’t be changed any more."

    return _write(request, found, "replicas/custody_access.html", form, act, holding=holding)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ViewerRequest, ref: str, holding_id: int) -> HttpResponse:
    """Somebody no longer holds it."""
    found, holding, noted = _at_holding(request, ref, holding_id, Act.END)
    form = EndForm(_posted(request), noted=noted, kind=holding.kind)

    def act(form: EndForm) -> str:
        ending, told_by = form.cleaned_data["ending"], form.told_by()
        recording.end_holding(holding, ending=ending, told_by=told_by, by=request.user, at=timezone.now())
        return f"{holding.holder} no longer holds {holding.what}."

    return _write(request, found, "replicas/custody_end.html", form, act, holding=holding)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def destroy(request: ViewerRequest, ref: str, holding_id: int) -> HttpResponse:
    """The purpose is met: a task to destroy it, with its day."""
    found, holding, _ = _at_holding(request, ref, holding_id, Act.ASK_DESTRUCTION)
    form = DestroyForm(_posted(request), initial={"due_on": default_due_on(found.day(timezone.now()))})

    def act(form: DestroyForm) -> str:
        destroying.ask_destruction(holding, **form.cleaned_data, by=request.user, at=timezone.now())
        return f"{holding.holder} has been asked. The custody page shows it until the proof is there."

    return _write(request, found, "replicas/custody_destroy.html", form, act, holding=holding)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: ViewerRequest, ref: str, holding_id: int) -> HttpResponse:
    """Asking the performer for a new holder."""
    found, holding, noted = _at_holding(request, ref, holding_id, Act.ASK_TRANSFER)
    form = TransferForm(_posted(request), noted=noted)

    def act(form: TransferForm) -> str:
        facts = form.facts(licensee_named(form.cleaned_data["to_name"]))
        transferring.ask_transfer(holding, facts=facts, by=request.user, at=timezone.now())
        return f"{found.replica.actor} has been asked. Nothing passes to anybody before their yes."

    return _write(request, found, "replicas/custody_transfer.html", form, act, holding=holding, days=ANSWER_DAYS)


def _at_transfer(
    request: ViewerRequest, ref: str, transfer_id: int, *, to_answer: bool = False
) -> tuple[Custody, Any, dict[str, Any]]:
    """The custody, one transfer in it, and what its pages show."""
    found = get_custody(request.user, ref, at=timezone.now())
    asked = transfer_in(found, transfer_id, to_answer=to_answer)
    sentence = liability(asked.holding.holder, union=asked.needs_union)
    shown = {"transfer": asked, "liability": sentence, "union_days": UNION_DAYS}
    return found, asked, shown


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ViewerRequest, ref: str, transfer_id: int) -> HttpResponse:
    """The performer's yes or no to a new holder. Two buttons of the same weight."""
    found, asked, shown = _at_transfer(request, ref, transfer_id, to_answer=True)

    def act(form: AnswerForm) -> str:
        agreed = form.cleaned_data["answer"] == TransferMove.AGREE
        decide = transferring.agree if agreed else transferring.refuse
        decide(asked, by=request.user, at=timezone.now())
        return _answered(asked, agreed)

    return _write(request, found, "replicas/custody_answer.html", AnswerForm(_posted(request)), act, **shown)


def _answered(asked: Any, agreed: bool) -> str:
    if agreed:
        return f"You agreed. {asked.to_name} gets it once the rest is in writing, and you are told when."
    return f"You did not agree. {asked.holding.holder} reads “Not agreed”, and nothing else."


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def union(request: ViewerRequest, ref: str, transfer_id: int) -> HttpResponse:
    """The union has it before it: its clock begins."""
    found, asked, shown = _at_transfer(request, ref, transfer_id)
    form = AssumptionForm(_posted(request), noted=asked.holding_id not in found.holds)

    def act(form: AssumptionForm) -> str:
        transferring.ask_union(asked, **form.cleaned_data, by=request.user, at=timezone.now())
        return f"Recorded. The union has {UNION_DAYS} days; its silence is not approval."

    return _write(request, found, "replicas/custody_union.html", form, act, **shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: ViewerRequest, ref: str, transfer_id: int) -> HttpResponse:
    """It passes to the new holder."""
    found, asked, shown = _at_transfer(request, ref, transfer_id)
    known = {"document": asked.document, "sha256": asked.document_sha256, "union": asked.needs_union}
    form = CompleteForm(_posted(request), noted=asked.holding_id not in found.holds, **known)

    def act(form: CompleteForm) -> str:
        made = transferring.complete(asked, **form.values(), by=request.user, at=timezone.now())
        return f"{made.holder} now holds {made.what}."

    return _write(request, found, "replicas/custody_complete.html", form, act, **shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ViewerRequest, ref: str, transfer_id: int) -> HttpResponse:
    """The question is taken back."""
    found, asked, shown = _at_transfer(request, ref, transfer_id)

    def act(form: forms.Form) -> str:
        transferring.withdraw(asked, by=request.user, at=timezone.now())
        return f"Withdrawn. {asked.holding.holder} keeps {asked.holding.what}."

    return _write(request, found, "replicas/custody_withdraw.html", forms.Form(_posted(request)), act, **shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def attest(request: ViewerRequest, ref: str, task_id: int) -> HttpResponse:
    """The proof that it is gone."""
    at = timezone.now()
    found = get_custody(request.user, ref, at=at)
    task = task_in(found, task_id)
    known = "\n".join(files_of(found.replica))
    start = {"sha256s": known, "destroyed_on": found.day(at)}
    form = AttestForm(_posted(request), noted=task.holding_id not in found.holds, initial=start)

    def act(form: AttestForm) -> str:
        destroying.attest(task, proof=form.attestation(), by=request.user, at=timezone.now())
        return f"Attested: {task.holding.holder} has destroyed {task.holding.what}."

    shown = {"task": task, "may_write": task.holding_id in found.acts, "overdue": task.overdue(at)}
    return _write(request, found, "replicas/custody_attest.html", form, act, **shown)
