"""Keeps a handful of processes running: starts them, restarts one that ended, stops them in order. Linux and macOS.

Nothing may be left behind. A part is told to end when its supervisor dies, even by SIGKILL (Linux: parent-death
signal), and leads a session of its own, so that Ctrl-C reaches the supervisor alone and the order of stopping holds.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds before a part that ended is started again; doubled each time
STEADY = 60.0  # a part that ran this long has earned the first wait again
PATIENCE = 20.0  # seconds a part may take to end
LOG_LIMIT = 10 * 2**20  # bytes; a longer log is put aside as .1 before the part starts
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


@dataclass
class Part:
    """One process to keep running."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = 0.0


class Supervisor:
    """Starts parts as they are added, watches them, stops them in the order it is given.

    Start parts from the main thread only: the parent-death signal follows the thread that forked.
    """

    def __init__(self, say: Say) -> None:
        self.parts: list[Part] = []
        self.say = say
        self.stopping = 0

    def listen(self) -> None:
        """SIGINT, SIGTERM and SIGHUP ask for the end; a second one ends the parts at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self.stopping += 1

    def add(self, part: Part) -> None:
        self.parts.append(part)
        self._start(part)

    def _start(self, part: Part) -> None:
        _put_aside(part.log)
        supervisor = os.getpid()
        with open(part.log, "ab") as log:
            part.process = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **part.environment},
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(supervisor),
            )
        part.started = time.monotonic()

    def look(self) -> None:
        """One round: notes what ended, and starts again what is due."""
        now = time.monotonic()
        for part in self.parts:
            if part.process and part.process.poll() is not None:
                self._ended(part, part.process, now)
            if part.process is None and now >= part.due and not self.stopping:
                self._start(part)

    def _ended(self, part: Part, process: subprocess.Popen[bytes], now: float) -> None:
        _signal_group(process, signal.SIGTERM)  # its own children, if any outlived it
        part.wait = FIRST_WAIT if now - part.started >= STEADY else part.wait
        part.due = now + part.wait
        self.say(
            f"{part.name} ended ({_how(process.returncode)}); starting it again in {part.wait:g} s. See {part.log}"
        )
        part.wait = min(part.wait * 2, LONGEST_WAIT)
        part.process = None

    def watch(self, every: float = 0.25) -> None:
        """Looks until somebody asks for the end."""
        while not self.stopping:
            self.look()
            time.sleep(every)

    def stop(self, order: list[str]) -> None:
        """Ends the named parts one after the other, then any other. A part that takes over 20 s is killed."""
        asked = self.stopping
        for part in sorted(self.parts, key=lambda part: order.index(part.name) if part.name in order else len(order)):
            if part.process:
                self._stop(part, part.process, asked)
                part.process = None

    def _stop(self, part: Part, process: subprocess.Popen[bytes], asked: int) -> None:
        if process.poll() is None:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline and self.stopping <= asked:
            time.sleep(0.02)
        if process.poll() is None:
            self.say(f"{part.name} did not end by itself and was killed.")
        _signal_group(process, signal.SIGKILL)
        process.wait()


def end_with_parent(parent: int) -> None:
    """In a child just forked: end when the parent dies, and at once if it already has."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


_libc = ctypes.CDLL(None)  # loaded before any fork


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _how(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name


def _put_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
