"""Who is told what about custody. Gathers notices; ``notify`` writes them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.notifications import Notice
from agencies.access import deciders_of, people_involved
from replicas.models import CustodyTransfer, DestructionTask, Holding, Replica
from replicas.rules.custody import TaskReason
from replicas.rules.wording import day


def about(replica: Replica, **more: Any) -> dict[str, Any]:
    """What letters about custody need, as JSON values. Needs ``actor.user``."""
    return {
        "ref": replica.ref,
        "actor": replica.actor.stage_name,
        "actor_id": replica.actor_id,
        "replica": replica.name,
        **more,
    }


def custody_path(replica: Replica) -> str:
    return reverse("custody", args=[replica.ref])


def inside(replica: Replica, *, but: User | None = None) -> list[User]:
    """Who decides for the actor, then their agents who may act, each once, without the one who did it."""
    agents = people_involved(actors=[replica.actor_id], houses=()).agents.get(replica.actor_id, [])
    people = {person.pk: person for person in [*deciders_of(replica.actor), *agents]}
    return [person for person in people.values() if but is None or person.pk != but.pk]


def of_houses(*houses: int | None, but: User | None = None) -> list[User]:
    """The people of the houses who may act there, each once."""
    wanted = [house for house in houses if house is not None]
    if not wanted:
        return []
    found = people_involved(actors=(), houses=wanted).members
    people = {person.pk: person for house in wanted for person in found.get(house, [])}
    return [person for person in people.values() if but is None or person.pk != but.pk]


def changed(replica: Replica, people: Iterable[User], sentence: str, *, once: str, **more: Any) -> list[Notice]:
    """“Something about where it is kept changed”, in one sentence."""
    return [
        Notice(
            "custody-changed",
            person,
            replica.subject,
            once=f"{replica.ref}:{once}",
            path=custody_path(replica),
            context=about(replica, sentence=sentence, **more),
        )
        for person in people
    ]


def asks_transfer(transfer: CustodyTransfer, replica: Replica) -> list[Notice]:
    """The question to whoever decides for the actor."""
    context = about(
        replica,
        holder=transfer.holding.holder,
        what=transfer.holding.what,
        to=transfer.to_name,
        place=transfer.place,
        reason=transfer.reason,
    )
    path = reverse("custody-answer", args=[replica.ref, transfer.pk])
    return [
        Notice(
            "transfer-asked",
            person,
            transfer.subject,
            once=f"{replica.ref}:transfer:{transfer.pk}",
            path=path,
            due_at=transfer.answer_by,
            context=context,
        )
        for person in deciders_of(replica.actor)
    ]


def answers_transfer(transfer: CustodyTransfer, replica: Replica, *, agreed: bool) -> list[Notice]:
    """The answer to the holder's people. A refusal and a silence read alike: not agreed, and nothing else."""
    context = about(replica, to=transfer.to_name, what=transfer.holding.what, agreed=agreed)
    return [
        Notice(
            "transfer-answered",
            person,
            transfer.subject,
            once=f"{replica.ref}:transfer:{transfer.pk}:{'agreed' if agreed else 'not-agreed'}",
            path=custody_path(replica),
            context=context,
        )
        for person in of_houses(transfer.holding.organization_id)
    ]


def asks_destruction(task: DestructionTask, holding: Holding, replica: Replica, people: Iterable[User]) -> list[Notice]:
    """The demand to the holder: their people when they are on the portal, else the address they are known by."""
    return _to_holder("destruction-asked", task, holding, replica, people, once="asked")


def reminds_of_destruction(
    task: DestructionTask, holding: Holding, replica: Replica, people: Iterable[User], *, overdue: bool
) -> list[Notice]:
    once = "overdue" if overdue else "soon"
    return _to_holder("destruction-reminder", task, holding, replica, people, once=once, overdue=overdue)


def _to_holder(
    kind: str,
    task: DestructionTask,
    holding: Holding,
    replica: Replica,
    people: Iterable[User],
    *,
    once: str,
    **more: Any,
) -> list[Notice]:
    to: list[User | str] = list(people) if holding.organization_id else [holding.contact] if holding.contact else []
    context = about(
        replica,
        holder=holding.holder,
        on_portal=holding.organization_id is not None,
        what=holding.what,
        reason=TaskReason(task.reason).label,
        comment=task.comment,
        due_on=day(task.due_on),
        captured_on=day(replica.captured_on),
        captured_by=replica.captured_by,
        **more,
    )
    return [
        Notice(
            kind,
            person,
            task.subject,
            once=f"{replica.ref}:destruction:{task.pk}:{once}",
            path=reverse("custody-attest", args=[replica.ref, task.pk]) if isinstance(person, User) else "",
            due_at=task.due_at,
            context=context,
        )
        for person in to
    ]
