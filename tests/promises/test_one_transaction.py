"""G6: an answer is whole or absent. The database goes away after every single statement of it."""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.tasks import send_due_letters
from replicas.actions.answering import approve, deny, reopen
from replicas.actions.drafting import send, withdraw
from replicas.actions.sweeping import lapse_due
from replicas.models import ReuseRequest
from tests.factories import make_agency, make_draft, make_request, offered_terms, proof_of, represent
from tests.promises.tables import changed, dump

pytestmark = pytest.mark.django_db(transaction=True)
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")  # the frame, which Django itself keeps whole
MOST = 80  # statements of one move; more would itself be a fault


class GoneError(OperationalError):
    """The connection broke."""


class BreakAfter:
    """Lets ``position`` statements through, does one more and then breaks: whatever it did must be undone."""

    def __init__(self, position: int) -> None:
        self.position, self.seen, self.broke = position, 0, False

    def __call__(self, run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = run(sql, params, many, context)
        self.seen += not sql.startswith(FRAME)
        if not self.broke and self.seen == self.position:
            self.broke = True
            raise GoneError(f"after: {sql[:80]}")
        return result


def sent() -> ReuseRequest:
    request = make_request()
    represent(make_agency(), request.actor)
    return request


def approving() -> Callable[[], Any]:
    request = sent()
    user, terms = request.actor.user, request.current_terms
    uses = [use.pk for use in terms.uses.all()]
    proof, at = proof_of(user, request), timezone.now()
    return lambda: approve(
        request, terms_hash=terms.sha256, use_ids=uses, typed_name=user.name, proof=proof, by=user, at=at
    )


def denying() -> Callable[[], Any]:
    request, at = sent(), timezone.now()
    return lambda: deny(request, reason="fee", comment="Too little.", by=request.actor.user, at=at)


def reopening() -> Callable[[], Any]:
    request, at = sent(), timezone.now()
    deny(request, by=request.actor.user, at=at)
    return lambda: reopen(request, by=request.actor.user, at=at)


def lapsing() -> Callable[[], Any]:
    at = sent().answer_by
    return lambda: lapse_due(by=None, at=at)


def withdrawing() -> Callable[[], Any]:
    request, at = sent(), timezone.now()
    return lambda: withdraw(request, by=request.sent_by, at=at)


def sending() -> Callable[[], Any]:
    draft, at = make_draft(), timezone.now()
    represent(make_agency(), draft.actor)
    terms, answer_by = offered_terms(), at + timedelta(days=5)
    return lambda: send(draft, terms=terms, answer_by=answer_by, by=draft.created_by, at=at)


@pytest.fixture(autouse=True)
def _nobody_hears_the_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters go out after the commit; here only what is inside counts."""
    monkeypatch.setattr(send_due_letters, "delay", lambda: None)


@pytest.mark.parametrize("move", [approving, denying, reopening, lapsing, withdrawing, sending])
def test_a_move_is_whole_or_absent_wherever_it_breaks(move):
    act = move()
    before = dump()
    for position in range(1, MOST):
        wrapper = BreakAfter(position)
        with connection.execute_wrapper(wrapper), contextlib.suppress(GoneError):
            act()
        if not wrapper.broke:
            break
        assert changed(before, dump()) == {}, f"broken after statement {position}"
    assert position >= 8, "the wrapper saw hardly any statement"
    after = changed(before, dump())
    assert {"replicas_reuserequest", "accounts_auditentry"} <= set(after)
