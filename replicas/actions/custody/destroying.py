"""Destruction: asked for, due by a day, attested once (R26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.notifications import call_off, notify
from accounts.rules.refusal import Refused
from replicas.access.custody import parties_on
from replicas.actions.custody.recording import close, show_holder
from replicas.actions.custody.telling import asks_destruction, changed, inside, of_houses
from replicas.actions.custody.writing import allowed, check_second_factor, day_of, lock_holding
from replicas.models import DestructionTask, Holding, Replica
from replicas.rules.custody import (
    SOON_DAYS,
    Act,
    Ending,
    HoldingKind,
    TaskMove,
    TaskReason,
    TaskState,
    check_destroyed_on,
    check_due_on,
    check_told,
    judge_task,
)
from replicas.rules.deadlines import end_of_day
from replicas.rules.events import Event
from replicas.rules.vocabulary import ReplicaState
from replicas.rules.wording import day


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who says that it is gone, how and when it was destroyed, and which files. ``sha256s`` as 64 hex digits each."""

    attester: str
    method: str
    destroyed_on: date
    statement: str = ""
    sha256s: Sequence[str] = ()
    told_by: str = ""


def due_task(
    holding: Holding, replica: Replica, *, reason: TaskReason, due_on: date, at: datetime, comment: str = "",
    by: User | None = None,
) -> DestructionTask:  # fmt: skip
    """An unsaved task for a holding: what has to be gone by the end of ``due_on`` in the actor's zone."""
    due_at = end_of_day(due_on, replica.actor.user.zone)
    return DestructionTask(
        replica=replica,
        holding=holding,
        reason=reason,
        comment=comment,
        asked_by=by,
        asked_at=at,
        due_on=due_on,
        due_at=due_at,
        next_reminder_at=max(due_at - timedelta(days=SOON_DAYS), at),
    )


def happening(task: DestructionTask, holding: Holding, replica: Replica, *, by: User | None) -> Happening:
    """The line of the audit trail for a task that was opened."""
    data = {
        "holder": holding.holder,
        "what": holding.what,
        "due_on": day(task.due_on),
        "reason": TaskReason(task.reason).label.lower(),
    }
    return Happening(Event.DESTRUCTION_ASKED, replica.subject, by, data=data)


@move(Event.DESTRUCTION_ASKED)
def ask_destruction(holding: Holding, *, due_on: date, comment: str = "", by: User, at: datetime) -> DestructionTask:
    """The purpose is met: the actor asks for the destruction, or the holder announces it. The holder is told."""
    replica, holding = lock_holding(holding)
    allowed(Act.ASK_DESTRUCTION, holding, by=by)
    try:
        check_due_on(due_on, today=day_of(at, replica))
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    task = due_task(holding, replica, reason=TaskReason.ASKED, due_on=due_on, at=at, comment=comment, by=by)
    task.save()
    told = asks_destruction(task, holding, replica, of_houses(holding.organization_id, but=by))
    sentence = f"{holding.holder} has to destroy {holding.what} of the {replica} by {day(due_on)}."
    notify([*told, *changed(replica, inside(replica, but=by), sentence, once=f"destroy:{task.pk}")], at=at)
    record_all([happening(task, holding, replica, by=by)], at=at)
    return task


@move(Event.DESTRUCTION_ATTESTED)
def attest(task: DestructionTask, *, proof: Attestation, by: User, at: datetime) -> DestructionTask:
    """The proof: it is gone. Ends the holding; the last proof of a withdrawn replica makes it destroyed.

    Raises Refused for anybody but the holder (or the actor's side, told by somebody, when the holder is not on the
    portal), for a day that can't be, and when it was attested before.
    """
    replica, holding = lock_holding(DestructionTask.objects.values_list("holding", flat=True).get(pk=task.pk))
    task = DestructionTask.objects.select_for_update().get(pk=task.pk)
    task.replica, task.holding = replica, holding
    _check(task, proof, by=by, at=at)
    values = {
        "attester": proof.attester,
        "method": proof.method,
        "destroyed_on": proof.destroyed_on,
        "statement": proof.statement,
        "sha256s": list(proof.sha256s),
        "told_by": proof.told_by,
        "attested_by": by,
        "attested_at": at,
        "next_reminder_at": None,
    }
    open_ = DestructionTask.objects.open().filter(pk=task.pk)
    if not open_.update(state=TaskState.ATTESTED, **values):
        raise Refused("somebody-was-faster", "Somebody was faster. Look at it again.", subject=replica.subject)
    for name, value in {**values, "state": TaskState.ATTESTED}.items():
        setattr(task, name, value)
    close(holding, Ending.DESTROYED, at=at)
    if holding.kind == HoldingKind.ORIGINAL:
        show_holder(replica, f"Nobody: destroyed {day(proof.destroyed_on)}")
    happenings = [
        Happening(
            Event.DESTRUCTION_ATTESTED, replica.subject, by, data={"holder": holding.holder, "what": holding.what}
        )
    ]
    if replica.state == ReplicaState.LEAVING and not Holding.objects.live().filter(replica=replica).exists():
        is_destroyed(replica)
        happenings.append(Happening(Event.REPLICA_DESTROYED, replica.subject))
    call_off(task.subject, ["destruction-asked", "destruction-reminder"], at=at)
    sentence = f"{holding.holder} attested that {holding.what} of the {replica} was destroyed."
    people = [*inside(replica, but=by), *of_houses(holding.organization_id, but=by)]
    notify(changed(replica, people, sentence, once=f"attested:{task.pk}"), at=at)
    record_all(happenings, at=at)
    return task


def is_destroyed(replica: Replica) -> None:
    """Nobody holds the withdrawn replica any more."""
    Replica.objects.filter(pk=replica.pk, state=ReplicaState.LEAVING).update(state=ReplicaState.DESTROYED)
    replica.state = ReplicaState.DESTROYED


def _check(task: DestructionTask, proof: Attestation, *, by: User, at: datetime) -> None:
    replica, holding = task.replica, task.holding
    parties = parties_on(by, replica, holding)
    try:
        judge_task(TaskMove.ATTEST, state=TaskState(task.state), parties=parties)
        check_second_factor(parties, by)
        check_told(proof.told_by, parties)
        check_destroyed_on(proof.destroyed_on, since=holding.since, today=day_of(at, replica))
        if not proof.attester.strip():
            raise Refused("no-attester", "Say who attests it.")
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
