"""The search's copy and what is asked of it: kept in step, three ways, places, words half typed or misspelled."""

from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from replicas.access.listing import listed_ids, matching, page_of
from replicas.access.listing_counts import counts_of
from replicas.access.suggesting import meant, suggestions
from replicas.actions.listing import relist, relist_actor, relist_all
from replicas.actions.replicas import set_visibility
from replicas.models import Listing, ListingTerm, Replica
from replicas.rules.listing import Filters, lots, masks, order_of, place_key, places, skill_terms, tags, tokens
from replicas.rules.places import within
from replicas.rules.spelling import distance, nearest, one_away
from tests.factories import make_actor, make_casting, make_replica

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture
def dana():
    return make_casting().memberships.get().user


def make(name, *, place="", skills="", notes="", **modalities):
    actor = make_actor(name, place=place, skills=skills)
    return make_replica(actor, notes=notes, **{"body": False, **modalities})


@pytest.fixture
def people():
    """Maya: face and body, of Burbank; Mara: voice alone, of Leeds; Tom: body and voice, of Toronto."""
    return {
        "maya": make("Maya Moreno", place="Burbank, CA", skills="Riding, stage combat", face=True, body=True),
        "mara": make("Mara Quill", place="Leeds", skills="Riding, Opera", voice=True),
        "tom": make("Tom O’Hara", place="Toronto, Canada", notes="Beard", body=True, voice=True),
    }


def found(people, **filters):
    rows = set(matching(Filters(**filters), today=TODAY).values_list("pk", flat=True))
    return {name for name, replica in people.items() if replica.pk in rows}


def terms():
    return {(row.kind, row.term): row.listings for row in ListingTerm.objects.all()}


# --- The copy ---------------------------------------------------------------------------------------------------------


def test_hiding_and_showing_takes_the_listing_out_and_in_with_its_words(people):
    maya = people["maya"]
    before = terms()
    assert before["name", "maya"] == 1
    assert before["skill", "riding"] == 2
    set_visibility(maya, visibility="hidden", by=maya.actor.user, at=timezone.now())
    assert set(Listing.objects.values_list("pk", flat=True)) == {people["mara"].pk, people["tom"].pk}
    assert terms() == {key: n - (key == ("skill", "riding")) for key, n in before.items() if key not in HERS}
    set_visibility(maya, visibility="listed", by=maya.actor.user, at=timezone.now())
    assert terms() == before
    assert found(people, q="maya") == {"maya"}


HERS = {("name", "maya"), ("name", "moreno"), ("skill", "stage combat")}


def test_a_changed_name_is_found_by_its_new_words_and_no_more_by_its_old(people):
    actor = people["mara"].actor
    actor.stage_name, actor.skills = "Ines Vale", "Fencing"
    actor.save()
    assert relist_actor(actor) == 1
    assert found(people, q="mara") == set()
    assert found(people, q="ines fencing") == {"mara"}
    assert ("name", "mara") not in terms()


def test_making_the_copy_twice_changes_nothing(people):
    ids = [replica.pk for replica in people.values()]
    before = list(Listing.objects.order_by("pk").values()), terms()
    assert (relist(ids), relist_all()) == (3, 3)
    assert (list(Listing.objects.order_by("pk").values()), terms()) == before


def test_the_whole_copy_is_mended_from_the_rows(people):
    Listing.objects.filter(pk=people["tom"].pk).delete()
    Replica.objects.filter(pk=people["mara"].pk).update(visibility="hidden")
    ListingTerm.objects.filter(term="maya").delete()
    call_command("relist", stdout=(said := StringIO()))
    assert said.getvalue() == "2 replicas are listed.\n"
    assert found(people) == {"maya", "tom"}
    assert {term for kind, term in terms() if kind == "name"} == {"maya", "moreno", "tom", "o", "hara"}


def test_who_is_deactivated_is_out_with_that_statement(people):
    user = people["tom"].actor.user
    user.is_active = False
    user.save()
    assert found(people) == {"maya", "mara"}
    assert found(people, q="beard") == set()


def test_what_was_hidden_past_the_copy_is_never_shown(people):
    Replica.objects.filter(pk=people["maya"].pk).update(visibility="hidden")
    page = page_of(Filters(), day=None, today=TODAY, query=QueryDict())
    assert [replica.actor.stage_name for replica in page.items] == ["Mara Quill", "Tom O’Hara"]


