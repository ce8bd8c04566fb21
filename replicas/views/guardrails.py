"""An actor's standing rules: seen, tried, saved; and what they refused."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access.keyset import keyset_page
from agencies.views.viewer import ViewerRequest
from replicas.access.guardrails import own_actor, refusals_of

PAGE = 30


@login_required
@require_safe
def refused(request: ViewerRequest) -> HttpResponse:
    """What the actor's rules refused for them, newest first."""
    actor = own_actor(request.user, request.GET.get("actor", ""))
    if actor is None:
        return no_actor(request)
    rows = refusals_of(actor.pk)
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    shown = {"actor": actor, "page": page, "count": rows.count() if page.items else 0}
    return render(request, "replicas/guardrails_refused.html", shown)


def no_actor(request: ViewerRequest) -> HttpResponse:
    """Leads somebody who is no actor to where they can become one."""
    messages.info(request, "Guardrails belong to an actor’s profile. Make yours first.")
    return redirect("actor-profile")
