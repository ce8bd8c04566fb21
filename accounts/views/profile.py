"""A person's own page: name, time zone, what actors see about who asks, and where everything else is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.factors import second_factors_of
from accounts.access.keyset import keyset_page
from accounts.access.people import actor_of
from accounts.actions.people import update_director, update_person
from accounts.audit import deed, deeds_of
from accounts.forms.profile import DirectorForm, PersonForm
from accounts.views.responses import see_other
from accounts.views.signed_in import SignedInRequest

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Two forms on one page; the button says which of them is sent."""
    user, part = request.user, request.POST.get("part", "")
    person = PersonForm.of(user, request.POST if part == "person" else None)
    director = DirectorForm.of(user, request.POST if part == "director" else None)
    if part == "person" and person.is_valid():
        update_person(user, values=person.cleaned_data, by=user, at=timezone.now())
    elif part == "director" and director.is_valid():
        update_director(user, values=director.cleaned_data, by=user, at=timezone.now())
    if part and not (person.errors or director.errors):
        messages.success(request, "Saved.")
        return see_other("profile")
    shown = {"person": person, "director": director, "actor": actor_of(user), "factors": second_factors_of(user)}
    return render(request, "accounts/profile.html", shown)


@login_required
@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    """What I did, newest first, from the audit trail."""
    page = keyset_page(deeds_of(request.user.pk), order=("-id",), size=PAGE, query=request.GET)
    return render(request, "accounts/history.html", {"page": page, "deeds": [deed(entry) for entry in page.items]})
