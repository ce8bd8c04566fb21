"""Saved searches: kept for one person, run again, and a letter a day about what is new in them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Delivery, Notification
from accounts.notifications.letters import write_letter
from accounts.notifications.unsubscribing import unsubscribe_url
from accounts.rules.refusal import Refused
from agencies.actions import teams
from agencies.models import Membership
from agencies.rules.organizations import OrganizationKind
from replicas.access.searches import news_of
from replicas.actions.listing import relist
from replicas.actions.replicas import set_visibility
from replicas.actions.searches import change_search, delete_search, save_search, send_alerts
from replicas.models import Listing, SavedSearch
from replicas.rules.listing import Filters
from replicas.rules.permitted import SearchTerms
from replicas.rules.searches import MOST_SEARCHES, as_document, day_turned, from_document
from replicas.tasks import sweep_searches
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_organization,
    make_replica,
    make_user,
)
from tests.replicas.guardrails_factory import set_rules

pytestmark = pytest.mark.django_db

TURN = datetime(2026, 11, 25, 4, tzinfo=UTC)
AFTER = TURN + timedelta(minutes=15)


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


def keep(user, name="Riders", *, alert=True, at=TURN - timedelta(days=1), terms=None, house=None, **filters):
    return save_search(
        organization=house or user.memberships.get().organization,
        name=name,
        query=urlencode(filters),
        filters=Filters(**filters),
        terms=terms,
        said=["“riding”"],
        alert=alert,
        by=user,
        at=at,
    )


def listed(name="Alice", *, at=TURN - timedelta(hours=1), **fields):
    replica = make_replica(make_actor(name), **fields)
    Listing.objects.filter(pk=replica.pk).update(listed_at=at)
    return replica


def letters(user=None):
    rows = Notification.objects.filter(kind="search-news")
    return list(rows.filter(recipient=user) if user else rows)


# --- The rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "turn"),
    [
        (TURN, TURN - timedelta(days=1)),
        (AFTER - timedelta(seconds=1), TURN - timedelta(days=1)),
        (AFTER, TURN),
        (TURN + timedelta(days=1), TURN),
        (TURN + timedelta(days=1, minutes=15), TURN + timedelta(days=1)),
    ],
)
def test_a_day_turns_at_four_once_everything_before_is_written(at, turn):
    assert day_turned(at) == turn


@pytest.mark.parametrize(
    ("filters", "terms"),
    [
        (Filters(), None),
        (Filters(q="riding", modality=("face", "body"), age_from=0, kind=("badr",)), None),
        (Filters(place="York"), SearchTerms(medium="game", territory="us")),
        (
            Filters(),
            SearchTerms(
                medium="game",
                territory="us",
                starts_on=date(2027, 1, 1),
                ends_on=date(2027, 2, 1),
                content=("drugs",),
                ai=("data_mining",),
                languages=("en", "de"),
                role="featured",
                currency="EUR",
                fee=Decimal("199.50"),
            ),
        ),
    ],
)
def test_a_search_survives_being_written_down(filters, terms):
    assert from_document(as_document(filters, terms)) == (filters, terms)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"filters": None},
        {"filters": {"mood": "glad"}},
        {"filters": {}, "terms": {"medium": "game"}},
        {"filters": {}, "terms": {"medium": "game", "territory": "us", "fee": "much"}},
    ],
)
def test_a_search_that_cant_be_read_says_so_instead_of_widening(document):
    with pytest.raises(ValueError, match="can't be read"):
        from_document(document)


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_a_search_is_its_owners_alone(client, house, dana):
    search = keep(dana)
    bob = make_member(house, make_user("Bob"))
    charlie = make_member(make_organization(OrganizationKind.PRODUCTION, "Supernova"), make_user("Charlie"))
    paths = [reverse("search-edit", args=[search.ref]), reverse("search-delete", args=[search.ref])]
    for user in (bob, charlie):
        client.force_login(user)
        assert "Riders" not in client.get(reverse("searches")).content.decode()
        assert [client.post(path, {"name": "Mine"}).status_code for path in paths] == [404, 404]
    search.refresh_from_db()
    assert search.name == "Riders"
    with pytest.raises(SavedSearch.DoesNotExist):
        change_search(search, name="Mine", alert=False, by=bob, at=TURN)
    delete_search(search, by=bob, at=TURN)
    assert SavedSearch.objects.get().name == "Riders"


def test_who_leaves_the_house_loses_its_searches_and_letters(client, house, dana):
    finn = make_member(house, make_user("Finn"))
    search = keep(finn, house=house)
    listed()
    teams.remove(Membership.objects.get(user=finn), by=dana, at=timezone.now())
    send_alerts(by=None, at=AFTER)
    assert letters() == []
    client.force_login(finn)
    assert client.get(reverse("search-edit", args=[search.ref])).status_code == 404


@pytest.mark.parametrize("who", ["actor", "agent"])
def test_only_casting_desks_keep_searches(client, who):
    client.force_login(make_actor().user if who == "actor" else make_agency().memberships.get().user)
    assert client.get(reverse("searches")).status_code == 404
    assert client.get(reverse("search-new")).status_code == 404
    assert client.post(reverse("search-new"), {"name": "X"}).status_code == 404


# --- The pages --------------------------------------------------------------------------------------------------------


def test_a_search_is_saved_from_its_page_and_runs_again(client, dana):
    make_replica(make_actor("Alice"), kind="badr"), make_replica(make_actor("Bob"))
    client.force_login(dana)
    page = client.get(reverse("replicas"), {"kind": "badr", "page": "x", "t_on": "on", "t_medium": "game"})
    assert f"{reverse('search-new')}?kind=badr" in page.content.decode()
    query = {"kind": "badr", "t_on": "on", "t_medium": "game", "t_territory": "us", "page": "2"}
    form = client.get(reverse("search-new"), query)
    assert form.context["said"] == ["Background actor replica (BADR)", "Rules allow games, United States"]
    sent = form.context["form"].initial["query"]
    assert sent == "kind=badr&t_on=on&t_medium=game&t_territory=us"
    response = client.post(reverse("search-new"), {"name": "Crowds", "alert": "on", "query": sent})
    assert (response.status_code, response.headers["Location"]) == (303, reverse("searches"))
    search = SavedSearch.objects.get()
    assert (search.user, search.name, search.alert, search.query) == (dana, "Crowds", True, sent)
    terms = SearchTerms(medium="game", territory="us")
    assert from_document(search.document) == (Filters(kind=("badr",)), terms)
    listed_page = client.get(reverse("searches")).content.decode()
    assert "Crowds" in listed_page
    assert "E-mail about news" in listed_page
    cache.clear()
    again = client.get(search.get_absolute_url())
    assert [pill.label for pill in again.context["pills"]] == search.said


def test_without_a_name_nothing_is_lost(client, dana):
    client.force_login(dana)
    response = client.post(reverse("search-new"), {"name": "", "query": "q=riding"})
    body = response.content.decode()
    assert "Give it a name, so that you find it again." in body
    assert 'value="q=riding"' in body
    assert "“riding”" in body


def test_a_name_stands_for_one_search_and_fifty_are_enough(client, dana):
    keep(dana)
    client.force_login(dana)
    body = client.post(reverse("search-new"), {"name": "Riders", "query": "q=x"}).content.decode()
    assert "You have a search of that name here." in body
    for number in range(MOST_SEARCHES - 1):
        keep(dana, f"Search {number}")
    with pytest.raises(Refused, match="You keep 50 searches here"):
        keep(dana, "One more")


def test_a_search_is_renamed_and_deleted(client, dana):
    search = keep(dana)
    keep(dana, "Taken")
    client.force_login(dana)
    path = reverse("search-edit", args=[search.ref])
    assert "You have a search of that name here." in client.post(path, {"name": "Taken"}).content.decode()
    assert client.post(path, {"name": "Swimmers"}).status_code == 303
    search.refresh_from_db()
    assert (search.name, search.alert) == ("Swimmers", False)
    assert client.get(reverse("search-delete", args=[search.ref])).status_code == 405
    assert client.post(reverse("search-delete", args=[search.ref])).status_code == 303
    assert [row.name for row in SavedSearch.objects.all()] == ["Taken"]


def test_an_empty_list_says_how_to_begin(client, dana):
    client.force_login(dana)
    assert "Save a search to find it here." in client.get(reverse("searches")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_at_1_and_30_rows(client, dana, django_assert_num_queries, rows):
    for number in range(rows):
        keep(dana, f"Search {number}")
    client.force_login(dana)
    with django_assert_num_queries(6):
        client.get(reverse("searches"))


# --- The letters ------------------------------------------------------------------------------------------------------


def test_one_letter_a_day_tells_of_what_is_new_in_all_searches(dana):
    keep(dana), keep(dana, "Voices", modality=("voice",)), keep(dana, "Silent", alert=False)
    listed("Alice"), listed("Bob", voice=True, body=False), listed("Old", at=TURN - timedelta(days=2))
    assert send_alerts(by=None, at=AFTER) == 1
    assert send_alerts(by=None, at=AFTER) == 0
    (letter,) = letters(dana)
    assert [(line["name"], line["words"]) for line in letter.context["searches"]] == [
        ("Riders", "2 new replicas"),
        ("Voices", "1 new replica"),
    ]
    message = write_letter(letter, dana.email)
    assert message.subject == "[For information] Somebody new fits “Riders” and 1 more of your searches"
    assert "/unsubscribe/" in message.body
    assert "Alice" not in message.body
    assert Delivery.objects.filter(notification=letter).count() == 1


@pytest.mark.parametrize(
    ("listed_at", "told"),
    [
        (TURN - timedelta(days=1, microseconds=1), False),
        (TURN - timedelta(days=1), True),
        (TURN - timedelta(microseconds=1), True),
        (TURN, False),
    ],
)
def test_a_listing_is_news_on_the_day_it_came(dana, listed_at, told):
    keep(dana)
    listed(at=listed_at)
    send_alerts(by=None, at=AFTER)
    assert bool(letters()) is told


def test_what_came_at_the_turn_is_told_the_next_day_and_once(dana):
    keep(dana)
    listed(at=TURN)
    for days, count in ((0, 0), (1, 1), (2, 1)):
        send_alerts(by=None, at=AFTER + timedelta(days=days))
        assert len(letters()) == count, days


def test_no_news_no_letter(dana):
    keep(dana)
    send_alerts(by=None, at=AFTER)
    assert letters() == []
    assert SavedSearch.objects.get().looked_until == TURN


def test_news_are_of_people_whose_rules_allow_the_terms(dana):
    search = keep(dana, terms=SearchTerms(medium="game", territory="us"))
    allows, forbids = listed("Alice"), listed("Bob")
    set_rules(allows.actor)
    set_rules(forbids.actor, never_media=frozenset({"game"}))
    assert news_of(search, TURN) == 1
    set_rules(forbids.actor)  # rules that change are no news on another day: nobody was listed
    send_alerts(by=None, at=AFTER)
    send_alerts(by=None, at=AFTER + timedelta(days=1))
    assert len(letters()) == 1


def test_a_profile_or_a_note_that_changes_is_no_news(dana):
    replica = listed(at=TURN - timedelta(days=9))
    set_visibility(replica, visibility="listed", by=replica.actor.user, at=timezone.now())
    moment = Listing.objects.get(pk=replica.pk).listed_at
    relist([replica.pk])
    assert Listing.objects.get(pk=replica.pk).listed_at == moment == TURN - timedelta(days=9)


def test_switched_on_again_only_what_comes_from_then_on_is_news(dana):
    search = keep(dana, alert=False)
    listed()
    change_search(search, name="Riders", alert=True, by=dana, at=TURN - timedelta(minutes=30))
    send_alerts(by=None, at=AFTER)
    assert letters() == []


def test_who_ended_these_letters_gets_none(client, dana):
    keep(dana)
    listed()
    path = unsubscribe_url(dana.pk, ["search-news"]).partition("//")[2].partition("/")[2]
    client.post(f"/{path}")
    send_alerts(by=None, at=AFTER)
    assert Delivery.objects.count() == 0


def test_a_search_that_cant_be_read_stops_nobody_elses(dana):
    SavedSearch.objects.filter(pk=keep(dana).pk).update(document={"filters": {"mood": "glad"}})
    keep(dana, "Voices")
    listed()
    assert send_alerts(by=None, at=AFTER) == 1
    assert [line["name"] for line in letters()[0].context["searches"]] == ["Voices"]


def test_the_clock_sends_them(dana):
    keep(dana, at=timezone.now() - timedelta(days=3))
    listed(at=timezone.now() - timedelta(days=2))
    sweep_searches()
    assert len(letters(dana)) == 1


@pytest.mark.parametrize("people", [1, 5])
def test_looking_for_one_person_costs_the_same_however_many_there_are(house, django_assert_num_queries, people):
    for number in range(people):
        keep(make_member(house, make_user(f"Person {number}")), house=house)
    with django_assert_num_queries(1 + 6 * people):
        send_alerts(by=None, at=AFTER)


def test_the_words_are_found_after_the_column_was_added(dana):
    """SQLite copied the table for it; what keeps the words has to be there again."""
    make_replica(make_actor("Zoë Rider"))
    assert Listing.objects.worded(["zoe"]).count() == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'listing%'")
            assert cursor.fetchone()[0] == 4
