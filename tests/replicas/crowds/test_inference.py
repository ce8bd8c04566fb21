"""What the house of an anonymous crowd could work out before somebody's yes: one test for each attack of
docs/decisions/0012, most of them as two worlds that must look the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from accounts.rules.refusal import Refused
from agencies.access import desks_of
from agencies.rules.organizations import Role
from replicas.access import requests_of, requests_seen_by
from replicas.access.crowds.life import variants_of
from replicas.access.projects import counts_of
from replicas.actions.answering import deny, reopen
from replicas.actions.conversing import ask
from replicas.actions.crowds.judging import judge_all, places_to_judge
from replicas.actions.crowds.moving import accept_variant
from replicas.actions.drafting import begin_draft, send, withdraw
from replicas.actions.strike_letters import tell_began
from replicas.actions.sweeping import lapse_due, remind_due
from replicas.models import Crowd, Replica, ReuseRequest
from replicas.rules.answering import Side
from replicas.rules.crowds import PlaceState
from replicas.rules.crowds.filling import standby_end
from tests.factories import (
    approve_request,
    make_agency,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    represent,
)
from tests.replicas.crowd_factory import crowd_terms, make_crowd, requests_in
from tests.replicas.crowds.looking import ask_for, dana_of, get, look, request_at, say_no, settled
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOVES = (
    *("approve", "challenge", "deny", "propose", "counter", "accept", "withdraw", "extend", "ask", "advise", "reopen"),
    *("draft", "review", "discard", "autosave"),
)


@pytest.fixture
def crowd() -> Crowd:
    """Ten people asked for eight places, and six standbys."""
    return make_crowd(16, needed=8, margin=2)


# --- 1, 2: reading the request, and whatever lists it ----------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_1_the_request_is_not_there_for_anybody_of_the_house(crowd, role, client):
    person = make_member(crowd.organization, make_user("Bob Brandt"), role)
    request = request_at(crowd, 1)
    client.force_login(person)
    for name in ("request", *(f"request-{move}" for move in MOVES)):
        here, gone = (reverse(name, args=[ref]) for ref in (request.ref, "R-ZZZZZZ"))
        for method in (client.get, client.post):
            theirs, none = method(here), method(gone)
            assert (theirs.status_code, none.status_code) in {(404, 404), (405, 405)}, name
            bodies = {re.sub(r"[0-9a-f]{8}|R-\w{6}|value=.\w+", "", each.content.decode()) for each in (theirs, none)}
            assert len(bodies) == 1, name


def test_2_no_list_and_no_count_of_the_house_knows_of_it(crowd):
    dana = dana_of(crowd)
    say_no(crowd, 1, 2)
    ask_for(request_at(crowd, 3), "300.00")
    desk = next(each for each in desks_of(dana) if each.organization == crowd.organization)
    assert list(requests_of(desk)) == list(requests_seen_by(dana)) == []
    assert set(counts_of(crowd.project, at=timezone.now()).values()) == {0}
    names = [place.actor.stage_name for place in crowd.places.select_related("actor")]
    tabs = [f"/inbox/?tab={tab}" for tab in ("action", "waiting", "done", "unavailable", "drafts", "held")]
    for where in ("/", "/inbox/", *tabs, "/projects/", crowd.project.get_absolute_url(), "/licenses/", "/crowds/"):
        page = get(dana, where)
        assert [name for name in names if name in page] == [], where


def test_2_a_yes_is_read_like_any_other(crowd):
    license_ = approve_request(request_at(crowd, 1))
    dana = dana_of(crowd)
    assert [row.ref for row in requests_seen_by(dana)] == [license_.request.ref]
    assert "Person 001" in get(dana, license_.request.get_absolute_url())
    assert "Person 001" in look(crowd)


# --- 3, 4, 5: counts, steps, tiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("standbys", [0, 6])
def test_3_four_ends_change_nothing_and_the_fifth_shows_all_five(standbys):
    crowd = make_crowd(10 + standbys, needed=8, margin=2)
    before = look(crowd)
    for rank in (1, 2, 3, 4):
        say_no(crowd, rank)
        settled(crowd)
        assert look(crowd) == before
    say_no(crowd, 5)
    settled(crowd)
    after = look(crowd)
    assert after != before
    assert "5</strong> not available" in after
    assert ("10</strong> open" if standbys >= 5 else "5</strong> open") in after


def test_4_who_is_called_instead_appears_in_the_same_step(crowd):
    before = look(crowd, state="waiting")
    say_no(crowd, 1, 2, 3, 4)
    settled(crowd)
    called = crowd.places.filter(rank__gt=10, state=PlaceState.ASKED).count()
    assert called == 4
    assert look(crowd, state="waiting") == before
    say_no(crowd, 5)
    settled(crowd)
    assert look(crowd, state="waiting") != before


def denied(crowd: Crowd, ranks: list[int]) -> None:
    say_no(crowd, *ranks)


def lapsed(crowd: Crowd, ranks: list[int]) -> None:
    now = timezone.now()
    ids = [request_at(crowd, rank).pk for rank in ranks]
    ReuseRequest.objects.filter(pk__in=ids).update(answer_by=now - timedelta(minutes=1))
    lapse_due(by=None, at=now)


def silent(crowd: Crowd, ranks: list[int]) -> None:
    assert ranks  # they have not answered, and nothing happens


@pytest.mark.parametrize("many", [1, 4])
@pytest.mark.parametrize("end", [denied, lapsed, silent])
def test_5_it_can_not_be_told_who_said_no_nor_whether_anybody_did(end, many):
    one, other = make_crowd(16, needed=8, margin=2), make_crowd(16, needed=8, margin=2)
    approve_request(request_at(one, 6))
    approve_request(request_at(other, 6))
    end(one, list(range(1, many + 1)))
    denied(other, list(range(10, 10 - many, -1)))
    settled(one)
    settled(other)
    for tab in ("", "open", "gone", "waiting", "approved"):
        pages = [re.sub(r"L-\w{10}|/previews/\w+", "", look(each, state=tab)) for each in (one, other)]
        assert pages[0] == pages[1], tab


@pytest.mark.parametrize("end", [denied, lapsed, silent])
def test_5_when_it_is_over_every_end_without_a_yes_looks_the_same(end):
    one, other = make_crowd(4, needed=2), make_crowd(4, needed=2)
    end(one, [1])
    for crowd in (one, other):
        for request in requests_in(crowd)[1:3]:
            approve_request(request)
        settled(crowd)
        while Crowd.objects.get(pk=crowd.pk).approved < 2:
            approve_request(next(each for each in requests_in(crowd) if each.is_waiting))
        settled(crowd)
    pages = [re.sub(r"L-\w{10}|Person \d+|/previews/\w+", "", look(each)) for each in (one, other)]
    assert "All 2 said yes. The crowd is filled." in pages[0]
    assert pages[0] == pages[1]


# --- 6, 7, 8: order, numbers, ids -------------------------------------------------------------------------------------


def test_6_names_stand_in_an_order_that_was_drawn_and_not_in_that_of_the_answers(crowd):
    numbers = dict(crowd.places.values_list("rank", "number"))
    assert sorted(numbers.values()) == list(range(1, 17)) or len(set(numbers.values())) == 16
    for rank in (3, 1, 2):
        approve_request(request_at(crowd, rank))
    names = re.findall(r"Person \d{3}", look(crowd))
    assert names == [f"Person {rank:03d}" for rank in sorted((1, 2, 3), key=lambda rank: numbers[rank])]


def test_7_8_nothing_in_the_page_numbers_a_person_a_place_or_a_request(crowd):
    license_ = approve_request(request_at(crowd, 1))
    say_no(crowd, 2, 3, 4, 5, 6)
    ask_for(request_at(crowd, 7), "300.00")
    settled(crowd)
    page = get(dana_of(crowd), crowd.get_absolute_url())
    others = crowd.places.exclude(rank=1)
    words = list(others.values_list("actor__stage_name", "actor__user__email", "replica__ref", "request__ref"))
    assert [word for row in words for word in row if word and word in page] == []
    board = page[page.index('<div id="board"') : page.index("</main>")]
    ids = set(re.findall(r'\bid="([^"]*)"', board))
    assert {each for each in ids if not each.startswith(("tab-", "to-"))} == {"board", f"place-{license_.ref}"}
    assert re.fullmatch(r"L-[0-9A-Z]{10}", license_.ref)
    assert "data-" not in board


# --- 9: letters -------------------------------------------------------------------------------------------------------


def test_9_no_letter_about_one_person_comes_before_their_yes(crowd):
    dana, at = dana_of(crowd), timezone.now()
    one, two, three, four = (request_at(crowd, rank) for rank in (1, 2, 3, 4))
    ask(one, body="Is it outdoors?", side=Side.ACTOR, by=one.actor.user, at=at)
    ask_for(one, "300.00")
    deny(two, reason="fee", comment="Too little.", seen_by="requester", by=two.actor.user, at=at)
    reopen(two, by=two.actor.user, at=at)
    lapsed(crowd, [3])
    ReuseRequest.objects.filter(pk=one.pk).update(next_reminder_at=at)
    remind_due(by=None, at=at)
    settled(crowd)
    about_people = Notification.objects.filter(recipient=dana).exclude(subject_type="crowd")
    assert list(about_people.values_list("kind", "subject_ref")) == []
    license_ = approve_request(four)
    assert list(about_people.values_list("kind", "subject_ref")) == [("license-issued", license_.ref)]
    assert three.ref


# --- 10, 11: moments --------------------------------------------------------------------------------------------------


def test_10_the_end_that_moved_is_the_same_whenever_in_the_day_it_was():
    answer_by = datetime(2026, 12, 5, 17, tzinfo=UTC)
    called = [datetime(2026, 12, 4, hour, minute, tzinfo=UTC) for hour, minute in ((12, 1), (16, 30), (23, 59))]
    called += [datetime(2026, 12, 5, hour, tzinfo=UTC) for hour in (3, 12)]
    ends = {standby_end(answer_by, at=at, end_moves=True) for at in called}
    assert ends == {datetime(2026, 12, 7, 12, tzinfo=UTC)}


def test_11_a_standbys_page_says_nothing_of_when_they_were_called(crowd):
    say_no(crowd, 1)
    later = timezone.now() + timedelta(hours=3)
    settled(crowd, at=later)
    standby, first = request_at(crowd, 11), request_at(crowd, 2)
    assert standby.sent_at != first.sent_at
    pages = []
    for request in (first, standby):
        approve_request(request, at=later + timedelta(minutes=1))
    for request in (first, standby):
        page = get(dana_of(crowd), request.get_absolute_url())
        assert f"asked as one of crowd {crowd.ref}" in page
        main = page[page.index("<main") : page.index("</main>")]
        pages.append(
            re.sub(r"R-\w{6}|L-\w{10}|P-\w{6}|Person ?\d+( Extra)?|use-\d+|[0-9a-f]{16,}|/previews/\S+|hue\d", "", main)
        )
    assert pages[0].splitlines() == pages[1].splitlines()


# --- 12, 13, 14, 15, 16: detours --------------------------------------------------------------------------------------


def alone(crowd: Crowd, replica: Replica) -> tuple[str, str]:
    """What becomes of asking the same of one person by themself."""
    dana, at = dana_of(crowd), timezone.now()
    draft = begin_draft(replica=replica, project=crowd.project, draft={}, by=dana, at=at)
    try:
        send(draft, terms=crowd_terms(), answer_by=at + 5 * DAY, by=dana, at=at)
    except Refused as refusal:
        return refusal.code, refusal.sentence
    return "sent", ""


def test_12_nobody_in_the_crowd_can_be_tried_out_by_asking_them_alone(crowd):
    say_no(crowd, 1)
    lapsed(crowd, [2])
    approve_request(request_at(crowd, 3))
    settled(crowd)
    replicas = {place.rank: place.replica for place in crowd.places.select_related("replica__actor")}
    answers = {rank: alone(crowd, replicas[rank]) for rank in (1, 2, 4, 16)}  # no, silence, still reading, never called
    assert len(set(answers.values())) == 1
    assert answers[1][0] == "in-a-crowd"
    assert alone(crowd, make_replica())[0] == "sent"


def test_12_checking_another_list_tells_nothing_of_what_became_of_them_here(crowd):
    say_no(crowd, 1)
    lapsed(crowd, [2])
    at, replicas = timezone.now(), [place.replica for place in crowd.places.filter(rank__lte=3).order_by("rank")]
    other = make_crowd(replicas, needed=1, project=crowd.project, released=False)
    judged = {}
    for told in (True, False):
        rows = list(places_to_judge(other, at=at).order_by("rank"))
        found = judge_all(other, rows, crowd_terms(), hours=120, at=at, drawn=not told)
        judged[told] = [one.refusal is not None for one in found]
    assert judged == {True: [False, False, False], False: [True, True, False]}


def test_13_a_replica_by_link_is_opened_by_a_yes_and_by_nothing_else(crowd, client):
    Replica.objects.filter(pk__in=crowd.places.values("replica")).update(visibility="by_link")
    client.force_login(dana_of(crowd))
    pages = {rank: reverse("replica", args=[ref]) for rank, ref in crowd.places.values_list("rank", "replica__ref")}
    say_no(crowd, 1)
    approve_request(request_at(crowd, 2))
    assert {rank: client.get(pages[rank]).status_code for rank in (1, 2, 3, 16)} == {1: 404, 2: 200, 3: 404, 16: 404}


def test_14_their_own_history_names_nobody(crowd):
    dana = dana_of(crowd)
    for rank in (1, 2):
        ask_for(request_at(crowd, rank), "300.00")
    ended = request_at(crowd, 2)
    deny(ended, by=ended.actor.user, at=timezone.now())
    (variant,) = variants_of(crowd)
    assert accept_variant(crowd, key=variant.key, by=dana, at=timezone.now()) == 2
    assert ReuseRequest.objects.get(pk=request_at(crowd, 1).pk).is_waiting
    page = get(dana, reverse("history"))
    assert "accepted" in page
    assert re.findall(r"Person \d+|R-\w{6}", page) == []


def test_15_somebody_of_the_house_and_of_the_agency_acts_for_the_agency_alone(crowd, client):
    request = request_at(crowd, 1)
    agency = make_agency(dana_of(crowd))
    represent(agency, request.actor)
    dana = dana_of(crowd)
    with pytest.raises(Refused) as refused:
        withdraw(request, reason="", by=dana, at=timezone.now())
    assert refused.value.code == "not-yours"
    client.force_login(dana)
    session = client.session
    session["desk"] = crowd.organization.slug
    session.save()
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Withdraw" not in page
    assert "Advise" in page


def test_16_a_strike_counts_nobody_of_it_for_the_house():
    crowd = make_crowd(6, needed=3, margin=3, project=make_project(agreement="sag_tv_theatrical_2026"), terms=union())
    make_request(project=crowd.project, terms=union())
    make_strike()
    tell_began(by=None, at=timezone.now())
    letter = Notification.objects.get(recipient=dana_of(crowd), kind="strike-began")
    assert letter.context["requests"] == 1


def union():
    return crowd_terms("3849.00")


def test_who_is_named_reads_as_single_requests_do():
    crowd = make_crowd(4, needed=3, anonymous=False)
    request = request_at(crowd, 1)
    deny(request, by=request.actor.user, at=timezone.now())
    dana = dana_of(crowd)
    assert "Not available" in get(dana, request.get_absolute_url())
    assert Notification.objects.filter(recipient=dana, kind="request-not-available").count() == 1
    page = look(crowd)
    assert re.findall(r"Person \d{3}", page) != []
    assert "Not available" in page
