"""P5: a page costs the same number of queries with one row and with thirty, and at most eight (twelve for any)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from replicas.actions.conversing import ask
from replicas.models import License, Project, Replica, ReuseRequest, ScanClaim
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_project,
    make_replica,
    make_request,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.claims.factory import claims_for_everybody_to_try

pytestmark = pytest.mark.django_db

FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
SESSION = 'FROM "django_session"'  # comes from the cache outside of tests (cached_db)
COMMON, ANY, PUBLIC = 8, 12, 2
# address name: (whose, the most it may cost, what it names)
PAGES = {
    "home": ("actor", COMMON, ""),
    "inbox": ("actor", COMMON, ""),
    "my-replicas": ("actor", ANY, ""),
    "licenses": ("actor", COMMON, ""),
    "license": ("actor", COMMON, "license"),
    "request": ("actor", COMMON, "request"),
    "request-approve": ("actor", ANY, "request"),
    "request-deny": ("actor", ANY, "request"),
    "replica": ("actor", ANY, "replica"),
    "my-agencies": ("actor", ANY, ""),
    "notifications": ("actor", ANY, ""),
    "history": ("actor", ANY, ""),
    "agency-inbox": ("agent", COMMON, "agency"),
    "roster": ("agent", COMMON, "agency"),
    "team": ("agent", ANY, "agency"),
    "replicas": ("casting", COMMON, ""),
    "projects": ("casting", COMMON, ""),
    "project": ("casting", ANY, "project"),
    "verify-license": ("", PUBLIC, "license"),
    "scan-register": ("actor", ANY, ""),
    "claim": ("actor", ANY, "claim"),
    "claims": ("casting", COMMON, ""),
}


class Scene:
    """One actor, one agency and one house, and more of everything on demand."""

    def __init__(self) -> None:
        self.profile, self.agency, self.house = make_actor("Maya Reyes"), make_agency(), make_casting()
        represent(self.agency, self.profile)
        self.people = {
            "": None,
            "actor": self.profile.user,
            "agent": self.agency.memberships.get().user,
            "casting": self.house.memberships.get().user,
        }
        self.rows = 0

    def grow(self, rows: int) -> None:
        """Until there are ``rows`` of each: replicas, projects, open requests, licenses, clients, messages."""
        while self.rows < rows:
            self.rows += 1
            project = make_project(self.house, f"Film {self.rows}")
            replica = make_replica(self.profile)
            request = make_request(replica, project)
            approve_request(make_request(replica, project, terms=offered_terms(use_terms(f"Trailer {self.rows}"))))
            other = make_actor(f"Client {self.rows}")
            represent(self.agency, other)
            make_request(make_replica(other), project)
            ask(request, body="Which day?", side="licensee", by=self.people["casting"], at=timezone.now())
            claims_for_everybody_to_try(self.profile, self.house)

    def names(self, what: str) -> list[str]:
        first = {
            "request": ReuseRequest,
            "replica": Replica,
            "project": Project,
            "license": License,
            "claim": ScanClaim,
        }
        if what == "agency":
            return [self.agency.slug]
        return [first[what].objects.order_by("pk")[0].ref] if what else []

    def cost(self, name: str) -> tuple[int, list[str]]:
        """Queries of the second look: the first one marks what was seen."""
        who, _, what = PAGES[name]
        client, path = Client(), reverse(name, args=self.names(what))
        if self.people[who]:
            client.force_login(self.people[who])
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
        statements = [query["sql"] for query in captured if not query["sql"].startswith(FRAME)]
        statements = [sql for sql in statements if SESSION not in sql]
        return len(statements), statements


def test_pages_cost_the_same_with_one_row_and_with_thirty():
    scene, wrong = Scene(), []
    scene.grow(1)
    few = {name: scene.cost(name)[0] for name in PAGES}
    scene.grow(30)
    for name, (_, most, _) in PAGES.items():
        many, statements = scene.cost(name)
        shapes = "\n  ".join(statement[:300] for statement in statements)
        if many != few[name]:
            wrong.append(f"{name}: {few[name]} queries with one row, {many} with thirty\n  {shapes}")
        if many > most:
            wrong.append(f"{name}: {many} queries, and {most} are allowed\n  {shapes}")
    assert not wrong, "\n".join(wrong)
