"""Preview pictures: kept, named, put in order, taken away. Only cleaned pictures arrive here."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import acting_for
from replicas.actions.replicas import allowed, lock
from replicas.models import Preview, Replica
from replicas.previews import Rendered, discard, store
from replicas.rules.events import Event
from replicas.rules.replicas import Act

MOST_PREVIEWS = 12


@move(Event.REPLICA_PREVIEW_ADDED)
def add_preview(replica: Replica, *, picture: Rendered, caption: str = "", by: User, at: datetime) -> Preview:
    """Keeps every size of a cleaned picture and puts it last. Raises Refused for the thirteenth.

    The files are written first and taken away again when the row can't be.
    """
    replica = lock(replica)
    allowed(Act.PREVIEWS, replica, by=by)
    positions = list(replica.previews.values_list("position", flat=True))
    if len(positions) >= MOST_PREVIEWS:
        raise Refused(
            "too-many-previews",
            f"A replica has at most {MOST_PREVIEWS} pictures. Remove one first.",
            subject=replica.subject,
        )
    key = store(picture)
    try:
        preview = Preview.objects.create(
            replica=replica,
            key=key,
            width=picture.width,
            height=picture.height,
            caption=caption,
            position=max(positions, default=-1) + 1,
            added_at=at,
        )
        _record(Event.REPLICA_PREVIEW_ADDED, replica, by=by, at=at)
    except BaseException:
        discard(key)
        raise
    return preview


@move(Event.REPLICA_PREVIEW_REMOVED)
def remove_preview(preview: Preview, *, by: User, at: datetime) -> None:
    """Takes a picture away; its files go once that is certain."""
    replica = lock(preview.replica)
    allowed(Act.PREVIEWS, replica, by=by)
    if not Preview.objects.filter(pk=preview.pk).delete()[0]:
        raise Refused("already-removed", "This picture was already removed.", subject=replica.subject)
    transaction.on_commit(lambda: discard(preview.key), robust=True)
    _record(Event.REPLICA_PREVIEW_REMOVED, replica, by=by, at=at)


@move(Event.REPLICA_PREVIEWS_ARRANGED)
def arrange_previews(
    replica: Replica, *, order: Sequence[str], captions: dict[str, str], by: User, at: datetime
) -> None:
    """Puts the pictures into ``order`` (their keys) with these captions; one that came meanwhile goes last."""
    replica = lock(replica)
    allowed(Act.PREVIEWS, replica, by=by)
    place = {key: position for position, key in enumerate(order)}
    rows = sorted(replica.previews.all(), key=lambda row: (place.get(row.key, len(place)), row.position, row.pk))
    before = [(row.position, row.caption) for row in rows]
    for position, row in enumerate(rows):
        row.position, row.caption = position, captions.get(row.key, row.caption)
    if before == [(row.position, row.caption) for row in rows]:
        return
    Preview.objects.bulk_update(rows, ["position", "caption"])
    _record(Event.REPLICA_PREVIEWS_ARRANGED, replica, by=by, at=at)


def _record(event: str, replica: Replica, *, by: User, at: datetime) -> None:
    for_label = acting_for(by, replica.actor)
    record(event, subject=replica.subject, by=by, at=at, for_label=for_label)
