"""A performer's own hold in a strike: one page that says what it does, one button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.consents import consents_of
from replicas.actions.consents import hold_consents, resume_consents


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: ViewerRequest) -> HttpResponse:
    """What can be held in the strike that stands, and what is held. POST holds all of it, or takes all up again."""
    at = timezone.now()
    found = consents_of(request.desk, at=at)
    refusal, actor = "", request.desk.actor
    if request.method == "POST" and actor is not None:
        try:
            if request.POST.get("take") == "up":
                number = resume_consents(actor, by=request.user, at=at)
                messages.success(request, f"Taken up again: {number}. Everybody who holds one has been told.")
            elif found.strike:
                number = hold_consents(actor, strike=found.strike, by=request.user, at=at)
                messages.success(request, f"Held: {number}. Everybody who holds one has been told.")
        except Refused as refused:
            refusal = refused.sentence
        else:
            return see_other("licenses")
    context = {"consents": found, "refusal": refusal}
    return render(request, "replicas/consents.html", context, status=409 if refusal else 200)
