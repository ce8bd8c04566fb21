"""The pages of a house's lists: kept by its people, found by nobody else, silent about what was taken back."""

import csv
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.rules.organizations import Role
from replicas.access.shortlists import shortlisted_replica_ids
from replicas.actions.answering import deny
from replicas.models import Replica, Shortlist
from replicas.rules.shortlists import COLUMNS
from replicas.views import shortlisting
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
)
from tests.replicas.guardrails_factory import set_rules
from tests.replicas.shortlist_factory import make_shortlist

pytestmark = pytest.mark.django_db
NAMES = {f"tag_{number}": f"Name {number}" for number in range(1, 7)}


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


@pytest.fixture
def three(house):
    return [make_replica(make_actor(name)) for name in ("Ann One", "Ben Two", "Cleo Three")]


@pytest.fixture
def shortlist(house, three):
    return make_shortlist(*three, organization=house)


def get(client, user, name, /, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, /, *args, headers=None, query="", **data):
    client.force_login(user)
    return client.post(reverse(name, args=args) + query, data, headers=headers or {})


def names_on(body):
    return re.findall(r'<h3><a href="/replicas/P-\w+/">([^<]+)</a></h3>', body)


def save(client, user, shortlist, replica, headers=None, **data):
    entry = shortlist.entries.get(replica=replica)
    return post(client, user, "shortlist-entry", shortlist.ref, entry.pk, headers=headers, **data)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER, Role.ASSISTANT])
def test_everybody_of_the_house_begins_and_names_lists(client, house, role):
    user = make_member(house, make_user("Bob Brandt"), role)
    response = post(client, user, "shortlist-new", title="Harbor fair", about="The wide shots", **NAMES)
    made = Shortlist.objects.get()
    assert (response.status_code, response.url) == (303, made.get_absolute_url())
    assert (made.organization, made.created_by, made.tags) == (house, user, list(NAMES.values()))
    assert "Nobody is on this list yet." in client.get(response.url).content.decode()
    assert post(client, user, "shortlist-edit", made.ref, title="Fair", about="", **NAMES).status_code == 303
    assert "Fair" in get(client, user, "shortlists").content.decode()
    assert get(client, user, "shortlist-new").context["form"].initial == NAMES


def test_two_tags_of_one_name_are_told_apart_before_they_are_saved(client, dana):
    typed = {**NAMES, "tag_2": " name  1 "}
    body = post(client, dana, "shortlist-new", title="Fair", about="kept", **typed).content.decode()
    assert "Another tag has this name already." in body
    assert "kept" in body
    assert Shortlist.objects.count() == 0


def test_strangers_find_no_list(client, shortlist, three):
    charlie = make_casting(make_user("Charlie"), "Supernova").memberships.get().user
    agent = make_agency().memberships.get().user
    entry = shortlist.entries.order_by("pk")[0]
    for user in (charlie, agent, three[0].actor.user):
        for name in ("shortlist", "shortlist-edit", "shortlist-delete", "shortlist-compare", "shortlist-export"):
            assert get(client, user, name, shortlist.ref).status_code == 404, (user, name)
        assert get(client, user, "shortlist-shares", shortlist.ref).status_code == 404
        assert post(client, user, "shortlist-entry", shortlist.ref, entry.pk, note="x").status_code == 404
        assert post(client, user, "shortlist-tidy", shortlist.ref).status_code == 404
        assert post(client, user, "shortlist-delete", shortlist.ref).status_code == 404
    for user in (agent, three[0].actor.user):
        assert get(client, user, "shortlists").status_code == 404
        assert get(client, user, "shortlist-new").status_code == 404
        assert get(client, user, "shortlist-add", replica=three[1].ref).status_code == 404
    assert "Harbor fair" not in get(client, charlie, "shortlists").content.decode()
    body = post(client, charlie, "shortlist-add", query=f"?replica={three[0].ref}", to=shortlist.ref).content.decode()
    assert "Select a valid choice" in body
    assert shortlist.entries.count() == 3


def test_an_entry_of_another_list_is_not_changed_through_this_one(client, dana, house, shortlist):
    other = make_shortlist(make_replica(), organization=house)
    entry = other.entries.get()
    assert post(client, dana, "shortlist-entry", shortlist.ref, entry.pk, note="x").status_code == 404


