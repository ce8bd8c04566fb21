"""Preparing an announcement: typed, kept, read as each performer will read it, announced, or thrown away."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from accounts.access.factors import has_second_factor
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import may_act_for
from agencies.access.invitations import addresses_of
from agencies.models import Organization
from agencies.views.viewer import ViewerRequest
from replicas.access.projects import projects_seen_by
from replicas.access.scan_notices import find_notice, get_draft
from replicas.actions.scan_drafts import begin, discard, keep
from replicas.actions.scan_judging import findings, told_too_late, too_late_words
from replicas.actions.scan_notices import announce, change
from replicas.forms.lists import joined
from replicas.forms.scan_notices import AnnounceForm
from replicas.models import ScanDraft
from replicas.rules.announcing import LABELS, changed, fact_groups, is_material, listed, sentence
from replicas.rules.findings import FindingShown
from replicas.rules.scan_judging import by_field

CHANGED = "The draft changed since you read it, in another tab or by a colleague. Please read it again, then announce."
SAVED = "Saved. Nobody but your house can see the draft."


@login_required
@once_per_form
def new(request: ViewerRequest) -> HttpResponse:
    """An empty form. Every button keeps what was typed, as a draft of the house."""
    house = _house(request)
    at = timezone.now()
    if request.method == "POST":
        form = _form(request, house, at, request.POST, request.FILES)
        draft = begin(organization=house, values=_values(form), by=request.user, at=at)
        return _onward(request, draft, form)
    initial = {"project": request.GET.get("project", ""), "zone": request.user.time_zone}
    form = _form(request, house, at, initial=initial)
    return render(request, "replicas/scan_new.html", {"form": form, "house": house})


@login_required
def draft(request: ViewerRequest, ref: str) -> HttpResponse:
    """The kept form. A draft that was announced meanwhile leads to what came of it."""
    if (announced := find_notice(request.user, ref)) is not None:
        return see_other(announced)
    found, at = get_draft(request.user, ref), timezone.now()
    if request.method == "POST":
        form = _form(request, found.organization, at, request.POST, request.FILES, draft=found)
        try:
            keep(found, values=_values(form), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return _page(request, found, form)
        return _onward(request, found, form)
    checked = "check" in request.GET
    data = MultiValueDict(found.values) if checked else None
    form = _form(request, found.organization, at, data, draft=found, initial=_initial(found))
    return _page(request, found, form)


@login_required
@once_per_form
def review(request: ViewerRequest, ref: str) -> HttpResponse:
    """Exactly what each performer will read, and what the rulebook says. The POST announces what was read."""
    if (announced := find_notice(request.user, ref)) is not None:
        return see_other(announced)
    found, at = get_draft(request.user, ref), timezone.now()
    form = _form(request, found.organization, at, MultiValueDict(found.values), draft=found)
    if not form.is_valid():
        return see_other(_checked(found))
    refused = ""
    if request.method == "POST":
        try:
            if request.POST.get("read") != form.fingerprint():
                raise Refused("draft-changed", CHANGED)
            notice = _announce(request, found, form, at)
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, _told(form, found))
            return see_other(notice)
    return render(request, "replicas/scan_review.html", _review(request, found, form, at, refused))


@login_required
@require_POST
def throw_away(request: ViewerRequest, ref: str) -> HttpResponse:
    found = get_draft(request.user, ref)
    discard(found, by=request.user, at=timezone.now())
    messages.success(request, f"The draft {found.ref} was thrown away.")
    return see_other("scan-notices")


def _house(request: ViewerRequest) -> Organization:
    """The house of the desk; only casting offices and productions announce."""
    if request.desk.kind != "casting" or request.desk.organization is None:
        raise Http404
    return request.desk.organization


def _form(
    request: ViewerRequest,
    house: Organization,
    at: datetime,
    data: Any = None,
    files: Any = None,
    *,
    draft: ScanDraft | None = None,
    **kwargs: Any,
) -> AnnounceForm:
    projects = projects_seen_by(request.user).filter(organization=house).order_by("-id")
    before = draft.supersedes if draft else None
    if before is not None:
        projects = projects.filter(pk=before.project_id)
    own = addresses_of(request.user) if data is not None else ()
    listing = before is None
    return AnnounceForm(data, files, projects=projects, house=house.name, at=at, own=own, listing=listing, **kwargs)


def _values(form: AnnounceForm) -> dict[str, list[str]]:
    """What is kept: the fields as typed, with the list of a chosen file below the typed one."""
    form.is_valid()
    values = AnnounceForm.data_of(form.data)
    if uploaded := form.cleaned_data.get("people_file"):
        values["people"] = [joined("".join(values.get("people", [])), uploaded)]
    return values


def _onward(request: ViewerRequest, found: ScanDraft, form: AnnounceForm) -> HttpResponse:
    """On to reading, or back to the form; a file that could not be read is said at once.

    What a rule stops is said in the form, beside the field that causes it, where it can be mended.
    """
    if "people_file" in form.errors:
        return _page(request, found, form)
    if request.POST.get("do") == "review":
        stopped = form.is_valid() and any(one.blocks for one in _findings(found, form))
        return see_other(_checked(found)) if stopped else see_other("scan-review", found.ref)
    messages.success(request, SAVED)
    return see_other(found)


def _initial(found: ScanDraft) -> dict[str, Any]:
    """The kept fields for a form that is not checked yet."""
    return {
        name: values if name == "modalities" else "".join(values[:1]) for name, values in found.values.items() if values
    }


def _checked(found: ScanDraft) -> str:
    """Where the form says what is missing and what a rule stops."""
    return reverse("scan-draft", args=[found.ref]) + "?check=1"


def _page(request: ViewerRequest, found: ScanDraft, form: AnnounceForm) -> HttpResponse:
    shown_on: dict[str, Any] = {"form": form, "draft": found, "house": found.organization}
    if form.is_bound and form.is_valid():
        shown_on["findings"] = form.put_beside(_findings(found, form))
        shown_on["blocking"] = sum(one.blocks for one in shown_on["findings"])
    return render(request, "replicas/scan_new.html", shown_on)


def _findings(found: ScanDraft, form: AnnounceForm) -> tuple[FindingShown, ...]:
    """What the rulebook says about a form that is complete; nothing about a change that matters to nobody’s answer."""
    announcement, project, people = form.announcement(), form.chosen(), form.listed()
    names = changed(found.supersedes.announcement, announcement) if found.supersedes else []
    if names and not is_material(names):
        return ()
    late = told_too_late(project, announcement, people, at=form.at)
    return by_field(findings(project, announcement, people, at=form.at), late=too_late_words(late, people))


def _announce(request: ViewerRequest, found: ScanDraft, form: AnnounceForm, at: datetime) -> Any:
    announcement = form.announcement()
    if found.supersedes:
        return change(found.supersedes, announcement=announcement, draft=found, by=request.user, at=at)
    return announce(
        project=form.chosen(), announcement=announcement, people=form.listed(), draft=found, by=request.user, at=at
    )


def _told(form: AnnounceForm, found: ScanDraft) -> str:
    if found.supersedes:
        return "Changed. Everybody it was announced to is being told now."
    number = len(form.listed())
    return (
        "Announced. One person is being told now." if number == 1 else f"Announced. {number} people are being told now."
    )


def _review(request: ViewerRequest, found: ScanDraft, form: AnnounceForm, at: datetime, refused: str) -> dict[str, Any]:
    announcement, project, people = form.announcement(), form.chosen(), form.listed()
    names = changed(found.supersedes.announcement, announcement) if found.supersedes else []
    judged = form.put_beside(_findings(found, form))
    late = told_too_late(project, announcement, people, at=at)
    return {
        "draft": found,
        "sentence": sentence(announcement),
        "groups": fact_groups(announcement),
        "announcement": announcement,
        "people": people,
        "notes": form.read.notes,
        "findings": judged,
        "blocked": any(finding.blocks for finding in judged),
        "form_url": _checked(found),
        "at_engagement": bool(people) and not late and any(one.engaged_at for one in people),
        "changes": listed([LABELS[name] for name in names]),
        "material": is_material(names),
        "read": form.fingerprint(),
        "refused": refused,
        "may_announce": may_act_for(request.user, found.organization_id),
        "needs_factor": settings.REQUIRE_MFA and not has_second_factor(request.user),
    }
