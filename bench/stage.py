"""What is measured on: throw-away servers on free ports, databases cloned from one empty one, and child processes."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import services

SECRET = "only-for-measuring-" + "0123456789abcdef" * 3
TAKEN_FROM_US = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ENV_FILE", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "PORT")
TEMPLATE = "understudy_empty"


class ChildError(RuntimeError):
    """A measuring process failed; the text is the end of what it said."""


@dataclass
class Stage:
    """``postgres`` is the server's address without a database, or empty on SQLite. ``home`` goes at the end."""

    home: Path
    postgres: str
    valkey: str
    engine: str
    migrate_seconds: float = 0.0
    made: set[str] = field(default_factory=set)

    def database(self, name: str) -> str:
        """DATABASE_URL of a database of its own, migrated and empty when first asked for."""
        url = self._address(name)
        if name not in self.made:
            self.made.add(name)
            if self.postgres:
                _administer(self.postgres, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
            else:
                shutil.copyfile(self.home / f"{TEMPLATE}.sqlite3", self.home / f"{name}.sqlite3")
        return url

    def _address(self, name: str) -> str:
        return f"{self.postgres}/{name}" if self.postgres else f"sqlite:///{self.home / name}.sqlite3"

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """The surroundings of a process that works on ``database``, as in production but for the address."""
        kept = {key: value for key, value in os.environ.items() if key not in TAKEN_FROM_US}
        return kept | {
            "DATA_DIR": str(self.home),
            "DATABASE_URL": self.database(database),
            "REDIS_URL": f"unix://{self.valkey}",
            "SECRET_KEY": SECRET,
            "ENV_FILE": "",
            "DEBUG": "false",
            "DEMO": "false",
            "REQUIRE_MFA": "true",
            "SITE_URL": "http://127.0.0.1",
            "TRUSTED_PROXY_COUNT": "1",  # so that visits may come from many addresses
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            **more,
        }

    def child(self, what: str, database: str, *, environment: dict[str, str] | None = None, **options: Any) -> Any:
        """Runs ``bench.child WHAT`` in a process of its own on ``database`` and returns what it found.

        Raises ChildError with its last words.
        """
        result = self.home / f"{what}.json"
        surroundings = self.environment(database, **(environment or {}))
        command = [sys.executable, "-m", "bench.child", what, json.dumps(options), str(result)]
        done = subprocess.run(command, cwd=services.ROOT, env=surroundings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ChildError(f"{what}: {done.stderr.strip()[-1500:]}")
        return json.loads(result.read_text())

    @contextlib.contextmanager
    def portal(self, database: str) -> Iterator[str]:
        """The portal behind the same gunicorn as ``make run`` starts. Yields its address."""
        self.collect_static()
        with self._gunicorn("portal.wsgi:application", self.environment(database)) as address:
            yield address

    def collect_static(self) -> None:
        """Static files named by content and compressed, as pages and whitenoise want them; once a run."""
        if not (self.home / "static").exists():
            command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
            subprocess.run(command, cwd=services.ROOT, env=self.environment(TEMPLATE), check=True)

    @contextlib.contextmanager
    def limit(self, database: str) -> Iterator[str]:
        """The limit behind the same gunicorn, with its own table in ``database``. Yields its address."""
        surroundings = self.environment(database)
        del surroundings["DJANGO_SETTINGS_MODULE"]
        if f"{database}.limit" not in self.made:
            self.made.add(f"{database}.limit")
            subprocess.run([sys.executable, "-m", "bench.limit"], cwd=services.ROOT, env=surroundings, check=True)
        with self._gunicorn("bench.limit:application", surroundings) as address:
            yield address

    @contextlib.contextmanager
    def _gunicorn(self, application: str, surroundings: dict[str, str]) -> Iterator[str]:
        port = services.free_port()
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--preload"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
        with process([*command, "--log-level", "warning"], surroundings, self.home / f"{port}.log") as server:
            wait_for(port, server, self.home / f"{port}.log")
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def process(command: list[str], surroundings: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the time of a block, then ended; its words go to ``log``."""
    with open(log, "ab") as said:
        started = subprocess.Popen(
            command, cwd=services.ROOT, env=surroundings, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path, patience: float = 60) -> None:
    """Returns once somebody listens. Raises ChildError when the process ends before."""
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise ChildError(f"Nothing listens on {port}: {log.read_text()[-1500:]}")
        time.sleep(0.05)


@contextlib.contextmanager
def stage(engine: str, home: Path) -> Iterator[Stage]:
    """Everything a run needs. ``engine`` is postgresql, sqlite, or empty for PostgreSQL where it is there."""
    found = services.find_postgres()
    if engine == "postgresql" and not found.where:
        sys.exit(f"PostgreSQL: {found.line}")
    with contextlib.ExitStack() as parts:
        server = ""
        if engine != "sqlite" and found.where:
            server = parts.enter_context(services.postgres(found, shared_buffers="1GB")).rpartition("/")[0]
        made = Stage(home, server, parts.enter_context(services.valkey()), "")
        made.engine = _engine(made)
        _prepare(made)
        if server:
            parts.callback(_drop_all, made)
        yield made


def _engine(made: Stage) -> str:
    if not made.postgres:
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    import psycopg

    with psycopg.connect(f"{made.postgres}/postgres") as connection:
        return f"PostgreSQL {connection.info.server_version // 10000}"


def _prepare(made: Stage) -> None:
    """The empty database every other is cloned from. Making it is timed: P14."""
    if made.postgres:
        _administer(made.postgres, f'DROP DATABASE IF EXISTS "{TEMPLATE}"')
        _administer(made.postgres, f'CREATE DATABASE "{TEMPLATE}"')
    made.made.add(TEMPLATE)
    command, surroundings = [sys.executable, "manage.py", "migrate", "-v0"], made.environment(TEMPLATE)
    start = time.perf_counter()
    subprocess.run(command, cwd=services.ROOT, env=surroundings, check=True)
    made.migrate_seconds = time.perf_counter() - start
    if not made.postgres:
        import sqlite3

        with contextlib.closing(sqlite3.connect(made.home / f"{TEMPLATE}.sqlite3")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drop_all(made: Stage) -> None:
    """Leaves nothing on a server that was there before."""
    for name in {name for name in made.made if "." not in name} | {TEMPLATE}:
        _administer(made.postgres, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)
