"""Staff set, correct and lift a strike on pages of the staff site; everything goes through the actions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from replicas.models import StrikeChange, StrikePeriod
from replicas.rules.vocabulary import Agreement
from tests.factories import make_user
from tests.replicas.strike_factory import make_staff, make_strike

pytestmark = pytest.mark.django_db
SET = "admin:replicas_strikeperiod_set"


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_staff_set_correct_and_lift_a_strike(client):
    staff = make_staff()
    type(staff).objects.filter(pk=staff.pk).update(time_zone="America/New_York")
    client.force_login(staff)
    assert "Set a strike" in client.get(reverse("admin:replicas_strikeperiod_changelist")).content.decode()
    typed = {"agreement": Agreement.SAG_INTERACTIVE, "starts_at": "2026-07-01T00:00", "note": "National Board."}
    response = client.post(reverse(SET), typed)
    strike = StrikePeriod.objects.get()
    shown = reverse("admin:replicas_strikeperiod_change", args=[strike.pk])
    assert (response.status_code, response.url) == (303, shown)
    assert strike.starts_at.isoformat() == "2026-07-01T04:00:00+00:00"  # midnight in New York
    assert (strike.ends_at, strike.note, strike.set_by) == (None, "National Board.", staff)

    correct = reverse("admin:replicas_strikeperiod_correct", args=[strike.pk])
    assert 'value="2026-07-01T00:00"' in client.get(correct).content.decode()
    typed = {"starts_at": "2026-07-01T00:01", "ends_at": "", "note": "National Board.", "why": "A minute past."}
    assert client.post(correct, {**typed, "shown": 1}).status_code == 303
    stale = client.post(correct, {**typed, "starts_at": "2026-07-01T00:02", "shown": 1})
    assert "changed since you opened it" in stale.content.decode()

    lift = reverse("admin:replicas_strikeperiod_lift", args=[strike.pk])
    assert client.post(lift, {"ends_at": "2026-07-11T00:00", "shown": 2}).status_code == 200  # no reason given
    assert client.post(lift, {"ends_at": "2026-07-11T00:00", "why": "A deal.", "shown": 2}).status_code == 303
    versions = StrikeChange.objects.values_list("number", "why")
    assert list(versions) == [(1, ""), (2, "A minute past."), (3, "A deal.")]
    page = client.get(shown).content.decode()
    assert "A minute past." in page
    assert "A deal." in page
    events = AuditEntry.objects.filter(subject_type="strike").order_by("pk").values_list("event", "refused", "source")
    assert list(events) == [
        ("strike.set", "", "web"),
        ("strike.corrected", "", "web"),
        ("strike.corrected", "changed-meanwhile", "web"),
        ("strike.lifted", "", "web"),
    ]


def test_nobody_else_reaches_those_pages(client):
    strike = make_strike()
    pages = [reverse(SET), *(reverse(f"{SET[:-3]}{what}", args=[strike.pk]) for what in ("correct", "lift"))]
    typed = {"ends_at": local(timezone.now() + timedelta(days=1)), "why": "Over.", "shown": 1}
    without_second_step = make_user("Bob", is_staff=True)
    for person in (None, make_user("Charlie Stranger"), without_second_step):
        if person:
            client.force_login(person)
        for page in pages:
            assert client.get(page).status_code in {302, 303, 403}
            assert client.post(page, typed).status_code in {302, 303, 403}
    assert StrikePeriod.objects.values_list("ends_at", "version").get() == (None, 1)
    assert reverse(SET).startswith("/staff/")
