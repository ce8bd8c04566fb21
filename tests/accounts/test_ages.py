"""How old somebody is, to the day, and when they come of age, to the second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.actions.people import register_actor, update_person
from accounts.models import ActorProfile
from accounts.rules.ages import age_on, birthday, check_birth_date, is_minor, majority, moved_majority
from accounts.rules.refusal import Refused
from tests.factories import make_minor, make_user

LA, TOKYO = ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 5, 17), date(2026, 5, 16), 17),
        (date(2008, 5, 17), date(2026, 5, 17), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 5, 17), date(2008, 5, 16), -1),
        (date(2008, 5, 17), date(2008, 5, 17), 0),
    ],
)
def test_age_changes_on_the_birthday(born_on, day, age):
    assert age_on(born_on, day) == age


def test_majority_is_midnight_in_the_persons_own_zone():
    born_on = date(2008, 5, 17)
    assert majority(born_on, LA) == datetime(2026, 5, 17, 7, tzinfo=UTC)
    assert majority(born_on, TOKYO) == datetime(2026, 5, 16, 15, tzinfo=UTC)
    assert majority(date(2008, 2, 29), LA) == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


def test_where_the_clocks_skip_midnight_it_is_the_moment_they_do():
    assert majority(date(2000, 10, 21), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 10, 21, 3, tzinfo=UTC)
    assert majority(date(2000, 11, 4), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_a_minor_is_one_until_the_second():
    adult_at = majority(date(2008, 5, 17), LA)
    assert [is_minor(adult_at, adult_at + step) for step in (-SECOND, timedelta(0), SECOND)] == [True, False, False]
    assert not is_minor(None, adult_at)


def test_a_move_moves_the_moment_but_not_at_the_last_minute():
    born_on = date(2008, 5, 17)
    before = majority(born_on, LA)
    early, late = before - timedelta(days=2, seconds=1), before - timedelta(days=2)
    assert moved_majority(before, born_on, TOKYO, at=early) == majority(born_on, TOKYO)
    assert moved_majority(before, born_on, TOKYO, at=late) == before


@pytest.mark.parametrize(
    ("born_on", "own_account", "code"),
    [
        (date(2013, 5, 17), True, None),  # 13 today
        (date(2013, 5, 18), True, "too-young"),  # 13 tomorrow
        (date(2013, 5, 18), False, None),
        (date(2026, 5, 17), False, None),
        (date(2026, 5, 18), False, "birth-date"),
        (date(1906, 5, 17), True, None),
        (date(1905, 5, 17), True, "birth-date"),
    ],
)
def test_which_birth_dates_are_taken(born_on, own_account, code):
    try:
        check_birth_date(born_on, today=date(2026, 5, 17), own_account=own_account)
        got = None
    except Refused as refusal:
        got = refusal.code
    assert got == code


@pytest.mark.django_db
def test_a_child_has_no_account_and_a_grown_up_from_before_stays_one():
    user, at = make_user("Timo Ten"), timezone.now()
    ten = at.astimezone(user.zone).date() - timedelta(days=3_700)
    with pytest.raises(Refused) as refused:
        register_actor(user, stage_name="Timo", birth_date=ten, by=user, at=at)
    assert (refused.value.code, ActorProfile.objects.count()) == ("too-young", 0)
    old = register_actor(user, stage_name="Timo", by=user, at=at)
    assert (old.adult_at, old.is_minor(at)) == (None, False)


@pytest.mark.django_db
def test_who_moves_comes_of_age_by_the_clock_of_the_new_place():
    minor = make_minor()
    at = minor.adult_at - timedelta(days=30)
    update_person(minor.user, values={"time_zone": "Asia/Tokyo"}, by=minor.user, at=at)
    minor.refresh_from_db()
    assert minor.adult_at == majority(minor.birth_date, TOKYO)
    update_person(minor.user, values={"time_zone": "Pacific/Kiritimati"}, by=minor.user, at=minor.adult_at - SECOND)
    minor.refresh_from_db()
    assert minor.adult_at == majority(minor.birth_date, TOKYO)
