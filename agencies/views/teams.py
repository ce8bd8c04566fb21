"""The people of a house, as their colleagues see and change them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import timeline
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access.organizations import seat_of
from agencies.access.teams import get_colleague, invitations_of, team_of
from agencies.actions import teams as actions
from agencies.forms.teams import InviteColleagueForm, RoleForm
from agencies.models import Membership
from agencies.rules.organizations import ROLE_MEANS, Role
from agencies.views.viewer import ViewerRequest

ROLES = [(role.label, ROLE_MEANS[role]) for role in Role]


@login_required
@require_safe
def team(request: ViewerRequest, slug: str) -> HttpResponse:
    """Everybody who works in the house, the open invitations, and what each role may do."""
    seat = seat_of(request.user, slug)
    at = timezone.now()
    invited = [(row, row.expired(at)) for row in invitations_of(seat.organization)]
    shown = {"seat": seat, "house": seat.organization, "people": team_of(seat.organization), "roles": ROLES}
    history = timeline(seat.organization.subject, side="agency")[-20:] if seat.role == Role.OWNER else []
    return render(request, "agencies/team.html", {**shown, "invited": invited, "history": history, "at": at})


@require_safe
def agency_team(request: ViewerRequest, slug: str) -> HttpResponse:
    """The other address of the team of an agency."""
    return redirect("team", slug)


@login_required
@once_per_form
def invite(request: ViewerRequest, slug: str) -> HttpResponse:
    seat = seat_of(request.user, slug)
    form = InviteColleagueForm(request.POST if request.method == "POST" else None, initial={"role": Role.MEMBER.value})
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.invite(seat.organization, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"An invitation is on its way to {invited.email}. It is good for 14 days.")
            return see_other("team", slug)
    return render(request, "agencies/team_invite.html", {"form": form, "seat": seat, "house": seat.organization})


@login_required
@once_per_form
def colleague(request: ViewerRequest, slug: str, pk: int) -> HttpResponse:
    """One colleague, and the role they have."""
    seat = seat_of(request.user, slug)
    found = get_colleague(seat, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_role(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{changed.name} is now {changed.role_label} of {changed.organization}.")
            return see_other("team", slug)
    shown = {"form": form, "seat": seat, "house": seat.organization, "colleague": found}
    return render(request, "agencies/colleague.html", {**shown, "role_means": ROLE_MEANS[Role(found.role)]})


@login_required
@once_per_form
def remove(request: ViewerRequest, slug: str, pk: int) -> HttpResponse:
    """One confirm page with the consequences; the POST ends the membership now."""
    seat = seat_of(request.user, slug)
    found = get_colleague(seat, pk)
    refused = ""
    if request.method == "POST":
        try:
            actions.remove(found, by=request.user, at=timezone.now())
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"{found.name} no longer belongs to {seat.organization}.")
            return see_other("team", slug)
    shown = {"seat": seat, "house": seat.organization, "colleague": found, "refused": refused}
    return render(request, "agencies/team_end.html", shown)


@login_required
@once_per_form
def leave(request: ViewerRequest, slug: str) -> HttpResponse:
    seat = seat_of(request.user, slug)
    refused = ""
    if request.method == "POST":
        try:
            actions.leave(seat, by=request.user, at=timezone.now())
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"You left {seat.organization}.")
            return see_other("/")
    shown = {"seat": seat, "house": seat.organization, "colleague": seat, "refused": refused}
    return render(request, "agencies/team_end.html", shown)


@login_required
@require_POST
@once_per_form
def resend(request: ViewerRequest, slug: str, pk: int) -> HttpResponse:
    return _answer_on_team(request, slug, pk, actions.resend, "The invitation went out again. Earlier links stopped.")


@login_required
@require_POST
@once_per_form
def withdraw(request: ViewerRequest, slug: str, pk: int) -> HttpResponse:
    return _answer_on_team(request, slug, pk, actions.withdraw, "The invitation is taken back.")


def _answer_on_team(
    request: ViewerRequest, slug: str, pk: int, action: Callable[..., Membership], done: str
) -> HttpResponse:
    seat = seat_of(request.user, slug)
    found = get_colleague(seat, pk)
    try:
        action(found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return see_other("team", slug)
