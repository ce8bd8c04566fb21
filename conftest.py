"""What every test can count on: no way out but loopback, throw-away services, and a database that can be emptied."""

import contextlib
import ipaddress
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import services

# --- The world outside is closed --------------------------------------------------------------------------------------
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class OutsideClosedError(RuntimeError):
    """A test tried to talk to another machine."""


def _refuse_outside(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    with contextlib.suppress(ValueError):
        if name == "localhost" or ipaddress.ip_address(name).is_loopback:
            return
    raise OutsideClosedError(f"Tests may only talk to this machine, not to {name}.")


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_outside(address[0])
        return original(self, address)

    return connect


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    _refuse_outside(host)
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect = _guarded(_connect)  # type: ignore[method-assign]
socket.socket.connect_ex = _guarded(_connect_ex)  # type: ignore[method-assign]
socket.getaddrinfo = _guarded_getaddrinfo


# --- What this machine can run ----------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each pass leaves out what is not for it; what the machine lacks is skipped with the reason."""
    from django.conf import settings

    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    elsewhere = "browser" if on_postgres else "postgres"  # the browser looks at pages, which one pass covers
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]
    for marker, found in (("browser", services.find_chromium()), ("broker", services.find_valkey())):
        if not found.where:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=f"{found.name}: {found.line}"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line per service, just above the closing line (``tests/run.py`` knows what it found)."""
    if lines := os.environ.get("TEST_SERVICES"):
        terminalreporter.section("services")
        terminalreporter.write_line(lines)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = os.environ.get("TEST_DATA_DIR", "")
    if not hasattr(config, "workerinput") and "understudy-tests-" in home:
        shutil.rmtree(home, ignore_errors=True)


# --- Emptying tables that refuse it -----------------------------------------------------------------------------------


def _flush_with_triggers_off() -> None:
    """The audit trail refuses DELETE and TRUNCATE; tests that commit must still be able to start from nothing."""
    from django.db import connection
    from django.db.backends.base.operations import BaseDatabaseOperations

    original = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: Any, statements: list[str]) -> None:
        with contextlib.ExitStack() as after:
            with self.connection.cursor() as cursor:
                if self.connection.vendor == "sqlite":
                    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                    off = [(f'DROP TRIGGER "{name}"', sql) for name, sql in cursor.fetchall()]
                else:
                    cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
                    alter = "ALTER TABLE {} {} TRIGGER USER"
                    off = [(alter.format(t, "DISABLE"), alter.format(t, "ENABLE")) for (t,) in cursor.fetchall()]
            for down, up in off:
                after.callback(_run, self.connection, up)
                _run(self.connection, down)
            original(self, statements)

    if not getattr(BaseDatabaseOperations, "triggers_off_in_flush", False):
        BaseDatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
        BaseDatabaseOperations.triggers_off_in_flush = True  # type: ignore[attr-defined]
    assert type(connection.ops).execute_sql_flush is execute_sql_flush


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    _flush_with_triggers_off()


# --- Nothing is written without an audit entry -----------------------------------------------------------------------


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Watches what the portal writes from here on (``tests/promises/audited.py``)."""
    from tests.promises import audited

    audited.switch_on()
    audited.watcher.forget()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """A test in which the portal wrote or refused something without an entry fails, naming the table and the line."""
    from tests.promises import audited

    result = yield
    if found := audited.watcher.take():
        pytest.fail("Not in the audit trail:\n" + "\n".join(found), pytrace=False)
    return result


# --- Fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    from django.core.cache import cache

    from replicas.access import rulebook

    yield
    cache.clear()
    for kept in (rulebook._on, rulebook._entries):  # a row that is rolled back leaves its number to the next test's
        kept.cache_clear()


@pytest.fixture(scope="session")
def valkey_path() -> Iterator[str]:
    """The unix socket of a real Valkey, one per xdist worker."""
    with services.valkey() as path:
        yield path


@pytest.fixture
def broker(valkey_path: str, settings: Any) -> Iterator[str]:
    """Tasks go to a real, empty Valkey instead of running at once; so does the cache. Yields its socket path."""
    import redis

    from portal.celery import app

    client = redis.Redis(unix_socket_path=valkey_path)
    client.flushall()
    kept = {name: app.conf[name] for name in ("broker_url", "task_always_eager")}
    app.conf.update(broker_url=f"redis+socket://{valkey_path}", task_always_eager=False)
    _forget_connections(app)
    settings.CELERY_BROKER_URL = f"redis+socket://{valkey_path}"
    settings.CACHES = {
        "default": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": f"unix://{valkey_path}"},
    }
    yield valkey_path
    _forget_connections(app)
    app.conf.update(kept)
    client.close()


def _forget_connections(app: Any) -> None:
    from kombu import pools

    pools.reset()
    app.amqp._producer_pool = app._pool = None


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The test's own database, for another process."""
    from django.db import connection

    used = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{used['NAME']}"
    return f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"


@pytest.fixture
def celery_worker_process(broker: str, database_url: str, tmp_path: Path) -> Iterator[Any]:
    """A real Celery worker process on the test's database and broker; ``process`` to kill, ``log`` to read."""
    with services.celery_worker(database_url, broker, tmp_path / "worker.log") as process:
        yield process


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Runs functions at the same moment, each in a thread with its own connection; returns results or exceptions."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        from django.db import connections

        gate, results = threading.Barrier(len(functions)), [None] * len(functions)

        def one(index: int, function: Callable[[], Any]) -> None:
            try:
                gate.wait(10)
                results[index] = function()
            except Exception as error:
                results[index] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    flags = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update"
    flags += " disable-sync disable-dev-shm-usage"
    return {"executable_path": services.find_chromium().where, "args": [f"--{flag}" for flag in flags.split()]}