def test_the_list_in_its_order_and_by_tag(client, dana, shortlist, three):
    assert save(client, dana, shortlist, three[2], tags=[1, 3], note="<b>tall</b>").status_code == 303
    save(client, dana, shortlist, three[2], move="first")
    body = get(client, dana, "shortlist", shortlist.ref).content.decode()
    assert names_on(body) == ["Cleo Three", "Ann One", "Ben Two"]
    assert "Harbor fair: 3 replicas." in body
    assert "&lt;b&gt;tall&lt;/b&gt;" in body
    assert names_on(get(client, dana, "shortlist", shortlist.ref, tag=3).content.decode()) == ["Cleo Three"]
    assert names_on(get(client, dana, "shortlist", shortlist.ref, tag=2).content.decode()) == []
    assert get(client, dana, "shortlist", shortlist.ref, tag=7).status_code == 404
    assert get(client, dana, "shortlist", shortlist.ref, tag="x").status_code == 404


def test_htmx_gets_the_row_alone(client, dana, shortlist, three):
    response = save(client, dana, shortlist, three[0], {"HX-Request": "true"}, tags=[2], note="hands")
    body = response.content.decode()
    assert (response.status_code, body.lstrip()[:17]) == (200, '<li class="entry"')
    assert "Second choice</span>" in body
    assert "hands" in body


def test_nothing_typed_is_lost_when_a_note_is_too_long(client, dana, shortlist, three):
    body = save(client, dana, shortlist, three[0], tags=[2], note="long " * 101).content.decode()
    assert "A note holds 500 characters." in body
    assert "long long" in body
    assert 'value="2" id="id_tags_' in body
    assert shortlist.entries.get(replica=three[0]).note == ""


def test_what_was_taken_back_is_counted_and_named_nowhere(client, dana, shortlist, three):
    save(client, dana, shortlist, three[1], tags=[1], note="Canarynote")
    Replica.objects.filter(pk=three[1].pk).update(visibility="hidden")
    pages = [
        get(client, dana, "shortlist", shortlist.ref).content.decode(),
        get(client, dana, "shortlist-compare", shortlist.ref, r=[each.ref for each in three]).content.decode(),
        get(client, dana, "shortlist-export", shortlist.ref).content.decode(),
    ]
    for body in pages:
        assert "Ann One" in body
        for word in ("Ben Two", "Canarynote", three[1].ref):
            assert word not in body.replace(f"r={three[1].ref}", "")
    assert "1 replica of this list is not listed any more." in pages[0]
    assert "First choice" not in pages[0].split("<ol")[0]  # its tag is not counted either
    assert "1 replica you asked for is not on this list any more" in pages[1]
    assert save(client, dana, shortlist, three[1], note="x").status_code == 404
    post(client, dana, "shortlist-tidy", shortlist.ref)
    assert "not listed any more" not in get(client, dana, "shortlist", shortlist.ref).content.decode()
    assert shortlist.entries.count() == 2


def test_a_list_looks_the_same_whatever_was_answered(client, dana, house, shortlist, three):
    """Promise 3: one said yes, one no, one nothing; the list, the comparison and the export do not change."""
    project = make_project(house)

    def pages():
        wanted = {"r": [each.ref for each in three]}
        found = [get(client, dana, "shortlist", shortlist.ref), get(client, dana, "shortlists")]
        found += [get(client, dana, "shortlist-compare", shortlist.ref, **wanted)]
        found += [get(client, dana, "shortlist-export", shortlist.ref)]
        bodies = [page.content.decode() for page in found]
        mains = [body[body.index("<main") :] if "<main" in body else body for body in bodies]
        return [re.sub(r'value="[\w-]{20,}"', "", main) for main in mains]

    asked = [make_request(each, project) for each in three[:2]]
    before = pages()
    approve_request(asked[0])
    deny(asked[1], by=three[1].actor.user, at=timezone.now())
    assert pages() == before


