"""Announcing, changing and calling off: who may, who is told, what it costs, and what stops it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.actions.scan_notices import announce, call_off, change
from replicas.actions.scans import refuse, remind_due
from replicas.models import Scan, ScanDraft, ScanNotice
from replicas.rules.lists import MOST_PEOPLE, Listed
from replicas.rules.scanning import ScanState
from replicas.rules.vocabulary import Agreement
from tests.factories import make_actor, make_agency, make_casting, make_member, make_project, make_user, represent
from tests.replicas.scan_factory import NOW, SCAN_AT, announcement, listed, make_notice, make_scan, say_yes
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
FRAME = ("SAVEPOINT", "RELEASE")


@pytest.fixture
def project():
    return make_project(make_casting(make_user("Dana Whitfield")), agreement=Agreement.SAG_TV_THEATRICAL)


def statements(project, number: int) -> list[str]:
    people = [make_actor(f"Actor {which}", user=make_user(f"Person{which} Of{number}")) for which in range(number)]
    with CaptureQueriesContext(connection) as captured:
        make_notice(*people, project=project)
    return [query["sql"][:40] for query in captured if not query["sql"].startswith(FRAME)]


def test_the_statements_are_the_same_for_two_and_for_forty(project):
    """SQLite takes 999 parameters in one statement, so a longer list is split there; PostgreSQL's is not."""
    make_notice("first@example.com", project=project)  # the rulebook's figures are in memory from here on
    few = statements(project, 2)
    assert statements(project, 40) == few
    assert len(few) == 13, few


def test_five_hundred_are_one_commit_and_one_letter_each(project, django_capture_on_commit_callbacks):
    people = [f"person{number}@example.com" for number in range(MOST_PEOPLE)]
    with django_capture_on_commit_callbacks() as rings:
        make_notice(*people, project=project)
    assert Scan.objects.count() == Delivery.objects.count() == MOST_PEOPLE
    assert len(rings) == 1


def test_one_letter_for_somebody_listed_under_two_addresses(project):
    actor = make_actor("Maya Reyes")
    EmailAddress.objects.create(user=actor.user, email="maya@elsewhere.example", verified=True)
    notice = make_notice(actor, "maya@elsewhere.example", project=project)
    assert list(notice.scans.values_list("actor", flat=True)) == [actor.pk, actor.pk]
    assert Delivery.objects.count() == 1


def test_an_address_nobody_proved_is_told_as_an_address(project):
    actor = make_actor("Maya Reyes")
    EmailAddress.objects.filter(user=actor.user).update(verified=False)
    notice = make_notice(actor, project=project)
    assert notice.scans.get().actor is None
    told = Notification.objects.get()
    assert (told.recipient, told.address) == (None, actor.user.email)
    assert told.path == f"/accounts/signup/?next=/scans/{notice.scans.get().ref}/"


def test_the_agency_is_told_of_its_clients(project):
    actor, agency = make_actor("Maya Reyes"), make_agency(make_user("Alex Moreno"))
    represent(agency, actor)
    make_notice(actor, "somebody@example.com", project=project)
    told = Notification.objects.filter(kind="client-scan")
    assert [(one.recipient.name, one.context["actor"], one.context["outcome"]) for one in told] == [
        ("Alex Moreno", "Maya Reyes", "announced")
    ]


@pytest.mark.parametrize("who", ["assistant", "stranger", "performer"])
def test_others_announce_nothing(project, who):
    by = {
        "assistant": lambda: make_member(project.organization, make_user("Tess Ito"), Role.ASSISTANT),
        "stranger": lambda: make_casting(make_user("Otto")).memberships.get().user,
        "performer": lambda: make_actor("Maya Reyes").user,
    }[who]()
    with pytest.raises(Refused) as refused:
        announce(project=project, announcement=announcement(), people=listed("ana@example.com"), by=by, at=NOW)
    assert refused.value.code == "not-yours"
    assert not ScanNotice.objects.exists()


