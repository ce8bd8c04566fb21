"""Two at once: of two attestations, two answers, or an answer and its contrary, one counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rules.refusal import Refused
from replicas.actions.custody import clockwork, destroying, transferring
from replicas.models import CustodyTransfer, DestructionTask, Holding
from tests.factories import make_casting, make_replica, make_user
from tests.replicas.custody_factory import attestation, make_copy, make_task, make_transfer, original_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def at_once(together):
    """Runs each move in a thread of its own; “done” or the refusal's code, in the order given."""

    def run(*moves: Callable[[], object]) -> list[str]:
        came = together(*moves)
        assert [error for error in came if isinstance(error, Exception) and not isinstance(error, Refused)] == []
        return [one.code if isinstance(one, Refused) else "done" for one in came]

    return run


@pytest.fixture
def world():
    replica = make_replica()
    house = make_casting(make_user("Bob Brandt"))
    copy = make_copy(replica, house)
    return replica, copy, house.memberships.get().user


@pytest.mark.parametrize("turn", range(5))
def test_of_two_attestations_one_counts(at_once, world, turn):
    _, copy, bob = world
    task, at = make_task(copy), timezone.now()
    came = at_once(*[lambda: destroying.attest(task, proof=attestation(), by=bob, at=at)] * 2)
    assert sorted(came) == ["already-attested", "done"]
    assert (DestructionTask.objects.get().state, Holding.objects.get(pk=copy.pk).ending) == ("attested", "destroyed")


@pytest.mark.parametrize("turn", range(5))
def test_of_a_yes_and_a_no_the_last_word_stands_and_nothing_passes_twice(at_once, world, turn):
    replica, copy, bob = world
    alice, at = replica.actor.user, timezone.now()
    asked = make_transfer(copy, by=bob)
    yes, no = at_once(
        lambda: transferring.agree(asked, by=alice, at=at), lambda: transferring.refuse(asked, by=alice, at=at)
    )
    assert (yes, no) in (("done", "done"), ("already-refused", "done"))  # a yes can be taken back, a no can't
    assert CustodyTransfer.objects.get().state == "refused"


@pytest.mark.parametrize("turn", range(5))
def test_of_two_yeses_one_counts(at_once, world, turn):
    replica, copy, bob = world
    asked, at = make_transfer(copy, by=bob), timezone.now()
    came = at_once(*[lambda: transferring.agree(asked, by=replica.actor.user, at=at)] * 2)
    assert sorted(came) == ["already-agreed", "done"]


@pytest.mark.parametrize("turn", range(5))
def test_it_passes_once_or_the_yes_is_taken_back(at_once, world, turn):
    replica, copy, bob = world
    alice, at = replica.actor.user, timezone.now()
    asked = make_transfer(copy, by=bob)
    transferring.agree(asked, by=alice, at=at)
    came = at_once(
        lambda: transferring.complete(asked, document="a.pdf", sha256="a" * 64, by=bob, at=at),
        lambda: transferring.refuse(asked, by=alice, at=at),
    )
    assert sorted(came) in (["already-completed", "done"], ["already-refused", "done"])
    passed = CustodyTransfer.objects.get().state == "completed"
    assert Holding.objects.live().filter(holder="Glacier Films").exists() == passed


def test_two_sweeps_open_a_task_once(at_once, world):
    replica, _, _ = world
    Holding.objects.update(look_on=timezone.now().date() - timedelta(days=1))
    Holding.objects.filter(pk=original_of(replica).pk).update(until=timezone.now().date())
    at_once(*[lambda: clockwork.open_due_tasks(by=None, at=timezone.now())] * 2)
    assert DestructionTask.objects.filter(holding=original_of(replica)).count() == 1
