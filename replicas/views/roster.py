"""The roster of an agency with what lies with each actor. It lives here because agencies know nothing of requests."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.views.representations import roster_page
from agencies.views.viewer import ViewerRequest
from replicas.access.roster import Numbers, numbers_of


@login_required
@require_safe
def roster(request: ViewerRequest, slug: str) -> HttpResponse:
    """Open requests and the next deadline beside each name."""
    at = timezone.now()

    def numbers(actors: Sequence[int]) -> Mapping[int, Numbers]:
        return numbers_of(actors, at=at)

    return roster_page(request, slug, numbers)