def test_announcing_needs_a_second_factor(project, settings):
    settings.REQUIRE_MFA = True
    project.created_by.authenticator_set.all().delete()
    with pytest.raises(Refused) as refused:
        make_notice("ana@example.com", project=project)
    assert refused.value.code == "second-factor-missing"


@pytest.mark.parametrize(
    ("people", "code"),
    [([], "nobody-listed"), ([f"p{number}@example.com" for number in range(MOST_PEOPLE + 1)], "too-many-people")],
)
def test_a_list_has_one_to_five_hundred(project, people, code):
    with pytest.raises(Refused) as refused:
        make_notice(*people, project=project)
    assert refused.value.code == code


def test_nobody_announces_to_themself(project):
    with pytest.raises(Refused) as refused:
        make_notice(project.created_by.email, project=project)
    assert refused.value.code == "own-address"


@pytest.mark.parametrize(
    ("before", "engaged", "allowed"),
    [
        (timedelta(hours=48), None, True),
        (timedelta(hours=48) - SECOND, None, False),
        (timedelta(hours=48) - SECOND, NOW, True),
        (timedelta(hours=48) - SECOND, NOW - SECOND, False),
        (timedelta(hours=5), NOW + timedelta(hours=1), True),
    ],
)
def test_48_hours_before_or_at_engagement(project, before, engaged, allowed):
    """Rule R05, on the second."""
    people = [Listed("ana@example.com", engaged_at=engaged, line=1)]
    given = announcement(scan_at=NOW + before)

    def put() -> ScanNotice:
        return announce(project=project, announcement=given, people=people, by=project.created_by, at=NOW)

    if not allowed:
        with pytest.raises(Refused) as refused:
            put()
        assert refused.value.code == "rule-R05"
        return
    assert put().scans.get().at_engagement is (before < timedelta(hours=48))


