"""Preparing a crowd: begun, kept step by step, its people chosen and put in order, thrown away. Nobody is asked here.

A draft is its house's alone. Its people are places without a number or a request; ``rank`` is the order they are asked
in, from 1. What was typed stands in ``Crowd.draft`` by step, as each form sends it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import members_of
from replicas.access.crowds.drafting import askable_for
from replicas.models import Crowd, CrowdPlace, Project
from replicas.rules.crowds import MOST_PEOPLE, CrowdState
from replicas.rules.crowds.drafting import LONGEST_STEP, LONGEST_TITLE, Order, Step
from replicas.rules.events import Event

Draft = dict[str, list[str]]
AT_ONCE = 1000  # rows of one statement
_RANKED = """
UPDATE replicas_crowdplace SET rank = ordered.rank
FROM (SELECT place.id, row_number() OVER (ORDER BY {by}) AS rank
      FROM replicas_crowdplace place JOIN accounts_actorprofile actor ON actor.id = place.actor_id
      WHERE place.crowd_id = %s) AS ordered
WHERE ordered.id = replicas_crowdplace.id
"""
ORDERED = {Order.NAME: "lower(actor.stage_name), place.id", Order.SHUFFLED: "random()"}
GONE = "This is no draft any more: it was released or thrown away meanwhile, from another tab or by a colleague."


@transaction.atomic
def begin_crowd(*, project: Project, title: str, by: User, at: datetime) -> Crowd:
    """Starts a draft in the project's house. Assistants may; it is nobody's promise, so it leaves no audit entry.

    Raises Refused for somebody of another house.
    """
    crowd = Crowd(
        ref=new_reference("C"),
        project=project,
        organization_id=project.organization_id,
        created_by=by,
        created_at=at,
        changed_at=at,
        title=_line(title),
        draft={Step.BRIEF: {"title": [title]}},
    )
    _check_house(crowd, by)
    crowd.save()
    return crowd


@transaction.atomic
def save_crowd_draft(crowd: Crowd, *, step: Step, values: Draft, by: User, at: datetime) -> bool:
    """Keeps what was typed in one step; the others stay as they are, so that two may write at once. False when the
    crowd was released or thrown away meanwhile.

    Raises Refused for somebody of another house and for more than anybody types.
    """
    _check_house(crowd, by)
    if sum(len(value) for each in values.values() for value in each) > LONGEST_STEP:
        raise Refused("draft-too-long", f"One step can hold {LONGEST_STEP:,} characters.", subject=crowd.subject)
    found = _draft(crowd)
    if found is None:
        return False
    found.draft = {**found.draft, step: values}
    if step == Step.BRIEF and (title := _line("".join(values.get("title", [])))):
        found.title = title
    found.changed_at = at
    found.save(update_fields=["draft", "title", "changed_at"])
    crowd.draft, crowd.title, crowd.changed_at = found.draft, found.title, at
    return True


@transaction.atomic
def choose_people(crowd: Crowd, *, replica_ids: Sequence[int], by: User, at: datetime) -> int:
    """Makes these the people of the draft, in this order; how many they are.

    Who can't be asked is left out, and of several replicas of one person the first counts. Raises Refused for somebody
    of another house, for a crowd that is no draft any more and for more than ``MOST_PEOPLE``.
    """
    found = _locked(crowd, by)
    CrowdPlace.objects.filter(crowd=found).delete()
    return _enter(found, replica_ids, taken=set(), after=0, by=by, at=at)


@transaction.atomic
def add_people(crowd: Crowd, *, replica_ids: Sequence[int], by: User, at: datetime) -> int:
    """Puts these below the people of the draft; how many are new. Refuses what ``choose_people`` refuses."""
    found = _locked(crowd, by)
    rows = list(CrowdPlace.objects.filter(crowd=found).values_list("actor", "rank"))
    last = max((rank for _, rank in rows), default=0)
    return _enter(found, replica_ids, taken={actor for actor, _ in rows}, after=last, by=by, at=at)


@transaction.atomic
def remove_people(crowd: Crowd, *, refs: Collection[str] | None = None, by: User, at: datetime) -> int:
    """Takes people off the draft's list by the references of their replicas, all of them where none are named; how
    many went."""
    found = _locked(crowd, by)
    rows = CrowdPlace.objects.filter(crowd=found)
    gone, _ = (rows if refs is None else rows.filter(replica__ref__in=refs)).delete()
    _rank(found, "place.rank, place.id")
    _changed(found, at)
    return gone


@transaction.atomic
def put_first(crowd: Crowd, *, ref: str, by: User, at: datetime) -> bool:
    """Asks one person before everybody else. False where they are not on the list any more."""
    found = _locked(crowd, by)
    rows = CrowdPlace.objects.filter(crowd=found)
    first = rows.filter(replica__ref=ref).first()
    if first is None:
        return False
    rows.filter(pk=first.pk).update(rank=0)
    _rank(found, "place.rank, place.id")
    _changed(found, at)
    return True


@transaction.atomic
def order_people(crowd: Crowd, *, order: Order, by: User, at: datetime) -> None:
    """Puts everybody in order: by name, or shuffled anew. One statement, however many."""
    found = _locked(crowd, by)
    _rank(found, ORDERED[order])
    _changed(found, at)


@move(Event.CROWD_DISCARDED)
def discard_crowd(crowd: Crowd, *, by: User, at: datetime) -> None:
    """Throws a draft away with its list. Nobody outside the house has seen it."""
    found = _locked(crowd, by)
    subject = found.subject
    CrowdPlace.objects.filter(crowd=found).delete()
    Crowd.objects.filter(pk=found.pk).delete()
    record(Event.CROWD_DISCARDED, subject=subject, by=by, at=at)


def _enter(crowd: Crowd, replica_ids: Sequence[int], *, taken: set[int], after: int, by: User, at: datetime) -> int:
    actors = dict(askable_for(by, replica_ids))
    chosen: dict[int, int] = {}
    for replica in replica_ids:
        actor = actors.get(replica)
        if actor is not None and actor not in taken:
            chosen.setdefault(actor, replica)
    if len(taken) + len(chosen) > MOST_PEOPLE:
        raise Refused(
            "too-many-people",
            f"A crowd can have {MOST_PEOPLE:,} people, and this would make {len(taken) + len(chosen):,}. "
            "Choose fewer, or prepare two crowds.",
            subject=crowd.subject,
        )
    _write(crowd, chosen.items(), after=after)
    _changed(crowd, at)
    return len(chosen)


def _write(crowd: Crowd, chosen: Iterable[tuple[int, int]], *, after: int) -> None:
    CrowdPlace.objects.bulk_create(
        (
            CrowdPlace(crowd=crowd, actor_id=actor, replica_id=replica, rank=rank)
            for rank, (actor, replica) in enumerate(chosen, start=after + 1)
        ),
        batch_size=AT_ONCE,
    )


def _rank(crowd: Crowd, by: str) -> None:
    """Numbers the list from 1 without a gap. ``by`` is one of this file's own orders."""
    with connection.cursor() as cursor:
        cursor.execute(_RANKED.format(by=by), [crowd.pk])


def _changed(crowd: Crowd, at: datetime) -> None:
    Crowd.objects.filter(pk=crowd.pk).update(changed_at=at)


def _locked(crowd: Crowd, by: User) -> Crowd:
    """The draft, its row locked. Raises Refused when it is none any more, or ``by`` is of another house."""
    _check_house(crowd, by)
    found = _draft(crowd)
    if found is None:
        raise Refused("no-draft", GONE, subject=crowd.subject)
    return found


def _draft(crowd: Crowd) -> Crowd | None:
    rows: Any = Crowd.objects.select_for_update(of=("self",)).select_related("project")
    found: Crowd | None = rows.filter(pk=crowd.pk, state=CrowdState.DRAFT).first()
    return found


def _check_house(crowd: Crowd, by: User) -> None:
    if not members_of(crowd.organization_id).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of the project’s house can prepare a crowd.", subject=_about(crowd))


def _about(crowd: Crowd) -> Any:
    """What a refusal is about: the crowd, or its project while there is none yet."""
    return crowd.subject if crowd.pk else crowd.project.subject


def _line(title: str) -> str:
    return " ".join(title.split())[:LONGEST_TITLE]
