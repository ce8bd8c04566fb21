"""The pages of the house's moves over a crowd, of the late yes, and of a license whose fee went up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.rules.organizations import Role
from replicas.access.crowds.life import variants_of
from replicas.actions.crowds.moving import withdraw_open
from replicas.actions.crowds.raising import raise_offer
from replicas.certificates import certificate
from replicas.models import CrowdPlace, License
from replicas.rules.crowds import CrowdState
from tests.factories import approve_request, make_agency, make_member, make_user, represent
from tests.replicas.crowds.running import make_crowd, request_of, states
from tests.replicas.crowds.test_moving_actions import FEES, propose_fee
from tests.replicas.crowds.test_settling import settled

pytestmark = pytest.mark.django_db
SENT = {
    "nudge": {},
    "extend": {"more": "3d"},
    "raise": {"shown": 1, "fee-0": "750", "fee-1": "100"},
    "promote": {"people": 1},
    "more": {"more": 1},
    "withdraw": {"message": "The scene was cut."},
    "close": {},
}


@pytest.fixture
def crowd():
    return make_crowd(4, needed=2)


def page_of(crowd, move, *args):
    return reverse(f"crowd-{move}", args=[crowd.ref, *args])


@pytest.mark.parametrize("move", SENT)
def test_each_move_is_one_page_that_says_what_happens_and_one_post(client, crowd, move):
    client.force_login(crowd.created_by)
    page = client.get(page_of(crowd, move))
    assert page.status_code == 200
    assert "form_key" in page.content.decode()
    assert "Person" not in page.content.decode()
    answer = client.post(page_of(crowd, move), SENT[move], follow=True)
    assert answer.redirect_chain == [(crowd.get_absolute_url(), 303)]
    assert [message.level_tag for message in answer.context["messages"]] == ["success"]


@pytest.mark.parametrize("move", SENT)
def test_strangers_the_asked_and_their_agents_get_404_and_assistants_read_why_not(client, crowd, move):
    agent = make_user("Alex Agent")
    represent(make_agency(agent), request_of(crowd, 1).actor)
    for user in (make_user("Charlie Stranger"), request_of(crowd, 1).actor.user, agent):
        client.force_login(user)
        assert client.get(page_of(crowd, move)).status_code == 404
        assert client.post(page_of(crowd, move), SENT[move]).status_code == 404
    client.force_login(make_member(crowd.organization, make_user("Bob Brandt"), Role.ASSISTANT))
    page = client.get(page_of(crowd, move))
    assert "Assistants prepare, members release." in page.content.decode()
    assert client.post(page_of(crowd, move), SENT[move]).status_code == 409
    crowd.refresh_from_db()
    assert (crowd.state, crowd.needed, crowd.margin, crowd.nudged_at) == (CrowdState.OPEN, 2, 0, None)


@pytest.mark.parametrize(
    ("move", "typed", "sentence"),
    [
        ("extend", {}, "Choose how much more time you give."),
        ("raise", {"shown": 1, "fee-0": "600", "fee-1": "100"}, "A fee can only go up"),
        ("raise", {"shown": 1, "fee-0": "", "fee-1": "100"}, "Write the fee"),
        ("raise", {"shown": 3, "fee-0": "750", "fee-1": "100"}, "The offer was raised since you opened this page."),
        ("promote", {"people": "3"}, "That is more than there are: at most 2."),
        ("promote", {"people": "two"}, "Write the number of people as a whole number."),
        ("more", {"more": "0"}, "Say at least 1."),
        ("more", {"more": "3"}, "2 are needed already, and 4 are on the list. Ask for 2 more at most"),
        ("more", {"more": "1", "answer_by": "soon"}, "Write the moment as year-month-day and time"),
        ("withdraw", {"message": ""}, "Write a line to those who have not answered."),
    ],
)
def test_what_is_wrong_stands_on_the_page_and_what_was_typed_stays(client, crowd, move, typed, sentence):
    client.force_login(crowd.created_by)
    body = client.post(page_of(crowd, move), typed).content.decode()
    assert sentence in body.replace("&#x27;", "’")
    for value in typed.values():
        assert f'value="{value}"' in body or not value


def test_once_it_is_over_each_page_says_so(client, crowd):
    withdraw_open(crowd, message="Recast.", by=crowd.created_by, at=timezone.now())
    client.force_login(crowd.created_by)
    for move in SENT:
        assert "This crowd is closed." in client.get(page_of(crowd, move)).content.decode()


def test_the_board_says_that_nobody_else_is_called_until_more_people_are_needed(client):
    crowd = make_crowd(9, needed=2)
    client.force_login(crowd.created_by)
    board = crowd.get_absolute_url()
    for move, calls_nobody in (("nudge", False), ("close", True), ("promote", True), ("more", False), ("close", True)):
        client.post(page_of(crowd, move), SENT[move])
        body = client.get(board).content.decode()
        assert ("because your house calls nobody else" in body, "Call nobody any more" in body) == (
            calls_nobody,
            not calls_nobody,
        )
        assert ("standbys are ready" in body) is not calls_nobody


def test_a_second_nudge_is_not_offered_within_a_day(client, crowd):
    client.force_login(crowd.created_by)
    assert client.post(page_of(crowd, "nudge")).status_code == 303
    body = client.get(page_of(crowd, "nudge")).content.decode()
    assert "They were reminded in the last 24 hours. You can again from" in body
    assert "Remind them" not in body


def test_changes_proposed_are_one_line_for_all_who_ask_and_accepted_there(client):
    at = timezone.now()
    crowd = make_crowd(3, needed=3, at=at)
    for rank in (1, 2):
        propose_fee(crowd, rank, 900, at)
    client.force_login(crowd.created_by)
    body = client.get(page_of(crowd, "variants")).content.decode()
    assert "2 ask for $900" in body
    assert "Person" not in body
    key = variants_of(crowd)[0].key
    accept = page_of(crowd, "variant-accept", key)
    assert accept in body
    assert "Accept that for all of them?" in client.get(accept).content.decode()
    assert client.post(accept).status_code == 303
    assert states(crowd) == {1: "open", 2: "open", 3: "open"}
    assert client.get(accept).status_code == 404
    assert "Nobody proposes changes" in client.get(page_of(crowd, "variants")).content.decode()


def test_who_came_too_late_says_whether_to_be_asked_again(client):
    at = timezone.now()
    crowd = make_crowd(2, needed=1, margin=1, at=at)
    late = request_of(crowd, 2)
    approve_request(request_of(crowd, 1), at=at)  # the sweep has not written anything about the other yet
    client.force_login(late.actor.user)
    body = client.get(late.get_absolute_url()).content.decode()
    assert "Every place was taken before your answer." in body
    assert "Ask me if a place comes free" in body
    assert "Approve" not in body.partition("<main")[2]
    keep = reverse("request-keep-asked", args=[late.ref])
    for wanted, then in (("yes", True), ("no", False), ("yes", True)):
        assert client.post(keep, {"wanted": wanted}).status_code == 303
        assert CrowdPlace.objects.get(crowd=crowd, rank=2).keep_asked is then
    assert "You will be asked again, with a full window" in client.get(late.get_absolute_url()).content.decode()
    client.force_login(make_user("Charlie Stranger"))
    assert client.post(keep, {"wanted": "no"}).status_code == 404
    client.force_login(crowd.created_by)
    assert client.post(keep, {"wanted": "no"}).status_code == 404
    assert CrowdPlace.objects.get(crowd=crowd, rank=2).keep_asked


def test_nobody_who_can_still_answer_is_offered_to_be_asked_again(client, crowd):
    one = request_of(crowd, 1)
    client.force_login(one.actor.user)
    assert "if a place comes free" not in client.get(one.get_absolute_url()).content.decode()
    keep = reverse("request-keep-asked", args=[one.ref])
    assert client.post(keep, {"wanted": "yes"}).status_code == 409
    assert not CrowdPlace.objects.get(crowd=crowd, rank=1).keep_asked


def test_a_better_fee_stands_on_the_license_the_certificate_and_the_public_check(client, crowd):
    at = timezone.now()
    license_ = approve_request(request_of(crowd, 1), at=at)
    before = certificate(License.objects.get(pk=license_.pk))
    raise_offer(crowd, fees=FEES, shown=1, by=crowd.created_by, at=at + timedelta(minutes=1))
    settled(crowd, at + timedelta(minutes=1))
    license_ = License.objects.get(pk=license_.pk)
    amendment = license_.amendments.get()
    for user in (crowd.created_by, license_.actor.user):
        client.force_login(user)
        body = client.get(license_.get_absolute_url()).content.decode()
        assert "Amendment 1" in body
        assert "$793" in body
        assert "$850" in body
        assert amendment.sha256 in body
        assert "was $693 when signed" in " ".join(body.replace("<span>", "").split())
    assert certificate(license_) != before
    assert [Decimal(use["fee"]) for use in license_.document_now["uses"]] == FEES
    client.logout()
    checked = client.get(reverse("verify-license", args=[license_.ref])).content.decode()
    assert amendment.sha256 in checked
    assert license_.terms_hash in checked
    assert "$" not in checked.partition("<main")[2]  # what it costs is nobody else's business
