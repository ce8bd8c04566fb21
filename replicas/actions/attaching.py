"""Papers of a draft: attached and removed while nobody has read them. Only checked papers arrive here."""

from datetime import datetime

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import members_of
from replicas.actions.writing import lock
from replicas.models import Attachment, ReuseRequest
from replicas.previews import Document, discard_document, keep_document
from replicas.rules.answering import ALREADY, RequestState
from replicas.rules.events import Event

MOST_PAPERS = 5


@move(Event.REQUEST_PAPER_ADDED)
def attach(request: ReuseRequest, *, paper: Document, by: User, at: datetime) -> Attachment:
    """Keeps a checked paper with a draft; the same paper again is the one that is there. Assistants may.

    Raises Refused for the sixth, for a request that was sent, and for somebody of another house. The file is written
    first and taken away again when the row can't be.
    """
    request = _open_draft(request, by, at)
    papers = list(request.attachments.all())
    if same := next((kept for kept in papers if kept.sha256 == paper.sha256), None):
        return same
    if len(papers) >= MOST_PAPERS:
        raise Refused(
            "too-many-papers",
            f"A request takes {MOST_PAPERS} papers at most. Remove one first.",
            subject=request.subject,
        )
    key = keep_document(paper.data, paper.extension)
    try:
        kept = Attachment.objects.create(
            request=request,
            key=key,
            name=paper.name,
            content_type=paper.content_type,
            size=paper.size,
            sha256=paper.sha256,
            added_by=by,
            added_at=at,
        )
        record(Event.REQUEST_PAPER_ADDED, subject=request.subject, by=by, at=at, name=paper.name, sha256=paper.sha256)
    except BaseException:
        discard_document(key)
        raise
    return kept


@move(Event.REQUEST_PAPER_REMOVED)
def remove(paper: Attachment, *, by: User, at: datetime) -> None:
    """Takes a paper off a draft; its file goes once that is certain. Raises Refused after sending."""
    request = _open_draft(paper.request, by, at)
    if Attachment.objects.filter(pk=paper.pk).delete()[0]:
        transaction.on_commit(lambda: discard_document(paper.key), robust=True)
        record(Event.REQUEST_PAPER_REMOVED, subject=request.subject, by=by, at=at, name=paper.name)


def _open_draft(request: ReuseRequest, by: User, at: datetime) -> ReuseRequest:
    request = lock(request, at=at)
    if not members_of(request.organization_id).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of the project's house can do this.", subject=request.subject)
    if request.state != RequestState.DRAFT:
        state = RequestState(request.state)
        raise Refused(f"already-{state.value}", ALREADY[state], subject=request.subject)
    return request
