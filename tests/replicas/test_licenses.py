"""Licenses: where they stand by the clock, who may do what with them, and what a stranger is told."""

import re
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import AuditEntry, Notification, User
from accounts.rules.refusal import Refused
from replicas.actions.licensing import expire_due, resume, revoke, start_due, suspend
from replicas.certificates import certificate
from replicas.models import License
from replicas.rules.licensing import LicenseMove, LicenseState, Standing, judge_license, standing
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    PASSWORD,
    approve_request,
    make_agency,
    make_member,
    make_project,
    make_request,
    make_user,
    offered_terms,
    represent,
    union_terms,
    use_terms,
)

NOW = timezone.now()
START, END = NOW, NOW + timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "at", "expected", "in_force"),
    [
        ("scheduled", START - SECOND, "scheduled", False),
        ("scheduled", START, "active", True),  # whether or not a sweep has written it down
        ("active", END - SECOND, "active", True),
        ("active", END, "expired", False),
        ("suspended", START, "suspended", False),
        ("suspended", END, "expired", False),
        ("revoked", START, "revoked", False),
        ("revoked", END + SECOND, "revoked", False),
    ],
)
def test_where_a_license_stands_by_the_clock(state, at, expected, in_force):
    found = standing(state=LicenseState(state), starts_at=START, ends_at=END, at=at)
    assert (found.state.value, found.in_force) == (expected, in_force)


ALLOWED = {
    ("revoke", "scheduled"),
    ("revoke", "active"),
    ("revoke", "suspended"),
    ("suspend", "scheduled"),
    ("suspend", "active"),
    ("resume", "suspended"),
}


@pytest.mark.parametrize(("move", "state"), list(product(LicenseMove, LicenseState)))
def test_every_move_of_a_license_from_every_state(move, state):
    now = Standing(state, in_force=False, why="")
    with pytest.raises(Refused) as refused:
        judge_license(move, now=now, is_performer=False)
    assert refused.value.code == "not-yours"
    if (move.value, state.value) in ALLOWED:
        judge_license(move, now=now, is_performer=True)
        return
    with pytest.raises(Refused) as refused:
        judge_license(move, now=now, is_performer=True)
    assert refused.value.code == f"already-{state.value}"


@pytest.fixture
def license_(db):
    """Alice's license to Dana's house, in force from today; Alex is Alice's agent."""
    today = NOW.date()
    request = make_request(
        terms=offered_terms(use_terms(starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=9)))
    )
    represent(make_agency(), request.actor)
    return approve_request(request)


def test_revoking_tells_everybody_and_shows_in_the_next_check(license_, client):
    actor = license_.request.actor.user
    before = client.get(f"/verify/{license_.ref}/")
    revoke(license_, reason="I changed my mind.", by=actor, at=timezone.now())
    after = client.get(f"/verify/{license_.ref}/")
    assert "real and in force today" in before.content.decode()
    assert "real, but not in force" in after.content.decode()
    assert after.headers["Cache-Control"] == "no-store"
    told = Notification.objects.filter(kind="license-revoked").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Alex Agent", "Alice Ames", "Dana Director"]


def test_only_the_performer_revokes_and_every_try_leaves_an_entry(license_):
    house = license_.organization
    bob, charlie = make_member(house), make_user("Charlie Stranger")
    agent = Notification.objects.filter(recipient__name="Alex Agent")[0].recipient
    for person in (bob, charlie, agent):
        with pytest.raises(Refused) as refused:
            revoke(license_, reason="", by=person, at=timezone.now())
        assert refused.value.code == "not-yours"
    assert AuditEntry.objects.filter(event="license.revoked", refused="not-yours").count() == 3
    assert License.objects.get().state == "active"


def test_a_license_is_suspended_and_taken_up_again(license_):
    actor = license_.request.actor.user
    suspend(license_, reason="A use beyond the scenes agreed.", by=actor, at=timezone.now())
    assert License.objects.get().standing(timezone.now()).state == LicenseState.SUSPENDED
    with pytest.raises(Refused):
        suspend(license_, reason="", by=actor, at=timezone.now())
    resume(license_, by=actor, at=timezone.now())
    assert License.objects.get().standing(timezone.now()).in_force
    kinds = Notification.objects.filter(kind__startswith="license-").values_list("kind", flat=True).distinct()
    assert set(kinds) == {"license-issued", "license-suspended", "license-resumed"}


def test_it_starts_and_ends_by_itself(db):
    today = NOW.date()
    uses = use_terms(starts_on=today + timedelta(days=3), ends_on=today + timedelta(days=5))
    license_ = approve_request(make_request(terms=offered_terms(uses)))
    assert license_.state == "scheduled"
    assert start_due(by=None, at=license_.starts_at - SECOND) == 0
    assert start_due(by=None, at=license_.starts_at) == 1
    assert expire_due(by=None, at=license_.ends_at - SECOND) == 0
    assert expire_due(by=None, at=license_.ends_at) == 1
    assert expire_due(by=None, at=license_.ends_at) == 0
    assert License.objects.get().state == "expired"
    told = Notification.objects.filter(kind="license-ended").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Alice Ames", "Dana Director"]


def test_the_public_check_tells_only_what_a_stranger_may_know(license_, client):
    page = client.get(f"/verify/{license_.ref}/").content.decode()
    for known in (license_.ref, "Harbor Lights", license_.organization.name, license_.terms_hash):
        assert known in page
    for secret in ("Alice", "$693", license_.request.ref, "ferris wheel"):
        assert secret not in page


def test_what_is_not_there_is_said_plainly(db, client):
    answer = client.get("/verify/L-0000000000/")
    assert answer.status_code == 404
    assert "There is no license with this number." in answer.content.decode()


