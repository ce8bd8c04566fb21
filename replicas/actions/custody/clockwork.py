"""What the clock does to custody: opens destruction tasks, reminds, lets transfers lapse. One batch a call.

Two sweeps at once are harmless: rows are claimed by their lock (PostgreSQL skips what the other sweep holds) and each
write names what was read.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.notifications import Notice, notify
from agencies.access import deciders_of, people_involved
from replicas.actions.custody.destroying import due_task, happening
from replicas.actions.custody.telling import answers_transfer, asks_destruction, changed, reminds_of_destruction
from replicas.actions.custody.transferring import told_about
from replicas.actions.custody.writing import day_of
from replicas.models import CustodyTransfer, DestructionTask, Holding, License
from replicas.rules.custody import Clock, Facts, HoldingKind, Reminded, TransferState, clock, fair_due, task_reminder
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseState
from replicas.rules.vocabulary import ReplicaState
from replicas.rules.wording import day

BATCH = 500
LOOK_AGAIN = timedelta(days=28)  # a license may end before its day: then the task still opens before it is due
OVER = (LicenseState.EXPIRED, LicenseState.REVOKED)


@move(Event.DESTRUCTION_ASKED)
def open_due_tasks(*, by: None = None, at: datetime) -> int:
    """Opens the tasks whose day has come and tells holder and actor; moves the look of rows that were put off.

    Returns how many rows changed; call until it says 0.
    """
    due = _holdings_to_look_at(at)
    if not due:
        return 0
    interactions = _last_licensed(due)
    tasks: list[tuple[DestructionTask, Holding]] = []
    put_off: list[Holding] = []
    for holding in due:
        today = day_of(at, holding.replica)
        now = _clock_of(holding, interactions, at)
        if now is not None and now.opens_on <= today:
            due_on = fair_due(now.due_on, today)
            tasks.append((due_task(holding, holding.replica, reason=now.reason, due_on=due_on, at=at), holding))
        else:
            look_on = min(now.opens_on, today + LOOK_AGAIN) if now is not None else today + LOOK_AGAIN
            if look_on != holding.look_on:
                holding.look_on = look_on
                put_off.append(holding)
    Holding.objects.bulk_update(put_off, ["look_on"])
    made = DestructionTask.objects.bulk_create([task for task, _ in tasks])
    houses = {holding.organization_id for _, holding in tasks if holding.organization_id}
    members = people_involved(actors=(), houses=houses).members if houses else {}
    told: list[Notice] = []
    for task, holding in zip(made, [holding for _, holding in tasks], strict=True):
        replica = holding.replica
        told += asks_destruction(task, holding, replica, members.get(holding.organization_id or 0, []))
        sentence = f"{holding.holder} has to destroy {holding.what} of the {replica} by {day(task.due_on)}."
        told += changed(replica, deciders_of(replica.actor), sentence, once=f"destroy:{task.pk}")
    notify(told, at=at)
    record_all([happening(task, holding, holding.replica, by=None) for task, holding in tasks], at=at)
    return len(tasks) + len(put_off)


@move(Event.DESTRUCTION_REMINDED)
def remind_due_tasks(*, by: None = None, at: datetime) -> int:
    """Reminds holders a week before the day and once it has passed, each once. The actor hears of the second."""
    due = list(
        DestructionTask.objects.to_remind(at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("holding", "replica__actor__user")
        .order_by("pk")[:BATCH]
    )
    if not due:
        return 0
    houses = {task.holding.organization_id for task in due if task.holding.organization_id}
    members = people_involved(actors=(), houses=houses).members if houses else {}
    told: list[Notice] = []
    happenings: list[Happening] = []
    for task in due:
        now, task.next_reminder_at = task_reminder(reminded=task.reminded, due_at=task.due_at, at=at)
        if now == Reminded.NONE:
            continue
        task.reminded = now
        replica, holding, overdue = task.replica, task.holding, now == Reminded.OVERDUE
        people = members.get(holding.organization_id or 0, [])
        told += reminds_of_destruction(task, holding, replica, people, overdue=overdue)
        if overdue:
            sentence = f"{holding.holder} has not attested the destruction that was due on {day(task.due_on)}."
            told += changed(replica, deciders_of(replica.actor), sentence, once=f"overdue:{task.pk}")
        data = {"holder": holding.holder, "what": holding.what}
        happenings.append(Happening(Event.DESTRUCTION_REMINDED, replica.subject, data=data))
    DestructionTask.objects.bulk_update(due, ["reminded", "next_reminder_at"])
    notify(told, at=at)
    record_all(happenings, at=at)
    return len(due)


@move(Event.TRANSFER_LAPSED)
def lapse_transfers(*, by: None = None, at: datetime) -> int:
    """The actor's silence is no, and the union's is no approval. The holder reads “not agreed”."""
    over = Q(state=TransferState.ASKED, answer_by__lte=at) | Q(state=TransferState.UNION_PENDING, union_due_at__lte=at)
    due = list(
        CustodyTransfer.objects.filter(over)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("holding", "replica__actor__user")
        .order_by("pk")[:BATCH]
    )
    if not due:
        return 0
    CustodyTransfer.objects.filter(over, pk__in=[row.pk for row in due]).update(state=TransferState.LAPSED, ended_at=at)
    told: list[Notice] = []
    for row in due:
        told += answers_transfer(row, row.replica, agreed=False)
        sentence = f"The time for the transfer to {row.to_name} ran out. {row.holding.holder} keeps {row.holding.what}."
        told += changed(row.replica, deciders_of(row.replica.actor), sentence, once=f"transfer:{row.pk}:lapsed")
    notify(told, at=at)
    record_all([Happening(Event.TRANSFER_LAPSED, row.replica.subject, data=told_about(row)) for row in due], at=at)
    return len(due)


def _holdings_to_look_at(at: datetime) -> list[Holding]:
    """Live holdings without an open task whose day has come somewhere on earth, or whose license is over."""
    ended = Q(license__state__in=OVER) | Q(license__ends_at__lte=at)
    open_ = DestructionTask.objects.open().filter(holding=OuterRef("pk"))
    rows = Holding.objects.live().filter(Q(look_on__lte=at.date() + timedelta(days=1)) | ended)
    return list(
        rows.filter(~Exists(open_), replica__state__in=[ReplicaState.CONFIRMED, ReplicaState.PROPOSED])
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("replica__actor__user", "license__actor__user")
        .order_by("look_on", "pk")[:BATCH]
    )


def _last_licensed(holdings: Sequence[Holding]) -> dict[int, dict[int, datetime]]:
    """When the last license of each replica and house ends or was revoked: replica → house → moment. One query."""
    rows = (
        License.objects.filter(request__replica__in={holding.replica_id for holding in holdings})
        .order_by()
        .values_list("request__replica", "organization")
        .annotate(last=Max(Coalesce("revoked_at", "ends_at")))
    )
    found: dict[int, dict[int, datetime]] = {}
    for replica, house, last in rows:
        found.setdefault(replica, {})[house] = last
    return found


def _clock_of(holding: Holding, licensed: dict[int, dict[int, datetime]], at: datetime) -> Clock | None:
    """The clock of one holding; None for what the performer keeps themself."""
    actor = holding.replica.actor
    if holding.holder.casefold() in {actor.stage_name.casefold(), actor.user.name.casefold()}:
        return None
    days = [holding.last_interaction_on]
    for house, last in licensed.get(holding.replica_id, {}).items():
        if holding.kind == HoldingKind.ORIGINAL or house == holding.organization_id:
            days.append((last.astimezone(actor.user.zone) - timedelta(seconds=1)).date())
    return clock(Facts(max(days), holding.until, _license_ended(holding, at)))


def _license_ended(holding: Holding, at: datetime) -> date | None:
    license_ = holding.license
    if license_ is None:
        return None
    if license_.revoked_at is not None:
        return license_.revoked_at.astimezone(license_.actor.user.zone).date()
    return license_.last_day if license_.ends_at <= at else None
