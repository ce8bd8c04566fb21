"""A minor decides nothing about who holds their replica; a guardian does, and two of them agree to nobody new."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.signing import Proof, challenge_for
from accounts.rules.refusal import Refused
from replicas.access.leaving import stakes_of
from replicas.actions.custody.transferring import agree, refuse
from replicas.actions.leaving import leave
from tests.factories import PASSWORD, make_casting, make_guardian, make_minor, make_replica, make_user
from tests.replicas.custody_factory import make_transfer, original_of

pytestmark = pytest.mark.django_db


def refused(code: str, function, *args, **kwargs) -> None:
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    assert caught.value.code == code


@pytest.fixture
def world():
    """Mia, whose mother Gloria decides; Bob’s house holds the original."""
    minor = make_minor()
    gloria = make_guardian(minor)
    house = make_casting(make_user("Bob Brandt"))
    replica = make_replica(minor, custodian=house.name, custodian_organization=house)
    return replica, minor, gloria, house.memberships.get().user


def test_the_guardian_answers_and_the_minor_does_not(world):
    replica, minor, gloria, bob = world
    asked, at = make_transfer(original_of(replica), by=bob, told_by=""), timezone.now()
    refused("not-yours", agree, asked, by=minor.user, at=at)
    refused("not-yours", refuse, asked, by=minor.user, at=at)
    agree(asked, by=gloria, at=at)
    asked.refresh_from_db()
    assert (asked.state, asked.agreed_by) == ("agreed", gloria)


def test_two_guardians_can_refuse_one_by_one_and_agree_to_nobody_new(world):
    replica, minor, gloria, bob = world
    other = make_guardian(minor, make_user("George Guardian"))
    asked, at = make_transfer(original_of(replica), by=bob, told_by=""), timezone.now()
    for guardian in (gloria, other):
        refused("several-guardians", agree, asked, by=guardian, at=at)
    refuse(asked, by=other, at=at)
    asked.refresh_from_db()
    assert asked.state == "refused"


def test_pages_of_a_decision_open_for_the_guardian_alone(world):
    replica, minor, gloria, bob = world
    asked = make_transfer(original_of(replica), by=bob, told_by="")
    for user, code in ((gloria, 200), (minor.user, 404)):
        client = Client()
        client.force_login(user)
        for name, args in (("custody-answer", [replica.ref, asked.pk]), ("replica-delete", [replica.ref])):
            assert client.get(reverse(name, args=args)).status_code == code, (name, user)
        assert client.get(reverse("custody", args=[replica.ref])).status_code == 200


def test_the_guardian_withdraws_the_replica_under_their_own_name(world):
    replica, minor, gloria, _ = world
    at, stakes = timezone.now(), stakes_of(replica)
    proof = Proof(challenge_for(gloria, replica.subject, stakes.digest, at=at), password=PASSWORD)
    wanted = at.astimezone(minor.user.zone).date() + timedelta(days=30)
    values = {"shown": stakes.digest, "fates": {}, "wanted": wanted, "contacts": {}, "proof": proof, "at": at}
    refused("not-yours", leave, replica, **values, typed_name=minor.user.name, by=minor.user)
    refused("name-differs", leave, replica, **values, typed_name=minor.stage_name, by=gloria)
    leave(replica, **values, typed_name=gloria.name, by=gloria)
    replica.refresh_from_db()
    assert replica.state == "leaving"
