"""P14: ``make run`` as somebody has it who starts it every morning: seconds until it is ready, and its memory."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.report import Row, counted, not_measured
from bench.stage import SECRET, TAKEN_FROM_US, Stage, process
from bench.visiting import Target, get, spread
from tests import services

PATIENCE = 120
DRAWINGS = 4  # different portraits in the demo data: seeding is not what is measured
MIXED = {
    "maya": ("/", "/inbox/", "/me/replicas/", "/licenses/", "/verify/"),
    "alex": ("/", "/inbox/", "/licenses/"),
    "dana": ("/", "/replicas/", "/projects/", "/inbox/", "/replicas/?q=riding"),
}


def running(stage: Stage, *, quick: bool) -> Iterator[Row]:
    """P14: migrations from empty, the second start, memory of everything and of a web worker after many pages."""
    yield counted("P14 migrate from empty", stage.migrate_seconds, "s", 5)
    yield not_measured("P14 fresh machine", "s", "it needs an empty machine; see docs/operations.md")
    data = stage.home / "run"
    data.mkdir()
    surroundings = _surroundings(data)
    seed = [sys.executable, "-m", "tests.site", str(DRAWINGS)]
    subprocess.run(seed, cwd=services.ROOT, env=surroundings, check=True, capture_output=True)
    with _started(surroundings):
        pass
    start = time.perf_counter()
    with _started(surroundings) as supervisor:
        yield counted("P14 second start", time.perf_counter() - start, "s", 10)
        emails = [f"{who}@demo.understudy.example" for who in MIXED]
        elsewhere = {"DATA_DIR": str(data), "DATABASE_URL": "", "REDIS_URL": ""}
        cookies = stage.child("sessions", "bench_sessions", environment=elsewhere, emails=emails)
        address = f"http://127.0.0.1:{surroundings['PORT']}"
        visits = [
            Target(path, address + path, cookies[f"{who}@demo.understudy.example"])
            for who, paths in MIXED.items()
            for path in paths
        ]
        number = 200 if quick else 2_000
        for target in spread(visits, number):
            get(target.url, target.cookie)
        family = _family(supervisor)
        shared = sum(_memory(pid, "smaps_rollup", "Pss") for pid in family)
        yield counted("P14 everything resident, shared pages once", shared, "MB", 400)
        apart = sum(_memory(pid, "status", "VmRSS") for pid in family)
        yield counted("P14 everything resident, each for itself", apart, "MB", 400)
        workers = max(_memory(pid, "status", "VmRSS") for pid in family if _is_web_worker(pid, family))
        yield counted(f"P14 web worker after {number:,} requests", workers, "MB", 110)


def _surroundings(data: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in TAKEN_FROM_US}
    return kept | {
        "DATA_DIR": str(data),
        "PORT": str(services.free_port()),
        "SECRET_KEY": SECRET,
        "DEMO": "true",
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


@contextlib.contextmanager
def _started(surroundings: dict[str, str]) -> Iterator[int]:
    """``make run`` until the block ends, from when it is ready. Yields the supervisor's process id."""
    address = f"http://127.0.0.1:{surroundings['PORT']}/readyz"
    log = Path(surroundings["DATA_DIR"]) / "up.log"
    with process([sys.executable, "-m", "portal.up"], surroundings, log) as supervisor:
        deadline = time.monotonic() + PATIENCE
        while not _ready(address):
            if supervisor.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"It did not get ready: {log.read_text()[-1500:]}")
            time.sleep(0.05)
        yield supervisor.pid


def _ready(address: str) -> bool:
    with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return answer.status == 200
    return False


def _family(root: int) -> dict[int, int]:
    """The process and all that came from it: parent by process id."""
    parents = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root: 0}
    while more := {pid: parent for pid, parent in parents.items() if parent in found and pid not in found}:
        found |= more
    return found


def _is_web_worker(pid: int, family: dict[int, int]) -> bool:
    words = _command(pid)
    return "gunicorn" in words and "gunicorn" in _command(family[pid])


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _memory(pid: int, file: str, line: str) -> float:
    """Megabytes a process keeps, from /proc; nothing where it has ended or the system does not tell."""
    with contextlib.suppress(OSError):
        for text in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if text.startswith(f"{line}:"):
                return int(text.split()[1]) / 1024
    return 0.0
