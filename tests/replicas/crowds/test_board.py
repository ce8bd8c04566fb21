"""The board of a crowd and the list of a house's crowds."""

import re

import pytest
from django.urls import reverse

from agencies.rules.organizations import Role
from replicas.models import Crowd
from replicas.rules.crowds import CrowdState
from tests.factories import (
    make_agency,
    make_casting,
    make_guardian,
    make_member,
    make_minor,
    make_project,
    make_user,
    represent,
)
from tests.replicas.crowd_factory import make_crowd as send_crowd
from tests.replicas.crowds.rows import lay_out, make_crowd, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


@pytest.fixture
def crowd(house):
    return make_crowd(make_project(house))


def get(client, user, where, /, **query):
    client.force_login(user)
    return client.get(where if where.startswith("/") else reverse(where), query)


def test_the_board_opens_with_what_is_the_matter(client, dana, crowd):
    make_place(crowd, "Maya Reyes", "approved")
    lay_out(crowd, open=11, gone=5, waiting=7)
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert "1 of 32 said yes. 11 are still reading." in page
    assert "1 of 32 needed · 5 not available · 11 open" in page
    assert "Maya Reyes" in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_the_house_opens_it(client, house, crowd, role):
    bob = make_member(house, make_user("Bob Brandt"), role)
    assert get(client, bob, crowd.get_absolute_url()).status_code == 200
    assert crowd.ref in get(client, bob, "crowds").content.decode()


def test_a_stranger_and_somebody_in_it_find_nothing(client, crowd):
    place = make_place(crowd, "Maya Reyes")
    other = make_casting(make_user("Charlie Other"), "Supernova").memberships.get().user
    for person in (other, place.actor.user):
        assert get(client, person, crowd.get_absolute_url()).status_code == 404
    assert get(client, place.actor.user, "crowds").status_code == 404


@pytest.mark.parametrize("state", list(CrowdState))
def test_a_board_in_every_state(client, dana, house, state):
    crowd = make_crowd(make_project(house), state=state)
    response = get(client, dana, crowd.get_absolute_url())
    assert response.status_code == 200
    assert ("has said yes yet" in response.content.decode()) is (state is CrowdState.OPEN)


def test_the_lists_cost_the_same_at_1_and_30_rows(client, dana, house, django_assert_num_queries):
    crowd = make_crowd(make_project(house))
    client.force_login(dana)
    for rows in (1, 30):
        while crowd.approved < rows:
            make_place(crowd, "", "approved")
            make_crowd(crowd.project, title="Another")
        lay_out(crowd, open=rows, gone=5)
        for where, queries in ((crowd.get_absolute_url(), 10), (reverse("crowds"), 6)):
            client.get(where)
            with django_assert_num_queries(queries):
                page = client.get(where).content.decode()
        assert page.count('class="row-link"') == min(rows + 1, 30)


def test_named_people_come_in_pages_and_the_counted_ones_after_the_last(client, dana, crowd):
    Crowd.objects.filter(pk=crowd.pk).update(needed=70)
    for _ in range(61):
        make_place(crowd, "", "approved")
    lay_out(crowd, open=7)
    first = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert first.count('<li class="place approved"') == 60
    assert '<li class="place open"' not in first
    url = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert url
    second = get(client, dana, crowd.get_absolute_url() + url[1].replace("&amp;", "&")).content.decode()
    assert second.count('<li class="place approved"') == 1
    assert re.findall(r'<li class="place open" aria-hidden="true">(\d+)', second) == [str(n) for n in range(62, 69)]


