"""The search: what it finds, how it counts, in which order, and that nobody's answers play a part."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.rules.people import Gender, Language, Union
from replicas.access.listing import matching
from replicas.access.listing_counts import counts_of
from replicas.actions.answering import deny
from replicas.actions.sweeping import lapse_due
from replicas.models import Replica
from replicas.rules.listing import Filters, fold, order_of, words
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_replica,
    make_request,
    offered_terms,
    use_terms,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def make_listed(name, *, place="", skills="", **fields):
    """A listed replica whose search columns are written by the action. Fields of the profile or of the replica."""
    profile = {key: fields.pop(key) for key in list(fields) if key in PROFILE}
    actor = make_actor(name, place=place, skills=skills, **profile)
    return make_replica(actor, **fields)


PROFILE = ("playing_age_from", "playing_age_to", "height_cm", "gender", "union", "languages")


@pytest.fixture
def dana():
    return make_casting().memberships.get().user


@pytest.fixture
def three():
    """Zoë, a Londoner who rides; Ben, tall, of Los Angeles; Cara, a voice."""
    return {
        "zoe": make_listed(
            "Zoë Núñez",
            place="London",
            skills="Riding, stage combat",
            playing_age_from=20,
            playing_age_to=30,
            height_cm=165,
            gender=Gender.WOMAN,
            union=Union.EQUITY_UK,
            languages=f" {Language.ENGLISH} {Language.SPANISH} ",
            face=True,
            captured_on=date(2024, 1, 1),
        ),
        "ben": make_listed(
            "Ben Adler",
            place="Los Angeles",
            playing_age_from=30,
            playing_age_to=45,
            height_cm=190,
            gender=Gender.MAN,
            union=Union.SAG_AFTRA,
            languages=f" {Language.ENGLISH} ",
            kind="badr",
            captured_on=date(2026, 12, 31),
        ),
        "cara": make_listed(
            "Cara Lin",
            place="Los Gatos",
            gender=Gender.WOMAN,
            union=Union.SAG_AFTRA,
            languages=f" {Language.CANTONESE} ",
            body=False,
            voice=True,
            notes="Warm alto, wears GLASSES",
            captured_on=date(2019, 6, 1),
        ),
    }


def found(three, **filters):
    rows = set(matching(Filters(**filters), today=TODAY).values_list("pk", flat=True))
    return {name for name, replica in three.items() if replica.pk in rows}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, "zoe ben cara"),
        ({"q": "zoe"}, "zoe"),
        ({"q": "  NÚÑEZ riding "}, "zoe"),
        ({"q": "núñez swimming"}, ""),
        ({"q": "glasses"}, "cara"),
        ({"q": "100%"}, ""),
        ({"place": "los"}, "ben cara"),
        ({"place": "Los Angeles"}, "ben"),
        ({"place": "angeles"}, ""),
        ({"modality": ("body",)}, "zoe ben"),
        ({"modality": ("body", "face")}, "zoe"),
        ({"kind": ("badr",)}, "ben"),
        ({"kind": ("badr", "ebdr")}, "zoe ben cara"),
        ({"age_from": 30, "age_to": 32}, "zoe ben"),
        ({"age_from": 31}, "ben"),
        ({"age_to": 29}, "zoe"),
        ({"height_from": 166}, "ben"),
        ({"height_from": 165, "height_to": 165}, "zoe"),
        ({"gender": ("woman",)}, "zoe cara"),
        ({"union": ("sag_aftra",)}, "ben cara"),
        ({"language": ("es",)}, "zoe"),
        ({"language": ("es", "yue")}, "zoe cara"),
        ({"year": ("2026",)}, "ben"),
        ({"year": ("2024", "earlier")}, "zoe cara"),
        ({"gender": ("woman",), "union": ("sag_aftra",), "q": "lin"}, "cara"),
    ],
)
def test_each_filter_finds_exactly_these(three, filters, names):
    assert found(three, **filters) == set(names.split())


def test_only_listed_confirmed_replicas_are_found(dana, client):
    for changed in ({"visibility": "hidden"}, {"visibility": "by_link"}, {"state": "proposed"}, {"state": "declined"}):
        make_replica(make_actor("Secret Sam"), **changed)
    client.force_login(dana)
    response = client.get(reverse("replicas"), {"q": "secret"})
    assert response.context["total"] == 0
    assert "Secret Sam" not in response.content.decode()


# --- Counting ---------------------------------------------------------------------------------------------------------


def test_counts_are_exact_and_leave_their_own_choice_out(three):
    counts = counts_of(Filters(gender=("woman",)), today=TODAY)
    assert counts.total == 2
    assert counts.partial is False
    assert counts.of["gender"] == {"woman": 2, "man": 1, "non_binary": 0, "own_word": 0}
    assert counts.of["kind"] == {"ebdr": 2, "icdr": 0, "badr": 0}
    assert counts.of["union"] == {"sag_aftra": 1, "equity_uk": 1, "actra": 0, "other": 0, "none": 0}
    assert counts.of["modality"] == {"face": 1, "body": 1, "voice": 1, "motion": 0}
    assert counts.of["year"] == {"2026": 0, "2025": 0, "2024": 1, "2023": 0, "2022": 0, "2021": 0, "earlier": 1}
    assert counts.without == {"gender": 3}


def test_each_count_equals_what_choosing_it_finds(three):
    chosen = Filters(union=("sag_aftra",), modality=("body",))
    counts = counts_of(chosen, today=TODAY)
    for facet, values in counts.of.items():
        for value, number in values.items():
            pick = (*chosen.modality, value) if facet == "modality" else (value,)
            rows = matching(Filters(**{"union": chosen.union, "modality": chosen.modality, facet: pick}), today=TODAY)
            assert rows.count() == number, (facet, value)


def test_beyond_ten_thousand_the_counts_are_a_least(three, monkeypatch):
    monkeypatch.setattr("replicas.rules.listing.MOST_COUNTED", 1)
    counts = counts_of(Filters(), today=TODAY)
    assert (counts.partial, counts.total) == (True, 2)


# --- Order ------------------------------------------------------------------------------------------------------------


def names_over_pages(client, **query):
    names, url = [], reverse("replicas") + "?" + "&".join(f"{key}={value}" for key, value in query.items())
    while url:
        page = client.get(url).context["page"]
        names += [replica.actor.stage_name for replica in page.items]
        url = reverse("replicas") + page.next_url if page.next_url else ""
    return names


@pytest.fixture
def sixty():
    actors = [make_actor(f"Actor {number % 20:02d}") for number in range(60)]
    for actor in actors:
        make_replica(actor)
    return actors


def test_the_alphabet_is_complete_and_stable_over_pages(client, dana, sixty):
    client.force_login(dana)
    names = names_over_pages(client)
    assert names == sorted(actor.stage_name for actor in sixty)


def test_back_leads_to_the_page_one_came_from(client, dana, sixty):
    client.force_login(dana)
    first = client.get(reverse("replicas")).context["page"]
    second = client.get(reverse("replicas") + first.next_url).context["page"]
    again = client.get(reverse("replicas") + second.previous_url).context["page"]
    assert again.items == first.items
    assert again.previous_url == ""


def test_the_shuffle_is_complete_and_the_same_all_day(client, dana, sixty):
    client.force_login(dana)
    names = names_over_pages(client, order="day")
    assert sorted(names) == sorted(actor.stage_name for actor in sixty)
    assert names == names_over_pages(client, order="day")
    assert names != sorted(names)


def test_tomorrow_shuffles_anew():
    today, tomorrow = order_of(TODAY), order_of(TODAY + timedelta(days=1))
    ids = range(1, 200)
    assert sorted(ids, key=today.place_of) != sorted(ids, key=tomorrow.place_of)
    assert len({today.place_of(pk) for pk in ids}) == 199


def test_the_database_shuffles_as_the_rule_says(client, dana, sixty):
    client.force_login(dana)
    response = client.get(reverse("replicas"), {"order": "day"})
    shuffle = order_of(response.context["day"])
    expected = sorted(Replica.objects.values_list("pk", flat=True), key=shuffle.place_of)[:24]
    assert [replica.pk for replica in response.context["page"].items] == expected
    assert "Shuffled anew each day" in response.content.decode()


def test_yesterdays_shuffle_is_read_to_its_end_and_no_other_day(client, dana):
    client.force_login(dana)
    today = client.get(reverse("replicas"), {"order": "day"}).context["day"]
    for asked, shown in [
        (today - timedelta(days=1), today - timedelta(days=1)),
        (today - timedelta(days=2), today),
        (today + timedelta(days=1), today),
        ("2026-99-99", today),
    ]:
        assert client.get(reverse("replicas"), {"order": "day", "day": str(asked)}).context["day"] == shown


@pytest.mark.parametrize("order", ["name", "day"])
def test_a_refusal_or_a_silence_changes_nothing_here(client, dana, three, order):
    client.force_login(dana)

    def seen():
        response = client.get(reverse("replicas"), {"order": order})
        return re.sub(r'name="(csrfmiddlewaretoken|form_key)" value="[^"]*"', "", response.content.decode())

    before = seen()
    refused = make_request(three["ben"])
    deny(refused, by=refused.actor.user, at=timezone.now())
    silent = make_request(three["cara"], terms=offered_terms(use_terms(languages=Language.CANTONESE)))
    lapse_due(by=None, at=silent.answer_by)
    assert seen() == before


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_at_1_and_30_rows(client, dana, django_assert_num_queries, rows):
    for number in range(rows):
        make_replica(make_actor(f"Actor {number}"))
    client.force_login(dana)
    with django_assert_num_queries(8):
        client.get(reverse("replicas"), {"q": "actor", "gender": "", "kind": "ebdr"})


def test_chosen_filters_are_pills_that_remove_themselves(client, dana, three):
    client.force_login(dana)
    query = {"q": "a", "kind": ["ebdr", "badr"], "age_from": "25", "place": "Lo"}
    pills = client.get(reverse("replicas"), query).context["pills"]
    assert [pill.label for pill in pills] == [
        "“a”",
        "Lives in Lo",
        "Playing age from 25",
        "Employment-based replica (EBDR)",
        "Background actor replica (BADR)",
    ]
    assert pills[3].url == "?q=a&kind=badr&age_from=25&place=Lo"
    assert pills[2].url == "?q=a&kind=ebdr&kind=badr&place=Lo"


def test_an_empty_result_says_what_to_drop(client, dana, three):
    client.force_login(dana)
    body = client.get(reverse("replicas"), {"union": "actra", "kind": "badr"}).content.decode()
    assert "Nobody listed fits all of that." in body
    assert "1 without it" in body


def test_a_number_that_is_none_is_named_beside_its_field_and_left_out(client, dana, three):
    client.force_login(dana)
    response = client.get(reverse("replicas"), {"age_from": "young", "height_from": "200", "height_to": "100"})
    body = response.content.decode()
    assert "Write a whole number." in body
    assert "Height can’t end before it begins." in body
    assert 'value="young"' in body


@pytest.mark.parametrize("query", [{"kind": "x"}, {"year": "20x4"}, {"page": "x"}, {"order": "x"}, {"q": "\x00"}])
def test_nonsense_in_the_address_does_no_harm(client, dana, three, query):
    client.force_login(dana)
    assert client.get(reverse("replicas"), query).status_code == 200


def test_actors_and_agencies_look_and_casting_people_ask(client, dana, three):
    agent = make_agency().memberships.get().user
    for user, asks in ((dana, True), (agent, False), (three["ben"].actor.user, False)):
        client.force_login(user)
        body = client.get(reverse("replicas")).content.decode()
        assert "Zoë Núñez" in body
        assert ("Ask for this replica" in body) is asks


def test_words_are_folded_once_each_and_few():
    assert fold("Ｚoë  STRASSE straße") == "zoe strasse strasse"
    assert words("b a b " + " ".join("cdefghijk")) == ["b", "a", "c", "d", "e", "f", "g", "h"]
