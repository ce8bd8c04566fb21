"""P9: letters to a mail server on this machine, and how many broker messages many notices take."""

import smtplib
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import Delivery, Notification, User
from accounts.notifications import Notice, notify
from accounts.notifications.letters import write_letter
from accounts.notifications.sending import send_due
from accounts.rules.subject import Subject
from tests import services

QUEUE = "celery"
BATCHES = 3


def measure(letters: int, notices: int, firsts: int) -> dict[str, Any]:
    """Letters per minute by ``send_due`` and by SMTP alone, seconds to a first letter, messages of many notices."""
    people = _people(max(letters, notices))
    mine, limit, ratios = [], [], []
    for number in range(BATCHES):
        share = people[: letters // BATCHES]
        tell(share, once=f"speed:{number}")
        start = time.perf_counter()
        sent = send_due().sent
        mine.append(sent / (time.perf_counter() - start))
        limit.append(_bare(len(share)))
        ratios.append(mine[-1] / limit[-1])
    Delivery.objects.all().delete()
    broker = cache._cache.get_client()  # type: ignore[attr-defined]
    broker.delete(QUEUE)
    tell(people[:notices], once="many")
    messages = broker.llen(QUEUE)
    broker.delete(QUEUE)
    Delivery.objects.all().delete()
    per_second = statistics.median(mine)
    return {
        "per_minute": per_second * 60,
        "limit_per_minute": per_second / statistics.median(ratios) * 60,
        "messages": messages,
        "notices": notices,
        "first_p95": _first(people[:firsts]),
    }


def _people(number: int) -> list[User]:
    return User.objects.bulk_create(
        (User(email=f"reader{place}@example.com", name=f"Ada Abbot {place}", password="!") for place in range(number)),
        batch_size=2000,
    )


def tell(people: list[User], *, once: str) -> None:
    """A first notice to each, as sending a request writes it."""
    at = timezone.now()
    due = at + timedelta(days=5)
    context = {
        "ref": "R-7K3M9Q",
        "actor": "Ada Abbot",
        "organization": "Nova Pictures",
        "project": "Harbor Lights",
        "replica": "2024 body scan",
        "answer_by": due.isoformat(),
        "total": "793.00",
        "currency": "USD",
        "sentence": "Nova Pictures asks to use your 2024 body scan in Harbor Lights for a crowd and a trailer.",
    }
    notify(
        [
            Notice(
                "request-received",
                person,
                Subject("request", person.pk, "R-7K3M9Q", "Harbor Lights, Ada Abbot"),
                once=once,
                path="/requests/R-7K3M9Q/",
                due_at=due,
                context=context,
            )
            for person in people
        ],
        at=at,
    )


def _bare(number: int) -> float:
    """Letters per second when they are written already: one connection, nothing else."""
    notice = Notification.objects.select_related("recipient").order_by("-pk")[0]
    text = write_letter(notice, "reader@example.com").message().as_bytes(linesep="\r\n")
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        start = time.perf_counter()
        for _ in range(number):
            server.sendmail("desk@understudy.example", ["reader@example.com"], text)
        return number / (time.perf_counter() - start)


def _first(people: list[User]) -> float:
    """Seconds from the commit of one notice until its letter is gone, by a real worker with nothing else to do."""
    log = Path(settings.DATA_DIR) / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "4", "-l", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with open(log, "wb") as said:
        worker = subprocess.Popen(command, cwd=services.ROOT, stdout=said, stderr=said, start_new_session=True)
    try:
        _until(lambda: b"ready." in log.read_bytes())
        seconds = sorted(_one(person) for person in people)
    finally:
        worker.terminate()
        worker.wait(20)
    return seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]


def _one(person: User) -> float:
    with transaction.atomic():
        tell([person], once="first")
    start = time.perf_counter()
    mine = Delivery.objects.filter(notification__recipient=person, state="sent")
    _until(mine.exists)
    return time.perf_counter() - start


def _until(done: Any, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("It did not happen within a minute.")
        time.sleep(0.01)
