"""Preparing a request: begun, written, read as the actor will read it, sent, or thrown away."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from accounts.access.factors import has_second_factor
from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access import get_request, sides_of
from replicas.access.attachments import get_attachment, papers_of
from replicas.access.judging import findings_before_sending, pay_of
from replicas.access.projects import projects_seen_by
from replicas.access.replicas import get_replica
from replicas.actions.attaching import attach, remove
from replicas.actions.drafting import begin_draft, save_draft, send, withdraw
from replicas.actions.rounds import parties_of
from replicas.forms.attachments import PaperForm
from replicas.forms.compose import BeginForm, DraftForm
from replicas.forms.so_far import so_far
from replicas.forms.terms import Draft, with_another_use, without_use
from replicas.models import Attachment, ReuseRequest
from replicas.rules.answering import ALREADY, RequestState, Side
from replicas.rules.findings import FindingsShown
from replicas.rules.showing import shown
from replicas.rules.terms import digest, document
from replicas.rules.wording import ask_in_parts

CHANGED = "The draft changed since you read it, in another tab or by a colleague. Please read it again, then send."
GONE = "What you typed is still here to copy, but it can't be saved any more."


@login_required
@once_per_form
def compose(request: ViewerRequest) -> HttpResponse:
    """Which replica, for which project. A GET shows the choice; only the POST begins a draft."""
    if not request.GET.get("replica"):
        messages.info(request, "Choose a replica first. Its page has the button to ask for it.")
        return redirect("replicas")
    replica = get_replica(request.user, request.GET["replica"], link=request.GET.get("link", ""))
    projects = projects_seen_by(request.user).select_related("organization").order_by("-id")
    if request.desk.kind == "casting":
        projects = projects.filter(organization=request.desk.organization)
    elif not projects.exists():
        raise Http404  # only casting offices and productions ask
    posted = request.POST if request.method == "POST" else None
    form = BeginForm(posted, projects=projects, initial={"project": request.GET.get("project")})
    if form.is_valid():
        try:
            draft = begin_draft(replica=replica, project=form.chosen(), draft={}, by=request.user, at=timezone.now())
            return see_other("request-draft", draft.ref)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "replicas/compose.html", {"form": form, "replica": replica, "here": _here(request)})


def _here(request: ViewerRequest) -> str:
    """The query that leads back to this replica after a project was created."""
    return "?" + urlencode({name: request.GET[name] for name in ("replica", "link") if request.GET.get(name)})


@login_required
def draft(request: ViewerRequest, ref: str) -> HttpResponse:
    """The form. Every button keeps what was typed; saving again does no harm, so the page carries no form key.

    A page from before, shown again by the back button, may therefore be saved like any other.
    """
    found = get_request(request.user, ref)
    if request.method == "POST":
        return _write(request, found)
    if not found.is_draft:
        return redirect(found)
    at = timezone.now()
    checked = "check" in request.GET
    form = _bound(found, at) if checked else DraftForm(zone=found.actor.user.zone, at=at, draft=found.draft)
    if checked:
        form.is_valid()
    return _page(request, found, form)


def _write(request: ViewerRequest, found: ReuseRequest) -> HttpResponse:
    at = timezone.now()
    do = request.POST.get("do", "save")
    typed = _with_uses(DraftForm.data_of(request.POST), do)
    form = DraftForm(request.POST, zone=found.actor.user.zone, at=at)
    try:
        if not save_draft(found, draft=typed, by=request.user, at=at):
            return _page(request, found, form, gone=_gone(get_request(request.user, found.ref)))
    except Refused as refusal:
        return _page(request, found, form, gone=refusal.sentence)
    papers = _with_papers(request, found, do, at)
    if papers.errors:
        return _page(request, found, DraftForm(zone=found.actor.user.zone, at=at, draft=typed), papers=papers)
    if do == "review" and not form.is_valid():
        return _page(request, found, form)
    return _onward(request, found, do, typed)


def _with_papers(request: ViewerRequest, found: ReuseRequest, do: str, at: datetime) -> PaperForm:
    """Attaches or removes a paper if that button was pressed; the form says why not."""
    form = PaperForm(request.POST, request.FILES) if do == "attach" else PaperForm()
    try:
        if do == "attach" and form.is_valid():
            attach(found, paper=form.cleaned_data["paper"], by=request.user, at=at)
        elif do.startswith("remove-paper-"):
            remove(_paper(request.user, found, do), by=request.user, at=at)
    except Refused as refusal:
        form.is_bound, form.cleaned_data = True, {}
        form.add_error("paper", refusal.sentence)
    return form


def _onward(request: ViewerRequest, found: ReuseRequest, do: str, typed: Draft) -> HttpResponse:
    """Where a button leads: on to reading, or back to the place in the form where it was pressed."""
    if do == "review":
        return see_other("request-review", found.ref)
    place = ""
    if do == "add-use":
        place = "#" + max((name.rsplit("-", 1)[0] for name in typed if name.startswith("use-")), key=_number)
    elif "paper" in do or do == "attach":
        place = "#papers"
    elif do == "save":
        messages.success(request, "Saved. Nobody but your house can see the draft.")
    return see_other(reverse("request-draft", args=[found.ref]) + place)


def autosave(request: ViewerRequest, ref: str) -> JsonResponse:
    """Keeps a half-filled form in the background. JSON: ``saved_at``, or ``reason`` and a status that fits.

    A GET answers with a fresh ``token`` for a page whose reader signed in again elsewhere.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"reason": "You are signed out. Sign in in another tab, then go on here."}, status=401)
    try:
        found = get_request(request.user, ref)
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        at = timezone.now()
        if not save_draft(found, draft=DraftForm.data_of(request.POST), by=request.user, at=at):
            return JsonResponse({"reason": _gone(get_request(request.user, ref))}, status=409)
    except Http404:
        return JsonResponse({"reason": "This draft does not exist."}, status=404)
    except Refused as refusal:
        return JsonResponse({"reason": refusal.sentence}, status=409)
    return JsonResponse({"saved_at": at.isoformat()})