def test_four_fit_beside_each_other(client, dana, house):
    five = [make_replica(make_actor(f"Number {number}", height_cm=160 + number)) for number in range(5)]
    shortlist = make_shortlist(*five, organization=house)
    body = get(client, dana, "shortlist-compare", shortlist.ref, r=[each.ref for each in five]).content.decode()
    assert re.findall(r"Number \d(?=</a>)", body) == [f"Number {number}" for number in range(4)]
    assert "4 fit beside each other" in body
    assert "160 cm" in body
    assert '<tr class="same"><th scope="row">Kind</th>' in body
    assert '<tr><th scope="row">Height</th>' in body
    assert "Nobody is chosen." in get(client, dana, "shortlist-compare", shortlist.ref).content.decode()


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_cell_of_the_export_is_a_formula(client, dana, house, evil):
    shortlist = make_shortlist(
        make_replica(make_actor("Eve", stage_name=evil.strip(), skills=evil)), organization=house
    )
    entry = shortlist.entries.get()
    entry.note = evil
    entry.save()
    response = get(client, dana, "shortlist-export", shortlist.ref)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="shortlist-{shortlist.ref}.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert rows[0] == list(COLUMNS.values())
    assert [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@")] == []
    assert rows[1][COLUMNS_AT["note"]] == f"'{evil}"


COLUMNS_AT = {name: place for place, name in enumerate(COLUMNS)}


def test_the_export_names_no_way_to_reach_anybody(client, dana, shortlist, three):
    body = get(client, dana, "shortlist-export", shortlist.ref).content.decode()
    assert "@" not in body
    assert body.count("P-") == 3


def test_from_the_card_and_back_to_the_search(client, dana, shortlist):
    replica = make_replica(make_actor("Dee Four"))
    search = "http://testserver/replicas/?q=dee"
    client.force_login(dana)
    page = client.get(reverse("shortlist-add"), {"replica": replica.ref}, headers={"referer": search})
    assert page.context["form"].initial["back"] == search
    response = post(
        client, dana, "shortlist-add", query=f"?replica={replica.ref}", to=shortlist.ref, note="hm", back=search
    )
    assert (response.status_code, response.url) == (303, search)
    assert shortlist.entries.get(replica=replica).note == "hm"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", ""):
        again = post(client, dana, "shortlist-add", query=f"?replica={replica.ref}", to=shortlist.ref, back=elsewhere)
        assert again.url == shortlist.get_absolute_url()
    assert "Dee Four is on Harbor fair already." in client.get(again.url).content.decode()


def test_a_new_list_begun_while_adding(client, dana):
    replica = make_replica(make_actor("Dee Four"))
    query = f"?replica={replica.ref}"
    assert "Give the new list a name." in post(client, dana, "shortlist-add", query=query, to="new").content.decode()
    post(client, dana, "shortlist-add", query=query, to="new", title="Night")
    assert shortlisted_replica_ids(Shortlist.objects.get(title="Night")) == [replica.pk]


def test_htmx_puts_it_on_a_list_and_offers_its_tags_in_the_card(client, dana, shortlist):
    replica, htmx = make_replica(make_actor("Dee Four")), {"HX-Request": "true"}
    client.force_login(dana)
    form = client.get(reverse("shortlist-add"), {"replica": replica.ref}, headers=htmx).content.decode()
    assert f'<option value="{shortlist.ref}">Harbor fair</option>' in form
    assert "<html" not in form
    query = f"?replica={replica.ref}"
    tags = post(client, dana, "shortlist-add", query=query, headers=htmx, to=shortlist.ref).content.decode()
    assert "<html" not in tags
    assert "First choice" in tags
    shortlist.entries.filter(replica=replica).update(note="written by a colleague")
    saved = save(client, dana, shortlist, replica, htmx, inline="1", tags=[1])
    assert "Saved on" in saved.content.decode()
    assert shortlist.entries.get(replica=replica).note == "written by a colleague"
    assert shortlist.entries.get(replica=replica).tag_numbers == [1]


def test_what_the_house_can_not_find_is_not_offered(client, dana, shortlist):
    hidden = make_replica(make_actor("Hidden One"), visibility="hidden")
    assert get(client, dana, "shortlist-add", replica=hidden.ref).status_code == 404
    response = post(client, dana, "shortlist-add", query=f"?replica={hidden.ref}", to=shortlist.ref)
    assert response.status_code == 404
    assert shortlist.entries.count() == 3


def listed(*names):
    return [make_replica(make_actor(name, skills="riding")) for name in names]


def test_all_that_fit_go_on_a_list(client, dana, shortlist, three):
    riders = listed("Zed Rider", "Amy Rider")
    page = get(client, dana, "replicas", q="riding").content.decode()
    assert 'href="/shortlists/add/?q=riding&amp;all=1"' in page
    query = "?q=riding&all=1"
    assert "Put 2 replicas on which list?" in get(client, dana, "shortlist-add", q="riding", all=1).content.decode()
    response = post(client, dana, "shortlist-add", query=query, to=shortlist.ref)
    assert response.status_code == 303
    assert shortlisted_replica_ids(shortlist) == [each.pk for each in (*three, riders[1], riders[0])]
    again = post(client, dana, "shortlist-add", query=query, to=shortlist.ref)
    assert "0 are new on Harbor fair, 2 were there already." in client.get(again.url).content.decode()


def test_more_than_can_be_added_at_once_are_the_first_by_name(client, dana, shortlist, monkeypatch):
    monkeypatch.setattr(shortlisting, "MOST_AT_ONCE", 2)
    riders = listed("Zed Rider", "Amy Rider", "Bea Rider")
    body = get(client, dana, "shortlist-add", q="riding", all=1).content.decode()
    assert "These are the first 2 by name." in body
    post(client, dana, "shortlist-add", query="?q=riding&all=1", to=shortlist.ref)
    assert shortlisted_replica_ids(shortlist)[3:] == [riders[1].pk, riders[2].pk]


def test_all_that_fit_are_those_whose_rules_allow_the_terms_searched_by(client, dana, shortlist):
    free, never = listed("Amy Rider", "Zed Rider")
    set_rules(free.actor), set_rules(never.actor, never_media=frozenset({"game"}))
    query = "?q=riding&all=1&t_on=on&t_medium=game&t_territory=us"
    assert "Put 1 replica on which list?" in client_get(client, dana, query)
    post(client, dana, "shortlist-add", query=query, to=shortlist.ref)
    assert shortlisted_replica_ids(shortlist)[3:] == [free.pk]
    unclear = get(client, dana, "shortlist-add", q="riding", all=1, t_on="on", t_medium="dream", t_territory="us")
    assert (unclear.status_code, unclear.url.split("?")[0]) == (303, "/replicas/")


def client_get(client, user, query):
    client.force_login(user)
    return client.get(reverse("shortlist-add") + query).content.decode()


def test_a_search_that_finds_nobody_or_can_not_be_read_leads_back(client, dana):
    response = get(client, dana, "shortlist-add", q="unicyclist", all=1)
    assert (response.status_code, response.url) == (303, "/replicas/?q=unicyclist")
    response = get(client, dana, "shortlist-add", age_from="old", all=1)
    assert (response.status_code, response.url) == (303, "/replicas/?age_from=old")


def test_a_deleted_list_is_asked_about_first(client, dana, shortlist):
    page = get(client, dana, "shortlist-delete", shortlist.ref).content.decode()
    assert "Delete Harbor fair?" in page
    assert Shortlist.objects.count() == 1
    response = post(client, dana, "shortlist-delete", shortlist.ref)
    assert (response.status_code, response.url) == (303, "/shortlists/")
    assert Shortlist.objects.count() == 0


@pytest.mark.parametrize("number", [1, 30])
def test_pages_cost_the_same_for_one_and_for_thirty(client, dana, house, number, django_assert_num_queries):
    lists = [make_shortlist(*[make_replica() for _ in range(2)], organization=house) for _ in range(number)]
    full = make_shortlist(*[make_replica() for _ in range(number)], organization=house)
    assert len(lists) == number
    client.force_login(dana)
    refs = [each.replica.ref for each in full.entries.all()[:4]]
    for address, count in (
        (reverse("shortlists"), 6),
        (full.get_absolute_url(), 9),
        (reverse("shortlist-compare", args=[full.ref]) + "?r=" + "&r=".join(refs), 7),
        (reverse("shortlist-export", args=[full.ref]), 4),
        (reverse("shortlist-add") + f"?replica={refs[0]}", 7),
    ):
        client.get(address)
        with django_assert_num_queries(count):
            assert client.get(address).status_code == 200
