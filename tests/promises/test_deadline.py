"""G3: nothing is approved at or after the deadline, to the microsecond, and nothing after a withdrawal."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.rules.refusal import Refused
from replicas.actions.drafting import withdraw
from replicas.actions.sweeping import lapse_due
from replicas.models import Decision, License, ReuseRequest
from replicas.rules.answering import MOVES, Move, RequestState, judge
from tests.factories import approve_request, make_request
from tests.promises.scale import scaled

MICRO, MILLI, SECOND = timedelta(microseconds=1), timedelta(milliseconds=1), timedelta(seconds=1)
CLOSE = [sign * step for step in (MICRO, MILLI, SECOND) for sign in (-1, 1)] + [timedelta(0)]
moments = st.timedeltas(timedelta(0), timedelta(days=1460)).map(lambda after: datetime(2027, 1, 1, tzinfo=UTC) + after)
away = st.one_of(st.sampled_from(CLOSE), st.timedeltas(timedelta(days=-40), timedelta(days=40)))
EDGES = [datetime(2027, 3, 14, 10, tzinfo=UTC), datetime(2027, 11, 7, 9, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)]
how = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=scaled(10_000, ci=2_000), **how)
@given(answer_by=moments, off=away)
def test_the_rule_refuses_every_answer_at_or_after_the_deadline(answer_by, off):
    """Pure: 2,000 cases in CI, 10,000 with PROMISES_SCALE=1; every move that has a deadline at each."""
    at = answer_by + off
    for move, rule in MOVES.items():
        for state in rule.states:
            try:
                judge(move, state=state, sides=rule.sides, at=at, answer_by=answer_by)
                answered = True
            except Refused as refused:
                answered, why = False, refused.code
                assert why in {"too-late", "too-early"}
            if state is RequestState.HELD:
                assert answered  # its clock stands still
            elif rule.clock == "before":
                assert answered == (at < answer_by)
            elif rule.clock == "after":
                assert answered == (at >= answer_by)
            else:
                assert answered
    assert Move.APPROVE in MOVES
    assert MOVES[Move.APPROVE].clock == "before"
    assert MOVES[Move.APPROVE].states == {RequestState.OPEN}


@pytest.fixture
def request_once(db: None) -> ReuseRequest:
    return make_request(at=datetime(2026, 12, 1, 12, 0, 0, 123_457, tzinfo=UTC))


@settings(max_examples=scaled(1_000, ci=150), **how)
@given(answer_by=moments, off=away, swept=st.booleans())
@example(answer_by=EDGES[0], off=timedelta(0), swept=False)
@example(answer_by=EDGES[1], off=-MICRO, swept=True)
@example(answer_by=EDGES[2], off=MICRO, swept=False)
def test_the_action_keeps_the_deadline_to_the_microsecond(request_once, answer_by, off, swept):
    """The same through the database of this engine, which must not round: with and without a sweep before."""
    at = answer_by + off
    with transaction.atomic():
        ReuseRequest.objects.filter(pk=request_once.pk).update(answer_by=answer_by)
        request_once.refresh_from_db()
        assert request_once.answer_by == answer_by
        lapsed = lapse_due(by=None, at=at) if swept else 0
        assert lapsed == (swept and at >= answer_by)
        try:
            approve_request(request_once, at=at)
            approved = True
        except Refused as refused:
            approved, why = False, refused.code
            assert why == ("already-lapsed" if swept else "too-late")
        assert approved == (at < answer_by)
        assert License.objects.filter(request=request_once).exists() == approved
        transaction.set_rollback(True)


@pytest.mark.parametrize("off", [timedelta(0), *CLOSE], ids=str)
def test_nothing_is_approved_after_a_withdrawal(request_once, off):
    """Whatever the approval's own clock says: the withdrawal was committed first."""
    moment = request_once.answer_by - timedelta(hours=1)
    withdraw(request_once, by=request_once.sent_by, at=moment)
    with pytest.raises(Refused) as refused:
        approve_request(request_once, at=moment + off)
    assert refused.value.code == "already-withdrawn"
    assert Decision.objects.get(request=request_once).outcome == "withdrawn"
    assert not License.objects.exists()
