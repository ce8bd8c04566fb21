"""A casting office: Alice owns it, Bob is her colleague."""

import pytest

from tests.factories import make_casting, make_member, make_user


@pytest.fixture
def alice():
    return make_user("Alice Ames", email="alice@nova.example")


@pytest.fixture
def house(alice):
    return make_casting(alice)


@pytest.fixture
def bob(house):
    return make_member(house, make_user("Bob Brandt", email="bob@nova.example"))
