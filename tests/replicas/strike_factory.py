"""Strikes for tests, set by the real action."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from replicas.actions.striking import set_strike
from replicas.models import StrikePeriod
from replicas.rules.vocabulary import Agreement
from tests.factories import add_totp, make_user


def make_staff(name: str = "Sam Staff") -> User:
    """Staff with a second factor."""
    staff = make_user(name, is_staff=True)
    add_totp(staff)
    return staff


def make_strike(
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    *,
    agreement: str = Agreement.SAG_TV_THEATRICAL,
    note: str = "Called by the National Board.",
    by: User | None = None,
) -> StrikePeriod:
    """A strike under the agreement of ``make_project``, from an hour ago unless told otherwise."""
    now = timezone.now()
    starts_at = starts_at or now - timedelta(hours=1)
    return set_strike(
        agreement=agreement, starts_at=starts_at, ends_at=ends_at, note=note, by=by or make_staff(), at=now
    )
