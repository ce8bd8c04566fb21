"""Reads the environment for ``portal.settings`` and refuses nonsense with the variable's name and how to mend it."""

import os
import secrets
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def stop(name: str, problem: str, mend: str) -> NoReturn:
    """Raises ImproperlyConfigured naming the variable, what is wrong, and how to mend it."""
    raise ImproperlyConfigured(f"{name} {problem} {mend} See .env.example.")


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
    value = os.environ.get(name, str(default)).strip()
    if not value.isdigit() or int(value) < least:
        stop(name, f"is {value!r}.", f"Set it to a whole number of at least {least}.")
    return int(value)


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """An address whose scheme is one of ``schemes``."""
    value = os.environ.get(name, "").strip() or default
    if value and urlsplit(value).scheme not in schemes:
        stop(name, f"is {value!r}.", "Start it with " + " or ".join(f"{scheme}:" for scheme in schemes) + ".")
    return value


def secret_key(data_dir: Path, debug: bool) -> str:
    """SECRET_KEY, or the text of SECRET_KEY_FILE, or (development only) a key made once in the data directory."""
    if value := os.environ.get("SECRET_KEY"):
        return value
    if path := os.environ.get("SECRET_KEY_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            stop("SECRET_KEY_FILE", f"can't be read ({error.strerror}).", "Give the path of a readable file.")
    if not debug:
        stop("SECRET_KEY", "is missing.", "Set it to at least 50 random characters, or set SECRET_KEY_FILE.")
    return _kept_key(data_dir / "secret_key")


def _kept_key(path: Path) -> str:
    """Several processes may start at once: the first makes the file, the others read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key
