"""Destruction: asked for, opened by the clock, reminded of, and attested once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Notification
from accounts.rules.refusal import Refused
from replicas.actions.custody import clockwork, destroying, transferring
from replicas.actions.licensing import revoke
from replicas.models import DestructionTask, Holding
from replicas.rules.custody import TaskReason
from tests.factories import (
    approve_request,
    make_actor,
    make_casting,
    make_project,
    make_replica,
    make_request,
    make_user,
)
from tests.replicas.custody_factory import (
    SHA,
    attestation,
    make_copy,
    make_task,
    original_of,
    transfer_facts,
)

pytestmark = pytest.mark.django_db
LA = ZoneInfo("America/Los_Angeles")


def refused(code: str, function, *args, **kwargs) -> None:
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code


def told(kind: str) -> list[str]:
    return sorted(
        row.recipient.name if row.recipient else row.address for row in Notification.objects.filter(kind=kind)
    )


@pytest.fixture
def world():
    """A replica of Alice whose original Nova holds; Bob works there. Its first holding is made by registering."""
    actor = make_actor("Alice Ames")
    house = make_casting(make_user("Bob Brandt"))
    replica = make_replica(actor, custodian=house.name, custodian_organization=house)
    return replica, house, house.memberships.get().user


def test_the_holder_attests_and_the_original_is_gone(world):
    replica, _, bob = world
    task = make_task(original_of(replica))
    assert told("destruction-asked") == ["Bob Brandt"]
    proof = attestation(told_by="")
    refused("not-yours", destroying.attest, task, proof=proof, by=replica.actor.user, at=timezone.now())
    future = timezone.now().astimezone(LA).date() + timedelta(days=1)
    refused(
        "destroyed-in-future",
        destroying.attest,
        task,
        proof=replace(proof, destroyed_on=future),
        by=bob,
        at=timezone.now(),
    )
    refused(
        "destroyed-before",
        destroying.attest,
        task,
        proof=replace(proof, destroyed_on=date(2024, 3, 13)),
        by=bob,
        at=timezone.now(),
    )
    destroying.attest(task, proof=proof, by=bob, at=timezone.now())
    task.refresh_from_db()
    assert (task.state, task.attester, task.sha256s) == ("attested", "Ruth Ellis, archive", [SHA])
    assert [row.ending for row in Holding.objects.all()] == ["destroyed"]
    refused("already-attested", destroying.attest, task, proof=proof, by=bob, at=timezone.now())


def test_off_the_portal_the_performers_side_writes_down_the_proof_and_who_told_them():
    replica = make_replica()
    Holding.objects.update(contact="archive@volume.example")
    task = make_task(original_of(replica))
    assert told("destruction-asked") == ["archive@volume.example"]
    at, alice = timezone.now(), replica.actor.user
    refused("told-by-nobody", destroying.attest, task, proof=attestation(told_by=""), by=alice, at=at)
    destroying.attest(task, proof=attestation(), by=alice, at=at)
    assert DestructionTask.objects.get().told_by == "Ruth at Volume Stage"


def test_a_task_is_asked_for_once_and_by_those_concerned(world):
    replica, _, bob = world
    at, original = timezone.now(), original_of(replica)
    today = at.astimezone(LA).date()
    refused(
        "not-yours",
        destroying.ask_destruction,
        original,
        due_on=today + timedelta(days=30),
        by=make_user("Charlie"),
        at=at,
    )
    refused("due-too-soon", destroying.ask_destruction, original, due_on=today + timedelta(days=6), by=bob, at=at)
    destroying.ask_destruction(original, due_on=today + timedelta(days=7), by=bob, at=at)
    refused(
        "already-asked",
        destroying.ask_destruction,
        original,
        due_on=today + timedelta(days=30),
        by=replica.actor.user,
        at=at,
    )
    refused("destruction-due", transferring.ask_transfer, original, facts=transfer_facts(), by=bob, at=at)


def test_the_clock_opens_on_the_day_once_and_after_three_years(world):
    _replica, _, _ = world
    Holding.objects.update(last_interaction_on=date(2024, 2, 29), look_on=date(2024, 2, 29))
    opens = datetime(2027, 1, 29, 0, tzinfo=LA)  # thirty days before Feb 28, 2027
    assert clockwork.open_due_tasks(by=None, at=opens - timedelta(seconds=1)) == 1  # looked at, and put off
    assert clockwork.open_due_tasks(by=None, at=opens - timedelta(seconds=1)) == 0
    assert not DestructionTask.objects.exists()
    assert clockwork.open_due_tasks(by=None, at=opens) == 1
    assert clockwork.open_due_tasks(by=None, at=opens) == 0
    task = DestructionTask.objects.get()
    assert (task.due_on, task.reason, task.due_at) == (
        date(2027, 2, 28),
        TaskReason.INTERACTION,
        datetime(2027, 3, 1, 0, tzinfo=LA),
    )
    assert told("destruction-asked") == ["Bob Brandt"]
    assert AuditEntry.objects.filter(event="destruction.asked").count() == 1


def test_a_license_keeps_the_clock_from_running_and_its_end_starts_it():
    replica = make_replica()
    house = make_casting()
    license_ = approve_request(make_request(replica, make_project(house)))
    copy = make_copy(replica, house, license=license_)
    Holding.objects.update(last_interaction_on=date(2020, 1, 1), look_on=date(2020, 1, 1))
    now = timezone.now()
    assert clockwork.open_due_tasks(by=None, at=now) == 2  # both put off: the license is an interaction
    assert not DestructionTask.objects.exists()
    revoke(license_, reason="", by=replica.actor.user, at=now)
    assert clockwork.open_due_tasks(by=None, at=now) == 1
    task = DestructionTask.objects.get()
    today = now.astimezone(LA).date()
    assert (task.holding, task.reason, task.due_on) == (copy, TaskReason.LICENSE, today + timedelta(days=30))


def test_a_copy_kept_for_a_license_is_due_thirty_days_after_its_end():
    replica = make_replica()
    house = make_casting()
    license_ = approve_request(make_request(replica, make_project(house)))
    copy = make_copy(replica, house, license=license_)
    assert clockwork.open_due_tasks(by=None, at=license_.ends_at - timedelta(seconds=1)) == 0
    assert clockwork.open_due_tasks(by=None, at=license_.ends_at) == 1
    task = DestructionTask.objects.get()
    assert (task.holding, task.reason) == (copy, TaskReason.LICENSE)
    assert task.due_on == license_.last_day + timedelta(days=30)


def test_reminders_go_before_and_after_the_day_at_most_once_each(world):
    replica, _, _ = world
    task = make_task(original_of(replica), days=30)
    soon = task.due_at - timedelta(days=7)
    assert clockwork.remind_due_tasks(by=None, at=soon - timedelta(seconds=1)) == 0
    assert [clockwork.remind_due_tasks(by=None, at=soon) for _ in range(3)] == [1, 0, 0]
    assert [clockwork.remind_due_tasks(by=None, at=task.due_at) for _ in range(3)] == [1, 0, 0]
    rows = Notification.objects.filter(kind="destruction-reminder").order_by("pk")
    assert [(row.recipient.name, row.context["overdue"]) for row in rows] == [
        ("Bob Brandt", False),
        ("Bob Brandt", True),
    ]
    assert clockwork.remind_due_tasks(by=None, at=task.due_at + timedelta(days=400)) == 0


def test_long_asleep_the_sweep_sends_only_the_later_reminder(world):
    replica, _, _ = world
    task = make_task(original_of(replica), days=30)
    assert clockwork.remind_due_tasks(by=None, at=task.due_at + timedelta(days=90)) == 1
    assert [row.context["overdue"] for row in Notification.objects.filter(kind="destruction-reminder")] == [True]
