"""Short words for what the tests of teams do again and again."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from agencies.actions import teams
from agencies.models import Membership
from agencies.rules.organizations import Role


def seat(user, house):
    return Membership.objects.get(user=user, organization=house, state="active")


def invite(house, by, email="cora@nova.example", role=Role.MEMBER, at=None):
    return teams.invite(house, email=email, role=role, by=by, at=at or timezone.now())


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value


def last_entry():
    return AuditEntry.objects.latest("id")
