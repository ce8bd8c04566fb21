"""The way to a second step and back: who was sent to set one up goes on where they were."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from accounts.views.signed_in import SignedInRequest

ERRAND = "errand"  # the session's word for the page somebody left to set up a second step


@login_required
@require_safe
def second_step(request: SignedInRequest) -> HttpResponse:
    """With ``?next=`` remembers that page and leads to the second steps; without, leads back to it, once."""
    if "next" not in request.GET:
        return redirect(request.session.pop(ERRAND, "/"))
    path = request.GET["next"]
    if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        request.session[ERRAND] = path
    return redirect("mfa_index")
