"""The actor's own profile. It lives here because listings of replicas follow it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access.people import actor_of
from accounts.forms.profile import ActorForm
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.actions.actors import save_actor


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def actor_profile(request: ViewerRequest) -> HttpResponse:
    """Changes the profile; makes one for a person who is not an actor yet."""
    actor = request.desk.actor if request.desk.for_ward else actor_of(request.user)
    form = ActorForm.of(actor, request.POST or None, stage_name=request.user.name)
    if request.method == "POST" and form.is_valid():
        try:
            save_actor(actor, user=request.user, values=form.values(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved." if actor else "Welcome. You are here as an actor now.")
            return see_other("actor-profile")
    return render(request, "accounts/actor_profile.html", {"form": form, "actor": actor, "ward": request.desk.for_ward})
