"""The end of preparing a crowd: checked, read as each of them will read it, released."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access.factors import has_second_factor
from accounts.rules.references import read_reference
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import may_act_for
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import get_crowd
from replicas.access.crowds.conflicts import conflicts_of
from replicas.access.crowds.drafting import people_count
from replicas.access.judging import findings_for_many
from replicas.actions.crowds.drafting import remove_people
from replicas.actions.crowds.preflight import Asked, preflight, reading
from replicas.actions.crowds.releasing import release
from replicas.forms.crowd_plan import Kept, fingerprint, kept_of, steps_shown
from replicas.models import Crowd
from replicas.rules.crowds.drafting import Step, asked_words
from replicas.rules.crowds.plan import CrowdPlan
from replicas.rules.crowds.preflight import Check, Checking
from replicas.rules.deadlines import default_answer_by
from replicas.rules.showing import shown
from replicas.rules.wording import ask_in_parts

CHANGED = "The draft changed since you read it, in another tab or by a colleague. Read it again, then release it."
ASK_NO_MORE = 286  # the status at which htmx stops polling


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ViewerRequest, ref: str) -> HttpResponse:
    """Who would not be asked, by the term that causes it; who is asked already; what it costs.

    A long list is checked by a worker, and the page asks for its part again until it is there.
    """
    found, at = get_crowd(request.user, ref), timezone.now()
    if not found.is_draft:
        return see_other(found)
    if request.method == "POST":
        return _take_off(request, found)
    people = people_count(found)
    kept = kept_of(found, people=people, zone=request.user.zone, at=at)
    page: dict[str, Any] = {"crowd": found, "step": Step.PREFLIGHT, "steps": steps_shown(kept), "people": people}
    if not people or not kept.terms.is_valid():
        return render(request, "replicas/crowd_preflight.html", {**page, "missing": kept.missing})
    page["findings"] = findings_for_many(found.project, kept.terms.offered(), at=at)
    if page["findings"].blocking:
        return render(request, "replicas/crowd_preflight.html", page)
    result = preflight(found, _asked(kept, request, at), people=people, at=at)
    page["checking"] = result if isinstance(result, Checking) else None
    page["check"] = result if isinstance(result, Check) else None
    if request.htmx:
        status = ASK_NO_MORE if page["check"] else 200
        return render(request, "replicas/_crowd_check.html", page, status=status)
    page["conflicts"] = conflicts_of(found, at=at)
    return render(request, "replicas/crowd_preflight.html", page)


@login_required
@once_per_form
def review(request: ViewerRequest, ref: str) -> HttpResponse:
    """Exactly what each of them will read, for anybody on the list. The POST releases what was read."""
    found, at = get_crowd(request.user, ref), timezone.now()
    if not found.is_draft:
        return see_other(found)
    kept = kept_of(found, people=people_count(found), zone=request.user.zone, at=at)
    if (plan := kept.plan) is None:
        return see_other(_mend(found, kept.missing[0]))
    refused = ""
    read = fingerprint(found, plan, people=kept.people)
    if request.method == "POST":
        try:
            if request.POST.get("read") != read:
                raise Refused("draft-changed", CHANGED)
            release(found, plan=plan, by=request.user, at=at)
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, "Released. The requests are being written now; then everybody is asked at once.")
            return see_other(found)
    page = _reading(request, found, kept, plan, at=at)
    return render(request, "replicas/crowd_review.html", {**page, "read": read, "refused": refused})


def _take_off(request: ViewerRequest, found: Crowd) -> HttpResponse:
    """Takes those off the list who are asked already, or whose replica should have been destroyed."""
    refs = request.POST.getlist("off")
    try:
        gone = remove_people(found, refs=refs, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{gone:,} taken off the list." if gone else "Nobody was chosen.")
    return see_other("crowd-preflight", found.ref)


def _asked(kept: Kept, request: ViewerRequest, at: datetime) -> Asked:
    """What is checked: with the numbers of the draft, or as long as there are none, with everybody and a usual week."""
    deadline = kept.deadline
    deadline.is_valid()
    answer_by = deadline.cleaned_data.get("answer_by") or default_answer_by(at, request.user.zone)
    return Asked(kept.terms.offered(), deadline.cleaned_data.get("needed") or kept.people, answer_by)


def _mend(found: Crowd, step: Step) -> str:
    """Where a step says what is missing in it."""
    return reverse(f"crowd-{step}", args=[found.ref]) + ("" if step is Step.PEOPLE else "?check=1")


def _reading(request: ViewerRequest, found: Crowd, kept: Kept, plan: CrowdPlan, *, at: datetime) -> dict[str, Any]:
    """The decision page's own parts, as the chosen person reads them: the first on the list unless another is named."""
    project, terms = found.project, plan.terms
    read_as = request.GET.get("as", "").strip()
    place, pay = reading(found, read_as, terms, at=at)
    return {
        "crowd": found,
        "plan": plan,
        "step": Step.REVIEW,
        "steps": steps_shown(kept),
        "place": place,
        "read_as": read_as,
        "nobody": bool(read_as) and read_reference(read_as) != place.replica.ref,
        "pay": pay,
        # They read the part about the crowd as the performer of an open request.
        "reader": {"is_actor": True, "is_performer": True, "is_open": True},
        "theirs": {"organization": found.organization, "actor": place.actor, "project": project},
        "asked": f"asked by {request.user.name}",
        "parts": ask_in_parts(found.organization.name, place.replica.name, project.title, terms, whose="your"),
        "terms": shown(terms),
        "zone": place.actor.user.zone,
        "numbers": asked_words(needed=plan.needed, margin=plan.margin, people=kept.people),
        "findings": findings_for_many(project, terms, at=at),
        "may_release": may_act_for(request.user, found.organization_id),
        "needs_factor": settings.REQUIRE_MFA and not has_second_factor(request.user),
    }
