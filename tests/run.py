"""``make test``: the suite on SQLite, then on PostgreSQL where there is one, and a line about each service.

A pass that fails ends the run, so that pytest's last closing line is always the one that counts.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent


def main(options: list[str]) -> int:
    postgres, valkey, chromium = services.find_postgres(), services.find_valkey(), services.find_chromium()
    missing = [found for found in (postgres, valkey, chromium) if not found.where]
    if missing and os.environ.get("REQUIRE_SERVICES") == "1":
        for found in missing:
            say(f"{found.name}: {found.line}")
        say("REQUIRE_SERVICES=1 is set, so nothing was run.")
        return 1
    lines = [f"{found.name}: {found.line}" for found in (postgres, valkey, chromium)]
    lines[0] = f"{lines[0]}" if postgres.where else f"{lines[0]} Tests marked 'postgres' were left out."
    if not postgres.where:
        return run_pass("SQLite", {}, options, lines)
    not_yet = [f"{postgres.name}: its pass comes next, unless this one fails.", *lines[1:]]
    if code := run_pass("SQLite", {}, options, not_yet):
        return code
    with services.postgres(postgres) as url:
        return run_pass("PostgreSQL", {"DATABASE_URL": url}, options, lines)


def run_pass(name: str, extra: dict[str, str], options: list[str], lines: list[str]) -> int:
    say(f"\n— The suite on {name} —")
    home = tempfile.mkdtemp(prefix="understudy-tests-")
    surroundings = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    surroundings |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATA_DIR": home,
        "TEST_SERVICES": "\n".join(lines),
        **extra,
    }
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", *options]
        return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
