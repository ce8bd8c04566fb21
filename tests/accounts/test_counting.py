"""Counts that stop: exact up to a hundred at every look, and beyond that at most a minute old."""

import pytest
from django.core.cache import cache

from accounts.access import counting
from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_at_most(monkeypatch):
    monkeypatch.setattr(counting, "EXACT", 3)
    cache.clear()


def people(first: str):
    return User.objects.filter(name__startswith=first)


def count(*names: str) -> dict[str, int]:
    parts = {name: people(name) for name in names}
    every = lambda: {name: rows.count() for name, rows in parts.items()}  # noqa: E731
    return counting.completed(counting.counted(parts), "test", every)


def test_few_are_exact_in_one_query(django_assert_num_queries):
    for number in range(3):
        make_user(f"Ada {number}")
    make_user("Bela")
    with django_assert_num_queries(1):
        assert count("Ada", "Bela", "Cleo") == {"Ada": 3, "Bela": 1, "Cleo": 0}
    make_user("Bela Two")
    assert count("Ada", "Bela", "Cleo") == {"Ada": 3, "Bela": 2, "Cleo": 0}


def test_many_are_counted_once_a_minute_and_few_beside_them_stay_exact(django_assert_num_queries):
    for number in range(5):
        make_user(f"Ada {number}")
    with django_assert_num_queries(3):  # the two parts once each, too
        assert count("Ada", "Bela") == {"Ada": 5, "Bela": 0}
    make_user("Ada 5"), make_user("Bela")
    with django_assert_num_queries(1):
        assert count("Ada", "Bela") == {"Ada": 5, "Bela": 1}
    cache.clear()
    assert count("Ada", "Bela") == {"Ada": 6, "Bela": 1}


def test_what_grew_beyond_the_bound_since_is_at_least_the_bound():
    for number in range(5):
        make_user(f"Ada {number}")
    assert count("Ada", "Bela") == {"Ada": 5, "Bela": 0}
    for number in range(7):
        make_user(f"Bela {number}")
    assert count("Ada", "Bela") == {"Ada": 5, "Bela": 4}


def test_nothing_to_ask_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counting.counted({"nobody": User.objects.none()}) == {"nobody": 0}
