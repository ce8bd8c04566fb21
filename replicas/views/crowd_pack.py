"""The clearance pack of a crowd: a download that is sent while it is made."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.limits import within_limit
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import get_crowd
from replicas.access.crowds.pack import licensed_in, licenses_by_id, terms_offered
from replicas.papers.packs import pack
from replicas.rules.crowds.pack import readme

PER_MINUTE = 6  # each takes a few seconds of a processor


@login_required
@require_safe
def crowd_pack(request: ViewerRequest, ref: str) -> HttpResponseBase:
    """Every license of the crowd, with an index and hashes. Back to the board while nobody has said yes."""
    found, at = get_crowd(request.user, ref), timezone.now()
    ids = licensed_in(found)
    if not ids:
        messages.info(request, "The pack is made of licenses, and nobody has said yes yet.")
        return see_other(found)
    if not within_limit("crowd-pack", request, per_minute=PER_MINUTE):
        return render(request, "429.html", status=429)
    words = readme(
        title=found.title,
        ref=found.ref,
        project=found.project.title,
        house=found.organization.name,
        licenses=len(ids),
        made_at=at,
        site=settings.SITE_URL + "/verify/",
    )
    made = pack(licenses_by_id(ids, at=at), terms=terms_offered(found), readme=words, made_at=at)
    response = StreamingHttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="clearance-{found.ref}-{at:%Y-%m-%d}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Accel-Buffering"] = "no"
    return response
