"""The demo portal, whole and running, for pictures and browser tests: real processes, in a folder of its own."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import services

PATIENCE = 90  # seconds until it must answer


@contextlib.contextmanager
def running_demo(data: Path, *, drawings: int = 120, port: int | None = None) -> Iterator[str]:
    """Seeds ``data`` with ``drawings`` different portraits, starts everything, and yields the address."""
    port = port or services.free_port()
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
    env = kept | {
        "DATA_DIR": str(data),
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "DEMO": "true",
        "DEBUG": "false",
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    data.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "tests.site", str(drawings)], cwd=services.ROOT, env=env, check=True)
    with open(data / "up.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.up"], cwd=services.ROOT, env=env, stdout=log, stderr=log
        )
    try:
        _wait(f"http://localhost:{port}/readyz", process)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(40)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise RuntimeError("The demo portal did not get ready. See up.log in its data directory.")


def _seed(drawings: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from portal.demo import seed

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        seed(at=timezone.now(), say=lambda line: None, drawings=drawings)


if __name__ == "__main__":
    _seed(int(sys.argv[1]))
