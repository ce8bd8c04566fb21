"""Giving a child's profile to the child: the guardian sends a link, and whoever owns the address takes the profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access.handover import get_profile_to_hand_over, read_handover
from agencies.access.invitations import owns_address
from agencies.actions import handover as actions
from agencies.forms.guardians import HandoverForm
from agencies.views.viewer import ViewerRequest


@login_required
@once_per_form
def offer(request: ViewerRequest, actor: int) -> HttpResponse:
    """The guardian types the young person's own address."""
    young = get_profile_to_hand_over(request.user, actor, timezone.now())
    form = HandoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer(young, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("email", refusal.sentence)
        else:
            messages.success(request, f"A letter is on its way to {form.cleaned_data['email']}.")
            return see_other("guardians")
    return render(request, "agencies/handover_offer.html", {"form": form, "young": young})


@once_per_form
def handover(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: what it means, and one button. Looking changes nothing."""
    found, refused = read_handover(token), ""
    person: Any = request.user
    if request.method == "POST" and not person.is_authenticated:
        return see_other(f"{reverse('account_login')}?next={request.path}")
    if not person.is_authenticated:
        request.session["invitation"] = request.path
    if request.method == "POST":
        try:
            actions.take(found, by=person, at=timezone.now())
        except Refused as refusal:
            refused = refusal.sentence
        else:
            request.session.pop("invitation", None)
            request.session["desk"] = "actor"
            messages.success(request, "The profile is yours now.")
            return see_other("/")
    mine = person.is_authenticated and owns_address(person, found.email)
    shown = {"young": found.actor, "email": found.email, "mine": mine, "refused": refused}
    return render(request, "agencies/handover.html", shown)
