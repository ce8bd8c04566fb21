"""A crowd that is being prepared: whom its house can ask."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet

from accounts.models import User
from replicas.access.replicas import SHOWN_OUTSIDE, replicas_seen_by
from replicas.models import Replica
from replicas.rules.vocabulary import Visibility

AT_ONCE = 800  # ids of one statement; SQLite takes some thousands at most


def askable_replicas(user: User) -> QuerySet[Replica]:
    """The replicas the person may see and that can be asked for: confirmed, not hidden, of people who are here."""
    return replicas_seen_by(user).filter(SHOWN_OUTSIDE, ~Q(visibility=Visibility.HIDDEN))


def askable_for(user: User, replica_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(replica, actor) of those that can be asked for, in no order; one query for each 800."""
    rows = askable_replicas(user)
    for some in in_parts(replica_ids):
        yield from rows.filter(pk__in=some).values_list("pk", "actor").order_by()


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    each = list(ids)
    for start in range(0, len(each), AT_ONCE):
        yield each[start : start + AT_ONCE]
