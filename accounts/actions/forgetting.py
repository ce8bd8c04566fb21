"""Deleting what nobody needs any more: used challenges, sent forms, demo mail, ended sessions, old read notices."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from accounts.models import FormSubmission, Notification, OutboxLetter, UsedChallenge

CHUNK = 1000
CHALLENGES, FORMS, LETTERS, READ_NOTICES = timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=365)


def forget(*, by: None, at: datetime) -> dict[str, int]:
    """Deletes, in short transactions, what is older than it is kept. Returns how many of each. Safe to run twice."""
    over: dict[str, QuerySet] = {
        "challenges": UsedChallenge.objects.filter(used_at__lt=at - CHALLENGES),
        "forms": FormSubmission.objects.filter(created_at__lt=at - FORMS),
        "letters": OutboxLetter.objects.filter(at__lt=at - LETTERS),
        "sessions": Session.objects.filter(expire_date__lt=at),
        "notices": Notification.objects.filter(read_at__lt=at - READ_NOTICES),
    }
    return {name: _delete(rows) for name, rows in over.items()}


def _delete(rows: QuerySet) -> int:
    """In chunks, so that nobody else waits long for the one writer SQLite has."""
    gone = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone
