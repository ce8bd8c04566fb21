"""The demo: made by the real actions, the same people everywhere, every state to be seen."""

from collections import Counter
from datetime import timedelta

import pytest
from celery import Task
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ActorProfile, AuditEntry, Notification, User
from accounts.rules.demo import PEOPLE
from agencies.models import Organization, Representation
from portal.demo import seed
from portal.demo.cast import PASSWORD, the_cast
from replicas.models import License, Project, Replica, ReuseRequest, Scan, ScanBreach, StrikePeriod
from replicas.rules.answering import RequestState
from replicas.rules.licensing import LicenseState
from replicas.rules.scanning import ScanState


@pytest.fixture
def demo(transactional_db, settings, monkeypatch):
    """Each move in a commit of its own, as outside of tests: in one transaction PostgreSQL would wade through every
    version of every row that the history has left behind. No worker hears of it meanwhile."""
    monkeypatch.setattr(Task, "apply_async", lambda *args, **options: None)
    settings.REQUIRE_MFA = False
    settings.DEMO = True
    seed(at=timezone.now(), say=lambda line: None, drawings=1)


def test_the_demo_shows_everything(demo):
    houses = Counter(Organization.objects.values_list("kind", flat=True))
    assert houses == {"agency": 3, "casting": 2, "production": 1}
    assert (ActorProfile.objects.count(), Replica.objects.count(), Project.objects.count()) == (61, 123, 8)
    assert set(Replica.objects.filter(previews__isnull=True)) == set(Replica.objects.filter(scan__isnull=False))
    made = {ScanState.ANNOUNCED, ScanState.AGREED, ScanState.REFUSED, ScanState.WITHDRAWN, ScanState.CALLED_OFF}
    assert set(Scan.objects.values_list("state", flat=True)) == made | {ScanState.PERFORMED}
    assert list(ScanBreach.objects.values_list("scan__actor__stage_name", "kind")) == [("Lena Kowalski", "other_place")]
    assert Scan.objects.filter(actor__isnull=True).count() == 4
    assert Representation.objects.filter(agency__slug="northlight-talent", state="active").count() == 26
    states = {state.value for state in RequestState} - {"held"}  # no strike stands now
    assert set(ReuseRequest.objects.values_list("state", flat=True)) == states
    assert set(License.objects.values_list("state", flat=True)) == {state.value for state in LicenseState}
    refused = AuditEntry.objects.exclude(refused="").values_list("event", "refused")
    assert list(refused) == [("request.sent", "outside-guardrails")]  # what Maya's guardrails said no to
    strike = StrikePeriod.objects.get()
    held = ReuseRequest.objects.filter(strike=strike).values_list("state", "held_for")
    assert sorted(held) == [("approved", strike.ends_at - strike.starts_at), ("denied", timedelta(0))]
    assert Notification.objects.filter(kind="strike-ended", recipient__name="Maya Reyes").count() == 1
    waiting = ReuseRequest.objects.waiting().order_by("answer_by").values_list("answer_by", flat=True)
    now = timezone.now()
    assert (waiting[0] - now).total_seconds() < 3 * 3600
    assert (list(waiting)[-1] - now).days in (8, 9)
    for person in PEOPLE:
        assert check_password(PASSWORD, User.objects.get(email=person.email).password), person.email
    with pytest.raises(CommandError):
        call_command("seed_demo")  # there are people already


def test_the_cast_is_the_same_on_every_machine():
    first, second = the_cast(), the_cast()
    assert first == second
    assert [part.email.split("@")[0] for part in first[:3]] == ["maya", "marcus", "lena"]
    assert len({part.email for part in first}) == 60


def test_without_demo_mode_nobody_is_invented(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert User.objects.count() == 0