def test_a_number_is_read_however_it_is_typed(license_, client):
    typed = license_.ref.lower().replace("-", " ")
    answer = client.get("/verify/", {"ref": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/verify/{license_.ref}/")


def test_numbers_cannot_be_tried_without_end(license_, client):
    with time_machine.travel(NOW, tick=False):  # all within one minute of the clock
        answers = [client.get(f"/verify/{license_.ref}/").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


@pytest.mark.parametrize("path", ["", "certificate.pdf", "revoke/", "suspend/"])
def test_a_stranger_gets_the_same_404_as_for_a_missing_license(license_, client, path):
    client.force_login(make_user("Charlie Stranger"))
    foreign = client.get(f"/licenses/{license_.ref}/{path}")
    missing = client.get(f"/licenses/L-0000000000/{path}")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    strip = re.compile(r'L-\w+|csrfmiddlewaretoken" value="\w+|[0-9a-f]{8}')
    assert strip.sub("", foreign.content.decode()) == strip.sub("", missing.content.decode())


def test_the_confirm_page_shows_consequences_first_and_wants_them_read(license_, client):
    client.force_login(license_.request.actor.user)
    page = client.get(f"/licenses/{license_.ref}/revoke/").content.decode()
    assert "What happens now" in page
    answer = client.post(f"/licenses/{license_.ref}/revoke/", {"reason": "Too far from what I read."})
    page = answer.content.decode()
    assert "Tick this box once you have read what happens now." in page
    assert "Too far from what I read." in page
    assert License.objects.get().state == "active"
    answer = client.post(f"/licenses/{license_.ref}/revoke/", {"reason": "x", "understood": "on"})
    assert (answer.status_code, License.objects.get().state) == (303, "revoked")


def test_the_certificate_is_one_tagged_page_with_the_terms(license_):
    import io

    data = certificate(license_)
    pdf = PdfReader(io.BytesIO(data))
    text = re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    assert len(pdf.pages) == 1
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    for words in (license_.ref, "Alice Ames", "Harbor Lights", "Crowd at the harbor fair", "$693"):
        assert words in text
    assert data == certificate(license_)


def test_a_license_of_eight_long_uses_still_fits_its_page(db):
    import io

    uses = [use_terms(f"Use number {n}", description="Stands in the crowd. " * 12) for n in range(8)]
    pdf = PdfReader(io.BytesIO(certificate(approve_request(make_request(terms=offered_terms(*uses))))))
    assert len(pdf.pages) <= 2


@pytest.mark.parametrize("licenses", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_thirty(db, client, django_assert_num_queries, licenses):
    first = make_request()
    approve_request(first)
    for _ in range(licenses - 1):
        approve_request(make_request(replica=first.replica, project=first.project))
    client.force_login(first.actor.user)
    client.get("/licenses/?state=scheduled")
    with django_assert_num_queries(7):
        page = client.get("/licenses/?state=scheduled").content.decode()
    assert page.count("/licenses/L-") == licenses
    assert PASSWORD not in page


def test_its_days_are_the_performers_whoever_reads(license_, client):
    berlin = ZoneInfo("Europe/Berlin")
    User.objects.filter(pk=license_.actor.user_id).update(time_zone="Europe/Berlin")
    span = {"starts_at": datetime(2026, 12, 1, tzinfo=berlin), "ends_at": datetime(2027, 3, 1, tzinfo=berlin)}
    License.objects.update(**span, state="active")
    for zone in ("America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland"):
        User.objects.filter(name="Dana Director").update(time_zone=zone)
        client.force_login(User.objects.get(name="Dana Director"))
        for page in (f"/licenses/{license_.ref}/", f"/verify/{license_.ref}/"):
            assert "Dec 1, 2026 to Feb 28, 2027" in client.get(page).text, (zone, page)


def test_a_suspended_license_has_its_place_in_the_list(license_, client):
    alice = license_.actor.user
    suspend(license_, reason="", by=alice, at=timezone.now())
    client.force_login(alice)
    listed = {
        tab: license_.ref in client.get(f"/licenses/?state={tab}").content.decode()
        for tab in ("active", "scheduled", "suspended", "expired", "revoked")
    }
    assert [tab for tab, is_there in listed.items() if is_there] == ["suspended"]


def test_a_revoked_license_is_not_said_to_allow_anything(license_, client):
    client.force_login(license_.actor.user)
    page = f"/licenses/{license_.ref}/"
    assert "You allow " in client.get(page).text
    revoke(license_, reason="", by=license_.actor.user, at=timezone.now())
    after = client.get(page).text
    assert "You allowed " in after
    assert "You can revoke at any time." not in after


@pytest.mark.parametrize(
    ("started", "ended", "paid"), [(-1, None, True), (-1, 1, True), (-9, -1, False), (1, None, False)]
)
def test_what_it_costs_counts_the_agency_of_its_day(db, client, started, ended, paid):
    """The agent's share stands on the license as it stood on the request: by who represented the performer then."""
    request = make_request(project=make_project(agreement=Agreement.SAG_TV_THEATRICAL), terms=union_terms())
    license_ = approve_request(request)
    bond = represent(make_agency(), request.actor)
    bond.started_at = license_.issued_at + timedelta(hours=started)
    bond.ended_at = None if ended is None else license_.issued_at + timedelta(hours=ended)
    bond.save()
    client.force_login(request.actor.user)
    pay = client.get(license_.get_absolute_url()).context["pay"]
    assert [line.label for line in pay.on_top] == ["Pension and health, principals", *["The agent, on top"] * paid]
