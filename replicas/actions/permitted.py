"""Keeping standing rules as numbers, so that the search knows whose rules allow given terms.

A copy: nobody is judged by it, and it leaves no entry of its own; what changed the rules has one.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import ActorProfile, User
from agencies.models import Organization, Representation
from replicas.access.permitted import numbers_of, reading, unread_actors
from replicas.models import ActorRules, Listing, RuleSet

BATCH = 500


@transaction.atomic
def follow_rules(actors: Sequence[int], *, by: User | None, at: datetime) -> int:
    """Writes anew which rules are in force for each of ``actors``. Call it, in the same transaction, where they change.

    The people's rows are locked first: of two changes at once the later one reads both. Returns how many were written.
    """
    ids = sorted(set(actors))
    for start in range(0, len(ids), BATCH):
        _follow(ids[start : start + BATCH])
    return len(ids)


def follow_bond(bond: Representation, *, by: User | None, at: datetime) -> None:
    """An agency began or stopped to represent somebody: its default counts from now on, or no longer.

    Named in ``settings.REPRESENTATION_FOLLOWERS``. Waits for a default that is being set at this moment.
    """
    if bond.actor_id is None:
        return
    Organization.objects.select_for_update(no_key=True).get(pk=bond.agency_id)
    follow_rules([bond.actor_id], by=by, at=at)


def read_unread(*, by: User | None, at: datetime) -> int:
    """Reads the rules of people whose rows are missing or were read by an earlier version. Returns how many."""
    return follow_rules(unread_actors(BATCH), by=by, at=at)


def _follow(ids: Sequence[int]) -> None:
    locked = ActorProfile.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    list(locked.values_list("pk", flat=True))
    found, now = numbers_of(ids), reading()
    sets = {numbers.key: RuleSet.of(numbers) for numbers in found.values()}
    RuleSet.objects.bulk_create(sorted(sets.values(), key=lambda row: row.key), ignore_conflicts=True)
    of_actor = ActorRules.objects.filter(actor=OuterRef("actor"))
    kept = dict(RuleSet.objects.filter(key__in=sets).values_list("key", "pk"))
    ActorRules.objects.bulk_create(
        [ActorRules(actor_id=pk, rule_set_id=kept[numbers.key], read_with=now) for pk, numbers in found.items()],
        update_conflicts=True,
        unique_fields=["actor"],
        update_fields=["rule_set", "read_with"],
    )
    Listing.objects.filter(actor__in=ids).update(rules=Subquery(of_actor.values("rule_set")))
