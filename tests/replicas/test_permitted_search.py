"""The search by terms: who is shown, what is said of the others, and what can't be found out by it."""

from decimal import Decimal
from itertools import count

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from agencies.rules.organizations import OrganizationKind
from replicas.actions.answering import deny
from replicas.actions.permitted import follow_rules
from replicas.models import Listing
from replicas.rules.guardrails import Floor
from replicas.rules.permitted import MOST_TERMS
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_organization,
    make_replica,
    make_request,
    make_user,
)
from tests.replicas.guardrails_factory import set_rules

pytestmark = pytest.mark.django_db

GAME = {"t_on": "on", "t_medium": "game", "t_territory": "us"}


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def dana():
    return make_casting().memberships.get().user


def listed(name, **rules):
    """A listed replica of somebody with these rules."""
    actor = make_actor(name)
    replica = make_replica(actor)
    set_rules(actor, **rules)
    return replica


def never_games(number, name="No"):
    return [listed(f"{name} {place}", never_media=frozenset({"game"})) for place in range(number)]


def search(client, user, **query):
    client.force_login(user)
    return client.get(reverse("replicas"), query)


def shown(response):
    return [replica.actor.stage_name for replica in response.context["page"].items]


def test_only_people_whose_rules_allow_the_terms_are_shown(client, dana):
    listed("Alice"), listed("Bob", never_media=frozenset({"game"}))
    listed("Cleo", floors=frozenset({Floor("background", "USD", Decimal(200))}))
    assert shown(search(client, dana)) == ["Alice", "Bob", "Cleo"]
    assert shown(search(client, dana, **GAME)) == ["Alice", "Cleo"]
    assert shown(search(client, dana, **GAME, t_fee="199.99")) == ["Alice"]
    assert shown(search(client, dana, **GAME, t_fee="200")) == ["Alice", "Cleo"]
    assert shown(search(client, dana, **{**GAME, "t_on": ""})) == ["Alice", "Bob", "Cleo"]


@pytest.mark.parametrize(("number", "words"), [(0, ""), (4, ""), (5, "5"), (9, "5"), (10, "10")])
def test_the_refused_are_counted_from_five_on_in_steps_and_never_named(client, dana, number, words):
    listed("Alice"), never_games(number, "Canary")
    response = search(client, dana, **GAME)
    assert response.context["refused"] == words
    body = response.content.decode()
    assert "Canary" not in body
    assert ("Left out by their own rules" in body) is bool(words)
    assert shown(response) == ["Alice"]


def test_one_name_gives_no_count(client, dana):
    never_games(12, "Canary")
    response = search(client, dana, **GAME, q="canary 3")
    assert (response.context["refused"], shown(response)) == ("", [])


def test_one_person_more_or_less_moves_no_count_by_one(client, dana):
    """The difference of two counts is a step of five, whoever changes their rules in between."""
    refused = never_games(9)
    before = search(client, dana, **GAME).context["refused"]
    set_rules(refused[0].actor)
    after = search(client, dana, **GAME).context["refused"]
    assert (before, after) == ("5", "5")


def test_no_number_of_those_without_the_terms_stands_at_their_pill(client, dana):
    never_games(3)
    body = search(client, dana, **GAME).content.decode()
    assert "Rules allow games, United States" in body
    assert "without it" not in body


def test_the_address_without_the_terms_keeps_the_rest(client, dana):
    pills = search(client, dana, **GAME, t_content="drugs", q="ann").context["pills"]
    assert [pill.url for pill in pills] == [pills[0].url, "?q=ann"]
    assert "t_content=drugs" in pills[0].url


