"""A minor's guardians, as the minor and the guardians themselves see and change them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access.guardians import get_guardianship, get_own_actor, letters_to, young_ones_of
from agencies.access.handover import profiles_to_hand_over
from agencies.access.invitations import Invitation, invitation_path
from agencies.actions import guardians as actions
from agencies.forms.guardians import AcceptForm, InviteGuardianForm, OpenProfileForm
from agencies.forms.representations import EndForm
from agencies.models import Guardianship
from agencies.rules.guardians import MOST_GUARDIANS
from agencies.views.viewer import ViewerRequest


@login_required
@require_safe
def guardians(request: ViewerRequest) -> HttpResponse:
    """Who answers for whom: a minor's own guardians, a guardian's wards, and letters that wait."""
    at = timezone.now()
    young = [
        {
            "actor": found.actor,
            "mine": found.actor.user_id == request.user.pk,
            "bonds": [(bond, bond.decides(at), bond.expired(at)) for bond in found.bonds],
            "former": found.former,
            "confirmed": len(found.confirmed(at)),
            "room": len(found.bonds) < MOST_GUARDIANS,
        }
        for found in young_ones_of(request.user, at)
    ]
    letters = [(bond, invitation_path(bond)) for bond in letters_to(request.user, at)]
    shown = {"young": young, "letters": letters, "to_hand_over": profiles_to_hand_over(request.user, at)}
    return render(request, "agencies/guardians.html", shown)


@login_required
@once_per_form
def invite(request: ViewerRequest, actor: int) -> HttpResponse:
    """The minor, or a guardian they have, names another by e-mail."""
    young = get_own_actor(request.user, actor)
    form = InviteGuardianForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            bond = actions.invite(young, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"An invitation is on its way to {bond.email}. It is good for 14 days.")
            return see_other("guardians")
    mine = young.user_id == request.user.pk
    return render(request, "agencies/guardian_invite.html", {"form": form, "young": young, "mine": mine})


@login_required
@once_per_form
def open_profile(request: ViewerRequest) -> HttpResponse:
    """A grown-up opens the profile of a child, and sits at its desk from then on."""
    form = OpenProfileForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            bond = actions.open_profile(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("birth_date" if refusal.code in ("birth-date", "of-age") else None, refusal.sentence)
        else:
            request.session["desk"] = f"for-{bond.actor_id}"
            messages.success(request, f"The profile of {bond.actor} is open. We write to you to see the paper.")
            return see_other("guardians")
    return render(request, "agencies/guardian_open.html", {"form": form})


@login_required
@once_per_form
def end(request: ViewerRequest, pk: int) -> HttpResponse:
    """One confirm page with the consequences; the POST ends it now."""
    bond = get_guardianship(request.user, pk, timezone.now())
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(bond, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{bond.name} is no longer a guardian of {bond.actor}.")
            return see_other("guardians")
    shown = {"form": form, "bond": bond, "themself": bond.guardian_id == request.user.pk}
    return render(request, "agencies/guardian_end.html", shown)


@login_required
@require_POST
@once_per_form
def resend(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.resend, "The invitation went out again. Earlier links stopped.")


@login_required
@require_POST
@once_per_form
def withdraw(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.withdraw, "The invitation is taken back.")


def _move(request: ViewerRequest, pk: int, action: Callable[..., Guardianship], done: str) -> HttpResponse:
    bond = get_guardianship(request.user, pk, timezone.now())
    try:
        action(bond, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return see_other("guardians")


def answer(request: HttpRequest, bond: Guardianship, form: AcceptForm | None, *, declined: bool) -> HttpResponse:
    """What becomes of an invitation's POST. Raises Refused when it is not this person's to answer, or too late."""
    person: Any = request.user
    if declined or form is None:
        actions.decline(bond, by=person, at=timezone.now())
        messages.success(request, f"You declined. {bond.actor} has been told.")
        return see_other("/")
    accepted = actions.accept(bond, **form.cleaned_data, by=person, at=timezone.now())
    request.session["desk"] = f"for-{accepted.actor_id}"
    messages.success(request, f"Thank you. You see everything of {bond.actor}’s now, and answer once we confirmed you.")
    return see_other("guardians")


def form_for(request: HttpRequest, found: Invitation) -> AcceptForm | None:
    """What the invited person fills in; nothing for a visitor."""
    if not request.user.is_authenticated:
        return None
    return AcceptForm(request.POST if request.POST.get("answer") == "accept" else None)
