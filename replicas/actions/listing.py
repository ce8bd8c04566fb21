"""The search's copy of what is listed, kept in step with replicas and profiles. Its only writer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, transaction

from accounts.models import ActorProfile
from replicas.access.replicas import listed_replicas
from replicas.models import ActorRules, Listing, ListingTerm, Replica
from replicas.rules.listing import MOST_TERM, TermKind, listing_row

BATCH = 500
COPIED = (
    *("actor", "sort_name", "captured", "kind", "gender", "union", "languages", "year", "age_from", "age_to"),
    *("height_cm", "place", "names", "words", "skills", "tags", "lot_0", "lot_1", "lot_2", "lot_3", "rules"),
)
Terms = Counter[tuple[str, str]]  # how many listings have a term, by kind and term


def row_of(replica: Replica) -> Listing:
    """The listing of a replica as it stands, not yet kept. Needs ``actor``."""
    actor = replica.actor
    worked_out = listing_row(
        pk=replica.pk,
        stage_name=actor.stage_name,
        skills=actor.skills,
        place=actor.place,
        notes=replica.notes,
        modalities=[modality.value for modality in replica.modalities],
        languages=actor.languages,
        captured_on=replica.captured_on,
        playing_age_from=actor.playing_age_from,
        playing_age_to=actor.playing_age_to,
    )
    return Listing(
        replica=replica,
        actor=actor,
        kind=replica.kind,
        gender=actor.gender,
        union=actor.union,
        languages=actor.languages,
        height_cm=actor.height_cm,
        **worked_out,
    )


@transaction.atomic
def relist(replicas: Iterable[int]) -> int:
    """Makes the listings of these replicas (ids) anew, and takes away those of which there is none any more.

    Call it in the transaction that changes a replica, after the change: its entry stands for both. Returns how many
    are listed now. A handful of statements, whatever the number.
    """
    ids = sorted(set(replicas))
    rows = [row_of(replica) for replica in listed_replicas().filter(pk__in=ids).select_related("actor")]
    _with_rules(rows)
    known = Listing.objects.filter(pk__in=ids)
    before = _terms(known.only("names", "skills"))
    known.exclude(pk__in=[row.pk for row in rows]).delete()
    Listing.objects.bulk_create(
        rows, BATCH, update_conflicts=True, unique_fields=["replica"], update_fields=list(COPIED)
    )
    after = _terms(rows)
    after.subtract(before)
    _count(after)
    return len(rows)


def _with_rules(rows: Sequence[Listing]) -> None:
    """Adds whose rules they are. Locked, so that of a change of rules at this moment one of the two sees the other."""
    kept = ActorRules.objects.select_for_update().filter(actor__in={row.actor_id for row in rows}).order_by("actor")
    found = dict(kept.values_list("actor", "rule_set"))
    for row in rows:
        row.rules_id = found.get(row.actor_id)


def relist_actor(actor: ActorProfile) -> int:
    """The same for all of an actor's replicas; call it when their profile changes."""
    return relist(Replica.objects.filter(actor=actor).values_list("pk", flat=True))


def relist_all() -> int:
    """Makes the whole copy anew, a few hundred at a time, while people search. Returns how many are listed.

    For rows that were written past the actions: an import, a restored table, another way of writing words.
    """
    listed = 0
    ids = Replica.objects.order_by("pk").values_list("pk", flat=True)
    for some in _chunks(ids.iterator(chunk_size=2000)):
        listed += relist(some)
    recount_terms()
    return listed


@transaction.atomic
def recount_terms() -> None:
    """Counts the words of names and the skills anew, over everything that is listed."""
    ListingTerm.objects.all().delete()
    _count(_terms(Listing.objects.only("names", "skills").iterator(chunk_size=2000)))


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    found = iter(ids)
    while some := list(islice(found, BATCH)):
        yield some


def _terms(rows: Iterable[Listing]) -> Terms:
    return Counter(
        (kind, term)
        for row in rows
        for kind, terms in ((TermKind.NAME, row.names.split()), (TermKind.SKILL, row.skills.splitlines()))
        for term in terms
        if len(term) <= MOST_TERM
    )


def _count(changes: Terms) -> None:
    """Adds to and takes from what is known of each term, in one order, so that two at once queue and never cross."""
    changed = sorted((kind, term, number) for (kind, term), number in changes.items() if number)
    with connection.cursor() as cursor:
        for some in (changed[start : start + BATCH] for start in range(0, len(changed), BATCH)):
            rows = ", ".join(["(%s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO replicas_listingterm (kind, term, listings) VALUES {rows} ON CONFLICT (kind, term)"  # noqa: S608 -- placeholders
                " DO UPDATE SET listings = replicas_listingterm.listings + excluded.listings",
                [value for row in some for value in row],
            )
    if fewer := [term for _, term, number in changed if number < 0]:
        ListingTerm.objects.filter(term__in=fewer, listings__lte=0).delete()
