"""The page of one's own rules: filled in, tried, saved. Nothing typed is lost, nothing inherited is loosened."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from replicas.access.guardrails import guardrails_in_force
from replicas.models import GuardrailsVersion
from replicas.rules.guardrails import Floor, Guardrails
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_guardian,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.drafts import as_
from tests.replicas.guardrails_factory import sent_by_browser, set_default, set_rules
from tests.replicas.test_guardrail_actions import ask, only, refused

pytestmark = pytest.mark.django_db
URL = "/me/guardrails/"


def page_of(client, url=URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def words(page: str) -> str:
    """The text of a page on one line."""
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def save(client, **changes):
    return client.post(URL, sent_by_browser(page_of(client), **changes, do="save"))


def own(actor) -> Guardrails:
    return guardrails_in_force(actor.pk).own


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_the_page_as_it_opens_saves_what_is_in_force():
    actor = make_actor(languages=" en es ")
    client = as_(actor.user)
    response = save(client)
    assert (response.status_code, response.headers["Location"]) == (303, URL)
    assert own(actor) == Guardrails(languages=only("en", "es"))
    version = GuardrailsVersion.objects.get()
    assert (version.number, version.name_the_rule) == (1, False)
    assert "Saved. Version 1 counts from now on" in words(page_of(client))


def test_everything_that_is_answered_is_kept_and_stands_there_again():
    actor, house = make_actor(languages=" en "), make_casting(name="Supernova")
    client = as_(actor.user)
    answers = {
        "medium_game": "never",
        "content_political": "never",
        "territory_eu": "never",
        "ai_ai_inference": "ask",
        "pair_theatrical_nudity": "on",
        "longest_days": "365",
        "notice_hours": "96",
        "floor_background_USD": "$1,150.50",
        "floor_principal_EUR": "0",
        "dubbing": "never",
        "languages": ["en", "fr"],
        "block_name": " supernova ",
        "name_the_rule": "on",
        "reason": "After the van spot.",
    }
    assert save(client, **answers).status_code == 303
    assert own(actor) == Guardrails(
        never_media=only("game"),
        never_content=only("political"),
        never_territories=only("eu"),
        never_ai=only("ai_generative_training", "ai_training", "data_mining"),
        never_pairs=only(("theatrical", "nudity")),
        longest_days=365,
        notice_hours=96,
        floors=only(Floor("background", "USD", Decimal("1150.50"))),
        languages=only("en", "fr"),
        blocked=only(house.pk),
    )
    version = GuardrailsVersion.objects.get()
    assert (version.reason, version.name_the_rule) == ("After the van spot.", True)
    before = own(actor)
    assert save(client).status_code == 303  # the page shows what is saved, so sending it back changes nothing
    assert own(actor) == before
    assert save(client, blocked=None, medium_game="ask", dubbing="ask").status_code == 303
    assert (own(actor).blocked, own(actor).never_media, own(actor).languages) == (frozenset(), frozenset(), None)


def test_a_house_that_asked_is_ruled_out_by_one_tick_and_nobody_else_is_offered():
    request = make_request()
    make_casting(name="Never Asked")
    client = as_(request.actor.user)
    page = page_of(client)
    assert "Nova Pictures" in page
    assert "Never Asked" not in page
    assert save(client, blocked=[str(request.organization_id)]).status_code == 303
    assert own(request.actor).blocked == only(request.organization_id)
    assert client.post(URL, sent_by_browser(page, blocked=["987654"], do="save")).status_code == 200
    assert own(request.actor).blocked == only(request.organization_id)


WRONG = {
    "longest_days": [
        ("a year", "Write the days as a whole number, like 365."),
        ("0", "A use runs one day at least."),
        ("36501", "Write at most 36,500 days, or leave it empty."),
    ],
    "notice_hours": [("47", "Choose one of the list.")],
    "floor_background_USD": [
        ("-1", "A fee can't be less than nothing. Write 0 if there is none."),
        ("1.283,50", "Write the amount as a number, like 1,283.50."),
    ],
    "block_name": [("Nobody & Sons", "No casting office or production company has exactly this name.")],
    "medium_game": [("maybe", "Choose “ask me” or “never”."), (None, "Choose “ask me” or “never”.")],
    "languages": [(None, "Choose the languages you act in, or let dubbing be asked for.")],
}


@pytest.mark.parametrize(("field", "typed", "said"), [(name, *case) for name, cases in WRONG.items() for case in cases])
def test_a_wrong_answer_is_said_at_its_field_and_everything_typed_stays(field, typed, said):
    actor = make_actor(languages=" en ")
    client = as_(actor.user)
    kept = {"reason": "Kept.", "content_drugs": "never", "pair_live_crime": "on", "floor_principal_GBP": "12.30"}
    response = save(client, **{**kept, "dubbing": "never", field: typed})
    page = response.content.decode()
    assert response.status_code == 200
    assert said in words(page)
    assert "Not saved. 1 answer needs another look." in words(page[: page.index('class="presets"')])
    again = sent_by_browser(page)
    assert {name: again[name][-1] for name in kept} == kept
    if field in ("longest_days", "floor_background_USD", "block_name"):
        assert again[field] == [typed]
    assert not GuardrailsVersion.objects.exists()


def test_a_page_from_before_saves_nothing_says_what_changed_and_keeps_what_was_typed():
    actor = make_actor()
    client = as_(actor.user)
    opened = page_of(client)
    set_rules(actor, never_media=only("live"))
    response = client.post(URL, sent_by_browser(opened, medium_game="never", reason="Mine", do="save"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Your rules were changed since you opened this page." in words(page)
    assert "Live events: never." in words(page)
    assert own(actor).never_media == only("live")
    again = sent_by_browser(page, do="save")
    assert (again["medium_game"], again["reason"], again["shown"]) == (["never"], ["Mine"], ["1"])
    assert client.post(URL, again).status_code == 303
    assert own(actor).never_media == only("game")


def test_the_same_page_sent_twice_is_saved_once():
    actor = make_actor()
    client = as_(actor.user)
    sent = sent_by_browser(page_of(client), medium_game="never", do="save")
    assert [client.post(URL, sent).status_code for _ in range(2)] == [303, 303]
    assert GuardrailsVersion.objects.count() == 1


@pytest.mark.parametrize("shown", ["", "x", "9" * 30])
def test_a_number_no_page_shows_is_a_page_from_before(shown):
    client = as_(make_actor().user)
    assert save(client, shown=shown).status_code == 409


# --- Presets ----------------------------------------------------------------------------------------------------------


def test_a_preset_fills_the_form_and_saves_nothing():
    actor, house = make_actor(languages=" en "), make_casting()
    set_rules(actor, blocked=only(house.pk), never_media=only("live"))
    client = as_(actor.user)
    page = page_of(client, f"{URL}?preset=cautious")
    assert "“Cautious” is filled in. Nothing is saved until you press Save." in words(page)
    assert GuardrailsVersion.objects.count() == 1
    assert client.post(URL, sent_by_browser(page, do="save")).status_code == 303
    assert own(actor).never_media == only("commercial", "online")
    assert (own(actor).blocked, own(actor).languages) == (only(house.pk), only("en"))
    assert "filled in" not in page_of(client, f"{URL}?preset=reckless")


# --- What is inherited ------------------------------------------------------------------------------------------------


def inheriting():
    """An actor whose agency says no to politics, to nudity in games, to dubbing, and to more than 300 days."""
    actor = make_actor(languages=" en ")
    agency = make_agency()
    represent(agency, actor)
    set_default(
        agency,
        never_content=only("political"),
        never_pairs=only(("game", "nudity")),
        longest_days=300,
        notice_hours=96,
        languages=only("en", "es"),
        floors=only(Floor("background", "USD", Decimal(100))),
    )
    return actor, as_(actor.user)


def test_what_is_inherited_is_locked_and_does_not_become_one_s_own():
    actor, client = inheriting()
    page = page_of(client)
    assert "From Northlight Talent. You can only tighten it. Never: political content, nudity in games." in words(page)
    assert not {"content_political", "pair_game_nudity", "dubbing"} & set(sent_by_browser(page))
    assert save(client, medium_game="never").status_code == 303
    assert own(actor) == Guardrails(never_media=only("game"), languages=only("en"))
    assert guardrails_in_force(actor.pk).rules.never_content == only("political")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("content_political", "ask", "Northlight Talent says never here. You can only tighten it."),
        ("longest_days", "301", "Northlight Talent allows 300 days at most. Yours can only be shorter."),
        ("notice_hours", "72", "Northlight Talent asks for at least 96 hours. Yours can only be longer."),
        ("floor_background_USD", "99.99", "Northlight Talent asks for at least $100. Yours can only be higher."),
        ("languages", ["en", "de"], "Northlight Talent rules out other languages. You can only leave some out."),
    ],
)
def test_an_answer_that_would_loosen_is_said_at_its_field(field, typed, said):
    _, client = inheriting()
    response = save(client, **{field: typed})
    assert response.status_code == 200
    assert said in words(response.content.decode())
    assert not GuardrailsVersion.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("longest_days", "300"), ("notice_hours", "120"), ("floor_background_USD", "100"), ("languages", ["es"])],
)
def test_an_answer_as_strict_or_stricter_is_saved(field, typed):
    _, client = inheriting()
    assert save(client, **{field: typed}).status_code == 303


def test_an_own_rule_that_an_agency_overtook_does_not_stand_in_the_way():
    actor, client = inheriting()
    GuardrailsVersion.objects.create(
        actor=actor,
        number=1,
        rules=Guardrails(longest_days=500, never_content=only("political")).as_dict(),
        created_by=actor.user,
        created_at=timezone.now(),
    )
    assert save(client, reason="Another thing").status_code == 303
    assert (own(actor).longest_days, own(actor).never_content) == (500, only("political"))


# --- Trying -----------------------------------------------------------------------------------------------------------


def test_trying_shows_what_would_have_happened_and_saves_nothing():
    actor = make_actor()
    replica, house = make_replica(actor), make_casting()
    make_request(replica, make_project(house, "Asked"), terms=offered_terms(use_terms(medium="streaming")))
    make_request(replica, make_project(house, "Played"), terms=offered_terms(use_terms(medium="game")))
    make_draft(replica, make_project(house, "Never sent"))
    client = as_(actor.user)
    sent = sent_by_browser(page_of(client), medium_game="never", reason="Not yet", do="preview")
    page = client.post(URL, sent).content.decode()
    assert "Of your last 2 requests, these rules would have refused 1." in words(page)
    assert "“Crowd at the harbor fair” is for games, and you said never." in words(page)
    assert words(page).count("You would be asked") == 1
    assert "Never sent" not in page
    assert sent_by_browser(page)["reason"] == ["Not yet"]
    assert not GuardrailsVersion.objects.exists()
    quiet = client.post(URL, sent_by_browser(page, medium_game="ask", do="preview")).content.decode()
    assert "You would have been asked about all of your last 2 requests." in words(quiet)


def test_trying_counts_what_is_inherited_and_the_last_twenty_alone():
    actor, client = inheriting()
    replica, house = make_replica(actor), make_casting()
    for number in range(21):
        at = timezone.now() - timedelta(days=60 - number)
        terms = offered_terms(use_terms(medium="game", sensitive=("nudity",), fee=Decimal(900), **span(at)))
        with pytest.raises(Exception, match="not available"):
            make_request(replica, make_project(house, f"Game {number}"), terms=terms, at=at)
    assert "Nobody has asked you yet." in words(
        client.post(URL, sent_by_browser(page_of(client), do="preview")).content.decode()
    )


def span(at):
    return {"starts_on": at.date() + timedelta(days=90), "ends_on": at.date() + timedelta(days=99)}


# --- What was refused, and what was changed ---------------------------------------------------------------------------


def test_the_actor_reads_what_was_refused_and_nobody_else_does():
    draft = make_draft()
    actor = draft.actor
    set_rules(actor, never_content=only("political"), blocked=only(draft.organization_id))
    refused(ask, draft)
    url = reverse("guardrails-refused")
    notices = Notification.objects.filter(kind="guardrails-refused", read_at__isnull=True)
    assert notices.count() == 1
    page = words(page_of(as_(actor.user), url))
    assert notices.count() == 0
    assert "Your guardrails said no 2 times for you." in page
    assert "Nova Pictures , Harbor Lights" in page
    assert "“Crowd at the harbor fair” has political content, and you said never." in page
    assert "You don't work with this organization. Only you know" in page
    assert "Your guardrails said no 2 times for you" in words(page_of(as_(actor.user)))
    other = make_actor("Charlie Stranger")
    assert "Nova Pictures" not in page_of(as_(other.user), url)
    assert as_(other.user).get(f"{url}?actor={actor.pk}").status_code == 404
    assert as_(draft.created_by).get(url).status_code == 302  # no actor, nothing to read
    director = as_(draft.created_by)
    for where in (
        "/",
        "/inbox/?tab=drafts",
        draft.get_absolute_url(),
        "/me/history/",
        draft.project.get_absolute_url(),
    ):
        shown = director.get(where, follow=True).content.decode()
        assert "don't work with" not in html.unescape(shown)
        assert "political content" not in shown


def test_every_version_says_who_when_why_and_what():
    actor, house = make_actor(), make_casting(name="Supernova")
    set_rules(actor, never_media=only("game"))
    client = as_(actor.user)
    assert save(client, medium_game="ask", block_name="Supernova", reason="Enough").status_code == 303
    page = words(page_of(client, reverse("guardrails-history")))
    assert "Version 2 : “Enough” Games: ask me. No work for Supernova." in page
    assert page.index("Version 2") < page.index("Version 1")
    assert house.name not in page_of(as_(make_user("Charlie Stranger")), "/me/")


def test_a_guardian_sets_the_rules_of_each_ward_and_the_ward_reads_them():
    ward, other = make_minor("Mia Minor"), make_minor("Max Minor")
    parent = make_guardian(ward)
    make_guardian(other, parent)
    theirs = f"{URL}?actor={other.pk}"
    client = as_(parent)
    assert "Max Minor" in page_of(client)
    sent = sent_by_browser(page_of(client, theirs), medium_game="never", do="save")
    response = client.post(theirs, sent)
    assert (response.status_code, response.headers["Location"]) == (303, theirs)
    assert (own(other).never_media, own(ward).never_media) == (only("game"), frozenset())
    young = as_(other.user)
    assert "Never: games" in words(page_of(young))
    refusal = young.post(URL, sent_by_browser(page_of(young), medium_game="ask", do="save"))
    assert "Only whoever answers for this actor sets their guardrails." in words(refusal.content.decode())
    assert own(other).never_media == only("game")
    stranger = make_guardian(make_minor("Moe Minor"), make_user("Charlie Stranger"))
    assert as_(stranger).get(theirs).status_code == 404
    assert as_(stranger).post(theirs, sent).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"), [("guardrails", 10), ("guardrails-history", 8), ("guardrails-refused", 9)]
)
def test_the_pages_take_the_same_queries_for_one_row_and_for_thirty(name, queries, count):
    actor, house = make_actor(), make_casting()
    replica = make_replica(actor)
    for number in range(count):
        set_rules(actor, never_content=only("political"), blocked=only(house.pk), longest_days=number + 1)
        refused(ask, make_draft(replica, make_project(house, f"Project {number}")))
    client = as_(actor.user)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(name))
    assert len(captured) == queries, "\n".join(query["sql"][:160] for query in captured)
