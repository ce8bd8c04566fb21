"""Founding a house, and choosing the desk to sit at."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import desks_of
from agencies.access.organizations import seat_of
from agencies.actions import organizations as actions
from agencies.forms.organizations import DescribeForm, FoundForm
from agencies.views.viewer import ViewerRequest


@login_required
@once_per_form
def found(request: ViewerRequest) -> HttpResponse:
    """A new house; ``?kind=`` and ``?name=`` fill the form in."""
    prefill = {name: request.GET.get(name, "") for name in ("kind", "name")}
    form = FoundForm(request.POST if request.method == "POST" else None, initial=prefill)
    if request.method == "POST" and form.is_valid():
        try:
            house = actions.found(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            request.session["desk"] = house.slug
            messages.success(request, f"{house} is founded, and you are its owner. Invite your colleagues.")
            return see_other("team", house.slug)
    return render(request, "agencies/found.html", {"form": form})


@login_required
@once_per_form
def describe(request: ViewerRequest, slug: str) -> HttpResponse:
    """What others read about the house, for an owner to correct; a colleague is told whom to ask."""
    seat = seat_of(request.user, slug)
    house = seat.organization
    known = {"place": house.place, "website": house.website, "license_number": house.license_number}
    form = DescribeForm(request.POST if request.method == "POST" else None, agency=house.is_agency, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe(house, **form.described(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved. That is what others read now.")
            return see_other("team", slug)
    return render(request, "agencies/house_edit.html", {"form": form, "seat": seat, "house": house})


@login_required
@require_POST
def switch_desk(request: ViewerRequest) -> HttpResponse:
    """Sits the person at another of their own desks; any other word changes nothing."""
    wanted = request.POST.get("desk", "")
    if any(desk.key == wanted for desk in desks_of(request.user)):
        request.session["desk"] = wanted
    return see_other("/")