@pytest.mark.parametrize(("number", "words"), [(1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (6, "6")])
def test_a_handful_is_not_counted_out(client, dana, crowd, number, words):
    make_place(crowd, "Maya Reyes", "approved")
    lay_out(crowd, open=number, waiting=number)
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert f"<strong>{words}</strong> open" in page
    assert f"{words.capitalize()} are still reading." in page
    assert f"{words.capitalize()} standbys are ready" in page
    assert page.count('aria-hidden="true">2') == (0 if number < 5 else 1)
    assert ('<rect class="open"' in page) is (number >= 5)


def test_a_thousand_blank_tiles_are_a_number(client, dana, crowd):
    lay_out(crowd, open=123)
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert page.count('<li class="place open" aria-hidden="true">') == 120
    assert "and 3 more" in page


@pytest.mark.parametrize(("tab", "tiles"), [("open", 6), ("gone", 5), ("waiting", 7), ("approved", 0)])
def test_a_tab_shows_one_kind(client, dana, crowd, tab, tiles):
    lay_out(crowd, open=6, gone=5, waiting=7)
    page = get(client, dana, crowd.get_absolute_url(), state=tab).content.decode()
    found = re.findall(r'<li class="place (\w+)" aria-hidden', page)
    assert found == [tab] * tiles
    assert ("Nobody here." in page) is (tiles == 0)


def test_an_unknown_tab_is_no_page(client, dana, crowd):
    assert get(client, dana, crowd.get_absolute_url(), state="denied").status_code == 404


def test_it_asks_again_while_something_can_change_and_stops_when_it_is_over(client, dana, house):
    crowd = make_crowd(make_project(house), told_at=None)
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 2s"' in page
    crowd.told_at = crowd.sent_at
    crowd.save()
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 20s"' in page
    over = make_crowd(make_project(house), state="closed", told_at=crowd.sent_at)
    page = get(client, dana, over.get_absolute_url()).content.decode()
    assert "hx-" not in page
    assert "htmx" not in page.split("</head>")[1]


def test_a_look_without_news_leaves_the_page_alone(client, dana, crowd):
    lay_out(crowd, open=6)
    crowd.told_at = crowd.sent_at
    crowd.save()
    client.force_login(dana)
    page = client.get(crowd.get_absolute_url()).content.decode()
    again = re.search(r'hx-get="([^"]+)"', page)
    assert again
    where = again[1].replace("&amp;", "&")
    assert client.get(where, headers={"HX-Request": "true"}).status_code == 204
    make_place(crowd, "Maya Reyes", "approved")
    news = client.get(where, headers={"HX-Request": "true"})
    assert news.status_code == 200
    assert news.content.decode().strip().startswith('<div id="board"')
    assert "Maya Reyes" in news.content.decode()


def test_a_crowd_on_its_way_says_how_far_it_is(client, dana, house):
    crowd = send_crowd(6, needed=3, project=make_project(house), released=False)
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    assert "This crowd is being prepared." in page


def test_who_says_yes_is_shown_with_their_license(client, dana, crowd):
    place = make_place(crowd, "Maya Reyes", "approved")
    page = get(client, dana, crowd.get_absolute_url()).content.decode()
    license_ = place.request.license
    assert f'href="/licenses/{license_.ref}/">Maya Reyes</a>' in page
    assert reverse("crowd-pack", args=[crowd.ref]) in page
    assert crowd.title in get(client, dana, "home").content.decode()
    assert "1 of 32 said yes" in get(client, dana, crowd.project.get_absolute_url()).content.decode()


def test_somebody_in_it_reads_that_they_are_one_of_a_crowd_and_not_named(client, crowd):
    request = make_place(crowd, "Maya Reyes").request
    maya = request.actor.user
    page = get(client, maya, request.get_absolute_url()).content.decode()
    assert "You are one of a crowd: Harbor fair" in page
    assert crowd.brief in page
    assert "You are not named until you say yes." in page
    assert "one of a crowd" in get(client, maya, "inbox").content.decode()
    deny = get(client, maya, reverse("request-deny", args=[request.ref])).content.decode()
    assert "does not read that it was you" in deny
    assert "or until every place in the crowd is taken" in deny
    approve = get(client, maya, reverse("request-approve", args=[request.ref])).content.decode()
    assert f"With the yes {crowd.organization} reads your name for the first time." in approve
    propose = get(client, maya, reverse("request-propose", args=[request.ref])).content.decode()
    assert "on the board of the crowd, without a name" in propose
    assert "the people who asked only after a yes" in propose
    assert "Who may read the reason" not in deny
    assert crowd.get_absolute_url() not in page


def test_a_minor_and_their_guardian_read_that_the_name_waits_for_the_signed_yes(client, crowd):
    mia = make_minor()
    mother = make_guardian(mia)
    request = make_place(crowd, mia).request
    page = get(client, mia.user, request.get_absolute_url()).content.decode()
    assert "You are not named until the yes is signed." in page
    page = get(client, mother, request.get_absolute_url()).content.decode()
    assert "They are not named until the yes is signed." in page
    approve = get(client, mother, reverse("request-approve", args=[request.ref])).content.decode()
    assert f"With the yes {crowd.organization} reads {mia.stage_name}’s name for the first time." in approve


def test_an_agent_reads_which_clients_are_in_it(client, crowd):
    request = make_place(crowd, "Maya Reyes").request
    agency = make_agency()
    represent(agency, request.actor)
    agent = agency.memberships.get().user
    assert "one of a crowd" in get(client, agent, "inbox").content.decode()
    page = get(client, agent, request.get_absolute_url()).content.decode()
    assert "Maya Reyes is one of a crowd" in page
    assert "They are not named until they say yes." in page
