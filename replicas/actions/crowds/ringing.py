"""Asking a worker to look after a crowd once this transaction is through. The row is the truth: a lost ring costs until
the next sweep."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
SETTLE = "replicas.tasks.settle_crowd"


def ring(crowd_id: int) -> None:
    """After the commit, and never in its way."""
    transaction.on_commit(partial(_ring, crowd_id), robust=True)


def _ring(crowd_id: int) -> None:
    try:
        current_app.signature(SETTLE, (crowd_id,)).delay()
    except OperationalError as away:
        logger.warning("The broker is away; the sweep will look after the crowd. %s", away)
