"""Who is told of a strike: everybody it touches, once per strike and side, in one letter each."""

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from accounts.notifications.letters import write_letter
from replicas.actions.holding import hold_due, release_due
from replicas.actions.strike_letters import tell_began, tell_ended
from replicas.actions.striking import lift_strike
from replicas.rules.vocabulary import Agreement
from replicas.tasks import sweep_requests
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_project,
    make_replica,
    make_request,
    represent,
)
from tests.replicas.strike_factory import make_strike

TV = Agreement.SAG_TV_THEATRICAL
pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("recipient__name", "pk")
    return [
        (row.recipient.name, row.context["side"], row.context["requests"], row.context["licenses"], row.path)
        for row in rows
    ]


@pytest.fixture
def touched():
    """One agency with two clients, one house: three open requests, one license; and people under another agreement."""
    agency, project = make_agency(), make_project(make_casting(), agreement=TV)
    alice, ben = make_actor("Alice Ames"), make_actor("Ben Brook")
    for actor in (alice, ben):
        represent(agency, actor)
    first = make_replica(alice)
    requests = [make_request(first, project), make_request(first, project), make_request(make_replica(ben), project)]
    approve_request(make_request(first, project))
    make_request(make_replica(make_actor("Olive Other")), make_project(make_casting(), agreement=Agreement.ACTRA_IPA))
    return requests


def test_everybody_is_told_once_in_one_letter_each_and_nobody_else(touched):
    start = timezone.now()
    strike = make_strike(start)
    assert tell_began(by=None, at=start - HOUR) == 0
    assert tell_began(by=None, at=start) == 1
    assert tell_began(by=None, at=start + HOUR) == 0
    assert told("strike-began") == [
        ("Alex Agent", "agency", 3, 1, "/inbox/?tab=held"),
        ("Alice Ames", "actor", 2, 1, "/inbox/?tab=held"),
        ("Ben Brook", "actor", 1, 0, "/inbox/?tab=held"),
        ("Dana Director", "licensee", 3, 1, "/inbox/?tab=held"),
    ]
    hold_due(by=None, at=start)
    lift_strike(strike, ends_at=start + DAY, why="Over.", shown=1, by=strike.set_by, at=start)
    assert tell_ended(by=None, at=start + DAY - HOUR) == 0
    assert tell_ended(by=None, at=start + DAY) == 1
    assert tell_ended(by=None, at=start + 2 * DAY) == 0
    assert told("strike-ended") == [
        ("Alex Agent", "agency", 3, 1, "/inbox/"),
        ("Alice Ames", "actor", 2, 1, "/inbox/"),
        ("Ben Brook", "actor", 1, 0, "/inbox/"),
        ("Dana Director", "licensee", 3, 1, "/inbox/"),
    ]
    assert release_due(by=None, at=start + DAY) == 3
    events = AuditEntry.objects.filter(subject_type="strike").values_list("event", flat=True)
    assert list(events.order_by("pk")) == ["strike.set", "strike.began", "strike.lifted", "strike.ended"]


def test_the_letters_say_how_much_is_held_and_since_when(touched):
    start = timezone.now()
    make_strike(start)
    tell_began(by=None, at=start)
    notice = Notification.objects.get(kind="strike-began", recipient__name="Alex Agent")
    letter = write_letter(notice, "alex@example.com")
    assert letter.subject == "[For information] Held: the strike under SAG-AFTRA TV/Theatrical 2026"
    body = " ".join(str(letter.body).split())
    assert "3 requests to your clients are held" in body
    assert "Under 1 license your clients gave, no new use is allowed" in body
    assert "Called by the National Board." in body


def test_a_strike_of_the_past_that_nobody_was_told_of_tells_nobody(touched):
    now = timezone.now()
    make_strike(now - 30 * DAY, now - 20 * DAY)
    assert (tell_began(by=None, at=now), tell_ended(by=None, at=now)) == (0, 0)
    assert Notification.objects.filter(kind__startswith="strike").count() == 0


def test_the_tick_tells_before_it_holds(touched):
    make_strike(timezone.now() - HOUR)
    sweep_requests()
    assert [row[2] for row in told("strike-began")] == [3, 2, 1, 3]
    touched[0].refresh_from_db()
    assert touched[0].state == "held"


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_tell_once(together):
    request = make_request(project=make_project(agreement=TV))
    make_strike(request.sent_at)
    connections.close_all()
    done = together(*[lambda: tell_began(by=None, at=request.sent_at + HOUR)] * 3)
    assert sum(done) == 1, done
    assert [row[0] for row in told("strike-began")] == ["Alice Ames", "Dana Director"]
