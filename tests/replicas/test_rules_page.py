"""The public page of rules, and the file of sources it reads."""

import re
import tomllib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from replicas.access.sources import FILE, sources
from replicas.rules.rulebook import RULES
from replicas.rules.rulebook.stages import Basis, Effect
from tests.factories import make_actor

ROW = re.compile(r'<tr id="(R\d\d)">')


@pytest.fixture
def read_page(client, db, django_assert_num_queries):
    """The page's text for a query string, read by nobody in particular and without one query."""

    def read(asked: str = "") -> str:
        with django_assert_num_queries(0):
            response = client.get(reverse("rules") + asked)
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_every_rule_stands_on_the_page_once(read_page):
    text = read_page()
    assert sorted(ROW.findall(text)) == [rule.id for rule in RULES]
    assert len(text.encode()) <= 60_000


def test_a_row_says_whom_when_what_why_and_how_sure(read_page):
    row = read_page().partition('<tr id="R13">')[2].partition("</tr>")[0]
    for words in (
        "Dubbing by replica",
        "A voice that speaks another language is another performance.",
        "Binds: Producers and casting · version 1",
        "Stops it",
        "Before a request is sent, when it is answered, when a license is used",
        "Union contract",
        "§39.D, photography on or after Jul 1, 2027",
        "Under SAG-AFTRA TV/Theatrical 2026, from Jul 1, 2026",
        "A framework quoting the 2026 tentative agreement",
        "Secondary source, not checked by a lawyer",
    ):
        assert words in row


def test_signed_in_it_asks_for_nothing_but_the_frame_of_every_page(client, db):
    client.force_login(make_actor("Maya Reyes").user)

    def cost(name: str) -> int:
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name)).status_code == 200
        return len(asked)

    assert cost("rules") == cost("verify")


def test_what_no_stage_can_judge_says_who_sees_to_it(read_page):
    row = read_page().partition('<tr id="R32">')[2].partition("</tr>")[0]
    assert "Each case is judged by hand" in row


def test_it_says_that_it_is_not_legal_advice(read_page):
    assert "They are not legal advice, and no lawyer has checked them" in read_page()


def test_it_is_narrowed_by_effect_and_by_basis(read_page):
    warning = {rule.id for rule in RULES if Effect.WARN in rule.possible_effects}
    assert {"R07", "R23", "R30"} <= warning
    assert set(ROW.findall(read_page("?effect=warn"))) == warning
    by_law = {rule.id for rule in RULES if Basis.LAW in rule.bases}
    assert set(ROW.findall(read_page("?basis=law"))) == by_law
    assert set(ROW.findall(read_page("?effect=warn&basis=law"))) == warning & by_law


@pytest.mark.parametrize("asked", ["?effect=everything", "?basis=", "?effect=BLOCK"])
def test_words_that_are_no_filter_narrow_nothing(read_page, asked):
    assert len(ROW.findall(read_page(asked))) == len(RULES)


def test_a_choice_no_rule_fits_says_so(read_page, monkeypatch):
    monkeypatch.setattr("replicas.views.rules.rule_groups", lambda effect, basis: ())
    text = read_page("?effect=inform&basis=bill")
    assert "No rule is both." in text
    assert ROW.findall(text) == []


def effects_of(text: str, rule: str) -> list[tuple[str, str]]:
    """(effect, when) as the row of a rule says it."""
    row = text.partition(f'<tr id="{rule}">')[2].partition("</tr>")[0]
    return re.findall(r'<span class="badge \w+">([^<]+)</span><span class="detail">([^<]+)', row)


def test_a_rule_that_is_sometimes_weaker_says_when(read_page):
    assert effects_of(read_page(), "R23") == [
        ("Stops it", "When a license is used"),
        ("Warns", "before a request is sent and when it is answered"),
    ]
    assert effects_of(read_page(), "R30") == [
        ("Stops it", "Before a request is sent, when it is answered, when a scan is announced"),
        ("Warns", "without a union agreement, or where no floor is known"),
    ]


def test_the_page_is_read_never_written(client, db):
    assert client.post(reverse("rules")).status_code == 405


def test_it_is_linked_at_the_foot_of_every_page(client, db):
    assert f'href="{reverse("rules")}"' in client.get(reverse("verify")).content.decode()


def test_every_source_a_rule_cites_is_in_the_file():
    cited = {key for rule in RULES for key in rule.sources}
    assert cited - set(sources()) == set()


def test_sources_are_written_as_the_file_says():
    for key, about in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        assert re.fullmatch(r"[TULGKCH]\d{1,2}", key)
        assert set(about) <= {"title", "address"}, key
        assert about["title"].strip() == about["title"] != "", key
        address = about.get("address", "")
        assert "://" not in address, key
        assert "." in address.partition("/")[0] or not address, key


def test_an_address_that_was_cut_off_is_no_link():
    assert sources()["L6"].url.startswith("https://ilga.gov/")
    assert (sources()["H4"].url, sources()["T7"].url) == ("", "")
