"""The pages on which a crowd is prepared, as a house's browser sees them."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.rules.organizations import Role
from replicas.models import Crowd, Replica
from tests.factories import make_actor, make_casting, make_member, make_project, make_replica, make_user
from tests.replicas.crowds.drafts import make_crowd_draft, make_people, names_on
from tests.replicas.drafts import as_, errors_at

pytestmark = pytest.mark.django_db

BRIEF = {
    "title": "Harbor fair, wide shots",
    "brief": "Behind the ferris wheel in three wide shots, two or three seconds each, never in close-up.",
    "needs": ["body"],
    "naming": "anonymous",
}


def at(crowd: Crowd, step: str) -> str:
    return reverse(f"crowd-{step}", args=[crowd.ref])


def words(response) -> str:
    """The words of the page, without its tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def crowd(house) -> Crowd:
    return make_crowd_draft(project=make_project(house))


@pytest.fixture
def client(crowd) -> Client:
    return as_(crowd.created_by)


def test_a_crowd_begins_with_its_project_and_its_name(house):
    project = make_project(house)
    client = as_(project.created_by)
    page = client.get(reverse("crowd-new"))
    assert "Harbor Lights" in words(page)
    assert Crowd.objects.count() == 0
    answer = client.post(reverse("crowd-new"), {"project": project.ref, "title": "The fair at night"})
    crowd = Crowd.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, at(crowd, "brief"))
    assert "The fair at night" in client.get(at(crowd, "brief")).content.decode()


def test_a_crowd_without_a_name_is_asked_for_one(house):
    project = make_project(house)
    page = as_(project.created_by).post(reverse("crowd-new"), {"project": project.ref, "title": " "})
    assert "Give the crowd a name" in errors_at(page.content.decode(), "title")
    assert Crowd.objects.count() == 0


def test_strangers_and_the_other_sides_find_nothing(crowd):
    steps = ("brief", "terms", "people", "deadline", "discard", "preflight", "review")
    charlie = make_casting(make_user("Charlie Stone"), "Other Pictures").memberships.get().user
    for user in (charlie, make_actor("Person").user):
        client = as_(user)
        assert [client.get(at(crowd, step)).status_code for step in steps] == [404] * len(steps)
        assert client.post(at(crowd, "people"), {"do": "clear"}).status_code == 404
        saved = client.post(reverse("crowd-autosave", args=[crowd.ref, "brief"]), BRIEF)
        assert (saved.status_code, saved.json()) == (404, {"reason": "This draft does not exist."})
    assert Client().get(at(crowd, "brief")).status_code == 302
    assert as_(make_actor("Nobody").user).get(reverse("crowd-new")).status_code == 404


