"""What the moves of a claim write, whom they tell, and who may make them."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from accounts.models import AuditEntry, Delivery, Notification
from accounts.notifications.letters import write_letter
from accounts.notifications.sealed import token_of
from accounts.notifications.sending import send_due
from accounts.rules.refusal import Refused
from agencies.models import Membership
from replicas.access.claims import behind_link, get_claim, letter_at, side_of
from replicas.actions import claims as acts
from replicas.models import ClaimAnswer, Replica, ScanClaim
from replicas.rules.claiming import Address, Answer, ClaimMove, ClaimSide, ClaimState
from replicas.rules.letters import digest
from replicas.rules.replicas import Facts
from replicas.tasks import sweep_claims
from tests.factories import make_actor, make_agency, make_casting, make_member, make_user, represent
from tests.replicas.claims.factory import FACTS, HOLDS, answer_claim, make_claim, make_sent_claim
from tests.replicas.claims.test_claiming_rules import ALLOWED

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 1, 31, 20, tzinfo=UTC)  # noon in Los Angeles
DUE_BY_MONTH = datetime(2026, 3, 1, 8, tzinfo=UTC)  # the end of February 28 there
SECOND = timedelta(seconds=1)


def told(kind):
    return {str(row.recipient or row.address) for row in Notification.objects.filter(kind=kind)}


def verified(house):
    type(house).objects.filter(pk=house.pk).update(verified_at=SENT)
    return house


def test_a_draft_tells_nobody_and_exists_for_its_actor_alone():
    alice = make_actor("Alice Ames")
    agent = make_agency().memberships.get().user
    represent(Membership.objects.get(user=agent).organization, alice)
    claim = make_claim(alice)
    assert Notification.objects.count() == 0
    assert get_claim(alice.user, claim.ref) == claim
    for stranger in (agent, make_user("Charlie"), make_user("Stan", is_staff=True)):
        with pytest.raises(Http404):
            get_claim(stranger, claim.ref)


def test_sending_freezes_the_letter_and_starts_the_clock():
    claim = make_sent_claim(at=SENT, jurisdiction="eu")
    assert (claim.state, claim.sent_at, claim.due_at) == (ClaimState.SENT, SENT, DUE_BY_MONTH)
    assert claim.letter_sha256 == digest(claim.letter_text)
    assert claim.letter_bases == ["gdpr-15"]
    assert "Please answer by Feb 28, 2026." in claim.letter_text
    assert claim.next_look_at == SENT + timedelta(days=1)  # whether the letter left at all
    assert told("claim-letter") == {"desk@volume.example"}


def test_a_letter_that_changed_since_it_was_read_is_not_sent():
    claim = make_claim(at=SENT)
    shown = digest(letter_at(claim, SENT).text)
    acts.set_facts(claim, facts=replace(FACTS, place="a stage in Atlanta"), by=claim.actor.user, at=SENT)
    for at in (SENT, SENT + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            acts.send(claim, shown=shown, by=claim.actor.user, at=at)
        assert refused.value.code == "changed-meanwhile"
    assert Notification.objects.count() == 0


def test_a_letter_that_lacks_something_is_not_sent():
    claim = make_claim(holder_email="")
    with pytest.raises(Refused) as refused:
        acts.send(claim, shown="", by=claim.actor.user, at=SENT)
    assert refused.value.sentence == "The letter still needs: who should answer, and their e-mail."


def test_a_claim_goes_to_a_house_only_if_staff_have_checked_it():
    house, alice = make_casting(), make_actor("Alice Ames")
    with pytest.raises(Refused):
        make_claim(alice, organization=house.pk, holder_name="", holder_email="")
    claim = make_sent_claim(alice, organization=verified(house).pk, holder_name="", holder_email="")
    owner = house.memberships.get().user
    assert told("claim-letter") == {str(owner)}
    assert (claim.link_nonce, claim.link_hash, claim.link_expires_at) == ("", "", None)
    assert side_of(owner, get_claim(owner, claim.ref)) is ClaimSide.HOLDER
    with pytest.raises(Http404):
        get_claim(make_casting(make_user("Olga"), "Supernova").memberships.get().user, claim.ref)


def test_the_database_holds_no_link():
    claim = make_sent_claim()
    token = token_of(claim.link_nonce)
    notice = Notification.objects.get(kind="claim-letter")
    assert token in write_letter(notice, notice.address).body
    for model in (ScanClaim, Notification, Delivery, AuditEntry):
        assert token not in str(list(model.objects.values()))
    assert len(token) == 43


def test_a_link_of_another_installation_opens_nothing(settings):
    claim = make_sent_claim()
    token = token_of(claim.link_nonce)
    settings.SECRET_KEY = "another key of some length, as elsewhere"
    assert token_of(claim.link_nonce) != token
    assert behind_link(token_of(claim.link_nonce), at=claim.sent_at).standing == "unknown"


def test_an_answer_by_the_link_is_filed_and_told():
    alice, agency = make_actor("Alice Ames"), make_agency()
    represent(agency, alice)
    claim = make_sent_claim(alice)
    filed = answer_claim(claim)
    assert claim.state == ClaimState.ACKNOWLEDGED
    assert (filed.by, filed.by_label, filed.outcome) == (None, "Ann Archive, data protection", "holds")
    assert told("claim-answered") == {"Alice Ames", "Alex Agent"}
    assert claim.next_look_at is None


def test_a_link_works_once_and_for_ninety_days():
    claim = make_sent_claim(at=SENT)
    token = token_of(claim.link_nonce)
    assert behind_link(token, at=SENT + timedelta(days=90) - SECOND).standing == "open"
    assert behind_link(token, at=SENT + timedelta(days=90)).standing == "expired"
    for at in (SENT + timedelta(days=90), SENT + timedelta(days=200)):
        with pytest.raises(Refused):
            acts.answer(claim, answer=HOLDS, by=None, by_label="Ann", token=token, at=at)
    answer_claim(claim, at=SENT + timedelta(days=90) - SECOND)
    assert behind_link(token, at=SENT).standing == "answered"
    with pytest.raises(Refused):
        answer_claim(claim, at=SENT)
    assert ClaimAnswer.objects.count() == 1


def test_a_link_opens_its_own_claim_alone():
    mine, theirs = make_sent_claim(), make_sent_claim(make_actor("Bob Brandt"))
    for token in ("", "x" * 43, token_of(theirs.link_nonce)):
        with pytest.raises(Refused) as refused:
            acts.answer(mine, answer=HOLDS, by=None, by_label="Ann", token=token, at=mine.sent_at)
        assert refused.value.code == "not-yours"


def test_a_dispute_goes_back_with_a_new_link_and_a_new_clock():
    claim = make_sent_claim(at=SENT, jurisdiction="eu")
    old = token_of(claim.link_nonce)
    answer_claim(claim, at=SENT + timedelta(days=3))
    at = datetime(2026, 5, 31, 20, tzinfo=UTC)
    claim = acts.dispute(claim, body="There were two sessions.", by=claim.actor.user, at=at)
    assert (claim.state, claim.rounds) == (ClaimState.DISPUTED, 2)
    assert claim.due_at == datetime(2026, 7, 1, 7, tzinfo=UTC)  # the end of June 30
    assert behind_link(old, at=at).standing == "unknown"
    assert behind_link(token_of(claim.link_nonce), at=at).standing == "open"
    assert told("claim-disputed") == {"desk@volume.example"}
    answer_claim(claim, Answer("nothing"), at=at)
    assert [row.round_number for row in claim.answers.order_by("pk")] == [1, 2]


def test_settled_and_withdrawn_claims_tell_the_holder_that_it_is_over():
    claim = make_sent_claim()
    answer_claim(claim)
    assert acts.settle(claim, by=claim.actor.user, at=claim.sent_at).closing == "settled"
    other = make_sent_claim(make_actor("Bob Brandt"), holder_email="bob@volume.example")
    assert acts.withdraw(other, by=other.actor.user, at=other.sent_at).closing == "withdrawn"
    assert told("claim-closed") == {"desk@volume.example", "bob@volume.example"}
    assert Delivery.objects.get(notification__kind="claim-letter", address="bob@volume.example").state == "cancelled"


def test_answers_cannot_be_changed_by_anybody():
    filed = answer_claim(make_sent_claim())
    for write in (
        lambda: ClaimAnswer.objects.update(text="x"),
        lambda: ClaimAnswer.objects.filter(pk=filed.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_scan_somebody_holds_becomes_a_replica_once():
    claim = make_sent_claim()
    facts = Facts("badr", ("body",), date(2023, 3, 14), "Atlanta", "Volume Stage", "Volume Stage")
    register = {"facts": facts, "visibility": "hidden", "by": claim.actor.user, "at": claim.sent_at}
    with pytest.raises(Refused):
        acts.register_replica(claim, **register)
    answer_claim(claim)
    replica = acts.register_replica(claim, **register)
    assert (replica.actor, replica.state) == (claim.actor, "confirmed")
    with pytest.raises(Refused):
        acts.register_replica(claim, **register)
    assert Replica.objects.count() == 1


def test_what_nobody_holds_becomes_no_replica():
    claim = make_sent_claim()
    answer_claim(claim, Answer("nothing"))
    facts = Facts("badr", ("body",), date(2023, 3, 14), "Atlanta", "Volume Stage", "Volume Stage")
    with pytest.raises(Refused) as refused:
        acts.register_replica(claim, facts=facts, visibility="hidden", by=claim.actor.user, at=claim.sent_at)
    assert refused.value.code == "nothing-to-register"


# --- Every state × move × side ----------------------------------------------------------------------------------------

PEOPLE = ("actor", "agent", "member", "assistant", "stranger")
SIDE = {"actor": ClaimSide.ACTOR, "member": ClaimSide.HOLDER}
DO = {
    ClaimMove.WRITE: lambda claim, **who: acts.set_facts(claim, facts=replace(FACTS, place="Macon"), **who),
    ClaimMove.DISCARD: acts.discard,
    ClaimMove.SEND: lambda claim, by, at: acts.send(claim, shown=digest(letter_at(claim, at).text), by=by, at=at),
    ClaimMove.ANSWER: lambda claim, **who: acts.answer(claim, answer=HOLDS, **who),
    ClaimMove.DISPUTE: lambda claim, **who: acts.dispute(claim, body="No.", **who),
    ClaimMove.SETTLE: acts.settle,
    ClaimMove.WITHDRAW: acts.withdraw,
    ClaimMove.REGISTER: lambda claim, **who: acts.register_replica(
        claim,
        facts=Facts("badr", ("body",), date(2023, 3, 14), "Atlanta", "Volume Stage", "Volume Stage"),
        visibility="hidden",
        **who,
    ),
}


def in_state(state, alice, house, member):
    claim = make_claim(alice, organization=house.pk, holder_name="", holder_email="", at=SENT)
    who, them = {"by": alice.user, "at": SENT}, {"by": member, "at": SENT}
    if state is ClaimState.DRAFT:
        return claim
    claim = DO[ClaimMove.SEND](claim, **who)
    if state is ClaimState.UNANSWERED:
        acts.look_at_due(by=None, at=claim.due_at)
    elif state is not ClaimState.SENT:
        DO[ClaimMove.ANSWER](claim, **them)
        if state is ClaimState.DISPUTED:
            DO[ClaimMove.DISPUTE](claim, **who)
        elif state is ClaimState.CLOSED:
            acts.settle(claim, **who)
    return ScanClaim.objects.select_related("actor__user", "holder_organization").get(pk=claim.pk)


@pytest.mark.parametrize("state", list(ClaimState))
def test_every_move_of_everybody_in_every_state(state):
    alice, house, agency = make_actor("Alice Ames"), verified(make_casting()), make_agency()
    represent(agency, alice)
    member = house.memberships.get().user
    people = {
        "actor": alice.user,
        "agent": agency.memberships.get().user,
        "member": member,
        "assistant": make_member(house, make_user("Ada Assistant"), "assistant"),
        "stranger": make_user("Charlie"),
    }
    for (move, do), name in product(DO.items(), PEOPLE):
        claim = in_state(state, alice, house, member)
        expected, _ = ALLOWED.get((move, SIDE.get(name), state), (None, ()))
        with suppress(Refused):
            do(claim, by=people[name], at=SENT)
        now = ScanClaim.objects.get(pk=claim.pk)
        entry = AuditEntry.objects.filter(subject_type="scanclaim", subject_id=claim.pk).order_by("-id")[0]
        assert now.state == (expected or state), (state, move, name)
        assert bool(entry.refused) is (expected is None), (state, move, name)
        assert entry.at == SENT


# --- The clock --------------------------------------------------------------------------------------------------------


def sweep(at):
    while acts.look_at_due(by=None, at=at):
        pass


def test_a_holder_is_reminded_twice_at_most_and_the_actor_hears_of_a_silence():
    alice, agency = make_actor("Alice Ames"), make_agency()
    represent(agency, alice)
    claim = make_sent_claim(alice, at=SENT, jurisdiction="eu", union_contact="steward@union.example")
    send_due(at=SENT)
    half, week = SENT + (DUE_BY_MONTH - SENT) / 2, DUE_BY_MONTH - timedelta(days=7)
    counts = []
    for at in (half - SECOND, half, half + SECOND, week - SECOND, week, week + SECOND, DUE_BY_MONTH - SECOND):
        sweep(at)
        sweep(at)
        counts.append(Notification.objects.filter(kind="claim-reminder").count())
    assert counts == [0, 1, 1, 1, 2, 2, 2]
    assert told("claim-unanswered") == set()
    for at in (DUE_BY_MONTH, DUE_BY_MONTH + timedelta(days=40)):
        sweep(at)
        assert told("claim-unanswered") == {"Alice Ames", "Alex Agent", "steward@union.example"}
    claim.refresh_from_db()
    assert (claim.state, claim.escalated_at, claim.next_look_at) == (ClaimState.UNANSWERED, DUE_BY_MONTH, None)


def test_nobody_hears_whom_the_actor_did_not_choose():
    alice, agency = make_actor("Alice Ames"), make_agency()
    represent(agency, alice)
    agent = agency.memberships.get().user
    claim = make_sent_claim(alice, at=SENT, tell_agency=False)
    with pytest.raises(Http404):
        get_claim(agent, claim.ref)
    sweep(claim.due_at)
    assert told("claim-unanswered") == {"Alice Ames"}
    answer_claim(claim, at=claim.due_at)
    assert told("claim-answered") == {"Alice Ames"}


def test_after_an_outage_one_reminder_comes_not_two():
    make_sent_claim(at=SENT, jurisdiction="eu")
    sweep(DUE_BY_MONTH - timedelta(days=1))
    assert Notification.objects.filter(kind="claim-reminder").count() == 1


def test_a_letter_that_never_arrived_is_no_silence():
    claim = make_sent_claim(at=SENT)
    Delivery.objects.update(state="failed", error="550 no such user")
    sweep(claim.due_at)
    notice = Notification.objects.get(kind="claim-unanswered")
    assert "never arrived" in write_letter(notice, "a@example.com").subject


def test_the_actor_hears_of_a_letter_that_failed_long_before_its_deadline():
    claim = make_sent_claim(at=SENT)
    Delivery.objects.update(state="failed", error="550 no such user")
    sweep(SENT + timedelta(days=1) - SECOND)
    assert told("claim-unanswered") == set()
    for at in (SENT + timedelta(days=1), SENT + timedelta(days=20)):
        sweep(at)
        assert told("claim-unanswered") == {"Marcus Bell"}
    assert Notification.objects.filter(kind="claim-unanswered").count() == 1
    assert Notification.objects.filter(kind="claim-reminder").count() == 0
    claim.refresh_from_db()
    assert (claim.state, claim.escalated_at) == (ClaimState.SENT, None)


def test_a_sweep_reads_only_what_is_due(django_assert_num_queries):
    for number in range(4):
        make_sent_claim(make_actor(f"Actor {number}"), at=SENT)
    with django_assert_num_queries(1 + 2):  # the look, within its savepoint
        assert acts.look_at_due(by=None, at=SENT + timedelta(days=1) - SECOND) == 0


def test_the_beat_rings_the_sweep():
    claim = make_sent_claim(at=SENT)
    sweep_claims()
    claim.refresh_from_db()
    assert claim.state == ClaimState.UNANSWERED
    mail.outbox.clear()


def test_letters_of_a_claim_carry_the_whole_text():
    claim = make_sent_claim()
    letter = write_letter(Notification.objects.get(kind="claim-letter"), "desk@volume.example")
    assert claim.letter_text in letter.body
    assert f"http://testserver/claims/answer/{token_of(claim.link_nonce)}/" in letter.body
    assert connection.in_atomic_block
    assert Address().ask == "access"
