"""The pages of a team: who finds them, what they do, what they cost; and switching the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, Organization
from agencies.rules.organizations import Role
from tests.agencies.people import invite, last_entry, seat
from tests.factories import make_agency, make_casting, make_member, make_user

pytestmark = pytest.mark.django_db

PAGES = ["team", "team-invite", "team-leave", "house-edit"]
ROW_PAGES = [("colleague", "get"), ("team-remove", "get"), ("team-resend", "post"), ("team-withdraw", "post")]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_house(house, alice, client, name):
    url = reverse(name, args=[house.slug])
    assert client.get(url)["Location"].startswith("/accounts/login/")
    client.force_login(make_user("Charlie"))
    assert client.get(url).status_code == 404
    client.force_login(alice)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("name", "method"), ROW_PAGES)
def test_a_stranger_finds_no_colleague(house, bob, client, name, method):
    url = reverse(name, args=[house.slug, seat(bob, house).pk])
    client.force_login(make_user("Charlie"))
    assert getattr(client, method)(url).status_code == 404
    other = make_casting(make_user("Olga Owner"), "Elsewhere")
    client.force_login(Membership.objects.get(organization=other).user)
    assert getattr(client, method)(reverse(name, args=[other.slug, seat(bob, house).pk])).status_code == 404


def test_the_pages_do_what_they_say(house, alice, bob, client):
    client.force_login(alice)
    invite_url, row = reverse("team-invite", args=[house.slug]), seat(bob, house).pk
    assert client.post(invite_url, {"email": "cora@nova.example", "role": "assistant"}).status_code == 303
    page = client.get(reverse("team", args=[house.slug]))
    assert "cora@nova.example" in page.text
    assert client.post(reverse("colleague", args=[house.slug, row]), {"role": "owner"}).status_code == 303
    assert client.post(reverse("team-remove", args=[house.slug, row])).status_code == 303
    again = client.post(invite_url, {"email": "cora@nova.example", "role": "assistant"})
    assert "already waits for an answer" in again.text
    letter = Membership.objects.get(email="cora@nova.example").pk
    assert client.post(reverse("team-resend", args=[house.slug, letter])).status_code == 303
    assert client.post(reverse("team-withdraw", args=[house.slug, letter])).status_code == 303
    assert Membership.objects.get(pk=letter).state == "declined"
    assert "A house needs an owner" in client.post(reverse("team-leave", args=[house.slug])).text


def test_an_assistant_who_tries_is_told_and_recorded(house, client):
    assistant = make_member(house, make_user("Ada"), Role.ASSISTANT)
    client.force_login(assistant)
    page = client.post(reverse("team-invite", args=[house.slug]), {"email": "x@nova.example", "role": "owner"})
    assert "Only an owner of the house can invite people." in page.text
    assert (last_entry().event, last_entry().refused) == ("team.invited", "not-yours")


def test_the_agency_address_leads_to_the_team(client):
    assert client.get("/agency/northlight/team/")["Location"] == "/house/northlight/team/"


def test_a_form_sent_twice_invites_once(house, alice, client):
    client.force_login(alice)
    sent = {"email": "cora@nova.example", "role": "member", "form_key": "k" * 32}
    answers = [client.post(reverse("team-invite", args=[house.slug]), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Membership.objects.filter(email="cora@nova.example").count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_team_page_asks_as_much_for_thirty_as_for_one(house, alice, client, rows, django_assert_num_queries):
    for number in range(rows):
        make_member(house, make_user(f"Colleague {number}"))
        invite(house, alice, email=f"somebody{number}@nova.example")
    client.force_login(alice)
    with django_assert_num_queries(9):
        page = client.get(reverse("team", args=[house.slug]))
    assert page.text.count("somebody") >= rows


def test_switching_the_desk(house, alice, client):
    other = make_casting(alice, "Another House")
    client.force_login(alice)
    answer = client.post("/desk/", {"desk": other.slug})
    assert (answer.status_code, answer["Location"], client.session["desk"]) == (303, "/", other.slug)
    client.post("/desk/", {"desk": make_casting(make_user("Olga")).slug})
    assert client.session["desk"] == other.slug
    assert client.get("/desk/").status_code == 405


def test_an_owner_corrects_what_others_read(house, alice, bob, client):
    client.force_login(alice)
    url = reverse("house-edit", args=[house.slug])
    wrong = client.post(url, {"place": "Leeds", "website": "no site"})
    assert "This is no web address." in wrong.text
    assert 'value="no site"' in wrong.text
    assert client.post(url, {"place": "Leeds", "website": "nova.example"}).status_code == 303
    house.refresh_from_db()
    assert (house.place, house.website) == ("Leeds", "https://nova.example")
    assert "changed the city and the website of the house." in client.get(reverse("team", args=[house.slug])).text
    before = last_entry().pk
    client.post(url, {"place": "Leeds", "website": "nova.example"})
    assert last_entry().pk == before
    client.force_login(bob)
    assert "Ask one of its owners" in client.get(url).text
    assert "Only an owner of the house can change this." in client.post(url, {"place": "Rome"}).text
    assert (last_entry().event, last_entry().refused) == ("organization.changed", "not-yours")


def test_another_license_number_is_checked_again(alice, client):
    agency = make_agency(alice, "Northlight")
    Organization.objects.filter(pk=agency.pk).update(verified_at=timezone.now(), license_number="TA1")
    client.force_login(alice)
    url = reverse("house-edit", args=[agency.slug])
    client.post(url, {"place": "Leeds", "license_number": "TA1"})
    agency.refresh_from_db()
    assert agency.verified_at
    client.post(url, {"place": "Leeds", "license_number": "TA2"})
    agency.refresh_from_db()
    assert (agency.license_number, agency.verified_at) == ("TA2", None)


def test_a_founding_form_sent_again_founds_no_second_house(client):
    client.force_login(make_user("Petra Quill"))
    typed = {"kind": "production", "name": "Quill Pictures"}
    assert client.post(reverse("found-organization"), typed).status_code == 303
    assert "You work for a house of this name already." in client.post(reverse("found-organization"), typed).text
    assert Organization.objects.count() == 1