def test_an_assistant_prepares_everything(crowd):
    bob = make_member(crowd.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    client = as_(bob)
    assert client.post(at(crowd, "brief"), {**BRIEF, "do": "next"})["Location"] == at(crowd, "terms")
    crowd.refresh_from_db()
    assert (crowd.title, crowd.draft["brief"]["naming"]) == ("Harbor fair, wide shots", ["anonymous"])


def test_what_is_wrong_in_the_brief_is_said_beside_its_field_and_kept(crowd, client):
    typed = {**BRIEF, "brief": "In the crowd.", "do": "next"}
    answer = client.post(at(crowd, "brief"), typed)
    assert answer["Location"] == at(crowd, "brief") + "?check=1"
    page = client.get(answer["Location"]).content.decode()
    assert "how the look is used" in errors_at(page, "brief")
    assert "In the crowd." in page
    without_needs = {**BRIEF, "needs": [], "do": "next"}
    page = client.get(client.post(at(crowd, "brief"), without_needs)["Location"]).content.decode()
    assert "Choose at least one." in page


def test_each_step_saves_itself_and_takes_its_own_fields_alone(crowd, client):
    for step, values in {
        "brief": {"title": "Half a title", "foreign": "x"},
        "terms": {"currency": "USD", "use-0-title": "Crowd", "use-0-nonsense": "x"},
        "people": {"list": "ines@example.com"},
        "deadline": {"needed": "8o"},
    }.items():
        answer = client.post(reverse("crowd-autosave", args=[crowd.ref, step]), values)
        assert answer.status_code == 200, step
    crowd.refresh_from_db()
    assert crowd.draft == {
        "brief": {"title": ["Half a title"]},
        "terms": {"currency": ["USD"], "use-0-title": ["Crowd"]},
        "people": {"list": ["ines@example.com"]},
        "deadline": {"needed": ["8o"]},
    }
    assert client.post(reverse("crowd-autosave", args=[crowd.ref, "review"]), {}).status_code == 404
    assert set(client.get(reverse("crowd-autosave", args=[crowd.ref, "brief"])).json()) == {"token"}
    for step, value in (("terms", "Crowd"), ("people", "ines@example.com"), ("deadline", "8o")):
        assert value in client.get(at(crowd, step)).content.decode()


def test_a_draft_that_is_gone_is_said_and_nothing_typed_is_lost(crowd, client, monkeypatch):
    monkeypatch.setattr("replicas.views.crowd_drafting.save_crowd_draft", lambda *args, **kwargs: False)
    page = client.post(at(crowd, "brief"), {**BRIEF, "do": "save"})
    assert page.status_code == 409
    assert "can’t be saved any more" in words(page)
    assert BRIEF["brief"] in page.content.decode()
    saved = client.post(reverse("crowd-autosave", args=[crowd.ref, "brief"]), BRIEF)
    assert saved.status_code == 409


def test_uses_are_added_and_removed_without_a_script(crowd, client):
    answer = client.post(at(crowd, "terms"), {"use-0-title": "Wide", "do": "add-use"})
    assert answer["Location"] == at(crowd, "terms") + "#use-1"
    client.post(at(crowd, "terms"), {"use-0-title": "Wide", "use-1-title": "Trailer", "do": "remove-use-0"})
    crowd.refresh_from_db()
    assert crowd.draft["terms"] == {"use-1-title": ["Trailer"]}


def test_a_list_names_every_row_nobody_was_taken_from(crowd, client):
    ines, tom, vera, hidden = (
        make_replica(make_actor(name), **fields)
        for name, fields in (
            ("Ines", {}),
            ("Tom", {}),
            ("Vera", {"body": False, "voice": True}),
            ("Hidden", {"visibility": "hidden"}),
        )
    )
    file = (
        "\ufeffName;E-mail;Replica\r\n"
        f'"Duarte; Ines";{ines.actor.user.email.upper()};\r\n'
        f";;{tom.ref.lower()}\r\n"
        f";{ines.actor.user.email};\r\n"
        ";nobody@example.com;\r\n"
        f";{hidden.actor.user.email};\r\n"
        f";{vera.actor.user.email};\r\n"
        ";not an address@;\r\n"
        ";;P-000000\r\n"
        f";;{ines.ref}\r\n"
        "Somebody;;\r\n"
    )
    upload = SimpleUploadedFile("people.csv", file.encode("utf-8"))
    answer = client.post(at(crowd, "people"), {"list": "", "list_file": upload, "do": "add-list"})
    assert answer["Location"] == at(crowd, "people")
    assert names_on(crowd) == ["Ines", "Tom"]
    crowd.refresh_from_db()
    assert crowd.draft["people"]["left"] == [
        f"Row 4, {ines.actor.user.email}: The same person as row 2.",
        "Row 5, nobody@example.com: Nobody you can ask has this address.",
        f"Row 6, {hidden.actor.user.email}: Nobody you can ask has this address.",
        f"Row 7, {vera.actor.user.email}: The replica has no body.",
        "Row 8, not an address@: This is not an e-mail address.",
        "Row 9, P-000000: No replica you can ask for has this reference.",
        f"Row 10, {ines.ref}: The same person as row 2.",
        "Row 11, Somebody: There is no e-mail address and no reference in it.",
    ]
    page = client.get(at(crowd, "people"))
    assert "8 rows could not be taken." in words(page)
    for sentence in crowd.draft["people"]["left"]:
        assert sentence in words(page)
    assert "nobody@example.com\n" in crowd.draft["people"]["list"][0]
    assert "2 people on the list." in words(page)


def test_who_is_in_the_crowd_already_is_named_and_bad_rows_can_be_left_out(crowd, client):
    person = make_replica(make_actor("Ines"))
    client.post(at(crowd, "people"), {"list": f"{person.ref}", "do": "add-list"})
    client.post(at(crowd, "people"), {"list": f"\n{person.actor.user.email}", "do": "add-list"})
    crowd.refresh_from_db()
    assert crowd.draft["people"]["left"] == [f"Row 2, {person.actor.user.email}: This person is in the crowd already."]
    client.post(reverse("crowd-autosave", args=[crowd.ref, "people"]), {"list": "x"})
    crowd.refresh_from_db()
    assert len(crowd.draft["people"]["left"]) == 1
    client.post(at(crowd, "people"), {"do": "forget"})
    crowd.refresh_from_db()
    assert crowd.draft["people"] == {"list": [""]}
    assert names_on(crowd) == ["Ines"]


def test_an_empty_list_and_a_file_that_is_none_are_said(crowd, client):
    page = client.post(at(crowd, "people"), {"list": " \n", "do": "add-list"}).content.decode()
    assert "Write at least one address" in errors_at(page, "list")
    picture = SimpleUploadedFile("list.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    page = client.post(at(crowd, "people"), {"list": "typed@example.com", "list_file": picture, "do": "add-list"})
    assert "no list we can read" in errors_at(page.content.decode(), "list_file")
    crowd.refresh_from_db()
    assert crowd.draft["people"]["list"] == ["typed@example.com"]


def test_an_address_means_the_newest_replica_that_has_what_is_needed(crowd, client):
    ines = make_actor("Ines")
    make_replica(ines, body=False, voice=True, captured_on="2026-01-01")
    older, newer = make_replica(ines, captured_on="2023-01-01"), make_replica(ines, captured_on="2025-01-01")
    client.post(at(crowd, "people"), {"list": ines.user.email, "do": "add-list"})
    assert list(crowd.places.values_list("replica", flat=True)) == [newer.pk]
    assert older.pk != newer.pk


def test_an_address_that_nobody_proved_means_nobody(crowd, client):
    ines = make_replica(make_actor("Ines")).actor
    ines.user.emailaddress_set.update(verified=False)
    client.post(at(crowd, "people"), {"list": ines.user.email, "do": "add-list"})
    crowd.refresh_from_db()
    assert crowd.draft["people"]["left"] == [f"Row 1, {ines.user.email}: Nobody you can ask has this address."]


def test_some_of_a_search_are_taken_from_the_top_or_by_lot(crowd, client):
    make_people(6)
    make_replica(make_actor("Voice"), body=False, voice=True)
    search = at(crowd, "people") + "?q=person"
    assert "6 replicas fit your search" in words(client.get(search))
    client.post(search, {"some": "2", "do": "add-search"})
    assert names_on(crowd) == ["Person 000", "Person 001"]
    client.post(search, {"some": "3", "by_lot": "on", "do": "add-search"})
    assert len(names_on(crowd)) == 5
    page = client.post(search, {"some": "0", "do": "add-search"})
    assert "Write a number from 1 to 10,000." in errors_at(page.content.decode(), "some")
    answer = client.post(at(crowd, "people") + "?q=", {"some": "10", "do": "add-search"}, follow=True)
    assert "1 person added." in words(answer)
    assert "Your search finds nobody else to add" in words(answer)
    assert sorted(names_on(crowd)) == [f"Person {n:03d}" for n in range(6)]
    crowd.refresh_from_db()
    ref = Replica.objects.get(actor__stage_name="Voice").ref
    assert crowd.draft["people"]["left"] == [f"Voice, {ref}: The replica has no body."]


def test_the_list_is_put_in_order_and_people_are_taken_off(crowd, client):
    people = make_people(3)
    crowd = make_crowd_draft(people, project=crowd.project)
    client.post(at(crowd, "people"), {"do": f"first-{people[2].ref}"})
    assert names_on(crowd) == ["Person 002", "Person 000", "Person 001"]
    client.post(at(crowd, "people"), {"do": "order-name"})
    assert names_on(crowd) == ["Person 000", "Person 001", "Person 002"]
    client.post(at(crowd, "people"), {"do": f"remove-{people[0].ref}"})
    assert names_on(crowd) == ["Person 001", "Person 002"]
    client.post(at(crowd, "people"), {"do": "clear"})
    assert names_on(crowd) == []


def test_whoever_hides_falls_silent_on_the_list(crowd, client):
    person = make_people(1)[0]
    crowd = make_crowd_draft([person], project=crowd.project)
    assert "Person 000" in words(client.get(at(crowd, "people")))
    person.visibility = "hidden"
    person.save()
    page = words(client.get(at(crowd, "people")))
    assert "Person 000" not in page
    assert "can’t be asked for any more" in page


def test_fewer_people_than_needed_and_a_deadline_too_short_are_said(crowd, client):
    crowd = make_crowd_draft(make_people(2), project=crowd.project)
    typed = {"needed": "5", "margin": "0", "answer_by": "2020-01-01T17:00", "ending": "stays", "do": "next"}
    answer = client.post(at(crowd, "deadline"), typed)
    page = client.get(answer["Location"]).content.decode()
    assert "You need 5 and chose 2. Choose 3 more, or need fewer." in errors_at(page, "needed")
    assert "at least 48 hours" in errors_at(page, "answer_by")
    assert "2020-01-01T17:00" in page


def test_a_draft_is_thrown_away_after_asking_once(crowd, client):
    assert "Throw this draft away?" in words(client.get(at(crowd, "discard")))
    assert Crowd.objects.count() == 1
    assert client.post(at(crowd, "discard"))["Location"] == crowd.project.get_absolute_url()
    assert Crowd.objects.count() == 0
