"""Preparing a crowd, step by step: begun, its brief, its terms, its numbers; kept while it is typed; thrown away."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import get_crowd
from replicas.access.crowds.drafting import drafts_of, people_count
from replicas.access.judging import findings_for_many
from replicas.access.projects import projects_seen_by
from replicas.actions.crowds.drafting import GONE, begin_crowd, discard_crowd, save_crowd_draft
from replicas.forms.crowd_drafting import BeginCrowdForm, BriefForm, DeadlineForm, KeptForm, PeopleForm, bound
from replicas.forms.crowd_plan import kept_terms, steps_of
from replicas.forms.so_far import so_far
from replicas.forms.terms import Draft, TermsForm, with_another_use, without_use
from replicas.models import Crowd
from replicas.rules.crowds.drafting import TYPED, Step
from replicas.rules.findings import FindingsShown

DRAFTS = 20  # of the newest
SAVED = "Saved. Nobody but your house can see the draft."
STILL_HERE = "What you typed is still here to copy, but it can’t be saved any more."
TEMPLATES = {
    Step.BRIEF: "replicas/crowd_brief.html",
    Step.TERMS: "replicas/crowd_terms.html",
    Step.DEADLINE: "replicas/crowd_deadline.html",
}
FORMS: dict[str, type[KeptForm] | type[TermsForm]] = {
    Step.BRIEF: BriefForm,
    Step.TERMS: TermsForm,
    Step.PEOPLE: PeopleForm,
    Step.DEADLINE: DeadlineForm,
}


@login_required
@once_per_form
def new(request: ViewerRequest) -> HttpResponse:
    """For which project, and what it is called. Whom a search or a shortlist found comes along in the address."""
    if request.desk.kind != "casting":
        raise Http404
    projects = projects_seen_by(request.user).filter(organization=request.desk.organization).order_by("-id")
    posted = request.POST if request.method == "POST" else None
    form = BeginCrowdForm(
        posted,
        projects=projects.select_related("organization"),
        initial={"project": request.GET.get("project")},
    )
    if form.is_valid():
        title = form.cleaned_data["title"]
        crowd = begin_crowd(project=form.chosen(), title=title, by=request.user, at=timezone.now())
        along = request.GET.copy()
        along.pop("project", None)
        if along:
            return see_other(f"{reverse('crowd-people', args=[crowd.ref])}?{along.urlencode()}")
        return see_other("crowd-brief", crowd.ref)
    found = request.GET.urlencode() if set(request.GET) - {"project"} else ""
    drafts = list(drafts_of(request.desk).order_by("-id")[:DRAFTS]) if found else []
    return render(request, "replicas/crowd_new.html", {"form": form, "found": found, "drafts": drafts})


@login_required
def brief(request: ViewerRequest, ref: str) -> HttpResponse:
    """What this crowd is, and how the look is used."""
    found = get_crowd(request.user, ref)
    if not found.is_draft:
        return see_other(found)
    if request.method == "POST":
        form = BriefForm(request.POST)
        return _keep(request, found, Step.BRIEF, form, BriefForm.data_of(request.POST), after=Step.TERMS)
    kept = found.draft.get(Step.BRIEF, {})
    form = BriefForm(bound(kept)) if "check" in request.GET else BriefForm(initial=BriefForm.initial_of(kept))
    return step_page(request, found, Step.BRIEF, form)


@login_required
def terms(request: ViewerRequest, ref: str) -> HttpResponse:
    """What is offered to each of them: the form of a single request."""
    found, at = get_crowd(request.user, ref), timezone.now()
    if not found.is_draft:
        return see_other(found)
    today = at.astimezone(request.user.zone).date()
    if request.method == "POST":
        do = request.POST.get("do", "save")
        typed = _with_uses(TermsForm.data_of(request.POST), do)
        form = TermsForm(request.POST, today=today)
        return _keep(request, found, Step.TERMS, form, typed, after=Step.PEOPLE)
    kept = found.draft.get(Step.TERMS, {})
    form = TermsForm(bound(kept), today=today) if "check" in request.GET else TermsForm(today=today, draft=kept)
    return step_page(request, found, Step.TERMS, form)


@login_required
def deadline(request: ViewerRequest, ref: str) -> HttpResponse:
    """How many are needed, how many are asked at first, until when, and when a standby is called."""
    found, at = get_crowd(request.user, ref), timezone.now()
    if not found.is_draft:
        return see_other(found)
    known: dict[str, Any] = {
        "zone": request.user.zone,
        "at": at,
        "people": people_count(found),
        "terms": kept_terms(found, zone=request.user.zone, at=at),
    }
    if request.method == "POST":
        form = DeadlineForm(request.POST, **known)
        return _keep(request, found, Step.DEADLINE, form, DeadlineForm.data_of(request.POST), after=Step.REVIEW)
    kept = found.draft.get(Step.DEADLINE, {})
    checked = DeadlineForm(bound(kept), **known)
    more = {"people": known["people"], "terms": known["terms"], "asked": checked.asked_words}
    form = checked if "check" in request.GET else DeadlineForm(initial=DeadlineForm.initial_of(kept), **known)
    return step_page(request, found, Step.DEADLINE, form, **more)


def autosave(request: ViewerRequest, ref: str, step: str) -> JsonResponse:
    """Keeps a half-filled step in the background. JSON: ``saved_at``, or ``reason`` and a status that fits.

    A GET answers with a fresh ``token`` for a page whose reader signed in again elsewhere.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"reason": "You are signed out. Sign in in another tab, then go on here."}, status=401)
    try:
        found = get_crowd(request.user, ref)
        if step not in TYPED:
            raise Http404
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        at = timezone.now()
        values = {**_beside(found, Step(step)), **FORMS[step].data_of(request.POST)}
        if not save_crowd_draft(found, step=Step(step), values=values, by=request.user, at=at):
            return JsonResponse({"reason": f"{GONE} {STILL_HERE}"}, status=409)
    except Http404:
        return JsonResponse({"reason": "This draft does not exist."}, status=404)
    except Refused as refusal:
        return JsonResponse({"reason": refusal.sentence}, status=409)
    return JsonResponse({"saved_at": at.isoformat()})


