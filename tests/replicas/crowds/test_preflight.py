"""Checking a crowd, reading it as one of its people, and releasing it."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.rules.organizations import Role
from replicas.actions.crowds import preflight as checking
from replicas.actions.crowds.preflight import Asked, preflight
from replicas.models import Crowd, CrowdPlace, DestructionTask, GuardrailRefusal
from replicas.rules.crowds.preflight import KEPT, Check, Checking
from replicas.rules.guardrails import Floor
from tests.factories import (
    make_agency,
    make_casting,
    make_member,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.promises.tables import dump
from tests.replicas.crowds.drafts import BRIEF, TERMS, make_crowd_draft, make_people, names_on, ready
from tests.replicas.custody_factory import make_copy, make_task
from tests.replicas.drafts import as_
from tests.replicas.guardrails_factory import set_rules
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
NEVER_STREAMING = {"never_media": frozenset({"streaming"})}


@pytest.fixture(autouse=True)
def _no_blur(monkeypatch):
    cache.clear()
    monkeypatch.setattr(checking, "_blur", lambda of, what: 0)


def at(crowd: Crowd, step: str) -> str:
    return reverse(f"crowd-{step}", args=[crowd.ref])


def words(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def asked(needed: int = 2, terms=TERMS) -> Asked:
    return Asked(terms, needed, timezone.now() + timedelta(days=5))


def found(crowd: Crowd, terms=TERMS) -> Check:
    people = CrowdPlace.objects.filter(crowd=crowd).count()
    check = preflight(Crowd.objects.get(pk=crowd.pk), asked(terms=terms), people=people, at=timezone.now())
    assert isinstance(check, Check)
    return check


def rule_out(replicas, **rules) -> None:
    for replica in replicas:
        set_rules(replica.actor, **(rules or NEVER_STREAMING))


def test_who_would_be_refused_is_counted_by_the_term_that_causes_it():
    people = make_people(24)
    rule_out(people[:10])
    rule_out(people[10:16], floors=frozenset({Floor("background", "USD", Decimal("300"))}))
    rule_out(people[16:20], longest_days=30)
    check = found(ready(people))
    assert (check.people, check.refused) == (24, 15)  # 20 in truth: five always stay untold
    assert [(one.words, one.least) for one in check.causes] == [("streaming in “Crowd”", 10), ("the fee in “Crowd”", 5)]


def test_a_rule_that_may_not_be_named_is_not():
    people = make_people(12)
    rule_out(people[:6], name_the_rule=False, **NEVER_STREAMING)
    check = found(ready(people))
    assert [(one.words, one.least, one.anchor) for one in check.causes] == [(KEPT.words, 5, "")]


def test_checking_changes_nothing_and_tells_nobody():
    people = make_people(12)
    rule_out(people[:7])
    crowd = ready(people)
    client = as_(crowd.created_by)
    client.get(at(crowd, "brief"))
    before = dump()
    page = client.get(at(crowd, "preflight"))
    assert "At least 5 of 12" in words(page)
    assert dump() == before
    assert GuardrailRefusal.objects.count() == 0


def test_no_name_of_a_refuser_and_no_small_count_is_on_the_page():
    people = make_people(12)
    rule_out(people[:4])
    crowd = ready(people)
    page = words(as_(crowd.created_by).get(at(crowd, "preflight")))
    assert "Few or nobody, as far as it can be told." in page
    assert "Person 0" not in page
    assert "streaming" not in page


def test_the_page_is_the_same_whether_four_or_none_are_refused():
    people = make_people(12)
    project = make_project()
    crowd = ready(people, project=project)
    client = as_(crowd.created_by)
    nobody = words(client.get(at(crowd, "preflight")))
    rule_out(people[:4])
    cache.clear()
    assert words(client.get(at(crowd, "preflight"))) == nobody


def test_minors_nobody_answers_for_count_without_a_name():
    minors = [make_replica(make_minor(f"Minor {n}", user=make_user(f"M{n} Minor"))) for n in range(6)]
    check = found(ready([*minors, *make_people(8)]))
    assert (check.refused, [(one.words, one.least) for one in check.causes]) == (5, [("the protection of minors", 5)])


def test_the_blur_depends_on_exactly_who_is_on_the_list_and_is_steady(monkeypatch):
    monkeypatch.undo()
    cache.clear()
    blurs = {checking._blur(f"{n} x", "refused") for n in range(200)}
    assert blurs == {0, 1, 2, 3, 4}
    assert checking._blur("same", "refused") == checking._blur("same", "refused")


def test_a_house_that_looks_very_often_gets_no_counts_any_more_that_day(monkeypatch):
    monkeypatch.setattr(checking, "MOST_LOOKS", 2)
    people = make_people(12)
    rule_out(people[:7])
    crowd = ready(people)
    other = make_crowd_draft(people, project=make_project(make_casting(make_user("Charlie Stone"), "Other Pictures")))
    assert [found(crowd, offered_terms(use_terms(f"Crowd {n}"))).limited for n in range(3)] == [False, False, True]
    limited = found(crowd, offered_terms(use_terms("Crowd 4")))
    assert (limited.refused, limited.causes) == (None, ())
    assert limited.cost is not None
    assert not found(other).limited


def test_what_it_costs_with_contributions_and_agents():
    people = make_people(6)
    agency = make_agency()
    for replica in people[:2]:
        represent(agency, replica.actor)
    project = make_project(agreement="sag_tv_theatrical_2026")
    check = found(ready(people, project=project))
    cost = check.cost
    assert cost is not None
    assert cost.usual_number == 4
    (with_agent, total) = cost.others[0]
    assert with_agent == 2
    assert total > cost.usual.total.amount > Decimal("250.00")
    assert (cost.least, cost.most) == (2 * cost.usual.total.amount, 2 * total)


def test_a_long_list_is_checked_by_a_worker_while_the_page_asks_again(monkeypatch):
    people = make_people(12)
    rule_out(people[:7])
    crowd = ready(people)
    monkeypatch.setattr(checking, "AT_ONCE", 5)
    rung = []
    monkeypatch.setattr(
        current_app,
        "signature",
        lambda name, args: type("Rung", (), {"delay": lambda self: rung.append((name, args))})(),
    )
    client = as_(crowd.created_by)
    page = client.get(at(crowd, "preflight"))
    assert "0 of 12 are checked." in words(page)
    assert "Person 0" not in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    part = client.get(at(crowd, "preflight"), headers={"HX-Request": "true"})
    assert (part.status_code, len(rung)) == (200, 1)
    [(name, (pk, key))] = rung
    assert (name, pk) == (checking.CHECK, crowd.pk)
    checking.check_for_page(pk, key, at=timezone.now())
    done = client.get(at(crowd, "preflight"), headers={"HX-Request": "true"})
    assert done.status_code == 286
    assert "At least 5 of 12" in words(done)
    assert "<html" not in done.content.decode()


def test_the_worker_knows_the_task_that_is_rung_for():
    current_app.loader.import_default_modules()
    assert checking.CHECK in current_app.tasks


def test_where_no_worker_comes_the_page_checks_by_itself(monkeypatch):
    people = make_people(12)
    crowd = Crowd.objects.get(pk=ready(people).pk)
    monkeypatch.setattr(checking, "AT_ONCE", 5)
    monkeypatch.setattr(current_app, "signature", lambda *args: type("Lost", (), {"delay": lambda self: None})())
    now, what = timezone.now(), asked()
    assert preflight(crowd, what, people=12, at=now) == Checking(12, 0)
    assert preflight(crowd, what, people=12, at=now + checking.PATIENCE) == Checking(12, 0)
    check = preflight(crowd, what, people=12, at=now + checking.PATIENCE + timedelta(seconds=1))
    assert isinstance(check, Check)
    assert check.people == 12


def test_who_is_asked_already_is_named_and_can_be_taken_off():
    people = make_people(4)
    project = make_project()
    waiting = make_request(people[0], project)
    make_task(make_copy(people[1], project.organization))
    long_ago = timezone.now() - timedelta(days=9)
    DestructionTask.objects.update(asked_at=long_ago, due_at=long_ago + timedelta(days=8))
    elsewhere = make_request(people[2], make_project(make_casting(make_user("Charlie Stone"), "Other Pictures")))
    crowd = ready(people, project=project)
    client = as_(crowd.created_by)
    page = words(client.get(at(crowd, "preflight")))
    assert f"Person 000 {people[0].ref} Is being asked already ({waiting.ref})." in page
    assert "Person 001" in page
    assert elsewhere.ref not in page
    assert "Person 003" not in page
    client.post(at(crowd, "preflight"), {"off": [people[0].ref, people[1].ref]})
    assert names_on(crowd) == ["Person 002", "Person 003"]


def test_terms_or_people_that_are_missing_are_said_instead_of_a_check():
    crowd = make_crowd_draft()
    page = words(as_(crowd.created_by).get(at(crowd, "preflight")))
    assert "There is nothing to check yet." in page
    assert "Terms needs another look" in page


def test_the_review_shows_what_the_chosen_person_reads():
    people = make_people(3)
    people[1].actor.user.time_zone = "Europe/London"
    people[1].actor.user.save()
    crowd = ready(people)
    client = as_(crowd.created_by)
    page = words(client.get(at(crowd, "review")))
    assert "This is what Person 000 will read" in page
    assert "You are one of a crowd" in page
    assert "You are not named until you say yes." in page
    assert BRIEF["brief"][0] in page
    assert "2 are asked at once; one person waits as a standby." in page
    other = words(client.get(at(crowd, "review"), {"as": people[1].ref.lower()}))
    assert "This is what Person 001 will read" in other
    assert "Nobody on the list has this reference" not in other
    missing = words(client.get(at(crowd, "review"), {"as": "P-000000"}))
    assert "This is what Person 000 will read" in missing
    assert "Nobody on the list has this reference. You read it as the first does." in missing


def test_an_unfinished_draft_leads_back_to_what_is_missing():
    crowd = make_crowd_draft(make_people(1))
    answer = as_(crowd.created_by).get(at(crowd, "review"))
    assert answer["Location"] == at(crowd, "brief") + "?check=1"


def test_a_step_nobody_opened_is_checked_as_its_page_would_show_it():
    crowd = make_crowd_draft(make_people(1))
    client = as_(crowd.created_by)
    assert client.get(at(crowd, "brief"), {"check": 1}).context["form"].errors.keys() == {"brief"}
    assert client.get(at(crowd, "deadline"), {"check": 1}).context["form"].errors.keys() == {"needed"}
    body = client.get(at(crowd, "brief"), {"check": 1}).content.decode()
    assert sorted(re.findall(r'value="(\w+)"[^>]* checked', body)) == ["anonymous", "body"]


def read_of(client: Client, crowd: Crowd) -> str:
    return re.search(r'name="read" value="([0-9a-f]{64})"', client.get(at(crowd, "review")).content.decode())[1]


def test_what_was_read_is_released_once():
    crowd = ready(make_people(3))
    client = as_(crowd.created_by)
    read = read_of(client, crowd)
    answer = client.post(at(crowd, "review"), {"read": read})
    crowd.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, crowd.get_absolute_url())
    assert crowd.state != "draft"
    assert (crowd.title, crowd.needed, crowd.anonymous, crowd.end_moves) == ("Harbor fair, wide shots", 2, True, False)
    assert crowd.offer.total == Decimal("250.00")
    assert client.post(at(crowd, "review"), {"read": read})["Location"] == crowd.get_absolute_url()
    for step in ("brief", "terms", "people", "preflight", "deadline", "review", "discard"):
        assert client.get(at(crowd, step))["Location"] == crowd.get_absolute_url()
    assert CrowdPlace.objects.count() == 3


@pytest.mark.parametrize("change", ["title", "list"])
def test_what_changed_since_it_was_read_is_not_released(change):
    people = make_people(4)
    crowd = ready(people[:3])
    client = as_(crowd.created_by)
    read = read_of(client, crowd)
    if change == "title":
        client.post(reverse("crowd-autosave", args=[crowd.ref, "brief"]), {**BRIEF, "title": "Another"})
    else:
        client.post(at(crowd, "people"), {"list": people[3].ref, "do": "add-list"})
    page = client.post(at(crowd, "review"), {"read": read})
    assert "The draft changed since you read it" in words(page)
    crowd.refresh_from_db()
    assert crowd.state == "draft"


def test_an_assistant_reads_it_and_can_t_release_it():
    crowd = ready(make_people(3))
    bob = make_member(crowd.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    client = as_(bob)
    page = client.get(at(crowd, "review"))
    assert "An owner or a member of Nova Pictures has to release it" in words(page)
    assert "Release it" not in words(page)
    read = read_of(as_(crowd.created_by), crowd)
    client.post(at(crowd, "review"), {"read": read})
    crowd.refresh_from_db()
    assert crowd.state == "draft"


def test_without_a_second_factor_one_is_led_to_it():
    crowd = ready(make_people(3))
    crowd.created_by.authenticator_set.all().delete()
    page = as_(crowd.created_by).get(at(crowd, "review"))
    assert "Set up a second step" in words(page)
    assert "Release it" not in words(page)


def test_a_strike_is_said_before_the_release_is_offered():
    project = make_project(agreement="sag_tv_theatrical_2026")
    crowd = ready(make_people(3), project=project)
    make_strike()
    page = words(as_(crowd.created_by).get(at(crowd, "review")))
    assert "This has to be mended first" in page
    assert "They can mend it" not in page
    assert "Release it" not in page


def test_the_pages_ask_as_much_for_thirty_people_as_for_one(django_assert_max_num_queries):
    project = make_project()
    one, many = ready(make_people(1), project=project, needed=1), ready(make_people(30), project=project)
    client = as_(project.created_by)
    for step, most in (("people", 10), ("preflight", 12), ("deadline", 8), ("review", 12), ("terms", 9), ("brief", 8)):
        client.get(at(one, step))
        for crowd in (one, many):
            cache.clear()
            with django_assert_max_num_queries(most, info=step):
                client.get(at(crowd, step))
