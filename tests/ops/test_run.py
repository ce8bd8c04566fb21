"""`make run`, whole: real processes in a throw-away directory, killed in every way there is."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import services

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="one pass of this is enough"
    ),
]
PARTS = ("valkey", "web", "worker", "beat")


class Portal:
    """One `python -m portal.up` without demo data, which other tests look at."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.parent / f"up-{port}-{time.monotonic_ns()}.log"
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "SITE_URL")}
        # DJANGO_SETTINGS_MODULE is the tests' here.
        env = kept | {"DATA_DIR": str(data), "PORT": str(port), "DEMO": "false", "ENV_FILE": ""}
        env["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.up"], cwd=services.ROOT, env=env, stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text()

    def pids(self) -> dict[str, int]:
        """The living children of the supervisor, by part."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        found = {}
        for line in listed.stdout.splitlines():
            pid, _, command = line.strip().partition(" ")
            for name, mark in (("valkey", "valkey"), ("web", "gunicorn"), ("worker", " worker"), ("beat", " beat")):
                if mark in command and "defunct" not in command:
                    found[name] = int(pid)
        return found

    def get(self, path: str) -> int:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            client.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            return client.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            client.close()

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def left_behind(data: Path) -> list[str]:
    """Command lines of processes whose environment names this data directory."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"DATA_DIR={data}\0".encode() in environment.read_bytes():
                command = (environment.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append(f"{environment.parent.name} {command}")
        except OSError:
            continue
    return found


def until(true, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path) -> Iterator:
    portals = []

    def one(port: int | None = None, wait: bool = True) -> Portal:
        portal = Portal(tmp_path / "data", port or services.free_port())
        portals.append(portal)
        if wait:
            until(lambda: "is ready" in portal.said() or portal.process.poll() is not None, 60, portal.said())
            assert portal.process.poll() is None, portal.said()
        return portal

    yield one
    for portal in portals:
        if portal.process.poll() is None:
            portal.end()


def test_parts_come_back_data_stays_and_nothing_is_left(start, tmp_path):
    portal = start()
    assert portal.get("/healthz") == portal.get("/readyz") == 200
    assert set(portal.pids()) == set(PARTS)
    _a_second_start_is_refused(start, portal)

    before = portal.pids()
    for name in PARTS:
        os.kill(before[name], signal.SIGKILL)
    until(
        lambda: set(portal.pids()) == set(PARTS) and not set(portal.pids().values()) & set(before.values()), 10, "back"
    )
    until(lambda: portal.get("/readyz") == 200, 20, "ready again")
    assert len(re.findall(r"ended \(SIGKILL\); starting it again", portal.said())) == len(PARTS)

    assert portal.end() == 0
    assert "Stopped." in portal.said()
    until(lambda: not left_behind(portal.data), 2, str(left_behind(portal.data)))

    kept = {path.name: path.stat().st_ino for path in portal.data.iterdir() if path.suffix != ".lock"}
    started = time.monotonic()
    portal = start()
    assert time.monotonic() - started < 20  # ≤ 10 s on an idle machine; the other tests run beside this one
    assert {path.name: path.stat().st_ino for path in portal.data.iterdir()}["understudy.sqlite3"] == kept[
        "understudy.sqlite3"
    ]
    assert "Preparing the database" not in portal.said()

    assert portal.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not left_behind(portal.data), 15, "left behind: " + "\n".join(left_behind(portal.data)))


def _a_second_start_is_refused(start, portal: Portal) -> None:
    second = start(wait=False)
    assert second.process.wait(15) == 1
    assert re.fullmatch(r"Understudy is already running on .*data \(process \d+\)\. Stop it first.*\n", second.said())


def test_a_taken_port_is_one_clear_line(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        portal = Portal(tmp_path / "data", taken.getsockname()[1])
        assert portal.process.wait(15) == 1
    assert portal.said() == (
        f"Port {portal.port} is taken by another program. Give another one: make run PORT={portal.port + 1}\n"
    )


def test_a_wrong_setting_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("DEBUG", "perhaps")
    portal = Portal(tmp_path / "data", services.free_port())
    assert portal.process.wait(15) == 1
    assert portal.said().splitlines()[0].startswith("DEBUG is 'perhaps', which is neither yes nor no. Set it to")
    assert "Traceback" not in portal.said()
