"""Settings of the tests: production's own, with fast and throw-away parts. ``DATABASE_URL`` picks the engine.

Nothing else is taken from the developer's environment or ``.env``, so that a suite says the same everywhere.
"""

import os
import tempfile
from pathlib import Path

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_ROOT = Path(os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="understudy-tests-"))
os.environ["TEST_DATA_DIR"] = str(_ROOT)  # xdist's workers inherit it; conftest.py removes it at the end

for _name in (
    *("PORT", "BIND", "SITE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXY_COUNT", "REDIS_URL", "SECRET_KEY_FILE", "EMAIL_URL"),
    *("DEFAULT_FROM_EMAIL", "SECURE_SSL_REDIRECT", "ACCEL_REDIRECT"),
    *("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_ENDPOINT_URL", "S3_REGION"),
):
    os.environ.pop(_name, None)
os.environ.update(
    ENV_FILE="",
    DATA_DIR=str(_ROOT / _WORKER),
    DEBUG="false",
    DEMO="false",
    REQUIRE_MFA="true",
    SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 4,
    SITE_URL="http://testserver",
    DJANGO_ALLOW_ASYNC_UNSAFE="true",  # playwright keeps an event loop in the thread that also uses the database
)

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
SECURE_SSL_REDIRECT = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": _WORKER}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # the sessions cache has tests of its own
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing one, and warnings are errors here

DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory, so that threads and other processes of a race test share it; nobody needs it after a crash.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