@pytest.mark.parametrize("missing", ["t_medium", "t_territory"])
def test_terms_are_whole_or_narrow_nothing(client, dana, missing):
    never_games(1)
    response = search(client, dana, **{**GAME, missing: ""})
    assert shown(response) == ["No 0"]
    body = response.content.decode()
    assert "Choose one, so that rules can be asked." in body
    assert "Your terms don’t count yet, so everybody is shown." in body
    assert f"{missing.removeprefix('t_').capitalize()}: choose one" in body


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"t_starts_on": "2027-02-01", "t_ends_on": "2027-01-01"}, "can’t end before it begins"),
        ({"t_starts_on": "2027-02-01"}, "Write both days, or neither."),
        ({"t_starts_on": "1027-02-01", "t_ends_on": "2027-01-01"}, "No use runs longer than ten years."),
        ({"t_starts_on": "tomorrow", "t_ends_on": "2027-01-01"}, "Write the day as year-month-day"),
        ({"t_fee": "much"}, "Write an amount, like 250 or 199.50."),
        ({"t_fee": "-1"}, "A fee is not below zero."),
        ({"t_medium": "radio"}, "Choose from the list."),
        ({"t_content": ["drugs", "x"]}, "Choose from the list."),
    ],
)
def test_what_cant_be_read_is_named_kept_and_narrows_nothing(client, dana, query, sentence):
    never_games(1)
    response = search(client, dana, **{**GAME, **query})
    assert sentence in response.content.decode()
    assert shown(response) == ["No 0"]


def test_a_house_somebody_rules_out_finds_them_all_the_same(client, dana):
    house = dana.memberships.get().organization
    listed("Alice", blocked=frozenset({house.pk}))
    assert shown(search(client, dana, **GAME)) == ["Alice"]


@pytest.mark.parametrize("who", ["agent", "actor"])
def test_nobody_else_can_ask_by_terms(client, who):
    never_games(6)
    user = make_agency().memberships.get().user if who == "agent" else make_actor("Zed").user
    response = search(client, user, **GAME)
    assert len(shown(response)) == 6
    assert response.context["refused"] == ""
    assert "Rules allow my terms" not in response.content.decode()


def test_what_somebody_answered_changes_nothing(client, dana):
    replica = listed("Alice")
    request = make_request(replica)
    deny(request, by=replica.actor.user, at=timezone.now())
    assert shown(search(client, dana, **GAME)) == ["Alice"]


def test_a_house_has_so_many_different_terms_a_day(client, dana):
    """Counted over its people; terms used before go on working; another house has its own."""
    never_games(1)
    house = dana.memberships.get().organization
    bob = make_member(house, make_user("Bob"))
    fees = count(1)
    for user in (dana, bob):
        for _ in range(MOST_TERMS // 2):
            assert shown(search(client, user, **GAME, t_fee=next(fees))) == []
    response = search(client, bob, **GAME, t_fee=next(fees))
    assert shown(response) == ["No 0"]
    assert f"searched by {MOST_TERMS} different terms today" in response.content.decode()
    assert shown(search(client, dana, **GAME, t_fee="1")) == []
    other = make_organization(OrganizationKind.PRODUCTION, "Supernova")
    charlie = make_member(other, make_user("Charlie"))
    assert shown(search(client, charlie, **GAME, t_fee="999")) == []


def test_without_the_counter_nothing_is_told(client, dana, monkeypatch):
    def away(*_args, **_more):
        raise RedisError

    never_games(1)
    client.force_login(dana)
    monkeypatch.setattr("replicas.access.permitted.cache.add", away)
    assert shown(client.get(reverse("replicas"), GAME)) == ["No 0"]


def test_who_was_never_read_is_not_said_to_allow_anything(client, dana):
    replica = listed("Alice")
    Listing.objects.update(rules=None)
    assert shown(search(client, dana, **GAME)) == []
    follow_rules([replica.actor_id], by=None, at=timezone.now())
    assert shown(search(client, dana, **GAME)) == ["Alice"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_at_1_and_30_rows(client, dana, django_assert_num_queries, rows):
    for number in range(rows):
        listed(f"Actor {number}")
    never_games(rows)
    client.force_login(dana)
    query = {**GAME, "t_languages": "de"}
    client.get(reverse("replicas"), query)
    with django_assert_num_queries(10):
        client.get(reverse("replicas"), query)
