"""A request's papers, downloaded."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.rules.references import read_reference
from agencies.views.viewer import ViewerRequest
from replicas.access.attachments import get_attachment
from replicas.previews import send_attachment


@login_required
@require_safe
def attachment(request: ViewerRequest, ref: str, paper_id: int) -> HttpResponseBase:
    """Always a download, never a page."""
    paper = get_attachment(request.user, read_reference(ref), paper_id)
    return send_attachment(request, paper.key, paper.name)
