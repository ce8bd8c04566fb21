"""G22, G23: a crowd is asked whole or not at all, wherever its workers die; everybody is told exactly once."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from replicas.actions.crowds import releasing, sending
from replicas.actions.crowds.releasing import release
from replicas.actions.crowds.sending import send_on
from replicas.models import Crowd, CrowdOffer, CrowdPlace, ReuseRequest, Terms
from replicas.rules.crowds import CrowdState
from replicas.tasks import send_crowd, sweep_crowds
from tests import factories, services
from tests.promises.crashing import CrashError, crash_at
from tests.promises.scale import scaled
from tests.replicas.crowd_factory import crowd_plan, make_crowd, make_people, many_people, refreshed

PEOPLE = scaled(5_000, ci=90)
KILLS = scaled(50, ci=4)
CHUNK = max(PEOPLE // 20, 15)
WORKER = """
import sys, django
django.setup()
from replicas.actions.crowds import sending
from replicas.tasks import send_crowd
sending.CHUNK = int(sys.argv[2])
send_crowd(int(sys.argv[1]))
"""


def seen_of(crowd: Crowd) -> int:
    """How many of a crowd's requests anybody but the portal can see."""
    return ReuseRequest.objects.filter(crowd=crowd).exclude(state="draft").count()


def check_whole_or_absent(crowd: Crowd, people: int) -> None:
    """What holds after every step and every death: nobody or everybody, each once, each with their own round."""
    state = Crowd.objects.values_list("state", flat=True).get(pk=crowd.pk)
    seen = seen_of(crowd)
    assert seen == (0 if state in (CrowdState.DRAFT, CrowdState.SENDING) else people), (state, seen)
    requests = ReuseRequest.objects.filter(crowd=crowd)
    assert len(set(requests.values_list("actor", flat=True))) == requests.count() <= people
    assert Terms.objects.filter(request__crowd=crowd).count() == requests.count()
    assert CrowdPlace.objects.filter(crowd=crowd, request__isnull=False).count() == requests.count()
    told = Counter(Notification.objects.filter(kind="request-received").values_list("recipient", flat=True))
    assert max(told.values(), default=1) == 1
    assert not told or seen == people
    assert CrowdPlace.objects.filter(crowd=crowd, told=True).count() == sum(told.values())


