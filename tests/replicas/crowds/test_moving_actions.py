"""What the house does with a crowd that runs: who may, when, what it does to whom, and that it names nobody."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.access.crowds.life import get_variant, variants_of
from replicas.actions.answering import deny
from replicas.actions.crowds.mailing import extend, nudge
from replicas.actions.crowds.moving import accept_variant, ask_for_more, close_to_standbys, promote, withdraw_open
from replicas.actions.crowds.raising import raise_offer
from replicas.actions.negotiating import propose
from replicas.models import CrowdPlace, Decision, LicenseAmendment, ReuseRequest
from replicas.rules.crowds import CrowdState
from replicas.rules.showing import terms_of
from tests.factories import (
    approve_request,
    make_agency,
    make_member,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.crowds.running import make_crowd, request_of, shown, states
from tests.replicas.crowds.test_settling import settled

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FEES = [Decimal(750), Decimal(100)]


def moves_of(crowd, at):
    """Every move, ready to be made by somebody."""
    return {
        "nudge": lambda by: nudge(crowd, by=by, at=at),
        "extend": lambda by: extend(crowd, answer_by=crowd.answer_by + DAY, by=by, at=at),
        "raise": lambda by: raise_offer(crowd, fees=FEES, shown=1, by=by, at=at),
        "promote": lambda by: promote(crowd, people=1, by=by, at=at),
        "more": lambda by: ask_for_more(crowd, more=1, by=by, at=at),
        "withdraw": lambda by: withdraw_open(crowd, message="Recast.", by=by, at=at),
        "close": lambda by: close_to_standbys(crowd, by=by, at=at),
    }


MOVES = sorted(moves_of(None, None))


def propose_fee(crowd, rank, fee, at):
    request = request_of(crowd, rank)
    terms = offered_terms(use_terms(fee=Decimal(fee)))
    propose(request, terms=terms, terms_hash=request.current_terms.sha256, by=request.actor.user, at=at)


@pytest.mark.parametrize("move", MOVES)
def test_members_may_and_assistants_strangers_and_the_asked_may_not(move):
    at = timezone.now()
    crowd = make_crowd(4, needed=2, at=at)
    assistant = make_member(crowd.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    for by in (assistant, make_user("Charlie Stranger"), request_of(crowd, 1).actor.user):
        with pytest.raises(Refused) as refused:
            moves_of(crowd, at)[move](by)
        assert refused.value.code == "not-yours"
        assert AuditEntry.objects.latest("pk").refused == "not-yours"
    colleague = make_member(crowd.organization, make_user("Bea Brandt"))
    moves_of(crowd, at)[move](colleague)
    assert AuditEntry.objects.filter(subject_type="crowd", by_id=colleague.pk, refused="").count() == 1


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", ["filled", "closed"])
def test_once_a_crowd_is_over_only_more_people_and_a_better_fee_are_open(move, state):
    at = timezone.now()
    crowd = make_crowd(4, needed=2, at=at, state="draft")
    crowd.state, crowd.over_at = state, at
    crowd.save()
    if state == "filled" and move in ("raise", "more"):
        moves_of(crowd, at)[move](crowd.created_by)
        return
    with pytest.raises(Refused) as refused:
        moves_of(crowd, at)[move](crowd.created_by)
    assert refused.value.code == f"crowd-{state}"


def test_a_nudge_reaches_everybody_still_reading_once_in_24_hours_to_the_second():
    at = timezone.now().replace(hour=20, minute=0)  # noon to early afternoon in Los Angeles
    crowd = make_crowd(5, needed=4, at=at)
    no = request_of(crowd, 1)
    deny(no, by=no.actor.user, at=at)
    propose_fee(crowd, 2, 900, at)
    nudge(crowd, by=crowd.created_by, at=at)
    settled(crowd, at)
    assert states(crowd)[5] == "open"  # called for the first one; their first letter is still on its way
    told = Notification.objects.filter(kind="crowd-nudge").order_by("recipient__name")
    assert list(told.values_list("recipient__name", flat=True)) == ["Person 03", "Person 04"]
    for later, allowed in ((24 * HOUR - timedelta(seconds=1), False), (24 * HOUR, True)):
        if allowed:
            nudge(crowd, by=crowd.created_by, at=at + later)
            continue
        with pytest.raises(Refused) as refused:
            nudge(crowd, by=crowd.created_by, at=at + later)
        assert refused.value.code == "nudged-already"


def test_a_nudge_waits_out_the_quiet_hours_of_its_reader():
    crowd = make_crowd(1, needed=1)
    reader = request_of(crowd, 1).actor.user
    night = timezone.now().astimezone(reader.zone).replace(hour=23, minute=0) + DAY
    nudge(crowd, by=crowd.created_by, at=night)
    settled(crowd, night)
    letter = Delivery.objects.get(notification__kind="crowd-nudge")
    assert letter.next_at.astimezone(reader.zone).hour == 8


def test_more_time_moves_every_deadline_that_has_not_passed_and_each_agent_reads_it_once():
    at = timezone.now()
    crowd = make_crowd(5, needed=4, at=at)
    agency = make_agency()
    for rank in (1, 2):
        represent(agency, request_of(crowd, rank).actor)
    passed = request_of(crowd, 3)
    ReuseRequest.objects.filter(pk=passed.pk).update(answer_by=at + HOUR)
    later = crowd.answer_by + DAY
    extend(crowd, answer_by=later, by=crowd.created_by, at=at + 2 * HOUR)
    crowd.refresh_from_db()
    assert crowd.answer_by == later
    assert [request_of(crowd, rank).answer_by for rank in (1, 2, 3, 4)] == [later, later, at + HOUR, later]
    settled(crowd, at + 2 * HOUR)
    assert Notification.objects.filter(kind="client-crowd-extended").count() == 1
    assert Notification.objects.filter(kind="request-extended").count() >= 3
    for earlier in (later, later - DAY):
        with pytest.raises(Refused) as refused:
            extend(crowd, answer_by=earlier, by=crowd.created_by, at=at + 2 * HOUR)
        assert refused.value.code == "not-later"


def test_a_raise_reaches_who_reads_who_proposed_and_who_said_yes():
    at = timezone.now()
    crowd = make_crowd(4, needed=4, at=at)
    license_ = approve_request(request_of(crowd, 1), at=at)
    propose_fee(crowd, 2, 900, at)
    no = request_of(crowd, 3)
    deny(no, by=no.actor.user, at=at)
    raise_offer(crowd, fees=FEES, shown=1, by=crowd.created_by, at=at + HOUR)
    assert shown(crowd) == {"approved": 1, "open": 3}
    settled(crowd, at + HOUR)
    assert states(crowd) == {1: "approved", 2: "open", 3: "denied", 4: "open"}
    for rank in (2, 4):
        request = request_of(crowd, rank)
        assert [use.fee for use in request.current_terms.offered().uses] == FEES
        assert request.turn == "actor"
        assert request.answer_by >= at + HOUR + 48 * HOUR
    amendment = LicenseAmendment.objects.get(license=license_)
    assert (amendment.number, amendment.total_before, amendment.total) == (1, Decimal("793.00"), Decimal("850.00"))
    license_.refresh_from_db()
    assert license_.terms_hash == amendment.document["terms_hash"]
    assert [use["fee"] for use in license_.document["uses"]] == ["693.00", "100.00"]  # what was signed stays as it was
    told = Notification.objects.filter(kind="license-amended").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Dana Director", "Person 01"]
    settled(crowd, at + 2 * HOUR)
    assert LicenseAmendment.objects.count() == 1
    approve_request(request_of(crowd, 4), at=at + 2 * HOUR)
    settled(crowd, at + 2 * HOUR)
    assert LicenseAmendment.objects.count() == 1  # they signed the better fee


def test_who_says_yes_to_the_old_offer_before_the_better_one_reaches_them_gets_it_too():
    at = timezone.now()
    crowd = make_crowd(2, needed=2, at=at)
    raise_offer(crowd, fees=FEES, shown=1, by=crowd.created_by, at=at)
    license_ = approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    assert LicenseAmendment.objects.get(license=license_).total == Decimal(850)


@pytest.mark.parametrize(
    ("fees", "code"),
    [([600, 200], "fee-lower"), ([693, 100], "nothing-changed"), ([693, 99], "fee-lower")],
)
def test_a_raise_only_goes_up(fees, code):
    crowd = make_crowd(2, needed=1)
    with pytest.raises(Refused) as refused:
        raise_offer(crowd, fees=[Decimal(fee) for fee in fees], shown=1, by=crowd.created_by, at=timezone.now())
    assert refused.value.code == code


def test_an_offer_that_a_colleague_raised_meanwhile_is_not_raised_blindly():
    crowd, at = make_crowd(2, needed=1), timezone.now()
    raise_offer(crowd, fees=FEES, shown=1, by=crowd.created_by, at=at)
    with pytest.raises(Refused) as refused:
        raise_offer(crowd, fees=[Decimal(800), Decimal(100)], shown=1, by=crowd.created_by, at=at)
    assert refused.value.code == "offer-changed"


def test_standbys_are_called_beyond_the_margin_and_shown_as_the_house_called_them():
    at = timezone.now()
    crowd = make_crowd(6, needed=2, at=at)
    no = request_of(crowd, 1)
    deny(no, by=no.actor.user, at=at)
    settled(crowd, at)  # the third was called silently
    assert shown(crowd) == {"open": 2, "waiting": 4}
    promote(crowd, people=2, by=crowd.created_by, at=at)
    assert shown(crowd) == {"open": 4, "waiting": 2}
    assert list(states(crowd).values()) == ["denied", "open", "open", "open", "open", "standby"]
    for people in (0, 3):
        with pytest.raises(Refused) as refused:
            promote(crowd, people=people, by=crowd.created_by, at=at)
        assert refused.value.sentence == "Say how many to call: 1 to 2."


def test_nobody_is_promoted_into_less_than_48_hours():
    at = timezone.now()
    crowd = make_crowd(2, needed=1, at=at, answer_by=at + 48 * HOUR)
    with pytest.raises(Refused) as refused:
        promote(crowd, people=1, by=crowd.created_by, at=at + timedelta(seconds=1))
    assert refused.value.code == "no-window"
    promote(crowd, people=1, by=crowd.created_by, at=at)


def test_more_people_open_a_filled_crowd_again():
    at = timezone.now()
    crowd = make_crowd(3, needed=1, at=at)
    approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    ask_for_more(crowd, more=1, by=crowd.created_by, at=at)
    settled(crowd, at)
    assert (crowd.state, crowd.needed, crowd.approved, crowd.over_at) == (CrowdState.OPEN, 2, 1, None)
    assert states(crowd) == {1: "approved", 2: "open", 3: "standby"}
    assert shown(crowd) == {"approved": 1, "open": 1, "gone": 1}


def test_more_people_after_the_end_need_a_new_one():
    at = timezone.now()
    crowd = make_crowd(2, needed=1, at=at)
    approve_request(request_of(crowd, 1), at=at)
    settled(crowd, at)
    late = crowd.answer_by
    with pytest.raises(Refused) as refused:
        ask_for_more(crowd, more=1, by=crowd.created_by, at=late)
    assert refused.value.code == "no-window"
    ask_for_more(crowd, more=1, answer_by=late + 3 * DAY, by=crowd.created_by, at=late)
    assert request_of(crowd, 2).answer_by == late + 3 * DAY


def test_what_is_open_is_withdrawn_with_one_message_and_what_was_signed_stays():
    at = timezone.now()
    crowd = make_crowd(4, needed=3, at=at)
    approve_request(request_of(crowd, 1), at=at)
    withdraw_open(crowd, message="The scene was cut. Thank you.", by=crowd.created_by, at=at)
    with pytest.raises(Refused) as refused:
        approve_request(request_of(crowd, 2), at=at)
    assert refused.value.code == "already-withdrawn"  # from that moment, whether or not the sweep has written it
    settled(crowd, at)
    assert states(crowd) == {1: "approved", 2: "withdrawn", 3: "withdrawn", 4: "released"}
    assert shown(crowd) == {"approved": 1, "gone": 3}
    reasons = Decision.objects.filter(outcome="withdrawn").values_list("comment", flat=True)
    assert set(reasons) == {"The scene was cut. Thank you."}
    assert Notification.objects.filter(kind="request-withdrawn").count() == 2
    with pytest.raises(Refused) as refused:
        withdraw_open(make_crowd(1, needed=1), message="  ", by=crowd.created_by, at=at)


def test_a_crowd_closed_to_standbys_calls_nobody_and_still_takes_a_yes():
    at = timezone.now()
    crowd = make_crowd(3, needed=2, at=at)
    close_to_standbys(crowd, by=crowd.created_by, at=at)
    no = request_of(crowd, 1)
    deny(no, by=no.actor.user, at=at)
    settled(crowd, at)
    assert states(crowd) == {1: "denied", 2: "open", 3: "released"}
    approve_request(request_of(crowd, 2), at=at)
    crowd.refresh_from_db()
    assert (crowd.state, crowd.approved) == (CrowdState.OPEN, 1)
    promote(crowd, people=1, by=crowd.created_by, at=at)
    assert states(crowd)[3] == "open"


def test_asking_for_more_people_lets_the_standbys_in_again():
    at = timezone.now()
    crowd = make_crowd(5, needed=2, at=at)
    close_to_standbys(crowd, by=crowd.created_by, at=at)
    assert states(crowd) == {1: "open", 2: "open", 3: "released", 4: "released", 5: "released"}
    ask_for_more(crowd, more=1, by=crowd.created_by, at=at)
    assert states(crowd) == {1: "open", 2: "open", 3: "open", 4: "standby", 5: "standby"}
    assert shown(crowd) == {"open": 3, "waiting": 2}


def test_what_several_ask_for_is_one_line_and_is_accepted_for_all_of_them_at_once():
    at = timezone.now()
    crowd = make_crowd(6, needed=6, band=Decimal(950), at=at)
    for rank, fee in ((1, 900), (2, 900), (3, 900), (4, 1000)):
        propose_fee(crowd, rank, fee, at)
    gone = request_of(crowd, 3)
    deny(gone, by=gone.actor.user, at=at)  # the board does not tell: they go on counting
    found = variants_of(crowd)
    assert [(one.people, one.terms.total, one.in_band) for one in found] == [(3, 900, True), (1, 1000, False)]
    assert found[0].headline == "3 ask for $900 and other changes"  # the trailer is taken out
    assert accept_variant(crowd, key=found[0].key, by=crowd.created_by, at=at) == 3
    assert states(crowd) == {1: "open", 2: "open", 3: "denied", 4: "countered", 5: "open", 6: "open"}
    assert shown(crowd) == {"open": 5, "countered": 1}
    assert get_variant(crowd, found[0].key) is None
    license_ = approve_request(request_of(crowd, 1), at=at)
    assert terms_of(license_.document).total == Decimal(900)
    with pytest.raises(Refused) as refused:
        accept_variant(crowd, key=found[0].key, by=crowd.created_by, at=at)
    assert refused.value.code == "nobody"


def test_who_agreed_on_more_keeps_it_when_the_offer_is_raised_to_less():
    at = timezone.now()
    crowd = make_crowd(1, needed=1, at=at)
    propose_fee(crowd, 1, 900, at)
    accept_variant(crowd, key=variants_of(crowd)[0].key, by=crowd.created_by, at=at)
    raise_offer(crowd, fees=FEES, shown=1, by=crowd.created_by, at=at)
    settled(crowd, at)
    assert request_of(crowd, 1).current_terms.total == Decimal(900)
    assert CrowdPlace.objects.get(crowd=crowd).offered == 2
