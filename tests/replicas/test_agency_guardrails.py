"""What an agency rules out for its actors: owners set it, colleagues read it, strangers find nothing."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from agencies.rules.organizations import Role
from replicas.access.guardrails import agency_in_force
from replicas.rules.guardrails import Floor, Guardrails
from tests.factories import make_actor, make_agency, make_casting, make_member, make_user, represent
from tests.replicas.drafts import as_
from tests.replicas.guardrails_factory import sent_by_browser, set_default
from tests.replicas.test_guardrail_actions import only
from tests.replicas.test_guardrail_pages import page_of, words

pytestmark = pytest.mark.django_db


def desk():
    agency = make_agency()
    return agency, as_(agency.memberships.get().user), f"/agency/{agency.slug}/guardrails/"


def test_an_owner_sets_it_with_a_reason_and_the_actors_are_told_once():
    agency, client, url = desk()
    represent(agency, make_actor())
    make_actor("Charlie Stranger")
    page = page_of(client, url)
    assert "rules nothing out for its actors" in words(page)
    assert not {"blocked", "block_name", "name_the_rule"} & set(sent_by_browser(page))
    answers = {
        "content_political": "never",
        "pair_game_nudity": "on",
        "longest_days": "730",
        "floor_background_USD": "150",
        "reason": "As we agreed.",
    }
    sent = sent_by_browser(page, **answers)
    assert [client.post(url, sent).status_code for _ in range(2)] == [303, 303]
    newest = agency_in_force(agency.pk)
    assert (newest.number, newest.reason) == (1, "As we agreed.")
    assert newest.guardrails() == Guardrails(
        never_content=only("political"),
        never_ai=frozenset(),
        never_pairs=only(("game", "nudity")),
        longest_days=730,
        floors=only(Floor("background", "USD", Decimal(150))),
    )
    told = Notification.objects.get(kind="agency-guardrails")
    assert (told.recipient.name, told.context["reason"]) == ("Alice Ames", "As we agreed.")
    page = words(page_of(client, url))
    assert "What Northlight Talent rules out for 1 actor." in page
    assert "Version 1 : “As we agreed.” Political message: never." in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("reason", "", "Say why. Your actors read it beside the rules."),
        ("longest_days", "soon", "Write the days as a whole number, like 365."),
        ("languages", None, "Choose the languages you act in, or let dubbing be asked for."),
    ],
)
def test_a_wrong_answer_is_said_and_everything_typed_stays(field, typed, said):
    agency, client, url = desk()
    kept = {"content_drugs": "never", "floor_principal_GBP": "12.30"}
    sent = sent_by_browser(page_of(client, url), **{"reason": "Why", "dubbing": "never", **kept, field: typed})
    page = client.post(url, sent).content.decode()
    assert said in words(page)
    assert {name: sent_by_browser(page)[name][-1] for name in kept} == kept
    assert agency_in_force(agency.pk) is None


def test_a_page_from_before_saves_nothing():
    agency, client, url = desk()
    opened = page_of(client, url)
    set_default(agency, never_media=only("live"))
    response = client.post(url, sent_by_browser(opened, medium_game="never", reason="Mine"))
    assert response.status_code == 409
    assert "The rules were changed since you opened this page." in words(response.content.decode())
    again = sent_by_browser(response.content.decode())
    assert (again["medium_game"], again["shown"]) == (["never"], ["1"])
    assert agency_in_force(agency.pk).guardrails().never_media == only("live")


def test_colleagues_read_it_and_nobody_else_finds_it():
    agency, client, url = desk()
    set_default(agency, never_content=only("political"))
    opened = page_of(client, url)
    for role in (Role.MEMBER, Role.ASSISTANT):
        colleague = as_(make_member(agency, make_user("Bob Brandt"), role))
        page = page_of(colleague, url)
        assert "An owner sets this." in words(page)
        assert "Never: political content." in words(page)
        assert sent_by_browser(page) == {}
        assert colleague.post(url, sent_by_browser(opened, reason="Mine")).status_code == 403
    represent(agency, actor := make_actor())
    strangers = (actor.user, make_casting().memberships.get().user, make_user("Charlie Stranger"))
    for stranger in strangers:
        assert as_(stranger).get(url).status_code == 404
        assert as_(stranger).post(url, sent_by_browser(opened, reason="Mine")).status_code == 404
    house = make_casting()
    assert as_(house.memberships.get().user).get(f"/agency/{house.slug}/guardrails/").status_code == 404
    assert agency_in_force(agency.pk).number == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_the_same_queries_for_one_row_and_for_thirty(count):
    agency, client, url = desk()
    for number in range(count):
        represent(agency, make_actor(f"Actor {number}"))
        set_default(agency, longest_days=number + 1)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    assert len(captured) == 9, "\n".join(query["sql"][:160] for query in captured)
