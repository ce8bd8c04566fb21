"""Asking a worker to look after a crowd once this transaction is through. The row is the truth: a lost ring costs until
the next sweep."""

import logging
from dataclasses import dataclass

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
SETTLE = "replicas.tasks.settle_crowd"


@dataclass(frozen=True, slots=True)
class _Ring:
    crowd_id: int

    def __call__(self) -> None:
        try:
            current_app.signature(SETTLE, (self.crowd_id,)).delay()
        except OperationalError as away:
            logger.warning("The broker is away; the sweep will look after the crowd. %s", away)


def ring(crowd_id: int) -> None:
    """After the commit, never in its way, and once for a transaction however much happened to the crowd in it."""
    once = _Ring(crowd_id)
    if once not in [waiting[1] for waiting in connection.run_on_commit]:
        transaction.on_commit(once, robust=True)
