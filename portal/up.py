"""``make run``: the whole portal on one machine, from nothing but this checkout's environment.

Starts a real Valkey, the web server, a Celery worker and Celery beat as separate processes and watches over them. The
database work before that runs in a forked child, so that the watcher itself stays small.
"""

import fcntl
import http.client
import json
import multiprocessing
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal import environment, supervisor
from portal.supervisor import Part, Supervisor

STOP_ORDER = ["web", "beat", "worker", "valkey"]
READY_WITHIN = 60.0
WHO = (
    ("maya", "actor with requests waiting for an answer"),
    ("marcus", "actor who refuses to be scanned"),
    ("lena", "actor who said yes once and reconsiders"),
    ("rosa", "guardian who answers for her daughter"),
    ("mia", "young actor who reads along"),
    ("alex", "agent, owner of Maya's agency"),
    ("dana", "casting director"),
    ("staff", "staff of the portal"),
)


class StartError(Exception):
    """The start can't go on; the text says why and how to mend it."""


def main() -> int:
    """Returns the process's exit code: 0 after a clean stop, 1 when the start was refused."""
    try:
        return run()
    except (StartError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def run() -> int:
    environment.read_file()
    os.environ.setdefault("DEMO", "true")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    data, port = environment.data_dir(), environment.number("PORT", 8000, least=1)
    bind = os.environ.get("BIND") or "127.0.0.1"
    lock = take_lock(data)
    check_port(bind, port)
    watcher = Supervisor(say)
    watcher.listen()
    try:
        if not os.environ.get("REDIS_URL"):
            start_valkey(watcher, data)
        prepare_in_child(watcher, data)
        if not watcher.stopping:
            start_parts(watcher, data, bind, port)
            greet(watcher, data, port)
        watcher.watch()
    finally:
        say("Stopping…")
        watcher.stop(STOP_ORDER)
        lock.close()
    say("Stopped. Everything is kept in " + shown(data) + ".")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) and path != here else str(path)


# --- May we start? ----------------------------------------------------------------------------------------------------


def take_lock(data: Path) -> TextIO:
    """Holds the data directory for this process; the system lets go of it however the process ends."""
    lock = open(data / "running.lock", "a+")  # noqa: SIM115  held open as long as we run
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "another process"
        lock.close()
        raise StartError(
            f"Understudy is already running on {shown(data)} ({holder}). "
            "Stop it first, or start a second one with its own DATA_DIR= and PORT=."
        ) from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}\n")
    lock.flush()
    return lock


