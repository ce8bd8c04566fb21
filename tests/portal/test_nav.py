"""The navigation says where one is, on the pages below an entry too."""

import pytest
from django.urls import reverse

from tests.factories import make_casting, make_project, make_replica, make_request, make_user
from tests.replicas.custody_factory import make_copy
from tests.replicas.scan_factory import make_scan

pytestmark = pytest.mark.django_db


def current(client, where: str) -> list[str]:
    response = client.get(where)
    assert response.status_code == 200
    return [item.label for item in response.context["nav"] if item.current]


def test_a_casting_desk(client):
    dana = make_user("Dana Whitfield")
    house = make_casting(dana)
    project, replica = make_project(house), make_replica(visibility="listed")
    make_copy(replica, house)
    asked, scan = make_request(replica, project), make_scan("ana@example.com", project=project)
    client.force_login(dana)
    places = {
        reverse("replica", args=[replica.ref]): "Search",
        reverse("custody", args=[replica.ref]): "Custody",
        reverse("house-custody"): "Custody",
        reverse("scan-new"): "Scans",
        scan.get_absolute_url(): "Scans",
        asked.get_absolute_url(): "Requests",
        reverse("project", args=[project.ref]): "Projects",
    }
    assert {where: current(client, where) for where in places} == {where: [label] for where, label in places.items()}


def test_an_actors_desk(client):
    asked = make_request()
    client.force_login(asked.actor.user)
    places = {
        reverse("replica", args=[asked.replica.ref]): "My replicas",
        reverse("custody", args=[asked.replica.ref]): "My replicas",
        asked.get_absolute_url(): "Requests",
        reverse("claim-new"): "Scans",
    }
    assert {where: current(client, where) for where in places} == {where: [label] for where, label in places.items()}
