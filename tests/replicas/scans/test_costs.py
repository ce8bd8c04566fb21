"""What the pages of announced scans ask of the database: the same for one row and for thirty, and little of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from replicas.actions.scans import ask
from replicas.rules.answering import Side
from tests.factories import make_actor, make_casting, make_project, make_user
from tests.replicas.scan_factory import make_notice

pytestmark = pytest.mark.django_db
FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
SESSION = 'FROM "django_session"'
MOST = 12


def cost(client: Client, path: str) -> int:
    """Queries of the second look: the first one marks what was seen."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    statements = [query["sql"] for query in captured if not query["sql"].startswith(FRAME)]
    return len([sql for sql in statements if SESSION not in sql])


def scene(rows: int) -> dict[str, int]:
    """Costs with ``rows`` announcements, people on the board and messages."""
    house = make_casting(make_user("Dana Whitfield"))
    owner, project = house.memberships.get().user, make_project(house)
    at = timezone.now()
    when = {"project": project, "at": at, "scan_at": at + timedelta(days=3)}
    for number in range(rows - 1):
        make_notice(f"other{number}@example.com", **when)
    maya = make_actor("Maya Reyes")
    notice = make_notice(maya, *(f"guest{number}@example.com" for number in range(rows - 1)), **when)
    scan = notice.scans.get(actor=maya)
    for _ in range(rows):
        ask(scan, body="Which day?", side=Side.LICENSEE, by=owner, at=at)
    clients = {"house": Client(), "performer": Client()}
    clients["house"].force_login(owner)
    clients["performer"].force_login(maya.user)
    looked = {
        "list": ("house", reverse("scan-notices")),
        "board": ("house", notice.get_absolute_url()),
        "scan, house": ("house", scan.get_absolute_url()),
        "scan": ("performer", scan.get_absolute_url()),
        "agree": ("performer", reverse("scan-agree", args=[scan.ref])),
        "day": ("performer", reverse("scan-day", args=[scan.ref])),
    }
    return {name: cost(clients[who], path) for name, (who, path) in looked.items()}


def test_pages_cost_the_same_with_one_row_and_with_thirty():
    few = scene(1)
    assert scene(30) == few
    assert {name: number for name, number in few.items() if number > MOST} == {}
