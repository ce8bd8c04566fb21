"""``make check``: no model change without its migration, and ``check --deploy`` on an installation as production's.

Prints what Django prints; exits with its code. The database is a throw-away file: neither command writes to it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "ENV_FILE": "",
    "SECRET_KEY": "uJ3nD8sKq0ZrXw5yTb7cVgHm2LpEa9RfWoNi4MkQv6BtSxYzCd1PhGjFl",
    "SITE_URL": "https://desk.production.agency",
    "ALLOWED_HOSTS": "desk.production.agency",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_URL": "postgresql://understudy:secret@db.production.agency:5432/understudy",
    "REDIS_URL": "redis://broker.production.agency:6379/0",
    "EMAIL_URL": "smtp+tls://desk:secret@mail.production.agency:587",
    "DEFAULT_FROM_EMAIL": "Understudy <desk@production.agency>",
}
NAMES = ("DEBUG", "DEMO", "REQUIRE_MFA", "SECRET_KEY_FILE", "PORT", "BIND", "SECURE_SSL_REDIRECT", "ACCEL_REDIRECT")
NAMES += ("DJANGO_ALLOW_ASYNC_UNSAFE",)  # the tests' own


def surroundings(data_dir: str, **changed: str) -> dict[str, str]:
    """This process's environment with production's variables, and ``changed`` on top."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith("S3_")}
    return {**kept, **PRODUCTION, "DATA_DIR": data_dir, "DJANGO_SETTINGS_MODULE": "portal.settings", **changed}


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=False, text=True, capture_output=True)


def main() -> int:
    worst = 0
    with tempfile.TemporaryDirectory() as data_dir:
        sqlite = surroundings(data_dir, DATABASE_URL="")
        for name, arguments, env in (
            ("migrations", ("makemigrations", "--check", "--dry-run"), sqlite),
            ("deploy check", ("check", "--deploy", "--fail-level", "WARNING"), surroundings(data_dir)),
        ):
            done = manage(*arguments, env=env)
            sys.stdout.write(f"{name}: {(done.stdout + done.stderr).strip()}\n")
            worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
