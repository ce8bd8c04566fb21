"""Withdrawing from a replica altogether: one signature, everything at once, and only the performer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actions.signing import Proof, challenge_for
from accounts.audit.models import AuditEntry
from accounts.models import Notification
from accounts.rules.refusal import Refused
from replicas.access.leaving import stakes_of
from replicas.actions.answering import approve, deny, reopen
from replicas.actions.custody.destroying import attest
from replicas.actions.drafting import begin_draft, send
from replicas.actions.leaving import leave
from replicas.models import DestructionTask, Holding, License, Replica, ReuseRequest
from tests.factories import (
    PASSWORD,
    approve_request,
    make_agency,
    make_casting,
    make_draft,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    proof_of,
    represent,
)
from tests.replicas.custody_factory import attestation, make_copy, make_task, make_transfer, original_of

pytestmark = pytest.mark.django_db
LA = ZoneInfo("America/Los_Angeles")


def refused(code: str, function, *args, **kwargs) -> None:
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code


def leaving(replica: Replica, **changes):
    """The move as the page makes it: everything ends now, thirty days from now, signed with the password."""
    at = changes.pop("at", None) or timezone.now()
    stakes, alice = stakes_of(replica), replica.actor.user
    values = {
        "shown": stakes.digest,
        "fates": {license_.ref: "now" for license_ in stakes.licenses},
        "wanted": at.astimezone(LA).date() + timedelta(days=30),
        "contacts": {},
        "typed_name": alice.name,
        "proof": Proof(challenge_for(alice, replica.subject, stakes.digest, at=at), password=PASSWORD),
        "by": alice,
        **changes,
    }
    return leave(replica, **values, at=at)


@pytest.fixture
def world():
    """A replica with two licenses, one open request, one draft; Nova holds two copies for its license."""
    replica = make_replica(visibility="listed")
    agency = make_agency()
    represent(agency, replica.actor)
    nova, other = make_casting(), make_casting(make_user("Otto Other"), "Supernova")
    first = approve_request(make_request(replica, make_project(nova)))
    second = approve_request(make_request(replica, make_project(other)))
    open_ = make_request(replica, make_project(nova, "Low Tide"))
    draft = make_draft(replica, make_project(nova, "Voltline"))
    copy = make_copy(replica, nova, license=first)
    return replica, first, second, open_, draft, copy


def test_everything_happens_at_once(world):
    replica, first, second, open_, draft, copy = world
    leaving(replica, fates={first.ref: "run", second.ref: "now"})
    for row in (replica, first, second, open_):
        row.refresh_from_db()
    assert (replica.state, replica.visibility) == ("leaving", "hidden")
    assert [row.state for row in (first, second)] == ["scheduled", "revoked"]
    assert open_.state == "denied"
    today = timezone.now().astimezone(LA).date()
    due = {task.holding: task.due_on for task in DestructionTask.objects.select_related("holding")}
    assert due == {original_of(replica): today + timedelta(days=30), copy: first.last_day + timedelta(days=30)}
    told = set(Notification.objects.values_list("kind", "recipient__name"))
    assert ("request-not-available", "Dana Director") in told
    assert ("license-revoked", "Otto Other") in told
    assert ("destruction-asked", "Dana Director") in told
    assert ("replica-leaving", "Alex Agent") in told
    events = AuditEntry.objects.filter(event__in=["replica.leaving", "request.denied", "license.revoked"], refused="")
    assert sorted(events.values_list("event", flat=True)) == ["license.revoked", "replica.leaving", "request.denied"]
    send_it = {"terms": offered_terms(), "answer_by": timezone.now() + timedelta(days=5), "by": draft.created_by}
    refused("not-available", send, draft, **send_it, at=timezone.now())
    begin = {"project": draft.project, "draft": {}, "by": draft.created_by, "at": timezone.now()}
    refused("not-available", begin_draft, replica=replica, **begin)


def test_the_people_who_asked_read_what_silence_reads(world):
    replica, *_, open_, _, _ = world
    leaving(replica)
    notice = Notification.objects.get(kind="request-not-available", subject_id=open_.pk)
    assert "reason" not in notice.context
    assert "withdr" not in str(notice.context).lower()


def test_the_last_proof_makes_it_destroyed(world):
    replica, _, _, _, _, copy = world
    leaving(replica, contacts={original_of(replica).pk: "archive@volume.example"})
    assert Notification.objects.filter(kind="destruction-asked", address="archive@volume.example").count() == 1
    dana, alice = copy.organization.memberships.get().user, replica.actor.user
    tasks = {task.holding_id: task for task in DestructionTask.objects.all()}
    attest(tasks.pop(copy.pk), proof=attestation(), by=dana, at=timezone.now())
    replica.refresh_from_db()
    assert replica.state == "leaving"
    attest(tasks.popitem()[1], proof=attestation(), by=alice, at=timezone.now())
    replica.refresh_from_db()
    assert (replica.state, Holding.objects.live().count()) == ("destroyed", 0)
    assert AuditEntry.objects.filter(event="replica.destroyed").count() == 1
    assert License.objects.count() == 2


def test_only_the_performer_and_only_once(world):
    replica, *_ = world
    for somebody in (make_user("Charlie Cole"), replica.actor.representations.get().agency.memberships.get().user):
        refused("not-yours", leaving, replica, by=somebody)
    leaving(replica)
    refused("replica-leaving", leaving, replica)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fates": {}}, "license-undecided"),
        ({"typed_name": "Somebody Else"}, "name-differs"),
        ({"proof": Proof("nonsense", password=PASSWORD)}, "proof-of-something-else"),
        ({"shown": "0" * 64}, "changed-meanwhile"),
        ({"wanted": timezone.now().date()}, "due-too-soon"),
    ],
)
def test_nothing_happens_when_something_is_missing(world, changes, code):
    replica, *_ = world
    before = list(ReuseRequest.objects.values_list("state", flat=True).order_by("pk"))
    refused(code, leaving, replica, **changes)
    replica.refresh_from_db()
    assert (replica.state, replica.visibility) == ("confirmed", "listed")
    assert list(ReuseRequest.objects.values_list("state", flat=True).order_by("pk")) == before
    assert not DestructionTask.objects.exists()
    assert AuditEntry.objects.filter(event="replica.leaving", refused=code).count() == 1


def test_a_wrong_password_withdraws_nothing_and_a_proof_counts_once(world):
    replica, *_ = world
    alice = replica.actor.user
    proof = Proof(challenge_for(alice, replica.subject, stakes_of(replica).digest, at=timezone.now()), password="wrong")
    refused("wrong-password", leaving, replica, proof=proof)
    assert not DestructionTask.objects.exists()


def test_an_old_no_is_not_taken_back_and_an_open_request_not_approved(world):
    replica, _, _, open_, _, _ = world
    denied = make_request(replica, make_project(make_casting(make_user("Ida"), "Halo"), "Carousel"))
    deny(denied, by=replica.actor.user, at=timezone.now())
    leaving(replica)
    alice = replica.actor.user
    refused("replica-leaving", reopen, denied, by=alice, at=timezone.now())
    refused("replica-leaving", reopen, open_, by=alice, at=timezone.now())
    open_.refresh_from_db()
    uses = list(open_.current_terms.uses.values_list("pk", flat=True))
    sign = {"terms_hash": open_.current_terms.sha256, "use_ids": uses, "typed_name": alice.name}
    refused("already-denied", approve, open_, **sign, proof=proof_of(alice, open_), by=alice, at=timezone.now())


def test_a_transfer_under_way_ends_with_it(world):
    replica, *_ = world
    asked = make_transfer(original_of(replica))
    leaving(replica)
    asked.refresh_from_db()
    assert asked.state == "refused"


def test_with_nobody_left_to_ask_it_is_gone_at_once():
    replica = make_replica()
    Holding.objects.update(ended_at=timezone.now(), ending="returned")
    leaving(replica)
    replica.refresh_from_db()
    assert replica.state == "destroyed"


def test_a_task_that_was_open_before_keeps_its_earlier_day(world):
    replica, *_, copy = world
    task = make_task(copy, days=8)
    leaving(replica)
    assert DestructionTask.objects.get(holding=copy) == task


def test_who_owes_a_destruction_asks_for_nothing_new(world):
    *_, draft, copy = world
    task = make_task(copy, days=8)
    terms = {"terms": offered_terms(), "by": draft.created_by}
    late = task.due_at
    refused("destruction-overdue", send, draft, **terms, answer_by=late + timedelta(days=5), at=late)
    on_time = late - timedelta(seconds=1)
    send(draft, **terms, answer_by=on_time + timedelta(days=5), at=on_time)
