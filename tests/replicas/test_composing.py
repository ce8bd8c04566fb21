"""Writing a request: a draft is its house's alone, and nothing typed in it is lost."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.actions.drafting import save_draft
from replicas.models import ReuseRequest
from replicas.rules.deadlines import default_answer_by
from replicas.rules.vocabulary import Visibility
from tests.factories import (
    make_actor,
    make_casting,
    make_draft,
    make_member,
    make_project,
    make_replica,
    make_user,
    use_terms,
)
from tests.replicas.drafts import address, as_, errors_at, fingerprint, ready, typed

pytestmark = pytest.mark.django_db


# --- Beginning --------------------------------------------------------------------------------------------------------


def test_a_get_begins_nothing_and_a_post_begins_one_draft():
    project, replica = make_project(), make_replica()
    client = as_(project.created_by)
    where = reverse("request-compose") + f"?replica={replica.ref}"
    page = client.get(where)
    assert page.status_code == 200
    assert ReuseRequest.objects.count() == 0
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]
    for _ in range(2):
        answer = client.post(where, {"project": project.ref, "form_key": key})
    draft = ReuseRequest.objects.get()
    assert (answer.status_code, answer.url) == (303, address(draft))
    assert (draft.state, draft.created_by, draft.organization) == ("draft", project.created_by, project.organization)


def test_without_a_project_chosen_the_sentence_stands_at_the_choice():
    project, replica = make_project(), make_replica()
    page = as_(project.created_by).post(reverse("request-compose") + f"?replica={replica.ref}", {})
    assert "Choose the project." in page.content.decode()


def test_a_project_created_on_the_way_leads_back_to_the_replica():
    house, replica = make_casting(), make_replica()
    client = as_(house.memberships.get().user)
    page = client.get(reverse("request-compose") + f"?replica={replica.ref}").content.decode()
    where = f"{reverse('project-new')}?replica={replica.ref}"
    assert where in page
    facts = {"title": "Low Tide", "kind": "feature", "agreement": "none", "company": "Nova", "synopsis": "A tide."}
    answer = client.post(where, facts)
    project = house.projects.get()
    assert answer.url == f"{reverse('request-compose')}?replica={replica.ref}&project={project.ref}"
    assert re.search(rf'value="{project.ref}"[^>]*checked', client.get(answer.url).content.decode())


def test_another_houses_project_can_t_be_chosen():
    project, other, replica = make_project(), make_project(make_casting(name="Elsewhere")), make_replica()
    page = as_(project.created_by).post(reverse("request-compose") + f"?replica={replica.ref}", {"project": other.ref})
    assert "Choose one of your projects." in page.content.decode()
    assert not ReuseRequest.objects.exists()


def test_a_hidden_replica_and_one_that_does_not_exist_are_404_alike():
    client = as_(make_project().created_by)
    hidden = make_replica(visibility=Visibility.HIDDEN)
    for ref in (hidden.ref, "P-000000"):
        assert client.get(reverse("request-compose") + f"?replica={ref}").status_code == 404
        assert client.post(reverse("request-compose") + f"?replica={ref}", {"project": "x"}).status_code == 404


def test_actors_do_not_ask():
    replica = make_replica()
    assert as_(make_actor("Ada Actor").user).get(f"/requests/new/?replica={replica.ref}").status_code == 404


# --- The draft --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["draft", "review", "discard"])
def test_a_draft_is_its_houses_alone(what):
    draft, _owner = ready()
    bob = as_(make_member(draft.organization, role=Role.ASSISTANT))
    assert bob.get(address(draft, what)).status_code == 200
    charlie = as_(make_member(make_casting(name="Elsewhere"), make_user("Charlie Cole")))
    for stranger in (charlie, as_(draft.actor.user)):
        assert stranger.get(address(draft, what)).status_code == 404
        assert stranger.post(address(draft, what), typed()).status_code == 404
    assert Client().get(address(draft, what)).status_code == 302


def test_a_colleague_goes_on_where_somebody_stopped():
    draft, owner = ready()
    bob = as_(make_member(draft.organization, role=Role.ASSISTANT))
    assert "Crowd at the harbor fair" in bob.get(address(draft)).content.decode()
    bob.post(address(draft), {**typed(), "use-0-title": "Bob’s better title", "do": "save"})
    assert "Bob’s better title" in owner.get(address(draft)).content.decode()


def test_bad_values_come_back_beside_their_fields_with_the_input_kept():
    draft = make_draft()
    bad = {
        "business_reason": "We want it for any purpose whatsoever.",
        "use-0-description": "Too short.",
        "use-0-fee": "1.283,50",
        "use-0-ends_on": "1999-01-01",
        "use-0-replica_days": "many",
        "use-0-medium": "",
        "use-1-title": "",
        "answer_by": (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
    }
    page = as_(draft.created_by).post(address(draft), {**typed(), **bad, "do": "review"}).content.decode()
    assert "8 fields need another look" in page
    for field, words in {
        "business_reason": "Another purpose",
        "use-0-description": "at least 40",
        "use-0-fee": "like 1,283.50",
        "use-0-ends_on": "before the first",
        "use-0-replica_days": "whole number",
        "use-0-medium": "Choose one",
        "use-1-title": "short name",
        "answer_by": "48 hours",
    }.items():
        assert words in errors_at(page, field), field
        assert html.escape(bad[field], quote=False) in page
        assert f'aria-describedby="id_{field}' in page or "aria-describedby" in page
    assert errors_at(page, "use-0-title") == ""
    draft.refresh_from_db()
    assert draft.draft["use-0-fee"] == ["1.283,50"]
    assert "8 fields" in as_(draft.created_by).get(address(draft) + "?check=1").content.decode()


def test_a_half_filled_draft_is_saved_without_a_word_about_faults():
    draft = make_draft()
    client = as_(draft.created_by)
    answer = client.post(address(draft), {"use-0-title": "A start", "do": "save"})
    assert (answer.status_code, answer.url) == (303, address(draft))
    page = client.get(address(draft)).content.decode()
    assert 'value="A start"' in page
    assert "is-invalid" not in page


def test_the_deadline_starts_as_five_working_days_in_the_actors_time():
    actor = make_actor(user=make_user("Amy Tokyo", time_zone="Asia/Tokyo"))
    draft = make_draft(make_replica(actor))
    page = as_(draft.created_by).get(address(draft)).content.decode()
    due = default_answer_by(timezone.now(), ZoneInfo("Asia/Tokyo"))
    assert f'value="{due:%Y-%m-%dT}17:00"' in page
    assert "own time (Asia/Tokyo)" in page


@pytest.mark.parametrize(
    "moment", ["", "soon", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-14T02:30", "2026-11-01T01:30"]
)
def test_a_deadline_that_is_no_deadline_is_said_at_the_field(moment):
    draft = make_draft()
    page = as_(draft.created_by).post(address(draft), {**typed(), "answer_by": moment, "do": "review"}).content.decode()
    assert errors_at(page, "answer_by").strip()
    assert f'value="{moment}"' in page or not moment


def test_uses_are_added_and_removed_by_the_server_and_nothing_is_lost():
    draft = make_draft()
    client = as_(draft.created_by)
    answer = client.post(address(draft), {**typed(use_terms("First"), use_terms("Second")), "do": "add-use"})
    assert answer.url == address(draft) + "#use-2"
    page = client.get(address(draft)).content.decode()
    assert 'value="First"' in page
    assert 'name="use-2-title"' in page
    again = {**typed(use_terms("First"), use_terms("Second"), use_terms("Third")), "do": "remove-use-1"}
    client.post(address(draft), again)
    page = client.get(address(draft)).content.decode()
    assert 'value="First"' in page
    assert 'value="Third"' in page
    assert 'value="Second"' not in page


@pytest.mark.parametrize("do", ["remove-use-x", "remove-use-99", "remove-use-", "dance", "remove-use-²"])
def test_an_unknown_button_saves_and_harms_nothing(do):
    draft = make_draft()
    assert as_(draft.created_by).post(address(draft), {**typed(), "do": do}).status_code == 303
    draft.refresh_from_db()
    assert draft.draft["use-1-title"] == ["Festival trailer"]


def test_one_use_and_eight_take_the_same_number_of_queries():
    counts = []
    for number in (1, 8):
        draft, client = ready(*[use_terms(f"Use {n}") for n in range(number)])
        for what in ("draft", "review"):
            client.get(address(draft, what))
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert client.get(address(draft, what)).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_posting_columns_changes_none_of_them():
    draft = make_draft()
    other = make_replica(make_actor("Zoe Zimmer"))
    before = dict(ReuseRequest.objects.filter(pk=draft.pk).values()[0].items())
    extra = {
        "state": "approved",
        "sent_at": "2020-01-01",
        "sent_by": "1",
        "actor": str(other.actor_id),
        "replica": str(other.pk),
        "version": "7",
        "turn": "actor",
        "organization": "99",
        "draft": "{}",
        "current_terms": "1",
        "use-0-terms": "1",
        "use-0-position": "5",
    }
    client = as_(draft.created_by)
    for path in (address(draft), address(draft, "autosave")):
        client.post(path, {**typed(), **extra})
    after = ReuseRequest.objects.filter(pk=draft.pk).values()[0]
    assert {name for name in after if after[name] != before[name]} == {"draft", "changed_at"}
    assert not set(extra) & set(after["draft"])


# --- Autosave ---------------------------------------------------------------------------------------------------------


def test_autosave_keeps_a_half_filled_form_and_says_when():
    draft = make_draft()
    answer = as_(draft.created_by).post(
        address(draft, "autosave"), {"use-0-description": "Half a sent", "use-0-fee": "x"}
    )
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["saved_at"]).tzinfo is not None
    draft.refresh_from_db()
    assert draft.draft == {"use-0-description": ["Half a sent"], "use-0-fee": ["x"]}


def test_autosave_says_clearly_why_it_could_not():
    draft, client = ready()
    path = address(draft, "autosave")
    signed_out = Client().post(path, typed())
    assert (signed_out.status_code, "Sign in" in signed_out.json()["reason"]) == (401, True)
    assert as_(make_user("Charlie Cole")).post(path, typed()).status_code == 404
    assert client.post(path, {"business_reason": "x" * 200_001}).status_code == 409
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    late = client.post(path, {"business_reason": "From the other tab"})
    assert (late.status_code, "was sent" in late.json()["reason"]) == (409, True)
    draft.refresh_from_db()
    assert draft.draft["business_reason"] != ["From the other tab"]


def test_a_page_from_before_signing_in_again_gets_a_token_and_saves():
    draft = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.created_by)
    path = address(draft, "autosave")
    assert client.post(path, {"use-0-title": "Typed before"}).status_code == 403
    token = client.get(path).json()["token"]
    assert client.post(path, {"use-0-title": "Typed before", "csrfmiddlewaretoken": token}).status_code == 200
    assert Client().get(path).status_code == 401
    assert as_(make_user("Charlie Cole")).get(path).status_code == 404
    draft.refresh_from_db()
    assert draft.draft == {"use-0-title": ["Typed before"]}


def test_saving_for_another_house_writes_nothing():
    draft = make_draft()
    with pytest.raises(Refused):
        save_draft(draft, draft={"business_reason": ["x"]}, by=make_user("Charlie Cole"), at=timezone.now())
    draft.refresh_from_db()
    assert draft.draft == {}


def test_a_form_that_comes_too_late_shows_the_true_state_and_what_was_typed():
    draft, client = ready()
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    answer = client.post(address(draft), {**typed(), "use-0-title": "Typed in the other tab", "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was sent" in page
    assert "Typed in the other tab" in page
