"""The board of a crowd and the list of a house's crowds."""

import pytest
from django.urls import reverse

from agencies.rules.organizations import Role
from replicas.rules.crowds import CrowdState
from tests.factories import make_casting, make_member, make_project, make_user
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
    assert get(client, dana, crowd.get_absolute_url()).status_code == 200