# --- Three ways, ranges, places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"modality": ("body",)}, "maya tom"),
        ({"lacks": ("body",)}, "mara"),
        ({"modality": ("voice",), "lacks": ("body",)}, "mara"),
        ({"modality": ("body",), "lacks": ("voice", "motion")}, "maya"),
        ({"modality": ("body",), "lacks": ("body",)}, ""),
        ({"year_from": 2024, "year_to": 2024}, "maya mara tom"),
        ({"year_from": 2025}, ""),
        ({"year_to": 2023}, ""),
        ({"place": "California"}, "maya"),
        ({"place": "burb, ca"}, "maya"),
        ({"place": "UK"}, "mara"),
        ({"place": "England"}, "mara"),
        ({"place": "usa"}, "maya"),
        ({"place": "Canada"}, "tom"),
        ({"place": "bank"}, ""),
        ({"place": "o'fallon \\ | & ! :*"}, ""),
        ({"q": "rid"}, "maya mara"),
        ({"q": "ri"}, ""),
        ({"q": "iding"}, ""),
        ({"q": "o'hara"}, "tom"),
        ({"q": "combat stage may"}, "maya"),
        ({"q": '"or" OR * :* & | !'}, ""),
    ],
)
def test_each_filter_finds_exactly_these(people, filters, names):
    assert found(people, **filters) == set(names.split())


def test_each_of_the_three_ways_counts_what_it_would_find(people):
    for chosen in (Filters(), Filters(modality=("body",)), Filters(lacks=("voice",), q="riding")):
        counts = counts_of(chosen, today=TODAY)
        assert counts.total == matching(chosen, today=TODAY).count()
        for name in ("face", "body", "voice", "motion"):
            yes = {*chosen.modality} - {name}, {*chosen.lacks} - {name}
            have = matching(Filters(q=chosen.q, modality=(*yes[0], name), lacks=tuple(yes[1])), today=TODAY)
            lack = matching(Filters(q=chosen.q, modality=tuple(yes[0]), lacks=(*yes[1], name)), today=TODAY)
            assert (counts.of["modality"][name], counts.lacks[name]) == (have.count(), lack.count())


def test_beyond_the_most_counted_what_is_left_is_still_counted_whole(people, monkeypatch):
    monkeypatch.setattr("replicas.rules.listing.MOST_COUNTED", 2)
    counts = counts_of(Filters(modality=("voice",)), today=TODAY)
    assert (counts.total, counts.partial, counts.least) == (2, True, frozenset({"modality"}))
    assert counts.of["kind"]["ebdr"] == 2


def test_ids_come_in_the_order_of_the_page(people):
    assert listed_ids(Filters(), 2, today=TODAY) == [people["mara"].pk, people["maya"].pk]
    assert listed_ids(Filters(q="riding", modality=("face",)), 10, today=TODAY) == [people["maya"].pk]


def test_old_addresses_of_modalities_still_hold(people, client, dana):
    client.force_login(dana)
    response = client.get(reverse("replicas"), {"modality": ["body", "voice"]})
    assert [replica.pk for replica in response.context["page"].items] == [people["tom"].pk]
    assert [(pill.label, pill.url) for pill in response.context["pills"]] == [
        ("With body", "?voice=yes"),
        ("With voice", "?body=yes"),
    ]


def test_the_three_ways_are_said_and_kept_on_the_page(people, client, dana):
    client.force_login(dana)
    body = client.get(reverse("replicas"), {"face": "no", "voice": "yes", "year_from": "2020"}).content.decode()
    assert 'name="face" value="no" checked' in body
    assert 'name="voice" value="yes" checked' in body
    assert '<span class="n" id="n-voice-yes">2</span>' in body
    assert "Without face" in body
    assert "Captured from 2020" in body


# --- Order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)])
def test_every_days_order_turns_over_once_and_back_again(db, day):
    pks = [make_replica(make_actor(f"Actor {number}")).pk for number in range(60)]
    pages, query = [], QueryDict()
    while True:
        page = page_of(Filters(), day=day, today=day, query=query)
        pages.append(page)
        if not page.next_url:
            break
        query = QueryDict(page.next_url.lstrip("?"))
    order = [replica.pk for page in pages for replica in page.items]
    assert order == sorted(pks, key=order_of(day).place_of)
    for before, after in pairwise(pages):
        again = page_of(Filters(), day=day, today=day, query=QueryDict(after.previous_url.lstrip("?")))
        assert [replica.pk for replica in again.items] == [replica.pk for replica in before.items]
    assert (pages[0].previous_url, pages[-1].next_url) == ("", "")


def test_four_days_have_four_orders():
    days = [date(2026, 11, number) for number in (23, 24, 25, 26)]
    assert {order_of(day).lot for day in days} == {0, 1, 2, 3}
    assert len({tuple(sorted(range(40), key=order_of(day).place_of)) for day in days}) == 4
    assert [0 <= lot < 2**31 for lot in lots(1)] == [True] * 4


@pytest.mark.parametrize("place", ["WzAsMCwxLDFd", "WzAsOSwxLDFd", "WzAsInRydWUiLDEsMV0", "WzAsMSwieCIsMV0", "x"])
def test_a_place_nobody_made_is_read_as_the_beginning(people, client, dana, place):
    client.force_login(dana)
    first = client.get(reverse("replicas"), {"order": "day"}).context["page"].items
    assert client.get(reverse("replicas"), {"order": "day", "page": place}).status_code == 200
    assert len(first) == 3


# --- Completing and correcting ----------------------------------------------------------------------------------------