@login_required
@once_per_form
def review(request: ViewerRequest, ref: str) -> HttpResponse:
    """Exactly what the actor will read. The POST sends it, if it is still what was read."""
    found = get_request(request.user, ref)
    if not found.is_draft:
        return see_other(found)
    at = timezone.now()
    form = _bound(found, at)
    if not form.is_valid():
        return see_other(reverse("request-draft", args=[found.ref]) + "?check=1")
    papers = papers_of(found)
    read = _fingerprint(found, form, papers)
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("read") != read:
                raise Refused("draft-changed", CHANGED)
            send(found, terms=form.offered(), answer_by=form.cleaned_data["answer_by"], by=request.user, at=at)
            messages.success(request, f"Sent. {found.actor.stage_name} is being told now.")
            return see_other(found)
        except Refused as refusal:
            refused = refusal.sentence
    return render(request, "replicas/review.html", _review(request.user, found, form, papers, read, refused))


@login_required
@require_POST
def findings(request: ViewerRequest, ref: str) -> HttpResponse:
    """What the rulebook says about the form as it stands, as a part of the page. Nothing is kept."""
    found = get_request(request.user, ref)
    if not found.is_draft:
        raise Http404
    form = DraftForm(request.POST, zone=found.actor.user.zone, at=timezone.now())
    return render(request, "components/findings.html", {"findings": _findings(found, form), "writing": True})


@login_required
@once_per_form
def discard(request: ViewerRequest, ref: str) -> HttpResponse:
    """Throws a draft away after asking once."""
    found = get_request(request.user, ref)
    if not found.is_draft:
        return see_other(found)
    refused = ""
    if request.method == "POST":
        try:
            withdraw(found, by=request.user, at=timezone.now())
            messages.success(request, f"The draft {found.ref} was thrown away.")
            return see_other(found.project)
        except Refused as refusal:
            refused = refusal.sentence
    return render(request, "replicas/compose_discard.html", {"draft": found, "refused": refused})


def _page(
    request: ViewerRequest, found: ReuseRequest, form: DraftForm, *, papers: PaperForm | None = None, gone: str = ""
) -> HttpResponse:
    shown_on = {
        "draft": found,
        "form": form,
        "papers": papers_of(found),
        "paper_form": papers or PaperForm(),
        "gone": gone,
    }
    if not gone:
        shown_on["findings"] = _findings(found, form if form.is_bound else _bound(found, timezone.now()))
    return render(request, "replicas/compose_draft.html", shown_on, status=409 if gone else 200)


def _findings(found: ReuseRequest, form: DraftForm) -> FindingsShown:
    """What the rulebook says about a form that may be half filled."""
    said = so_far(form, found.project.title)
    return findings_before_sending(found, said.terms, at=form.at, uses=said.uses, unwritten=said.unwritten)


def _review(
    user: User, found: ReuseRequest, form: DraftForm, papers: list[Attachment], read: str, refused: str
) -> dict[str, Any]:
    """What the page before sending shows: the decision page's own parts, and what stands in the way."""
    offered = form.offered()
    project = found.project
    return {
        "draft": found,
        "asked": f"asked by {user.name}",
        "parts": ask_in_parts(found.organization.name, found.replica.name, project.title, offered, whose="your"),
        "terms": shown(offered),
        "answer_by": form.cleaned_data["answer_by"],
        "zone": found.actor.user.zone,
        "papers": papers,
        "read": read,
        "refused": refused,
        "may_send": Side.LICENSEE in sides_of(user, found, (Side.LICENSEE,)),
        "needs_factor": settings.REQUIRE_MFA and not has_second_factor(user),
        "findings": findings_before_sending(found, offered, at=form.at),
        "pay": pay_of(found, offered, at=form.at, to=f"To {found.actor.stage_name}"),
    }


def _bound(found: ReuseRequest, at: datetime) -> DraftForm:
    """The kept draft as a form to be checked."""
    return DraftForm(MultiValueDict(found.draft), zone=found.actor.user.zone, at=at)


def _fingerprint(found: ReuseRequest, form: DraftForm, papers: list[Attachment]) -> str:
    """SHA-256 over everything on the page before sending, so that nothing unread is sent."""
    project = found.project
    more = {
        "answer_by": form.cleaned_data["answer_by"].isoformat(),
        "papers": [paper.sha256 for paper in papers],
        "story": [project.synopsis, str(project.photography_from), str(project.photography_to)],
    }
    return digest(document(form.offered(), parties={**parties_of(found), **more}))


def _with_uses(typed: Draft, do: str) -> Draft:
    if do == "add-use":
        return with_another_use(typed)
    if do.startswith("remove-use-") and do.removeprefix("remove-use-").isdecimal():
        return without_use(typed, int(do.removeprefix("remove-use-")))
    return typed


def _paper(user: User, found: ReuseRequest, do: str) -> Attachment:
    number = do.removeprefix("remove-paper-")
    if not number.isdecimal():
        raise Http404
    return get_attachment(user, found.ref, int(number))


def _gone(found: ReuseRequest) -> str:
    state = RequestState(found.state)
    return f"{'This request was sent.' if found.is_waiting else ALREADY[state]} {GONE}"


def _number(prefix: str) -> int:
    return int(prefix.removeprefix("use-"))
