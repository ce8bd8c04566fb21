"""Projects: the house's own, prepared by anybody in it; a no and a silence read alike."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.actions.answering import deny
from replicas.actions.projects import create_project
from replicas.actions.sweeping import lapse_due
from replicas.models import Project
from replicas.rules.projects import ProjectFacts
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Harbor Lights",
    "kind": "feature",
    "agreement": "sag_tv_theatrical_2026",
    "company": "Nova Pictures",
    "synopsis": "A harbor town on the night of its last fair.",
    "photography_from": "2027-02-01",
    "photography_to": "2027-04-30",
}


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


def get(client, user, name, /, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER, Role.ASSISTANT])
def test_everybody_of_the_house_begins_and_corrects_projects(client, house, role):
    user = make_member(house, make_user("Bob Brandt"), role)
    assert get(client, user, "project-new").context["form"].initial == {"company": "Nova Pictures"}
    response = post(client, user, "project-new", **TYPED)
    made = Project.objects.get()
    assert (response.status_code, response.url) == (303, made.get_absolute_url())
    assert (made.organization, made.created_by, made.title) == (house, user, "Harbor Lights")
    assert post(client, user, "project-edit", made.ref, **{**TYPED, "title": "Low Tide"}).status_code == 303
    assert AuditEntry.objects.get(event="project.changed").data == {"what": "the title"}
    assert "Low Tide" in get(client, user, "project", made.ref).content.decode()


def test_photography_does_not_end_before_it_begins(client, dana):
    body = post(client, dana, "project-new", **{**TYPED, "photography_to": "2027-01-31"}).content.decode()
    assert "Photography can’t end before it begins." in body
    assert "last fair" in body
    assert Project.objects.count() == 0


@pytest.mark.parametrize("name", ["project", "project-edit"])
def test_a_project_of_another_house_and_a_missing_one_look_the_same(client, name):
    project = make_project()
    for user in (make_casting().memberships.get().user, make_agency().memberships.get().user, make_actor().user):
        foreign, missing = get(client, user, name, project.ref), get(client, user, name, "J-000000")
        assert foreign.status_code == missing.status_code == 404
        token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|class="mono">\w+<')
        bodies = [token.sub("", response.content.decode()) for response in (foreign, missing)]
        assert bodies[0].replace(project.ref, "J-000000") == bodies[1]


def test_actors_and_agencies_have_no_projects(client):
    for user in (make_actor().user, make_agency().memberships.get().user):
        assert get(client, user, "projects").status_code == 404
        assert get(client, user, "project-new").status_code == 404
        assert post(client, user, "project-new", **TYPED).status_code == 404


def test_the_action_refuses_strangers_and_agencies(house):
    values = {name: TYPED[name] for name in ("title", "kind", "agreement", "company", "synopsis")}
    agency = make_agency()
    for organization, user in ((house, make_user("Charlie Carr")), (agency, agency.memberships.get().user)):
        with pytest.raises(Refused):
            create_project(organization=organization, facts=ProjectFacts(**values), by=user, at=timezone.now())
    assert AuditEntry.objects.filter(event="project.created").exclude(refused="").count() == 2


def test_a_denial_and_a_silence_read_alike(client, house, dana):
    project = make_project(house)
    denied = make_request(make_replica(make_actor("Ann Able")), project)
    deny(denied, reason="content", comment="Never again.", by=denied.actor.user, at=timezone.now())
    silent = make_request(make_replica(make_actor("Ben Blue")), project)
    lapse_due(by=None, at=silent.answer_by)
    body = get(client, dana, "project", project.ref, state="not_available").content.decode()
    assert body.count("Not available") == 3  # the tab and two rows
    for word in ("enied", "apsed", "Never again", "ithout an answer"):
        assert word not in body


def test_past_its_deadline_a_request_is_not_available_before_any_sweep(client, house, dana):
    at = timezone.now()
    request = make_request(make_replica(), make_project(house), at=at - timezone.timedelta(days=6))
    assert request.state == "open"
    counts = dict(get(client, dana, "project", request.project.ref).context["groups"])
    assert counts == {"not_available": 1}


def test_requests_stand_in_their_groups(client, house, dana):
    project = make_project(house)
    waiting, draft = make_request(make_replica(make_actor("Ann Able")), project), None
    draft = make_draft(make_replica(make_actor("Ben Blue")), project)
    approve_request(make_request(make_replica(make_actor("Cem Cole")), project))
    response = get(client, dana, "project", project.ref)
    assert dict(response.context["groups"]) == {"waiting": 1, "approved": 1, "draft": 1}
    assert [row.pk for row in response.context["page"].items] == [waiting.pk]
    drafts = get(client, dana, "project", project.ref, state="draft").context["page"].items
    assert [row.pk for row in drafts] == [draft.pk]
    assert get(client, dana, "project", project.ref, state="denied").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_cost_the_same_at_1_and_30_rows(client, house, dana, django_assert_num_queries, rows):
    project = make_project(house)
    for number in range(rows):
        make_request(make_replica(make_actor(f"Actor {number}")), project)
        make_project(house, f"Title {number}")
    client.force_login(dana)
    with django_assert_num_queries(6):
        client.get(reverse("projects"))
    with django_assert_num_queries(10):
        client.get(reverse("project", args=[project.ref]))
