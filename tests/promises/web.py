"""The portal as real processes behind a real port, and a client that speaks to it over HTTP."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from django.test import Client

from tests import services

CSRF = "c" * 32


class Web:
    """gunicorn's master and its workers, which can be killed."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_a_worker(self) -> None:
        for pid in self.workers()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def running_web(database_url: str, log: Path, *, workers: int = 2) -> Iterator[Web]:
    """gunicorn with ``workers`` processes on the test's database; letters stay inside."""
    port = services.free_port()
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4", "--no-control-socket"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url}
    with open(log, "wb") as written:
        process = subprocess.Popen(
            command, cwd=services.ROOT, env=env, stdout=written, stderr=written, start_new_session=True
        )
    web, end = Web(port, process), time.monotonic() + 60
    try:
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Browser(web).get("/healthz")[0] == 200:
                    break
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < end, log.read_text()[-2000:]
            time.sleep(0.1)
        yield web
    finally:
        process.terminate()
        process.wait(60)


class Browser:
    """Signed in as ``user``; one connection per call. Answers are (status, location, body)."""

    def __init__(self, web: Web, user: object = None) -> None:
        self.web, self.cookies = web, f"csrf={CSRF}"
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookies += f"; session={client.cookies['session'].value}"

    def get(self, path: str) -> tuple[int, str, str]:
        return self._call("GET", path, "", {})

    def post(self, path: str, **fields: object) -> tuple[int, str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._call("POST", path, urlencode({**fields, "csrfmiddlewaretoken": CSRF}), form)

    def _call(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=30)
        try:
            connection.request(method, path, body, {"Cookie": self.cookies, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        finally:
            connection.close()
