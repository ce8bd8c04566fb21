"""What must be true before the first page: tables, static files, demo data. A step already done costs nothing."""

import hashlib
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SEEDING = "seeding"  # a file that stands in the data directory while demo data is made


def prepare(data: Path) -> int:
    """Prepares the installation that ``portal.settings`` describes. Returns an exit code, having said what failed."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management.base import CommandError
    from django.db import DatabaseError

    try:
        import django

        django.setup()
        _drop_half_seeded(data)
        _migrate()
        _load_rulebook()
        _collect_static(data)
        _seed(data)
    except (ImproperlyConfigured, CommandError) as error:
        _say(str(error))
        return 1
    except DatabaseError as error:
        _say(f"The database of DATABASE_URL refused: {str(error).strip()}")
        return 1
    return 0


def _say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


@contextmanager
def _step(text: str) -> Iterator[None]:
    _say(f"{text}…", end=" ")
    started = time.monotonic()
    yield
    _say(f"{time.monotonic() - started:.1f} s")


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with _step(f"Preparing the database, {len(plan)} steps"):
            call_command("migrate", interactive=False, verbosity=0)


def _load_rulebook() -> None:
    """Adds the figures that came with this version. One query when there are none."""
    from django.utils import timezone

    from replicas.actions.rulebook import load_rulebook

    if added := load_rulebook(at=timezone.now()):
        _say(f"{added} new figures in the rulebook.")


def _collect_static(data: Path) -> None:
    """Gathers, names by content and compresses the static files, unless none of them changed since."""
    from django.conf import settings
    from django.core.management import call_command

    stamp, digest = Path(settings.STATIC_ROOT) / ".collected", _static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    with _step("Gathering static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(digest)


def _static_digest() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _seed(data: Path) -> None:
    """Demo data, in demo mode and into an empty database only."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands

    if not settings.DEMO or "seed_demo" not in get_commands() or get_user_model()._default_manager.exists():
        return
    _say("Making demo data, once…")
    started = time.monotonic()
    (data / SEEDING).touch()
    call_command("seed_demo")
    (data / SEEDING).unlink()
    _say(f"The demo data is made after {time.monotonic() - started:.0f} s.")


def _drop_half_seeded(data: Path) -> None:
    """Demo data whose making was cut short is thrown away and made again: nobody has used it, no page was up yet."""
    from django.conf import settings
    from django.core.management.base import CommandError

    if not (data / SEEDING).exists():
        return
    name = settings.DATABASES["default"]["NAME"]
    if name != str(data / "understudy.sqlite3"):
        raise CommandError(
            "Making the demo data was cut short. "
            f"Empty the database of DATABASE_URL, remove {data / SEEDING}, and start again."
        )
    for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    (data / SEEDING).unlink()
    _say("The demo data was only half made; making it anew.")
