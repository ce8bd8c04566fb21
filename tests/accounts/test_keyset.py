"""Pages by keyset: complete, stable, in both directions, whatever is in the address."""

import base64
import json

import pytest
from django.http import QueryDict

from accounts.access.keyset import keyset_page
from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ORDER = ("name", "-id")


def query(url: str) -> QueryDict:
    return QueryDict(url.lstrip("?"))


def walk(direction: str, url: str, size: int) -> list[list[str]]:
    pages = []
    while True:
        page = keyset_page(User.objects.all(), order=ORDER, size=size, query=query(url))
        pages.append([user.email for user in page.items])
        url = getattr(page, direction)
        if not url:
            return pages


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_walking_forth_and_back_shows_every_row_once(size):
    for name in ("Cee", "Ann", "Ann", "Bob", "Ann", "Dan", "Bob"):
        make_user(name)
    wanted = list(User.objects.order_by(*ORDER).values_list("email", flat=True))
    forth = walk("next_url", "", size)
    assert [email for page in forth for email in page] == wanted
    last = ""
    while next_url := keyset_page(User.objects.all(), order=ORDER, size=size, query=query(last)).next_url:
        last = next_url
    back = walk("previous_url", last, size)
    assert [email for page in reversed(back) for email in page] == wanted


def test_a_page_keeps_the_rest_of_the_address():
    make_user("Ann"), make_user("Bob")
    page = keyset_page(User.objects.all(), order=ORDER, size=1, query=QueryDict("q=a&kind=x"))
    assert {key: query(page.next_url)[key] for key in ("q", "kind")} == {"q": "a", "kind": "x"}


def token(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "%%%",
        token(),
        token(0),
        token(0, "Ann", "text"),
        token(0, None, 1),
        token(0, [1], {}),
        token(0, {"t": "no"}, 1),
    ],
)
def test_a_place_nobody_made_is_the_beginning(place):
    make_user("Ann"), make_user("Bob")
    page = keyset_page(User.objects.all(), order=ORDER, size=5, query=QueryDict(f"page={place}"))
    assert [user.name for user in page.items] == ["Ann", "Bob"]


def test_a_page_is_one_query(django_assert_num_queries):
    make_user("Ann"), make_user("Bob")
    with django_assert_num_queries(1):
        keyset_page(User.objects.all(), order=ORDER, size=1, query=QueryDict(""))
