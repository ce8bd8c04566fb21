"""Answering and recording: signatures, privacy, races, and the replica that comes of a scan."""

from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.access.scans import scans_seen_by
from replicas.actions.scan_records import perform
from replicas.actions.scans import agree, ask, refuse, withdraw
from replicas.models import Holding, Scan, ScanBreach
from replicas.rules.answering import Side
from replicas.rules.files import FileRow
from replicas.rules.scanning import ScanState
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_guardian,
    make_member,
    make_minor,
    make_user,
    represent,
)
from tests.replicas.scan_factory import (
    NOW,
    SCAN_AT,
    done,
    make_notice,
    make_performed,
    make_scan,
    proof_for,
    say_yes,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def refused_code(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_a_yes_is_signed_and_told():
    scan = say_yes(make_scan(make_actor("Maya Reyes")))
    answer = scan.answers.get()
    assert (scan.state, answer.typed_name, answer.factor, answer.notice_sha256) == (
        ScanState.AGREED,
        "Maya Reyes",
        "password",
        scan.notice.sha256,
    )
    entry = AuditEntry.objects.get(event="scan.agreed")
    assert entry.data["notice_sha256"] == scan.notice.sha256
    told = Notification.objects.get(kind="scan-answered")
    assert (told.recipient, told.context["agreed"]) == (scan.notice.announced_by, True)
    assert Delivery.objects.get(notification__kind="scan-announced").state == "cancelled"


def test_a_signature_counts_once():
    scan = make_scan(make_actor("Maya Reyes"))
    proof = proof_for(scan.actor.user, scan, at=LATER)
    values = {"notice_sha256": scan.notice.sha256, "typed_name": "Maya Reyes", "proof": proof}
    agree(scan, **values, by=scan.actor.user, at=LATER)
    withdraw(scan, by=scan.actor.user, at=LATER)
    assert refused_code(lambda: agree(scan, **values, by=scan.actor.user, at=LATER)) == "proof-used"


def test_a_signature_for_another_scan_counts_for_nothing():
    actor = make_actor("Maya Reyes")
    one, other = make_scan(actor), make_scan(actor)
    proof = proof_for(actor.user, other, at=LATER)
    values = {"notice_sha256": one.notice.sha256, "typed_name": "Maya Reyes", "proof": proof}
    assert refused_code(lambda: agree(one, **values, by=actor.user, at=LATER)) == "proof-of-something-else"


def test_only_the_performer_answers():
    actor, agency = make_actor("Maya Reyes"), make_agency(make_user("Alex Moreno"))
    represent(agency, actor)
    scan = make_scan(actor)
    agent, house, stranger = agency.memberships.get().user, scan.notice.announced_by, make_actor("Cleo").user
    for person in (agent, house, stranger):
        assert refused_code(lambda by=person: refuse(scan, by=by, at=LATER)) == "not-yours"
        assert refused_code(lambda by=person: say_yes(scan, by=by)) == "not-yours"
    assert refuse(scan, by=actor.user, at=LATER).state == ScanState.REFUSED


def test_a_reason_stays_private_unless_shared():
    for shared, read in ((False, ""), (True, "I have a play.")):
        scan = make_scan(make_actor("Maya Reyes"))
        refuse(scan, reason="I have a play.", shared=shared, by=scan.actor.user, at=LATER)
        told = Notification.objects.get(kind="scan-answered", subject_id=scan.pk)
        assert (told.context["agreed"], told.context["reason"]) == (False, read)


def test_what_the_house_is_told_of_a_refusal_and_of_a_yes_taken_back_is_the_same():
    one, other = make_scan(make_actor("Maya Reyes")), make_scan(make_actor("Ben Osei"))
    refuse(one, by=one.actor.user, at=LATER)
    say_yes(other)
    Notification.objects.filter(subject_id=other.pk, kind="scan-answered").delete()
    withdraw(other, by=other.actor.user, at=LATER)
    told = [Notification.objects.get(kind="scan-answered", subject_id=scan.pk).context for scan in (one, other)]
    same = [{name: value for name, value in words.items() if name not in _OWN} for words in told]
    assert same[0] == same[1]


_OWN = {"ref", "notice", "person", "organization", "organization_id"}


def test_the_agency_is_told_of_the_answer():
    actor, agency = make_actor("Maya Reyes"), make_agency(make_user("Alex Moreno"))
    represent(agency, actor)
    refuse(make_scan(actor), by=actor.user, at=LATER)
    told = Notification.objects.filter(kind="client-scan").order_by("pk").values_list("context__outcome", flat=True)
    assert list(told) == ["announced", "refused"]


def test_a_minor_needs_every_guardian():
    minor = make_minor("Mia Minor")
    first, second = make_guardian(minor), make_guardian(minor, make_user("Gil Guardian"))
    scan = make_notice(minor).scans.get()
    assert refused_code(lambda: say_yes(scan, by=minor.user)) == "not-yours"
    assert say_yes(scan, by=first).state == ScanState.ANNOUNCED
    assert not Notification.objects.filter(kind="scan-answered").exists()
    assert say_yes(scan, by=second).state == ScanState.AGREED


def test_a_question_goes_to_everybody_else_once():
    actor, agency = make_actor("Maya Reyes"), make_agency(make_user("Alex Moreno"))
    represent(agency, actor)
    scan = make_scan(actor)
    ask(scan, body="Who keeps it?", side=Side.ACTOR, by=actor.user, at=LATER)
    told = Notification.objects.filter(kind="scan-question").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Alex Moreno", scan.notice.announced_by.name]


def test_a_register_holds_what_was_announced_to_a_proved_address():
    scan = make_notice("nina@example.com").scans.get()
    nina, other = make_user("Nina New", email="nina@example.com"), make_actor("Cleo").user
    assert list(scans_seen_by(nina)) == [scan]
    assert list(scans_seen_by(other)) == []
    actor = make_actor("Nina New", user=nina)
    refuse(scan, by=nina, at=LATER)
    assert Scan.objects.get().actor == actor


class TestRecording:
    def test_as_agreed_it_makes_a_replica_that_waits(self):
        scan = say_yes(make_scan(make_actor("Maya Reyes")))
        files = (FileRow("face.exr", "a" * 64, 9, ""), FileRow("body.obj", "b" * 64, None, ""))
        scan = make_performed(scan, files=files)
        replica = scan.replica
        assert (replica.state, replica.visibility, replica.kind) == ("proposed", "hidden", "badr")
        assert (replica.face, replica.body, replica.voice) == (True, True, False)
        assert sorted(replica.files.values_list("name", flat=True)) == ["body.obj", "face.exr"]
        assert Holding.objects.get(replica=replica).holder == "Volume Stage"
        assert not ScanBreach.objects.exists()
        assert Notification.objects.get(kind="scan-performed").recipient == scan.actor.user

    def test_the_house_holds_it_when_it_says_so(self):
        scan = say_yes(make_scan(make_actor("Maya Reyes")))
        house = scan.notice.organization
        assert make_performed(scan, custodian=house.name).replica.custodian_organization == house

    @pytest.mark.parametrize("state", ["announced", "refused", "withdrawn"])
    def test_without_an_agreement_it_is_a_breach_both_sides_are_told(self, state):
        scan = make_scan(make_actor("Maya Reyes"))
        if state == "refused":
            refuse(scan, by=scan.actor.user, at=LATER)
        if state == "withdrawn":
            withdraw(say_yes(scan), by=scan.actor.user, at=LATER)
        make_performed(scan)
        assert list(ScanBreach.objects.values_list("kind", flat=True)) == ["no_agreement"]
        told = Notification.objects.filter(kind="scan-breach").values_list("recipient", flat=True)
        assert set(told) == {scan.actor.user_id, scan.notice.announced_by_id}

    def test_somebody_without_an_account_has_it_on_record(self):
        scan = make_performed(make_notice("nina@example.com").scans.get(), files=(FileRow("a.obj", "a" * 64, 1, ""),))
        assert (scan.replica, scan.manifest) == (None, [{"name": "a.obj", "sha256": "a" * 64, "size": 1}])
        assert list(scan.breaches.values_list("kind", flat=True)) == ["no_agreement"]

    def test_what_stops_a_record(self):
        scan = say_yes(make_scan(make_actor("Maya Reyes")))
        house, at = scan.notice.announced_by, SCAN_AT
        two = list(make_notice("a@example.com", "b@example.com", project=scan.notice.project).scans.all())
        file = FileRow("a.obj", "a" * 64, 1, "")
        late = SCAN_AT + timedelta(hours=1)
        early = done(performed_at=SCAN_AT - timedelta(hours=1))
        assert refused_code(lambda: perform([scan], done=early, by=house, at=at - timedelta(seconds=1))) == "too-early"
        assert refused_code(lambda: perform([scan], done=done(), by=house, at=at)) == "in-the-future"
        assert refused_code(lambda: perform(two, done=done(files=(file,)), by=house, at=late)) == "files-of-several"
        assert refused_code(lambda: perform([scan], done=done(files=(file, file)), by=house, at=late)) == "file-twice"
        assert refused_code(lambda: perform([scan], done=done(), by=scan.actor.user, at=late)) == "not-yours"
        make_performed(scan)
        assert refused_code(lambda: make_performed(scan)) == "already-performed"

    def test_an_assistant_and_another_house_record_nothing(self):
        scan = say_yes(make_scan(make_actor("Maya Reyes")))
        assistant = make_member(scan.notice.organization, make_user("Tess Ito"), Role.ASSISTANT)
        other = make_casting(make_user("Otto"), "Supernova").memberships.get().user
        for person in (assistant, other):
            act = lambda by=person: perform([scan], done=done(), by=by, at=SCAN_AT + timedelta(hours=1))  # noqa: E731
            assert refused_code(act) == "not-yours"