def check_port(bind: str, port: int) -> None:
    """Refuses to start where nobody could listen.

    Raises:
        StartError: the port is taken, not allowed, or ``bind`` is no address of this machine.
    """
    if port > 65535:
        raise StartError(f"PORT is {port}. Set it to a number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except PermissionError:
            raise StartError(f"PORT {port} is not allowed for this user. Take one above 1023.") from None
        except OSError as error:
            if error.errno == 98 or "in use" in str(error):
                raise StartError(
                    f"Port {port} is taken by another program. Give another one: make run PORT={port + 1}"
                ) from None
            raise StartError(f"BIND is {bind!r}: {error.strerror}. Set it to an address of this machine.") from None


# --- Valkey -----------------------------------------------------------------------------------------------------------


def start_valkey(watcher: Supervisor, data: Path) -> None:
    """Starts the server and returns once it answers.

    Raises:
        StartError: no server is installed, or it does not answer within 10 s.
    """
    binary = environment.valkey_binary()
    if not binary:
        raise StartError(
            "No Valkey was found for this platform. Install valkey-server or redis-server, or set REDIS_URL to one."
        )
    path = environment.valkey_socket(data)
    kept = data / "valkey"
    kept.mkdir(exist_ok=True)
    if path.parent != data:
        own_directory(path.parent)
    path.unlink(missing_ok=True)
    command = [binary, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(kept)]
    command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    part = Part("valkey", command, data / "logs" / "valkey.log")
    watcher.add(part)
    deadline = time.monotonic() + 10
    while not answers(path):
        if time.monotonic() > deadline or watcher.stopping:
            raise StartError(f"Valkey did not start. See {shown(part.log)}.")
        watcher.look()
        time.sleep(0.02)


def own_directory(path: Path) -> None:
    """A directory in /tmp that only this user can enter; anybody else's of that name is refused."""
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise StartError(f"{path} belongs to somebody else or is open to others. Remove it, or use a shorter DATA_DIR.")


def answers(path: Path) -> bool:
    """Whether a server on this socket says PONG (a loading one says something else)."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(0.5)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


# --- Database, static files, demo data --------------------------------------------------------------------------------


def prepare_in_child(watcher: Supervisor, data: Path) -> None:
    """Runs ``portal.preparing`` in a fork, whose memory goes when it ends.

    Raises:
        StartError: it failed; it has said why.
    """
    child = multiprocessing.get_context("fork").Process(target=_prepare, args=(data, os.getpid()))
    child.start()
    while child.is_alive() and not watcher.stopping:
        child.join(0.1)
        watcher.look()
    if watcher.stopping and child.is_alive():
        child.terminate()
    child.join()
    if child.exitcode and not watcher.stopping:
        raise StartError("The start stopped here.")


def _prepare(data: Path, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    supervisor.end_with_parent(parent)
    from portal import preparing

    sys.exit(preparing.prepare(data))


# --- Web, worker, beat ------------------------------------------------------------------------------------------------


def start_parts(watcher: Supervisor, data: Path, bind: str, port: int) -> None:
    """Starts what answers people and what works for them."""
    python = [sys.executable, "-m"]
    host = f"[{bind}]" if ":" in bind else bind
    gunicorn = [*python, "gunicorn", "portal.wsgi:application", "--bind", f"{host}:{port}", "--preload"]
    gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    gunicorn += ["--graceful-timeout", "15", "--log-level", "warning"]
    celery = [*python, "celery", "-A", "portal"]
    worker = [*celery, "worker", "-P", "threads", "-c", "4", "-l", "INFO", "-n", "worker@understudy"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*celery, "beat", "-l", "INFO", "--pidfile="]
    lean = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
    for name, command in (("web", gunicorn), ("worker", worker), ("beat", beat)):
        watcher.add(Part(name, command, data / "logs" / f"{name}.log", lean))


def greet(watcher: Supervisor, data: Path, port: int) -> None:
    """Waits until the portal is ready, then says where it is and who can sign in."""
    say("Starting web, worker and beat…")
    deadline, waiting = time.monotonic() + READY_WITHIN, "nothing answers yet"
    while waiting and time.monotonic() < deadline and not watcher.stopping:
        watcher.look()
        time.sleep(0.1)
        waiting = not_ready(port)
    if watcher.stopping:
        return
    if waiting:
        say(f"Not ready after {READY_WITHIN:.0f} s: {waiting}. The logs in {shown(data / 'logs')} say more; going on.")
        return
    say("\n".join(greeting(data, port)))


def greeting(data: Path, port: int) -> list[str]:
    """What a newcomer needs to know, as lines."""
    site = os.environ.get("SITE_URL") or f"http://localhost:{port}"
    lines = ["", f"Understudy is ready: {site}", ""]
    if environment.flag("DEMO", False):
        lines += [f"  {name + '@demo.understudy.example':<34}{who}" for name, who in WHO]
        lines += ["  password of all: understudy-demo", ""]
        lines += [f"Letters it would send can be read at {site.rstrip('/')}/outbox/."]
    return [*lines, f"Data and logs are in {shown(data)}. Ctrl-C stops everything and keeps the data.", ""]


def not_ready(port: int) -> str:
    """What /readyz finds missing, as words; empty when ready."""
    site = urlsplit(os.environ.get("SITE_URL") or f"http://localhost:{port}")
    bind = os.environ.get("BIND") or "127.0.0.1"
    client = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind), port, timeout=5)
    try:
        client.request("GET", "/readyz", headers={"Host": site.netloc})
        answer = client.getresponse()
        told = answer.read()
        if answer.status == 200:
            return ""
        parts = json.loads(told)["parts"] if answer.status == 503 else {}
        wrong = [f"{name}: {part['detail']}" for name, part in parts.items() if not part["ok"]]
        return ", ".join(wrong) or f"/readyz answers {answer.status}"
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return "the web server does not answer"
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main())
