"""Who came too late for a crowd says whether they want to be asked if a place comes free."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.actions.crowds.keeping import keep_asked as keep
from replicas.rules.events import Event
from replicas.views.requests import again, closed, page_to_decide


@login_required
@require_POST
@once_per_form
def keep_asked(request: ViewerRequest, ref: str) -> HttpResponse:
    """Two buttons of the request's page, yes and no longer. Neither is a yes to the request."""
    page = page_to_decide(request, ref, Event.REQUEST_KEPT)
    wanted = request.POST.get("wanted") == "yes"
    try:
        keep(page.request, wanted=wanted, by=request.user, at=timezone.now())
    except Refused as refusal:
        return closed(request, again(request, ref), refusal=refusal, tried="keep-asked")
    said = "You are asked again if a place comes free in time." if wanted else "You are not asked again for this crowd."
    messages.success(request, said)
    return see_other(page.request)
