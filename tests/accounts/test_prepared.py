"""Prepared queries: the rows of the queryset itself, with each call's own values, and nothing that stays by mistake."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, F
from django.utils import timezone

from accounts.access.prepared import Prepared
from accounts.models import User
from agencies.models import Membership
from tests.factories import make_agency, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_each_call_answers_for_its_own_values(django_assert_num_queries):
    bob, charlie = make_user("Bob Castle"), make_user("Charlie Dane")
    made = make_agency(bob)
    ask = Prepared(lambda *, user: Membership.objects.filter(user=user).select_related("organization").order_by("pk"))
    with django_assert_num_queries(3):
        assert [seat.organization for seat in ask(user=bob.pk)] == [made]
        assert ask(user=charlie.pk) == []
        assert [seat.user_id for seat in ask(user=bob.pk)] == [bob.pk]


def test_texts_moments_and_columns_alone():
    make_user("Bob Castle"), make_user("Charlie Dane")
    User.objects.filter(name="Bob Castle").update(date_joined=AT)
    User.objects.filter(name="Charlie Dane").update(date_joined=AT + timedelta(microseconds=1))
    names = User.objects.values_list("name", flat=True)
    ask = Prepared(lambda *, name, until: names.filter(name__gte=name, date_joined__lte=until))
    assert ask(name="A", until=AT) == ["Bob Castle"]
    assert sorted(ask(name="A", until=AT + timedelta(microseconds=1))) == ["Bob Castle", "Charlie Dane"]
    assert ask(name="C", until=AT) == []


def test_what_is_computed_in_the_query_comes_along():
    bob = make_user("Bob Castle")
    make_agency(bob)
    ask = Prepared(lambda *, user: User.objects.filter(pk=user).annotate(seats=Count("memberships")).values("seats"))
    assert ask(user=bob.pk) == [{"seats": 1}]
    assert ask(user=make_user("Charlie Dane").pk) == [{"seats": 0}]


@pytest.mark.parametrize(
    "build",
    [
        lambda *, at: User.objects.filter(date_joined__lte=at + timedelta(days=1)),
        lambda *, at: User.objects.filter(pk=F("pk")),
        lambda *, at: User.objects.filter(date_joined__lte=at, last_login__lte=at + timedelta(hours=1)),
        lambda *, at: User.objects.filter(date_joined__lte=at, last_login__lte=timezone.now()),
    ],
    ids=["computed from it", "not used", "as it is and computed", "a clock of its own"],
)
def test_a_value_that_would_stay_what_it_was_is_an_error(build):
    with pytest.raises(ValueError, match="Not used as it is"):
        Prepared(build)(at=AT)


@pytest.mark.parametrize("value", [None, True, 1.5, [1]])
def test_only_plain_values_are_taken(value):
    with pytest.raises(ValueError, match="takes no"):
        Prepared(lambda *, user: User.objects.filter(pk=user))(user=value)
