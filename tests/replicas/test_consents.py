"""Licenses in a strike: held by the clock, and held by the performer themself under the interactive agreement."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from accounts.rules.refusal import Refused
from replicas.access.licenses import public_license
from replicas.actions.consents import hold_consents, resume_after_strikes, resume_consents
from replicas.actions.licensing import expire_due, resume, revoke
from replicas.actions.projects import change_project, facts_of
from replicas.actions.striking import lift_strike
from replicas.models import License, Project
from replicas.rules.licensing import LicenseState, standing
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
GAMES = Agreement.SAG_INTERACTIVE


def make_license(actor=None, *, agreement=GAMES, active=True):
    """In force from today, or not started yet."""
    first = timezone.now().date() - DAY
    days = {"starts_on": first, "ends_on": first + 300 * DAY} if active else {}
    terms = offered_terms(use_terms(**days))
    replica = make_replica(actor or make_actor())
    return approve_request(make_request(replica, make_project(agreement=agreement), terms=terms))


def fresh(license_):
    return License.objects.get(pk=license_.pk)


def states():
    return sorted(License.objects.values_list("state", flat=True))


@pytest.mark.parametrize(("seconds", "held"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_a_license_is_held_by_the_clock_and_goes_on_by_itself(seconds, held, django_assert_num_queries):
    license_ = make_license()
    start = timezone.now() + HOUR
    make_strike(start, start + HOUR, agreement=GAMES)
    at = start + seconds * SECOND
    with django_assert_num_queries(1):
        public = public_license(license_.ref, at=at)
    for found in (public.standing, fresh(license_).standing(at)):
        assert (found.in_force, found.held, found.state) == (not held, held, "active")
        assert ("Held: strike under SAG-AFTRA Interactive Media 2025; no new use" in found.why) == held
    assert fresh(license_).state == "active"


def test_a_strike_says_nothing_about_what_is_not_in_force_anyway():
    now = timezone.now()
    span = {"starts_at": now - DAY, "ends_at": now + DAY}
    for state, at in (("revoked", now), ("suspended", now), ("active", now + DAY), ("scheduled", now - 2 * DAY)):
        found = standing(state=LicenseState(state), **span, at=at, struck="A strike.")
        assert (found.held, found.in_force, found.why == "A strike.") == (False, False, False)


def test_the_pages_say_so(client):
    license_ = make_license()
    make_strike(agreement=GAMES)
    anybody = client.get(reverse("verify-license", args=[license_.ref])).content.decode()
    assert "This license is real, but a strike holds it." in anybody
    client.force_login(license_.actor.user)
    for page in (reverse("license", args=[license_.ref]), reverse("licenses")):
        assert "On hold" in client.get(page).content.decode()
    assert reverse("consents") in client.get(reverse("license", args=[license_.ref])).content.decode()


def test_a_performer_holds_all_their_consents_and_they_are_taken_up_when_the_strike_ends():
    alice = make_actor()
    first, second, other = (
        make_license(alice),
        make_license(alice, active=False),
        make_license(alice, agreement="actra_ipa"),
    )
    represent(make_agency(), alice)
    strike, now = make_strike(agreement=GAMES), timezone.now()
    assert hold_consents(alice, strike=strike, by=alice.user, at=now) == 2
    assert (fresh(first).state, fresh(second).state, fresh(other).state) == ("suspended", "suspended", "active")
    assert set(License.objects.values_list("suspended_in", flat=True)) == {strike.pk, None}
    told = Notification.objects.filter(kind="license-suspended").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Alex Agent"] * 2 + ["Alice Ames"] * 2 + ["Dana Director"] * 2
    lift_strike(strike, ends_at=now + DAY, why="Over.", shown=1, by=strike.set_by, at=now)
    assert resume_after_strikes(by=None, at=now + DAY - SECOND) == 0
    assert resume_after_strikes(by=None, at=now + DAY) == 2
    assert resume_after_strikes(by=None, at=now + DAY) == 0
    assert states() == ["active", "active", "scheduled"]
    events = AuditEntry.objects.filter(subject_type="license", event__contains="strike").values_list("event", flat=True)
    assert sorted(events) == ["license.resumed-after-strike"] * 2 + ["license.suspended-in-strike"] * 2


def test_they_may_take_them_up_earlier_all_or_one_and_revoke_one():
    alice = make_actor()
    licenses = [make_license(alice) for _ in range(3)]
    strike, now = make_strike(agreement=GAMES), timezone.now()
    hold_consents(alice, strike=strike, by=alice.user, at=now)
    resume(licenses[0], by=alice.user, at=now)
    revoke(licenses[1], reason="", by=alice.user, at=now)
    assert [fresh(one).suspended_in_id for one in licenses] == [None, None, strike.pk]
    assert resume_consents(alice, by=alice.user, at=now) == 1
    assert [fresh(one).state for one in licenses] == ["active", "revoked", "active"]
    with pytest.raises(Refused) as refused:
        resume_consents(alice, by=alice.user, at=now)
    assert refused.value.code == "nothing-held"


def test_one_whose_last_day_passes_in_the_strike_ends():
    license_ = make_license()
    strike = make_strike(agreement=GAMES)
    hold_consents(license_.actor, strike=strike, by=license_.actor.user, at=timezone.now())
    assert expire_due(by=None, at=license_.ends_at) == 1
    assert (fresh(license_).state, fresh(license_).suspended_in) == ("expired", None)


def test_what_can_not_be_held_is_refused_and_on_record():
    alice, now = make_actor(), timezone.now()
    make_license(alice)
    strike, tv = make_strike(agreement=GAMES), make_strike()
    for who, which, at, code in (
        (make_user("Charlie"), strike, now, "not-yours"),
        (alice.user, tv, now, "no-strike"),
        (alice.user, strike, now - DAY, "no-strike"),
    ):
        with pytest.raises(Refused) as refused:
            hold_consents(alice, strike=which, by=who, at=at)
        assert refused.value.code == code
    hold_consents(alice, strike=strike, by=alice.user, at=now)
    with pytest.raises(Refused) as refused:
        hold_consents(alice, strike=strike, by=alice.user, at=now)
    assert refused.value.code == "nothing-to-hold"
    with pytest.raises(Refused) as refused:
        resume_consents(alice, by=make_user("Charlie"), at=now)
    assert refused.value.code == "not-yours"
    assert AuditEntry.objects.filter(event__contains="strike", subject_type="actor").exclude(refused="").count() == 5


def test_the_page_holds_and_takes_up_with_one_button_each(client):
    license_ = make_license()
    client.force_login(license_.actor.user)
    assert client.get(reverse("consents")).status_code == 404
    make_strike(agreement=GAMES)
    assert reverse("consents") in client.get("/").content.decode()
    page = client.get(reverse("consents")).content.decode()
    assert "Hold my consents during this strike?" in page
    assert license_.ref in page
    assert client.post(reverse("consents"), {"take": "back"}).status_code == 303
    assert fresh(license_).state == "suspended"
    assert client.post(reverse("consents"), {"take": "back"}).status_code == 409
    assert "You hold 1 license" in client.get(reverse("consents")).content.decode()
    assert client.post(reverse("consents"), {"take": "up"}).status_code == 303
    assert fresh(license_).state == "active"
    client.force_login(license_.organization.memberships.get().user)
    assert client.get(reverse("consents")).status_code == 404


def test_nobody_leaves_a_strike_by_another_agreement():
    project = make_project(agreement=GAMES)
    make_strike(agreement=GAMES)
    facts = facts_of(project)
    other = type(facts)(**{**{name: getattr(facts, name) for name in facts.__dataclass_fields__}, "agreement": "none"})
    with pytest.raises(Refused) as refused:
        change_project(project, facts=other, by=project.created_by, at=timezone.now())
    assert refused.value.code == "strike"
    assert Project.objects.get().agreement == GAMES
    change_project(project, facts=other, by=project.created_by, at=timezone.now() - DAY)
    assert Project.objects.get().agreement == "none"
