"""Two of everything at once: sweeps, answers by one link, an answer and a withdrawal."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Notification
from accounts.notifications.sealed import token_of
from accounts.rules.refusal import Refused
from replicas.actions import claims as acts
from replicas.models import ClaimAnswer, ScanClaim
from replicas.rules.claiming import ClaimState, thresholds
from tests.factories import make_actor
from tests.replicas.claims.factory import HOLDS, make_sent_claim

pytestmark = pytest.mark.django_db(transaction=True)
SENT = datetime(2026, 11, 1, 20, tzinfo=UTC)


def by_link(claim, who):
    token = token_of(claim.link_nonce)
    return acts.answer(claim, answer=HOLDS, by=None, by_label=who, token=token, at=SENT)


def test_two_sweeps_at_once_remind_once_and_tell_once(together):
    claims = [make_sent_claim(make_actor(f"Actor {number}"), at=SENT) for number in range(4)]
    half = thresholds(SENT, claims[0].due_at)[0][1]
    for at, kind in ((half, "claim-reminder"), (claims[0].due_at, "claim-unanswered")):
        results = together(*[lambda at=at: acts.look_at_due(by=None, at=at)] * 3)
        assert not [result for result in results if isinstance(result, Exception)]
        while acts.look_at_due(by=None, at=at):
            pass
        assert Notification.objects.filter(kind=kind).count() == len(claims)
    assert set(ScanClaim.objects.values_list("state", flat=True)) == {ClaimState.UNANSWERED}


def test_one_link_takes_one_answer(together):
    claim = make_sent_claim(at=SENT)
    results = together(lambda: by_link(claim, "Ann"), lambda: by_link(claim, "Ben"))
    assert [type(result) for result in results].count(Refused) == 1
    assert ClaimAnswer.objects.count() == 1
    assert Notification.objects.filter(kind="claim-answered").count() == 1


def test_an_answer_and_a_withdrawal_at_once_have_one_winner(together):
    claim = make_sent_claim(at=SENT)
    who = claim.actor.user
    results = together(
        lambda: by_link(claim, "Ann"), lambda: acts.withdraw(claim, by=who, at=SENT + timedelta(hours=1))
    )
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    claim.refresh_from_db()
    answered = not isinstance(results[0], Refused)
    assert claim.state == (ClaimState.ACKNOWLEDGED if answered else ClaimState.CLOSED)
    assert ClaimAnswer.objects.count() == int(answered)
