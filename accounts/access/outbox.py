"""Reading letters that were kept instead of sent. Only in a demo or while developing."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import OutboxLetter

BACKEND = "accounts.notifications.outbox.OutboxBackend"


def outbox_is_open() -> bool:
    """Whether mail is kept here and may be read by anybody who can open the portal."""
    return (settings.DEMO or settings.DEBUG) and settings.EMAIL_BACKEND == BACKEND


def letters() -> QuerySet[OutboxLetter]:
    """Every kept letter. Raises Http404 where there is no outbox."""
    if not outbox_is_open():
        raise Http404
    return OutboxLetter.objects.defer("text", "html")


def letter(pk: int) -> OutboxLetter:
    if not outbox_is_open():
        raise Http404
    found = OutboxLetter.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
