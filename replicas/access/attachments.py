"""Papers of a request: whoever may open the request may have them, nobody else."""

from django.http import Http404

from accounts.models import User
from replicas.access.requests import requests_seen_by
from replicas.models import Attachment, ReuseRequest


def get_attachment(user: User, ref: str, paper_id: int) -> Attachment:
    """One paper of the request ``ref``. Raises Http404 for a stranger and for what does not exist alike."""
    seen = requests_seen_by(user).filter(ref=ref).values("pk")
    found = Attachment.objects.select_related("request").filter(pk=paper_id, request__in=seen).first()
    if found is None:
        raise Http404
    return found


def papers_of(request: ReuseRequest) -> list[Attachment]:
    """The papers of a request the viewer may open, in the order they came. One query."""
    return list(request.attachments.all())
