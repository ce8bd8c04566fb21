"""A mail server with moods: what it does depends on the word before the @ of the recipient."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

HANG = 0.8  # seconds; longer than the patience the tests give the portal


class MoodySink:
    """``taken`` holds (moment, recipient, Message-ID) of every letter the server accepted, moments by ``time.time()``.

    Moods that pass: the first tries of ``busy``, ``grey``, ``hangs`` and ``hangup`` fail, the next one is taken.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[float, str, str]] = []
        self.tries: Counter[str] = Counter()
        self.lock = threading.Lock()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        mood = address.split("@")[0]
        self.tries[address] += 1
        early = self.tries[address] == 1
        if mood == "silent":
            await asyncio.sleep(HANG)
        if mood == "slow":
            await asyncio.sleep(0.1)
        answers = {"busy": "421 too many of you", "grey": "451 come back later", "refused": "550 nobody of that name"}
        if mood == "refused" or (early and mood in answers):
            return answers[mood]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        mood, early = address.split("@")[0], self.tries[address] == 1
        if mood == "hangup" and early:
            server.transport.abort()
            return "250 nobody hears this"
        letter = message_from_bytes(envelope.content)
        with self.lock:
            self.taken.append((time.time(), address, str(letter["Message-ID"])))
        if mood == "hangs" and early:  # it has the letter, and never says so
            await asyncio.sleep(HANG)
        return "250 taken"


@contextmanager
def moody_server() -> Iterator[tuple[MoodySink, int]]:
    """Runs it on a free port of this machine; yields it and its port."""
    sink = MoodySink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, port
    finally:
        controller.stop()