def test_names_and_skills_are_offered(people):
    assert suggestions("ma").people == ["Mara Quill", "Maya Moreno"]
    assert suggestions("mar").people == ["Mara Quill"]
    assert suggestions("moreno may").people == ["Maya Moreno"]
    assert suggestions("rid").skills == ["riding"]
    assert suggestions("st").skills == ["stage combat"]
    assert suggestions("r").words == []
    assert suggestions("%").words == []


def test_nobody_is_offered_who_is_not_listed(people, client, dana):
    make_replica(make_actor("Marlene Secret", skills="Falconry"), visibility="hidden")
    client.force_login(dana)
    for typed in ("marlene", "falc"):
        assert client.get(reverse("replicas-suggest"), {"q": typed}).content.decode().strip() == ""
    assert meant("marlens") == ""


def test_suggestions_are_options_for_who_may_search_alone(people, client, dana):
    stranger = make_casting().memberships.get().user
    stranger.memberships.all().delete()
    client.force_login(stranger)
    assert client.get(reverse("replicas-suggest"), {"q": "maya"}).status_code == 404
    client.force_login(dana)
    body = client.get(reverse("replicas-suggest"), {"q": "o’h"}).content.decode()
    assert body.strip() == '<option value="Tom O’Hara"></option>'


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("mya moreno", ""),  # three letters are near to too many
        ("maya morenno", "maya moreno"),
        ("maya mroeno", "maya moreno"),
        ("morrenno", "moreno"),
        ("quil", "quill"),
        ("quxyl", ""),
        ("maya moreno", ""),
        ("beardd", ""),  # in no name
        ("", ""),
    ],
)
def test_a_misspelled_name_is_asked_back(people, typed, better):
    assert meant(typed) == better


def test_the_page_asks_back_and_keeps_the_other_filters(people, client, dana):
    client.force_login(dana)
    body = client.get(reverse("replicas"), {"q": "morenno", "kind": "ebdr"}).content.decode()
    assert 'Did you mean <a href="?q=moreno&amp;kind=ebdr"><strong>Moreno</strong></a>?' in body
    assert "Did you mean" not in client.get(reverse("replicas"), {"q": "moreno"}).content.decode()


def test_asking_back_stays_within_the_queries_of_a_page(people, client, dana, django_assert_max_num_queries):
    client.force_login(dana)
    with django_assert_max_num_queries(12):
        client.get(reverse("replicas"), {"q": "morrenno quilll tomm"})
    with django_assert_max_num_queries(7):
        client.get(reverse("replicas-suggest"), {"q": "mor"})


# --- Words, pure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("moreno", "moreno", 0),
        ("morneo", "moreno", 1),
        ("moren", "moreno", 1),
        ("xoreno", "moreno", 1),
        ("ab", "ba", 1),
    ],
)
def test_how_far_apart_two_words_are(one, other, far):
    assert distance(one, other, 2) == distance(other, one, 2) == far


def test_far_apart_is_far():
    assert distance("maya", "quill", 2) == 3
    assert distance("moreno", "norema", 1) == 2


def test_one_slip_away_is_one_slip_away():
    near = set(one_away("quil"))
    assert {"quill", "qul", "qiul", "quin"} <= near
    assert {other for other in near if distance("quil", other, 1) > 1} == set()


def test_the_nearest_then_the_more_frequent_is_meant():
    assert nearest("marta", [("maria", 9), ("marla", 20), ("quill", 99)]) == "marla"
    assert nearest("morennno", [("moreno", 1), ("morenna", 90)]) == "morenna"
    assert nearest("mary", [("mark", 2)]) == "mark"
    assert nearest("mary", [("mars", 2), ("maryanne", 50)]) == "mars"


def test_words_places_and_skills_are_read_as_they_are_written():
    assert tokens("Zoë O’Hara, 2x riding-riding") == ["zoe", "o", "hara", "2x", "riding"]
    assert place_key("Burbank, CA") == "|burbank|ca|california|united states|"
    assert places("Burbank,  USA") == ["burbank", "united states"]
    assert skill_terms("Riding, stage combat,  riding…, a") == ["riding", "stage combat"]
    assert tags(3, " en es ", "|leeds|england|").split("|") == [
        *("face:yes", "body:yes", "voice:no", "motion:no", "speaks:en", "speaks:es", "in:leeds", "in:england")
    ]
    assert masks(("face",), ("voice", "motion")) == [1, 3]
    assert len(masks((), ())) == 16


@pytest.mark.parametrize(
    ("parts", "wider"),
    [
        (["london"], ["london", "england", "united kingdom"]),
        (["london", "on"], ["london", "on", "ontario", "canada"]),
        (["ontario", "california"], ["ontario", "california", "united states"]),
        (["tbilisi", "georgia"], ["tbilisi", "georgia"]),
        (["atlanta", "ga"], ["atlanta", "ga", "georgia", "united states"]),
        (["or"], ["or"]),
        (["scotland"], ["scotland", "united kingdom"]),
        (["paris"], ["paris"]),
        ([], []),
    ],
)
def test_a_place_lies_where_it_is_said_to(parts, wider):
    assert within(parts) == wider
