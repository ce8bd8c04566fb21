"""Custody as the actions keep it: who holds what, to whom it passes, when it has to be gone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import Notification
from accounts.rules.refusal import Refused
from replicas.access.custody import custody_known, holdings_of
from replicas.actions import replicas as acts
from replicas.actions.custody import clockwork, recording, transferring
from replicas.models import CustodyAccess, CustodyTransfer, Holding, Replica
from replicas.rules.custody import TransferState
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    represent,
)
from tests.replicas.custody_factory import (
    SHA,
    copy_facts,
    make_transfer,
    original_of,
    transfer_facts,
)
from tests.replicas.test_replicas import FACTS

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


# --- The first holding ------------------------------------------------------------------------------------------------


def test_registering_writes_the_first_holding_and_correcting_it_follows():
    actor = make_actor()
    replica = acts.register(actor=actor, facts=FACTS, by=actor.user, at=timezone.now())
    holding = Holding.objects.get()
    assert (holding.replica, holding.holder, holding.kind, holding.since) == (
        replica,
        FACTS.custodian,
        "original",
        FACTS.captured_on,
    )

    facts = replace(FACTS, custodian="Halo Capture", custody_place="Atlanta", custody_until=date(2030, 1, 1))
    acts.change(replica, facts=facts, by=actor.user, at=timezone.now())
    holding = Holding.objects.get()
    assert (holding.holder, holding.place, holding.until) == ("Halo Capture", "Atlanta", date(2030, 1, 1))


def test_a_holder_on_the_portal_is_not_corrected_away(world):
    replica, house, _ = world
    facts = replace(acts.facts_of(replica), custodian="Somebody Else")
    refused("holder-on-portal", acts.change, replica, facts=facts, by=replica.actor.user, at=timezone.now())
    acts.change(
        replica, facts=replace(acts.facts_of(replica), notes="Longer hair"), by=replica.actor.user, at=timezone.now()
    )
    assert original_of(replica).organization == house


# --- Copies, access, endings ------------------------------------------------------------------------------------------


def test_a_copy_in_new_hands_needs_a_license_or_the_performer(world):
    replica, house, bob = world
    at, other = timezone.now(), make_casting(make_user("Otto Other"), "Supernova")
    facts = copy_facts(holder=other.name, organization=other, told_by="")
    refused("needs-transfer", recording.record_copy, original_of(replica), facts=facts, by=bob, at=at)

    license_ = approve_request(make_request(replica, make_project(other)))
    licensed = replace(facts, license=license_)
    made = recording.record_copy(original_of(replica), facts=licensed, by=bob, at=at)
    assert (made.holder, made.organization, made.license, made.copies) == ("Supernova", other, license_, 2)
    assert told("custody-changed") == ["Alice Ames", "Otto Other"]

    own = recording.record_copy(
        original_of(replica), facts=copy_facts(holder=house.name, organization=house, told_by=""), by=bob, at=at
    )
    assert own.source == original_of(replica)


def test_a_license_of_another_house_is_no_reason(world):
    replica, house, bob = world
    license_ = approve_request(make_request(replica, make_project(make_casting(make_user("Otto"), "Supernova"))))
    facts = copy_facts(holder=house.name, organization=house, license=license_, told_by="")
    refused("other-license", recording.record_copy, original_of(replica), facts=facts, by=bob, at=timezone.now())


def test_the_performers_side_says_who_told_them_and_strangers_write_nothing():
    replica = make_replica()
    agency = make_agency()
    represent(agency, replica.actor)
    alex, at = agency.memberships.get().user, timezone.now()
    original = original_of(replica)
    log = {"who": "Ben", "purpose": "Compositing", "opened_at": at, "at": at}
    refused("told-by-nobody", recording.log_access, original, **log, by=alex)
    refused("not-yours", recording.log_access, original, **log, told_by="x", by=make_user("Charlie Cole"))
    recording.log_access(original, **log, told_by="Ruth, by phone", by=alex)
    assert [(row.who, row.told_by) for row in CustodyAccess.objects.all()] == [("Ben", "Ruth, by phone")]
    assert AuditEntry.objects.filter(event="custody.access-logged", refused="").count() == 1


def test_only_the_holder_logs_access_when_they_are_on_the_portal(world):
    replica, _, bob = world
    at = timezone.now()
    log = {"who": "Ben", "purpose": "Compositing", "at": at, "told_by": "me"}
    refused("not-yours", recording.log_access, original_of(replica), **log, opened_at=at, by=replica.actor.user)
    refused(
        "opened-in-future",
        recording.log_access,
        original_of(replica),
        **log,
        opened_at=at + timedelta(seconds=1),
        by=bob,
    )
    recording.log_access(original_of(replica), **log, opened_at=at, files=["a.abc"], by=bob)
    assert CustodyAccess.objects.get().files == ["a.abc"]


def test_the_access_log_only_grows(world):
    replica, _, bob = world
    at = timezone.now()
    recording.log_access(original_of(replica), who="Ben", purpose="x", opened_at=at, by=bob, at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CustodyAccess.objects.update(who="Nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        CustodyAccess.objects.all().delete()
    assert CustodyAccess.objects.get().who == "Ben"


def test_handing_back_ends_the_holding_and_the_replica_says_so(world):
    replica, _, bob = world
    original = original_of(replica)
    refused("correct-the-facts", recording.end_holding, original, ending="mistake", by=bob, at=timezone.now())
    refused("other-ending", recording.end_holding, original, ending="destroyed", by=bob, at=timezone.now())
    recording.end_holding(original, ending="returned", by=bob, at=timezone.now())
    replica.refresh_from_db()
    assert (replica.custodian, replica.custodian_organization) == ("Alice Ames", None)
    assert not Holding.objects.live().exists()
    refused("holding-ended", recording.end_holding, original, ending="returned", by=bob, at=timezone.now())


# --- Transfers --------------------------------------------------------------------------------------------------------


def test_without_a_union_it_passes_after_the_yes_and_the_written_promise(world):
    replica, house, bob = world
    at = timezone.now()
    other = make_casting(make_user("Otto Other"), "Glacier Films")
    asked = make_transfer(original_of(replica), by=bob, to_organization=other)
    assert told("transfer-asked") == ["Alice Ames"]
    done = {"document": "assumption.pdf", "sha256": SHA, "by": bob, "at": at}
    refused("already-asked", transferring.complete, asked, **done)
    refused("not-yours", transferring.agree, asked, by=bob, at=at)
    transferring.agree(asked, by=replica.actor.user, at=at)
    assert told("transfer-answered") == ["Bob Brandt"]
    refused("no-assumption", transferring.complete, asked, by=bob, at=at)
    new = transferring.complete(asked, **done)
    replica.refresh_from_db()
    assert (replica.custodian, replica.custodian_organization, replica.custody_place) == (
        "Glacier Films",
        other,
        "Vancouver",
    )
    assert [(row.holder, row.ending) for row in Holding.objects.order_by("pk")] == [
        (house.name, "transferred"),
        ("Glacier Films", ""),
    ]
    assert new.kind == "original"


def test_silence_of_the_union_is_no_approval_and_ends_on_the_day(world):
    replica, _, bob = world
    at = datetime(2026, 2, 10, 12, tzinfo=LA)
    asked = make_transfer(original_of(replica), by=bob, at=at, agreement="sag_tv_theatrical_2026")
    transferring.agree(asked, by=replica.actor.user, at=at)
    done = {"document": "a.pdf", "sha256": SHA, "by": bob}
    refused("union-not-asked", transferring.complete, asked, **done, union_approved_on=date(2026, 2, 10), at=at)
    transferring.ask_union(asked, document="a.pdf", sha256=SHA, by=bob, at=at)
    asked.refresh_from_db()
    over = datetime(2026, 3, 4, 0, tzinfo=LA)  # the moment after Mar 3, the 21st day
    assert asked.union_due_at == over
    refused("union-silent", transferring.complete, asked, **done, at=over - timedelta(seconds=1))
    refused("too-late", transferring.complete, asked, **done, union_approved_on=date(2026, 3, 3), at=over)
    assert clockwork.lapse_transfers(by=None, at=over - timedelta(seconds=1)) == 0
    assert clockwork.lapse_transfers(by=None, at=over) == 1
    assert clockwork.lapse_transfers(by=None, at=over) == 0
    asked.refresh_from_db()
    assert (asked.state, original_of(replica).holder) == (TransferState.LAPSED, "Nova Pictures")


def test_with_the_unions_approval_it_passes_a_second_before_the_end(world):
    replica, _, bob = world
    at = datetime(2026, 2, 10, 12, tzinfo=LA)
    asked = make_transfer(original_of(replica), by=bob, at=at, agreement="sag_tv_theatrical_2026")
    transferring.agree(asked, by=replica.actor.user, at=at)
    transferring.ask_union(asked, document="a.pdf", sha256=SHA, by=bob, at=at)
    last = datetime(2026, 3, 3, 23, 59, 59, tzinfo=LA)
    transferring.complete(asked, union_approved_on=date(2026, 3, 3), union_reference="Letter", by=bob, at=last)
    assert original_of(replica).holder == "Glacier Films"


def test_the_actors_silence_and_their_no_read_alike(world):
    replica, _, bob = world
    at = timezone.now()
    first = make_transfer(original_of(replica), by=bob, at=at)
    transferring.refuse(first, by=replica.actor.user, at=at)
    second = make_transfer(original_of(replica), by=bob, at=at)
    refused("too-late", transferring.agree, second, by=replica.actor.user, at=second.answer_by)
    assert clockwork.lapse_transfers(by=None, at=second.answer_by) == 1
    no, silence = Notification.objects.filter(kind="transfer-answered").order_by("pk")
    assert no.context == silence.context
    assert no.context["agreed"] is False


def test_a_yes_can_be_taken_back_until_it_has_passed(world):
    replica, _, bob = world
    at, alice = timezone.now(), replica.actor.user
    asked = make_transfer(original_of(replica), by=bob)
    transferring.agree(asked, by=alice, at=at)
    transferring.refuse(asked, by=alice, at=at)
    refused("already-refused", transferring.complete, asked, document="a", sha256=SHA, by=bob, at=at)
    refused("already-refused", transferring.agree, asked, by=alice, at=at)


def test_one_transfer_at_a_time_and_nothing_else_meanwhile(world):
    replica, _, bob = world
    asked = make_transfer(original_of(replica), by=bob)
    refused(
        "transfer-open",
        transferring.ask_transfer,
        original_of(replica),
        facts=transfer_facts(),
        by=bob,
        at=timezone.now(),
    )
    refused("transfer-open", recording.end_holding, original_of(replica), ending="returned", by=bob, at=timezone.now())
    transferring.withdraw(asked, by=bob, at=timezone.now())
    make_transfer(original_of(replica), by=bob)
    assert [row.state for row in CustodyTransfer.objects.order_by("pk")] == ["withdrawn", "asked"]


# --- Facts for others -------------------------------------------------------------------------------------------------


def test_the_rulebook_is_told_whether_the_original_is_on_record(world):
    replica, _, _ = world

    def known():
        row = Replica.objects.annotate(**custody_known("pk")).get(pk=replica.pk)
        return row.holder_known, row.place_known

    assert known() == (True, False)
    Holding.objects.update(place="Burbank")
    assert known() == (True, True)
    Holding.objects.update(ended_at=timezone.now(), ending="returned")
    assert known() == (False, False)


def test_holdings_of_a_desk_are_its_own_only(world):
    from agencies.access import desks_of

    replica, _house, bob = world
    stranger = make_member(make_casting(make_user("Otto"), "Supernova"), make_user("Charlie"))
    original = original_of(replica)
    assert list(holdings_of(desks_of(replica.actor.user)[0])) == [original]
    assert list(holdings_of(desks_of(bob)[0])) == [original]
    assert list(holdings_of(desks_of(stranger)[0])) == []
