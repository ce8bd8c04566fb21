"""Deploy checks: what may not go into production, each with how to mend it. Run by ``manage.py check --deploy``.

The embedded parts are for one machine under ``make run``: they are refused where nothing keeps them alive.
"""

import socket
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0"}  # noqa: S104  compared with, never bound to
RESERVED = (".example", ".test", ".invalid", ".localhost", "example.com", "example.org", "example.net")


def _error(number: int, problem: str, mend: str) -> Error:
    return Error(problem, hint=mend, id=f"portal.E{number:03}")


@register(Tags.security, deploy=True)
def check_mode(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterator[CheckMessage]:
    """Demo mode, development mode, a key that can be guessed, sign-in without a second factor."""
    if settings.DEMO:
        yield _error(1, "DEMO is on: anybody can sign in with one click and read all mail.", "Set DEMO=false.")
    if settings.DEBUG:
        yield _error(2, "DEBUG is on: error pages show code and settings to strangers.", "Set DEBUG=false.")
    key = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 8 or key.startswith(("django-insecure-", "change", "only-for-tests")):
        mend = 'Set SECRET_KEY to what this prints: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        yield _error(3, "SECRET_KEY can be guessed: sessions and links could be forged.", mend)
    if not settings.REQUIRE_MFA:
        mend = "Set REQUIRE_MFA=true, or leave it out."
        yield _error(4, "REQUIRE_MFA is off: a stolen password is enough to act for a client or as staff.", mend)


@register(Tags.security, deploy=True)
def check_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterator[CheckMessage]:
    """Where people find the portal."""
    site = urlsplit(settings.SITE_URL)
    hosts = set(settings.ALLOWED_HOSTS)
    if site.scheme != "https":
        mend = "Put TLS in front (docs/operations.md) and set SITE_URL=https://your.host"
        yield _error(5, "SITE_URL is not https: passwords and signatures would cross the network in the open.", mend)
    if "*" in hosts or not hosts - LOCAL:
        mend = "Set ALLOWED_HOSTS to the names people type, separated by commas."
        yield _error(6, "ALLOWED_HOSTS names no host of your own, or every host there is.", mend)
    elif not _allowed(site.hostname or "", hosts):
        mend = "Add it to ALLOWED_HOSTS, or mend SITE_URL."
        yield _error(7, f"ALLOWED_HOSTS leaves out {site.hostname}, the host of SITE_URL.", mend)


def _allowed(host: str, hosts: set[str]) -> bool:
    return host in hosts or any(name.startswith(".") and f".{host}".endswith(name) for name in hosts)


@register(Tags.security, deploy=True)
def check_mail(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterator[CheckMessage]:
    """Whether letters reach people."""
    if not settings.EMAIL_URL or settings.EMAIL_URL.startswith("consolemail"):
        mend = "Set EMAIL_URL, like smtp+tls://user:password@mail.your.host:587"
        yield _error(8, "EMAIL_URL names no mail server: no letter would leave this machine.", mend)
    _, at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    if not at or domain.lower().endswith(RESERVED):
        mend = "Set DEFAULT_FROM_EMAIL, like Understudy <desk@your.host>"
        yield _error(9, "DEFAULT_FROM_EMAIL is an address nobody can answer.", mend)


@register(Tags.security, deploy=True)
def check_parts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Iterator[CheckMessage]:
    """Broker and database."""
    if settings.EMBEDDED_VALKEY and not _listens(str(settings.VALKEY_SOCKET)):
        mend = "Set REDIS_URL to your Redis or Valkey, or start the portal with make run, which keeps one alive."
        yield _error(10, "REDIS_URL is empty, and no embedded Valkey runs: tasks and rate limits have no server.", mend)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield checks.Warning(
            "The database is a SQLite file, which one machine alone can use.",
            hint="Set DATABASE_URL to PostgreSQL before adding a second machine; a small office on one may stay.",
            id="portal.W001",
        )


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.5)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True
