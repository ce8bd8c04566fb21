"""A crowd that is being prepared: whom its house can ask, and who of a list that is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Case, Q, QuerySet, Value, When

from accounts.models import User
from agencies.access import Desk
from replicas.access.crowds import crowds_of
from replicas.access.replicas import SHOWN_OUTSIDE, replicas_seen_by, with_picture
from replicas.models import Crowd, CrowdPlace, Replica
from replicas.rules.crowds import CrowdState, PlaceState
from replicas.rules.crowds.people import (
    LISTED_ALREADY,
    NO_REPLICA,
    NOBODY_THERE,
    At,
    BadRow,
    Row,
    same_as,
    without,
)
from replicas.rules.vocabulary import Modality, ReplicaState, Visibility

T = TypeVar("T", int, str)
AT_ONCE = 800  # ids of one statement; SQLite takes some thousands at most


def askable_replicas(user: User) -> QuerySet[Replica]:
    """The replicas the person may see and that can be asked for: confirmed, not hidden, of people who are here."""
    return replicas_seen_by(user).filter(SHOWN_OUTSIDE, ~Q(visibility=Visibility.HIDDEN))


def drafts_of(desk: Desk) -> QuerySet[Crowd]:
    """The crowds the desk's house is preparing, each with its project. Raises Http404 for any desk but a licensee's."""
    return crowds_of(desk).filter(state=CrowdState.DRAFT).select_related("project")


def people_count(crowd: Crowd) -> int:
    """How many are on the list. One query."""
    return CrowdPlace.objects.filter(crowd=crowd).count()


def places_listed(crowd: Crowd) -> QuerySet[CrowdPlace]:
    """The people of a draft with what its list shows; ``silent`` are those whose replica can't be asked for any more.

    Of these nothing else may be shown: whoever hides is as if they had never been here. Ordered by ``("rank", "id")``.
    """
    shown = Q(replica__state=ReplicaState.CONFIRMED, actor__user__is_active=True)
    silent = Case(When(shown & ~Q(replica__visibility=Visibility.HIDDEN), then=Value(False)), default=Value(True))
    rows = CrowdPlace.objects.filter(crowd=crowd, state=PlaceState.STANDBY).select_related("actor", "replica")
    return with_picture(rows.annotate(silent=silent), "replica")


def askable_for(user: User, replica_ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(replica, actor) of those that can be asked for, in no order; one query for each 800."""
    rows = askable_replicas(user)
    for some in in_parts(replica_ids):
        yield from rows.filter(pk__in=some).values_list("pk", "actor").order_by()


def in_parts(ids: Iterable[T]) -> Iterator[list[T]]:
    each = list(ids)
    for start in range(0, len(each), AT_ONCE):
        yield each[start : start + AT_ONCE]


@dataclass(frozen=True, slots=True)
class Found:
    """``ids`` of replicas in the order of the list, one of each person; ``bad`` is everything nobody was taken from."""

    ids: list[int]
    bad: list[BadRow]


class Candidate(NamedTuple):
    """One replica that could be taken. ``owner`` is its actor's user, ``has`` are its modalities."""

    pk: int
    actor: int
    owner: int
    ref: str
    name: str
    has: frozenset[str]


def people_in(crowd: Crowd, rows: Sequence[Row], *, needs: Sequence[str], user: User) -> Found:
    """Whom the rows of a list mean, for ``user``. ``needs`` are the modalities a replica must have, all of them.

    An address means whoever proved it to be theirs, and of their replicas the newest that has what is needed. Somebody
    who hides reads like somebody who is not here. Three queries for each 800 rows.
    """
    by_key = _by_address(user, [row.key for row in rows if row.is_address])
    by_key |= _by_reference(user, [row.key for row in rows if not row.is_address])
    taken = set(CrowdPlace.objects.filter(crowd=crowd).values_list("actor", flat=True))
    places: dict[int, At] = {}
    found = Found([], [])
    for row in rows:
        candidates = by_key.get(row.key, [])
        fit = next((one for one in candidates if one.has.issuperset(needs)), None)
        why = ""
        if not candidates:
            why = NOBODY_THERE if row.is_address else NO_REPLICA
        elif candidates[0].actor in taken:
            why = LISTED_ALREADY
        elif candidates[0].actor in places:
            why = same_as(places[candidates[0].actor])
        elif fit is None:
            why = without([need for need in needs if need not in candidates[0].has])
        else:
            found.ids.append(fit.pk)
            places[fit.actor] = row.at
        if why:
            found.bad.append(BadRow(row.at, row.text, why))
    return found


def fitting(crowd: Crowd, replica_ids: Sequence[int], *, needs: Sequence[str], user: User) -> Found:
    """The same for replicas that were found by a search or on a shortlist: these have names instead of rows.

    Who is in the crowd already is passed over without a word; ``bad`` are those without what is needed.
    """
    known: dict[int, Candidate] = {}
    for some in in_parts(replica_ids):
        known.update((one.pk, one) for one in _candidates(askable_replicas(user).filter(pk__in=some)))
    taken = set(CrowdPlace.objects.filter(crowd=crowd).values_list("actor", flat=True))
    found = Found([], [])
    for one in (known[pk] for pk in replica_ids if pk in known):
        if one.actor in taken:
            continue
        if missing := [need for need in needs if need not in one.has]:
            found.bad.append(BadRow(None, f"{one.name}, {one.ref}", without(missing)))
        else:
            taken.add(one.actor)
            found.ids.append(one.pk)
    return found


def _by_address(user: User, addresses: Sequence[str]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for some in in_parts(addresses):
        owners = dict(EmailAddress.objects.filter(verified=True, email__in=some).values_list("email", "user"))
        theirs: dict[int, list[Candidate]] = {}
        rows = askable_replicas(user).filter(actor__user__in=set(owners.values()))
        for one in _candidates(rows.order_by("-captured_on", "-pk")):
            theirs.setdefault(one.owner, []).append(one)
        found.update((address, theirs[owner]) for address, owner in owners.items() if owner in theirs)
    return found


def _by_reference(user: User, references: Sequence[str]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for some in in_parts(references):
        found.update((one.ref, [one]) for one in _candidates(askable_replicas(user).filter(ref__in=some)))
    return found


def _candidates(rows: QuerySet[Replica]) -> Iterator[Candidate]:
    columns = ("pk", "actor", "actor__user", "ref", "actor__stage_name", *(word.value for word in Modality))
    for pk, actor, owner, ref, name, *has in rows.values_list(*columns):
        modalities = frozenset(word.value for word, on in zip(Modality, has, strict=True) if on)
        yield Candidate(pk, actor, owner, ref, name, modalities)
