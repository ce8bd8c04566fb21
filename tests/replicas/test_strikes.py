"""Strikes as staff set, correct and lift them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from replicas.access.strikes import strike_in_force, struck
from replicas.actions.striking import correct_strike, lift_strike, set_strike
from replicas.models import Project, StrikeChange, StrikePeriod
from replicas.rules.vocabulary import Agreement
from tests.factories import make_project, make_user
from tests.replicas.strike_factory import make_staff, make_strike

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TV, GAMES = Agreement.SAG_TV_THEATRICAL, Agreement.SAG_INTERACTIVE


def test_a_strike_stands_from_its_first_second_up_to_its_end():
    start = timezone.now()
    strike = make_strike(start, start + DAY)
    moments = [start - SECOND, start, start + DAY - SECOND, start + DAY]
    assert [strike_in_force(TV, at) for at in moments] == [None, strike, strike, None]
    assert strike_in_force(GAMES, start) is None


def test_one_without_an_end_stands_until_it_is_lifted():
    start = timezone.now()
    strike = make_strike(start)
    assert strike_in_force(TV, start + 1000 * DAY) == strike


def test_rows_of_any_kind_can_be_asked_along_in_their_own_query(django_assert_num_queries):
    now = timezone.now()
    struck_one, other = make_project(agreement=TV), make_project(title="Low Tide", agreement=GAMES)
    make_strike(now)
    with django_assert_num_queries(1):
        found = dict(Project.objects.annotate(s=struck(now, "agreement")).values_list("pk", "s"))
    assert found == {struck_one.pk: True, other.pk: False}


def test_what_was_known_stays_readable_with_who_when_and_why():
    now = timezone.now()
    staff = make_staff()
    strike = make_strike(now, by=staff)
    correct_strike(
        strike,
        starts_at=now + HOUR,
        ends_at=None,
        note="At noon.",
        why="Noon, it said.",
        shown=1,
        by=staff,
        at=now,
    )
    lift_strike(strike, ends_at=now + DAY, why="A tentative agreement.", shown=2, by=staff, at=now + HOUR)
    known = StrikeChange.objects.values_list("number", "starts_at", "ends_at", "note", "why", "by", "at")
    assert list(known) == [
        (1, now, None, "Called by the National Board.", "", staff.pk, strike.set_at),
        (2, now + HOUR, None, "At noon.", "Noon, it said.", staff.pk, now),
        (3, now + HOUR, now + DAY, "At noon.", "A tentative agreement.", staff.pk, now + HOUR),
    ]
    now_known = StrikePeriod.objects.values_list("starts_at", "ends_at", "note", "version").get()
    assert now_known == (now + HOUR, now + DAY, "At noon.", 3)
    events = AuditEntry.objects.filter(subject_type="strike").order_by("pk").values_list("event", "refused")
    assert list(events) == [("strike.set", ""), ("strike.corrected", ""), ("strike.lifted", "")]


def test_a_version_is_never_rewritten():
    make_strike()
    with pytest.raises(DatabaseError), transaction.atomic():
        StrikeChange.objects.update(why="Something else.")
    with pytest.raises(DatabaseError), transaction.atomic():
        StrikeChange.objects.all().delete()
    assert StrikeChange.objects.get().why == ""


def test_only_staff_with_a_second_factor_set_strikes():
    now = timezone.now()
    people = {"not-yours": make_user("Alice Ames"), "second-factor-missing": make_user("Bob", is_staff=True)}
    strike = make_strike()
    for code, person in people.items():
        for act in (
            lambda by: set_strike(agreement=GAMES, starts_at=now, by=by, at=now),
            lambda by: lift_strike(strike, ends_at=now, why="Over.", shown=1, by=by, at=now),
        ):
            with pytest.raises(Refused) as refused:
                act(person)
            assert refused.value.code == code
    assert AuditEntry.objects.filter(subject_type="strike").exclude(refused="").count() == 4
    assert StrikePeriod.objects.values_list("agreement", "ends_at").get() == (TV, None)


@pytest.mark.parametrize(
    ("agreement", "begins", "ends", "code"),
    [
        (Agreement.NONE, 0, None, "no-agreement"),
        ("sag_of_the_moon", 0, None, "no-agreement"),
        (GAMES, 0, 0, "ends-before-start"),
        (GAMES, 0, -1, "ends-before-start"),
        (TV, -10, None, "overlaps"),
        (TV, -10, 1, "overlaps"),
        (TV, 5, None, "overlaps"),
    ],
)
def test_a_strike_that_can_not_be_is_refused(agreement, begins, ends, code):
    now = timezone.now()
    make_strike(now)
    ends_at = None if ends is None else now + ends * HOUR
    with pytest.raises(Refused) as refused:
        set_strike(agreement=agreement, starts_at=now + begins * HOUR, ends_at=ends_at, by=make_staff("Ann"), at=now)
    assert refused.value.code == code
    assert StrikePeriod.objects.count() == 1


def test_one_may_end_in_the_second_in_which_the_next_begins():
    now = timezone.now()
    make_strike(now)
    set_strike(agreement=TV, starts_at=now - DAY, ends_at=now, by=make_staff("Ann"), at=now)
    assert StrikePeriod.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shown": 0}, "changed-meanwhile"),
        ({"why": "  "}, "no-reason"),
        ({"ends_at": None}, "nothing-changed"),
        ({"ends_at": "before"}, "ends-before-start"),
    ],
)
def test_a_correction_that_can_not_be_is_refused(changes, code):
    now = timezone.now()
    staff = make_staff()
    strike = make_strike(now, by=staff)
    if changes.get("ends_at") == "before":
        changes = {"ends_at": now}
    given = {"starts_at": now, "ends_at": now + DAY, "note": strike.note, "why": "Over.", "shown": 1, **changes}
    with pytest.raises(Refused) as refused:
        correct_strike(strike, **given, by=staff, at=now)
    assert refused.value.code == code
    assert StrikeChange.objects.count() == 1
