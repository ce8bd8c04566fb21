"""Projects of a licensee house, and where each of their requests stands."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import crowds_for
from replicas.access.projects import counts_of, get_project, projects_of, requests_for
from replicas.access.rulebook import places_named, places_on
from replicas.actions import projects as acts
from replicas.forms.projects import ProjectForm
from replicas.rules.projects import Group

PAGE = 50
CROWDS = 20


@login_required
@require_safe
def projects(request: ViewerRequest) -> HttpResponse:
    """The house's projects, newest first."""
    page = keyset_page(projects_of(request.desk, at=timezone.now()), order=("-id",), size=PAGE, query=request.GET)
    return render(request, "replicas/projects.html", {"page": page})


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Anybody of the house begins a project, assistants too: it is preparation."""
    house = request.desk.organization
    if house is None or not house.is_licensee:
        raise Http404
    places = places_on(timezone.now().date())
    form = ProjectForm(_posted(request), initial={"company": house.name}, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.create_project(organization=house, facts=form.facts(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{made.title} is here as {made.ref}. Now find the replicas it needs.")
            if request.GET.get("replica"):  # on the way to asking for it
                return see_other(f"{reverse('request-compose')}?{request.GET.urlencode()}&project={made.ref}")
            return see_other(made)
    return render(request, "replicas/project_form.html", {"form": form, "house": house})


@login_required
@require_safe
def project(request: ViewerRequest, ref: str) -> HttpResponse:
    """The facts, and the requests by where they stand; the group is in the address."""
    found, at = get_project(request.user, ref), timezone.now()
    counts = counts_of(found, at=at)
    asked = request.GET.get("state", "")
    if asked and asked not in set(Group):
        raise Http404
    group = Group(asked) if asked else next((each for each in Group if counts[each]), Group.WAITING)
    rows = requests_for(found, group, at=at)
    shown: dict[str, Any] = {
        "project": found,
        "page": keyset_page(rows, order=("-id",), size=PAGE, query=request.GET),
        "group": group,
        "crowds": list(crowds_for(found).order_by("-id")[:CROWDS]),
        "groups": [(each, counts[each]) for each in Group if counts[each] or each is group],
        "asked": sum(counts.values()),
        "waiting": counts[Group.WAITING],
        "granted": counts[Group.APPROVED],
        "history": timeline(found.subject, side="licensee"),
        "places": places_named(found.jurisdictions, at.date()),
        "at": at,
    }
    return render(request, "replicas/project.html", shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ViewerRequest, ref: str) -> HttpResponse:
    found = get_project(request.user, ref)
    facts = acts.facts_of(found)
    form = ProjectForm(_posted(request), initial=asdict(facts), places=places_on(timezone.now().date()))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_project(found, facts=form.facts(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return see_other(found)
    return render(request, "replicas/project_form.html", {"form": form, "project": found})


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None
