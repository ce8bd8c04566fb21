"""P7: approvals by several processes at once, each with license, notices and audit, signed with a code."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.signing import Proof, challenge_for
from accounts.audit.models import AuditEntry
from accounts.models import Delivery, Notification, UsedChallenge
from replicas.actions.answering import approve
from replicas.models import Decision, License, ReuseRequest
from tests import factories

PROCESSES = 4
BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
WRITTEN = (Decision, Decision.approved_uses.through, License, Notification, Delivery, AuditEntry, UsedChallenge)
Asked = tuple[int, str]  # a request's id, and its actor's secret for codes


def measure(each: int, rounds: int) -> dict[str, Any]:
    """Decisions per second beside INSERTs of as many rows, and what one decision asks of the database.

    ``each`` process answers that many requests in a round; rounds of decisions and of INSERTs take turns.
    """
    asked = make(PROCESSES * each * rounds + 2)
    before = _rows()
    statements, brackets = count(asked.pop())
    rows = _rows() - before + 1  # the request itself is changed, too
    answer(asked.pop())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (id BIGINT PRIMARY KEY, word VARCHAR(64), content TEXT)")
    mine, limit, ratio = [], [], []
    for number in range(rounds):
        share = asked[number * PROCESSES * each : (number + 1) * PROCESSES * each]
        parts = [share[process::PROCESSES] for process in range(PROCESSES)]
        mine.append(len(share) / at_once(answer_all, parts))
        first = number * len(share) * rows
        ranges = [(first + place * each * rows, each, rows) for place in range(PROCESSES)]
        limit.append(len(share) / at_once(insert_all, ranges))
        ratio.append(mine[-1] / limit[-1])
    return {
        "per_second": statistics.median(mine),
        "limit_per_second": statistics.median(mine) / statistics.median(ratio),
        "rows": rows,
        "statements": statements,
        "brackets": brackets,
    }


def make(number: int) -> list[Asked]:
    """Requests that wait for an answer, each to an actor with codes from an app and an agent, from one house."""
    agency, project = factories.make_agency(), factories.make_project()
    found = []
    for place in range(number):
        actor = factories.make_actor(f"Ada Abbot {place}", user=factories.make_user(f"Ada Abbot {place}", password=""))
        factories.represent(agency, actor)
        request = factories.make_request(factories.make_replica(actor), project)
        found.append((request.pk, factories.add_totp(actor.user)))
    return found


def answer(asked: Asked) -> None:
    pk, secret = asked
    request = ReuseRequest.objects.select_related("actor__user", "current_terms", "project").get(pk=pk)
    user, terms, at = request.actor.user, request.current_terms, timezone.now()
    assert terms is not None
    uses = list(terms.uses.values_list("pk", flat=True))
    challenge = challenge_for(user, request.subject, terms.sha256, at=at)
    proof = Proof(challenge, code=factories.totp_code(secret))
    approve(request, terms_hash=terms.sha256, use_ids=uses, typed_name=user.name, proof=proof, by=user, at=at)


def answer_all(asked: Sequence[Asked]) -> None:
    for one in asked:
        answer(one)


def insert_all(share: tuple[int, int, int]) -> None:
    """As many commits as decisions, each with one INSERT a row."""
    first, decisions, rows = share
    for number in range(decisions):
        with transaction.atomic(), connection.cursor() as cursor:
            for row in range(rows):
                pk = first + number * rows + row
                cursor.execute("INSERT INTO bench_plain VALUES (%s, %s, %s)", [pk, f"{pk:064d}", "x" * 400])


def count(asked: Asked) -> tuple[int, int]:
    """Statements of one approval (without reading what the page would have read), and commands around them."""
    with CaptureQueriesContext(connection) as found:
        answer(asked)
    words = [query["sql"].split(" ", 1)[0] for query in found.captured_queries]
    brackets = sum(word in BRACKETS for word in words)
    return len(words) - brackets - 2, brackets


def at_once(work: Callable[[Any], None], shares: Sequence[Any]) -> float:
    """Seconds until every share is done, each by a process of its own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, go = context.Barrier(len(shares) + 1), context.Event()
    workers = [context.Process(target=_work, args=(work, share, ready, go)) for share in shares]
    for worker in workers:
        worker.start()
    ready.wait()
    start = time.perf_counter()
    go.set()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - start
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("A process that answers ended early.")
    return seconds


def _work(work: Callable[[Any], None], share: Any, ready: Any, go: Any) -> None:
    connection.ensure_connection()
    ready.wait()
    go.wait()
    work(share)
    connections.close_all()


def _rows() -> int:
    return sum(model._default_manager.count() for model in WRITTEN)