def check_done(crowd: Crowd, people: int) -> None:
    check_whole_or_absent(crowd, people)
    crowd = refreshed(crowd)
    assert (crowd.state, seen_of(crowd)) == ("open", people)
    assert crowd.told_at is not None
    told = Notification.objects.filter(kind="request-received")
    assert told.count() == len(set(told.values_list("recipient", flat=True))) == people
    assert Delivery.objects.filter(notification__in=told).count() == people
    for event, count in (("crowd.released", 1), ("crowd.asked", 1), ("crowd.told", 1)):
        assert AuditEntry.objects.filter(event=event, refused="").count() == count, event
    sent = AuditEntry.objects.filter(event="request.sent-in-crowd").values_list("subject_ref", flat=True)
    assert sorted(sent) == sorted(ReuseRequest.objects.filter(crowd=crowd).values_list("ref", flat=True))


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker hears the release, so that the test decides when one begins."""
    monkeypatch.setattr(releasing, "_ring", lambda crowd_id: None)


def crashes(crowd: Crowd, people: int, step: Callable[[], Any]) -> int:
    """Takes ``step`` until there is nothing left to do, and before that lets the database go away at each statement of
    it in turn; how often that was."""
    position = crashed = 0
    while True:
        try:
            with connection.execute_wrapper(crash_at(position)):
                done = step()
        except CrashError:
            position, crashed = position + 1, crashed + 1
        else:
            position = 0
            if not done:
                return crashed
        check_whole_or_absent(crowd, people)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_at_any_statement_leaves_nothing_half(monkeypatch, unheard):
    monkeypatch.setattr(sending, "CHUNK", 2)
    people = make_people(3)
    factories.represent(factories.make_agency(), people[0].actor)
    crowd, at = make_crowd(people, released=False), timezone.now()
    plan, by = crowd_plan(needed=3, at=at), crowd.created_by
    tried = 0
    while refreshed(crowd).state == CrowdState.DRAFT:
        try:
            with connection.execute_wrapper(crash_at(tried)):
                release(crowd, plan=plan, by=by, at=at)
        except CrashError:
            tried += 1
            assert (CrowdOffer.objects.count(), set(crowd.places.values_list("number", flat=True))) == (0, {None})
    assert tried > 5
    check_whole_or_absent(crowd, 3)
    assert crashes(crowd, 3, lambda: send_on(crowd.pk, by=None, at=at)) > 50
    check_done(crowd, 3)
    assert Notification.objects.filter(kind="client-crowd").count() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_any_moment_are_no_loss(database_url, unheard):
    """90 people and 4 kills in CI; 5,000 and 50 with PROMISES_SCALE=1. The next worker goes on within a minute."""
    chance = random.Random(22)
    crowd, at = make_crowd(many_people(PEOPLE), released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=PEOPLE, at=at), by=crowd.created_by, at=at)
    killed = 0
    # How far each comes before it dies: so many written and told. A chunk at a time it may be a little further.
    for target in sorted(chance.randrange(2 * PEOPLE) for _ in range(KILLS)):
        process = worker_on(crowd, database_url)
        while process.poll() is None and progress(crowd) < target:
            time.sleep(0.005)
        killed += process.poll() is None
        process.kill()
        process.wait()
        check_whole_or_absent(crowd, PEOPLE)
    assert killed >= KILLS // 2
    began = time.monotonic()
    assert worker_on(crowd, database_url).wait(120) == 0
    assert time.monotonic() - began < 60
    check_done(crowd, PEOPLE)


def worker_on(crowd: Crowd, database_url: str) -> subprocess.Popen[bytes]:
    """A process of its own that does what the task does, in small chunks."""
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url}
    command = [sys.executable, "-c", WORKER, str(crowd.pk), str(CHUNK)]
    return subprocess.Popen(command, cwd=services.ROOT, env=surroundings)


def progress(crowd: Crowd) -> int:
    told = CrowdPlace.objects.filter(crowd=crowd, told=True).count()
    return CrowdPlace.objects.filter(crowd=crowd, request__isnull=False).count() + told


@pytest.mark.broker
def test_a_real_worker_hears_the_release_and_sends_it(celery_worker_process):
    crowd, at = make_crowd(many_people(30), released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=30, at=at), by=crowd.created_by, at=at)
    end = time.monotonic() + 60
    while refreshed(crowd).told_at is None and time.monotonic() < end:
        time.sleep(0.1)
    check_done(crowd, 30)


@pytest.mark.django_db(transaction=True)
def test_released_twice_at_once_it_is_sent_once(together, unheard):
    crowd, at = make_crowd(6, released=False), timezone.now()
    plan, by = crowd_plan(needed=6, at=at), crowd.created_by
    answers = together(*[lambda: release(crowd, plan=plan, by=by, at=at)] * 4)
    assert sorted(getattr(answer, "code", "released") for answer in answers) == ["crowd-released"] * 3 + ["released"]
    assert all(isinstance(answer, Crowd | Refused) for answer in answers)
    assert CrowdOffer.objects.count() == 1
    sweep_crowds()
    check_done(crowd, 6)


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_get_in_nobodys_way(together, monkeypatch, unheard):
    monkeypatch.setattr(sending, "CHUNK", 3)
    crowd, at = make_crowd(many_people(40), released=False), timezone.now()
    plan = crowd_plan(needed=40, at=at)
    release(crowd, plan=plan, by=crowd.created_by, at=at)
    answers = together(*[lambda: send_crowd(crowd.pk)] * 4)
    assert answers == [None] * 4
    sweep_crowds()
    check_done(crowd, 40)


@pytest.mark.django_db(transaction=True)
def test_an_agent_with_many_clients_gets_one_letter_and_each_performer_one(unheard):
    """G23: 12 clients of one agency here; 800 of 5,000 with PROMISES_SCALE=1."""
    count, clients = scaled(5_000, ci=30), scaled(800, ci=12)
    people, agency = many_people(count), factories.make_agency()
    for replica in people[:clients]:
        factories.represent(agency, replica.actor)
    crowd, at = make_crowd(people, released=False), timezone.now()
    release(crowd, plan=crowd_plan(needed=count, at=at), by=crowd.created_by, at=at)
    sweep_crowds()
    letters = Counter(Delivery.objects.values_list("address", flat=True))
    agent = agency.memberships.get().user.email
    assert letters == Counter({agent: 1, **{replica.actor.user.email: 1 for replica in people}})
    assert Notification.objects.get(kind="client-crowd").context["clients"] == clients
