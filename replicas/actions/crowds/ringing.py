"""Asking a worker to look after a crowd once this transaction is through. The row is the truth: a lost ring costs until
the next sweep."""

import logging

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
SETTLE = "replicas.tasks.settle_crowd"


def ring(crowd_id: int) -> None:
    """After the commit, never in its way, and once for a transaction however much happened to the crowd in it."""

    def call() -> None:
        try:
            current_app.signature(SETTLE, (crowd_id,)).delay()
        except OperationalError as away:
            logger.warning("The broker is away; the sweep will look after the crowd. %s", away)

    call.__name__ = f"{SETTLE}:{crowd_id}"
    if call.__name__ not in [getattr(waiting[1], "__name__", "") for waiting in connection.run_on_commit]:
        transaction.on_commit(call, robust=True)