@login_required
@require_POST
def findings(request: ViewerRequest, ref: str) -> HttpResponse:
    """What the rulebook says about the terms as they stand, as a part of the page. Nothing is kept."""
    found, at = get_crowd(request.user, ref), timezone.now()
    if not found.is_draft:
        raise Http404
    form = TermsForm(request.POST, today=at.astimezone(request.user.zone).date())
    said = findings_of(found, form, at=at)
    return render(request, "components/findings.html", {"findings": said, "writing": True})


@login_required
@once_per_form
def discard(request: ViewerRequest, ref: str) -> HttpResponse:
    """Throws a draft away after asking once."""
    found = get_crowd(request.user, ref)
    if not found.is_draft:
        return see_other(found)
    refused = ""
    if request.method == "POST":
        try:
            discard_crowd(found, by=request.user, at=timezone.now())
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"The draft {found.ref} was thrown away.")
            return see_other(found.project)
    return render(request, "replicas/crowd_discard.html", {"crowd": found, "refused": refused})


def step_page(
    request: ViewerRequest, found: Crowd, step: Step, form: Any, *, gone: str = "", **more: Any
) -> HttpResponse:
    """The page of one step: its form, where one is on the way, and what of the others is still missing."""
    at = timezone.now()
    shown = {
        "crowd": found,
        "form": form,
        "step": step,
        "people": people_count(found),
        "gone": gone,
        "at": at,
        **more,
    }
    shown["steps"] = steps_of(found, people=shown["people"], zone=request.user.zone, at=at)
    if step is Step.TERMS and not gone:
        checked = form if form.is_bound else TermsForm(bound(found.draft.get(Step.TERMS)), today=form.today)
        shown["findings"] = findings_of(found, checked, at=at)
    return render(request, TEMPLATES[step], shown, status=409 if gone else 200)


def findings_of(found: Crowd, form: TermsForm, *, at: datetime) -> FindingsShown:
    """What the rulebook says about terms that may be half filled, whoever reads them."""
    said = so_far(form, found.project.title)
    return findings_for_many(found.project, said.terms, at=at, uses=said.uses, unwritten=said.unwritten)


def _keep(request: ViewerRequest, found: Crowd, step: Step, form: Any, typed: Draft, *, after: Step) -> HttpResponse:
    """Keeps a step, and leads where the pressed button leads: on, or back to the same place."""
    do, at = request.POST.get("do", "save"), timezone.now()
    try:
        kept = save_crowd_draft(found, step=step, values=typed, by=request.user, at=at)
    except Refused as refusal:
        return step_page(request, found, step, form, gone=f"{refusal.sentence} {STILL_HERE}")
    if not kept:
        return step_page(request, found, step, form, gone=f"{GONE} {STILL_HERE}")
    here = reverse(f"crowd-{step}", args=[found.ref])
    if do == "next":
        return see_other(f"crowd-{after}", found.ref) if form.is_valid() else see_other(f"{here}?check=1")
    if do == "save":
        messages.success(request, SAVED)
    elif do == "add-use":
        here += "#" + max((name.rsplit("-", 1)[0] for name in typed if name.startswith("use-")), key=_number)
    return see_other(here)


def _with_uses(typed: Draft, do: str) -> Draft:
    if do == "add-use":
        return with_another_use(typed)
    if do.startswith("remove-use-") and do.removeprefix("remove-use-").isdecimal():
        return without_use(typed, int(do.removeprefix("remove-use-")))
    return typed


def _beside(found: Crowd, step: Step) -> Draft:
    """What is kept with a step besides its fields: the rows of a list nobody was taken from."""
    kept: Draft = found.draft.get(step, {})
    return {name: values for name, values in kept.items() if name == "left"} if step is Step.PEOPLE else {}


def _number(prefix: str) -> int:
    return int(prefix.removeprefix("use-"))
