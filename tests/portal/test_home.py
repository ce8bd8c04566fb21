"""The first page of each role: the sentence, what needs me, what I wait for, what ends soon; and what it costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery, Notification
from agencies.actions import representations, teams
from agencies.rules.organizations import Role
from replicas.actions.negotiating import propose
from replicas.models import License, ReuseRequest
from replicas.rules.home import by_when, opening
from replicas.rules.vocabulary import ReplicaState
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_guardian,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.scan_factory import make_notice, make_scan

ZONE = ZoneInfo("America/Los_Angeles")
AT = datetime(2026, 11, 23, 20, tzinfo=UTC)  # Monday noon in Los Angeles


@pytest.fixture
def maya(db):
    return make_actor("Maya Reyes")


@pytest.fixture
def alex(db):
    return make_user("Alex Agent")


@pytest.fixture
def dana(db):
    return make_user("Dana Director")


def counter(request):
    """The actor proposes to be paid more."""
    dearer = offered_terms(use_terms(fee=Decimal("900.00")))
    terms_hash = request.current_terms.sha256
    return propose(request, terms=dearer, terms_hash=terms_hash, by=request.actor.user, at=timezone.now())


def page_for(client, user):
    client.force_login(user)
    return client.get("/")


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(minutes=40), "within 40 minutes"),
        (timedelta(seconds=30), "within 1 minute"),
        (timedelta(hours=1), "within 1 hour"),
        (timedelta(hours=23, minutes=59), "within 23 hours"),
        (timedelta(hours=29), "by tomorrow 17:00"),
        (timedelta(days=3, hours=5), "by Thu 17:00"),
        (timedelta(days=10), "by Dec 3"),
        (timedelta(days=60), "by Jan 22, 2027"),
    ],
)
def test_moments_in_words(away, words):
    assert by_when(AT + away, at=AT, zone=ZONE) == words


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("actor", 3, "3 requests need your answer, the first by tomorrow 17:00."),
        ("actor", 1, "1 request needs your answer by tomorrow 17:00."),
        ("actor", 0, "Nothing needs your answer now."),
        ("agency", 2, "2 requests wait for your clients’ answers, the first by tomorrow 17:00."),
        ("casting", 1, "1 actor waits for your reply by tomorrow 17:00."),
    ],
)
def test_the_sentence(kind, number, sentence):
    first = AT + timedelta(hours=29) if number else None
    assert opening(kind, number, first, at=AT, zone=ZONE) == sentence


@pytest.mark.parametrize(
    ("kind", "number", "scans", "more", "sentence"),
    [
        ("actor", 0, (3,), False, "1 scan needs your answer within 3 hours."),
        ("actor", 0, (29, 3), True, "2 scans need your answer, the first within 3 hours."),
        ("actor", 1, (3,), False, "1 request and 1 scan need your answer, the first within 3 hours."),
        ("actor", 2, (40,), False, "2 requests and 1 scan need your answer, the first by tomorrow 17:00."),
        ("guarded", 0, (3,), False, "1 scan needs a guardian’s answer within 3 hours."),
        ("actor", 0, (), True, "No request needs your answer now."),
        ("casting", 0, (), True, "No request waits for your reply now."),
    ],
)
def test_the_sentence_counts_scans_and_never_says_that_all_is_done_above_a_list(kind, number, scans, more, sentence):
    first = AT + timedelta(hours=29) if number else None
    moments = [AT + timedelta(hours=hours) for hours in scans]
    assert opening(kind, number, first, at=AT, zone=ZONE, scans=moments, more=more) == sentence


# --- Visitors and newcomers -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitor_reads_what_this_is_and_can_check_a_license(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/")
    assert "An understudy goes on only when the actor says so." in page.text
    assert f'action="{reverse("verify")}"' in page.text


@pytest.mark.django_db
def test_somebody_new_is_led_on(client):
    user = make_user("Nell New", email="nell@example.com")
    house = make_casting()
    owner = house.memberships.get().user
    teams.invite(house, email="nell@example.com", role=Role.MEMBER, by=owner, at=timezone.now())
    page = page_for(client, user)
    assert "Nova Pictures invites you to their team" in page.text
    assert reverse("found-organization") in page.text
    assert reverse("actor-profile") in page.text


@pytest.mark.django_db
def test_a_scan_announced_to_an_address_waits_for_whoever_proves_it(client):
    now = timezone.now()
    user = make_user("Nell New", email="nell@example.com")
    scan = make_notice("nell@example.com", at=now, scan_at=now + timedelta(days=3)).scans.get()
    make_notice("other@example.com", at=now, scan_at=now + timedelta(days=3), project=scan.notice.project)
    assert [errand.ref for errand in page_for(client, user).context["errands"]] == [scan.ref]
    make_actor(user=user)
    page = page_for(client, user)
    assert [(errand.ref, errand.about) for errand in page.context["errands"]] == [(scan.ref, "Harbor Lights")]
    assert page.context["opening"].startswith("1 scan needs your answer by ")


@pytest.mark.django_db
def test_a_guardian_reads_whom_somebody_wants_to_scan(client):
    ward, now = make_minor(), timezone.now()
    guardian = make_guardian(ward)
    make_scan(ward, at=now, scan_at=now + timedelta(days=3))
    assert f"wants to scan {ward} for <cite>Harbor Lights</cite>. Agree" in page_for(client, guardian).text
    assert "wants to scan you for <cite>Harbor Lights</cite>. A guardian answers." in page_for(client, ward.user).text


@pytest.mark.django_db
def test_a_minor_nobody_decides_for_is_told_to_name_a_guardian(client):
    ward = make_minor()
    assert "Nobody can answer for you yet." in page_for(client, ward.user).text
    make_guardian(ward, confirmed=False)
    assert "Nobody can answer for you yet." in page_for(client, ward.user).text
    make_guardian(ward)
    assert "Nobody can answer for you yet." not in page_for(client, ward.user).text


# --- Actors -----------------------------------------------------------------------------------------------------------


def test_an_actor_sees_what_needs_them_soonest_first(client, maya):
    replica, now = make_replica(maya), timezone.now()
    late = make_request(replica, answer_by=now + timedelta(days=5))
    soon = make_request(replica, at=now - timedelta(days=3), answer_by=now + timedelta(hours=3, minutes=1))
    countered = counter(make_request(replica))
    page = page_for(client, maya.user)
    assert page.context["opening"] == "2 requests need your answer, the first within 3 hours."
    assert [row.ref for row in page.context["needs"].rows] == [soon.ref, late.ref]
    assert [row.ref for row in page.context["waits"].rows] == [countered.ref]


def test_a_deadline_that_passed_needs_nobody(client, maya):
    now = timezone.now()
    request = make_request(make_replica(maya), at=now - timedelta(days=3), answer_by=now - timedelta(seconds=1))
    assert request.state == "open"
    assert page_for(client, maya.user).context["opening"] == "Nothing needs your answer now."


def test_an_actor_is_asked_about_replicas_and_agencies(client, maya, alex):
    replica = make_replica(maya, state=ReplicaState.PROPOSED)
    representations.invite(make_agency(alex), email=maya.user.email, by=alex, at=timezone.now())
    page = page_for(client, maya.user)
    assert sorted(errand.what for errand in page.context["errands"]) == ["replica", "representation"]
    assert reverse("replica", args=[replica.ref]) in page.text


def test_what_ends_within_sixty_days_is_said(client, maya):
    today = timezone.now().date()
    ends = [today + timedelta(days=30), today + timedelta(days=90)]
    licenses = [
        approve_request(make_request(make_replica(maya), terms=offered_terms(use_terms(ends_on=day)))) for day in ends
    ]
    page = page_for(client, maya.user)
    assert [license_.ref for license_ in page.context["ending"]] == [licenses[0].ref]
    License.objects.filter(pk=licenses[0].pk).update(state="revoked", revoked_at=timezone.now())
    assert not client.get("/").context["ending"]


def test_all_quiet_helps(client, maya):
    assert reverse("my-replicas") in page_for(client, maya.user).text


# --- Agencies ---------------------------------------------------------------------------------------------------------


def test_an_agency_sees_its_clients_and_nobody_elses(client, maya, alex):
    agency, jonah, charlie = make_agency(alex), make_actor("Jonah Adeyemi"), make_actor("Charlie Stranger")
    now = timezone.now()
    for actor, hours in ((maya, 30), (jonah, 3), (maya, 60), (charlie, 5)):
        make_request(make_replica(actor), at=now - timedelta(days=3), answer_by=now + timedelta(hours=hours))
    ended = represent(agency, charlie)
    for actor in (maya, jonah):
        represent(agency, actor)
    representations.end(ended, by=charlie.user, at=now)
    representations.ask(agency, by=make_actor("Leo Marsh").user, at=now)
    page = page_for(client, alex)
    groups = [(name, len(rows)) for name, _, rows in page.context["groups"]]
    assert groups == [("Jonah Adeyemi", 1), ("Maya Reyes", 2)]
    assert "Charlie" not in page.text
    assert "Leo Marsh asks you" in page.text


# --- Casting ----------------------------------------------------------------------------------------------------------


def test_casting_sees_replies_by_project_and_never_a_refusal(client, dana, maya):
    house = make_casting(dana)
    harbor, glacier = make_project(house, "Harbor Lights"), make_project(house, "Glacier")
    waits = make_request(make_replica(maya), harbor)
    counter(make_request(make_replica(make_actor("Jonah")), glacier))
    denied = make_request(make_replica(make_actor("Nora Never")), glacier)
    ReuseRequest.objects.filter(pk=denied.pk).update(state="denied", decided_at=timezone.now())
    draft = make_draft(make_replica(make_actor("Priya")), glacier)
    page = page_for(client, dana)
    assert [(name, len(rows)) for name, _, rows in page.context["groups"]] == [("Glacier", 1)]
    assert [row.ref for row in page.context["waits"].rows] == [waits.ref]
    assert [row.ref for row in page.context["drafts"].rows] == [draft.ref]
    assert "Nora Never" not in page.text


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_staff_see_what_did_not_arrive(client, maya):
    request = make_request(make_replica(maya))
    notice = Notification.objects.filter(kind="request-received")[0]
    Delivery.objects.filter(notification=notice).update(state="failed", error="no such mailbox")
    ReuseRequest.objects.filter(pk=request.pk).update(delivered_at=None, undelivered_at=timezone.now())
    page = page_for(client, make_user("Sam Staff", is_staff=True))
    assert page.context["failed"].total == 1
    assert "no such mailbox" in page.text
    assert "1 of them without a first notice" in page.text


# --- Cost -------------------------------------------------------------------------------------------------------------


def fill(rows, *, agency, house, maya):
    """``rows`` of everything a home page shows."""
    projects = [make_project(house, f"Title {number}") for number in range(2)]
    for number in range(rows):
        client = make_actor(f"Client {number}")
        represent(agency, client)
        for actor in (client, maya):
            make_request(make_replica(actor), projects[number % 2])
            counter(make_request(make_replica(actor), projects[number % 2]))
        approve_request(
            make_request(
                make_replica(maya),
                projects[0],
                terms=offered_terms(use_terms(ends_on=timezone.now().date() + timedelta(days=20))),
            )
        )
        make_replica(maya, state=ReplicaState.PROPOSED)
        make_draft(make_replica(client), projects[0])
        representations.ask(agency, by=make_actor(f"Asker {number}").user, at=timezone.now())
    Delivery.objects.filter(notification__kind="client-request").update(state="failed")


@pytest.mark.parametrize("rows", [1, 30])
def test_each_home_costs_at_most_eight_queries(client, rows, maya, alex, dana, django_assert_num_queries):
    agency, house = make_agency(alex), make_casting(dana)
    represent(agency, maya)
    fill(rows, agency=agency, house=house, maya=maya)
    staff, new = make_user("Sam Staff", is_staff=True), make_user("Nell New")
    for user, queries in ((maya.user, 8), (alex, 8), (dana, 8), (staff, 8), (new, 6)):
        client.force_login(user)
        with django_assert_num_queries(queries):
            assert client.get("/").status_code == 200


def test_the_page_shows_twenty_and_counts_all(client, maya):
    replica = make_replica(maya)
    for _ in range(25):
        make_request(replica)
    page = page_for(client, maya.user)
    needs = page.context["needs"]
    assert (len(needs.rows), needs.total, needs.more) == (20, 25, 5)
    assert "And 5 more" in page.text


def test_the_roster_knows_what_lies_with_whom(client, maya, alex):
    agency, now = make_agency(alex), timezone.now()
    represent(agency, maya)
    represent(agency, make_actor("Jonah Adeyemi"))
    for hours in (30, 5):
        make_request(make_replica(maya), at=now - timedelta(days=3), answer_by=now + timedelta(hours=hours))
    counter(make_request(make_replica(maya)))
    client.force_login(alex)
    lines = client.get(reverse("roster", args=[agency.slug])).context["lines"]
    known = {line["bond"].name: line["numbers"] for line in lines}
    assert known["Jonah Adeyemi"] is None
    assert (known["Maya Reyes"].open, known["Maya Reyes"].next_due) == (3, now + timedelta(hours=5))