def test_a_strike_stops_announcing_and_agreeing(project):
    """Rule R10: scanning and consenting are struck work."""
    scan = make_scan(make_actor("Maya Reyes"), project=project)
    make_strike(NOW + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        make_notice("ana@example.com", project=project, at=NOW + timedelta(minutes=2))
    assert refused.value.code == "rule-R10"
    with pytest.raises(Refused) as refused:
        say_yes(scan)
    assert refused.value.code == "strike"
    assert refuse(scan, by=scan.actor.user, at=NOW + timedelta(hours=2)).state == ScanState.REFUSED


def test_a_draft_is_used_once(project):
    draft = ScanDraft.objects.create(
        ref="N-AAAAAA",
        organization=project.organization,
        created_by=project.created_by,
        created_at=NOW,
        changed_at=NOW,
    )
    values = {"project": project, "announcement": announcement(), "people": listed("ana@example.com")}
    assert announce(**values, draft=draft, by=project.created_by, at=NOW).ref == "N-AAAAAA"
    with pytest.raises(Refused) as refused:
        announce(**values, draft=draft, by=project.created_by, at=NOW)
    assert refused.value.code == "draft-gone"


def test_the_rules_and_versions_are_kept_with_it(project):
    judged = make_notice("ana@example.com", project=project).judged
    assert {"R01.1", "R02.1", "R05.1", "R06.1"} <= set(judged)


def test_a_notice_is_never_changed_in_the_database(project):
    notice = make_notice("ana@example.com", project=project)
    with pytest.raises(Exception, match="append-only"):
        ScanNotice.objects.filter(pk=notice.pk).update(sha256="0" * 64)


class TestChanging:
    def test_what_matters_resets_answers_and_a_contact_does_not(self, project):
        for changes, state in (({"place": "Stage 9"}, ScanState.ANNOUNCED), ({"contact": "Bo"}, ScanState.AGREED)):
            scan = say_yes(make_scan(make_actor(), project=project))
            new = announcement(organization=project.organization.name, **changes)
            made = change(scan.notice, announcement=new, by=project.created_by, at=NOW + timedelta(hours=2))
            scan.refresh_from_db()
            assert (scan.state, scan.notice) == (state, made)
            told = Notification.objects.filter(kind="scan-changed", recipient=scan.actor.user).get()
            assert told.context["material"] is (state == ScanState.ANNOUNCED)

    def test_an_answer_to_the_version_before_is_refused(self, project):
        scan = make_scan(make_actor(), project=project)
        old = scan.notice.sha256
        new = announcement(organization=project.organization.name, minutes=60)
        change(scan.notice, announcement=new, by=project.created_by, at=NOW)
        scan.notice.sha256 = old
        with pytest.raises(Refused) as refused:
            say_yes(scan)
        assert refused.value.code == "notice-changed"

    def test_moved_to_a_later_day_nobody_is_told_at_engagement_any_more(self, project):
        people = [Listed("ana@example.com", engaged_at=NOW + timedelta(minutes=5), line=1)]
        soon = announcement(organization=project.organization.name, scan_at=NOW + timedelta(hours=20))
        notice = announce(project=project, announcement=soon, people=people, by=project.created_by, at=NOW)
        assert notice.scans.get().at_engagement
        new = change(notice, announcement=announcement(organization=soon.organization), by=project.created_by, at=NOW)
        assert not new.scans.get().at_engagement

    @pytest.mark.parametrize(
        ("changes", "at", "code"),
        [
            ({}, NOW, "nothing-changed"),
            ({"minutes": 60}, SCAN_AT, "too-late"),
            ({"minutes": 60}, SCAN_AT - timedelta(hours=48) + SECOND, "rule-R05"),
        ],
    )
    def test_what_stops_a_change(self, project, changes, at, code):
        notice = make_notice("ana@example.com", project=project)
        new = announcement(organization=project.organization.name, **changes)
        with pytest.raises(Refused) as refused:
            change(notice, announcement=new, by=project.created_by, at=at)
        assert refused.value.code == code

    def test_only_the_present_version_can_be_changed_or_called_off(self, project):
        notice = make_notice("ana@example.com", project=project)
        new = announcement(organization=project.organization.name, minutes=60)
        change(notice, announcement=new, by=project.created_by, at=NOW)
        for act in (
            lambda: change(notice, announcement=new, by=project.created_by, at=NOW),
            lambda: call_off(notice, by=project.created_by, at=NOW),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "superseded"


def test_calling_off_tells_who_had_not_said_no(project):
    people = [make_actor(f"Actor {number}") for number in range(3)]
    notice = make_notice(*people, project=project)
    scans = list(notice.scans.order_by("pk"))
    say_yes(scans[0])
    refuse(scans[1], by=people[1].user, at=NOW)
    call_off(notice, reason="Rain.", by=project.created_by, at=NOW + timedelta(hours=2))
    assert set(notice.scans.values_list("state", flat=True)) == {ScanState.CALLED_OFF}
    told = Notification.objects.filter(kind="scan-called-off").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Actor 0", "Actor 2"]


def test_who_has_not_answered_is_reminded_once_a_day_before(project):
    silent, answered = make_actor("Silent"), make_actor("Answered")
    notice = make_notice(silent, answered, project=project)
    say_yes(notice.scans.get(actor=answered))
    day_before = SCAN_AT - timedelta(hours=24)
    assert remind_due(by=None, at=day_before - SECOND) == 0
    assert remind_due(by=None, at=day_before) == 1
    assert remind_due(by=None, at=day_before) == 0
    told = Notification.objects.filter(kind="scan-reminder").values_list("recipient", flat=True)
    assert list(told) == [silent.user_id]
    assert AuditEntry.objects.filter(event="scan.reminded").count() == 1


def test_nobody_is_reminded_of_what_is_over(project):
    make_notice("ana@example.com", project=project)
    assert remind_due(by=None, at=SCAN_AT) == 1
    assert not Notification.objects.filter(kind="scan-reminder").exists()
