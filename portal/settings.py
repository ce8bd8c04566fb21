"""One settings file: defaults suit ``make run``, the environment overrides, deploy checks hold production.

Every variable read here stands in ``.env.example``; a test compares the two.
"""

from datetime import timedelta
from typing import Any

from portal import environment
from portal.environment import env, flag, number

# --- Where things are -------------------------------------------------------------------------------------------------
environment.read_file()
BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.data_dir()

# --- What kind of installation ----------------------------------------------------------------------------------------
DEBUG = flag("DEBUG", False)
DEMO = flag("DEMO", False)  # demo sign-ins on the sign-in page, mail readable at /outbox/
SECRET_KEY = environment.secret_key(DATA_DIR, debug=DEBUG or DEMO)
PORT = number("PORT", 8000, least=1)
SITE_URL = environment.url("SITE_URL", f"http://localhost:{PORT}", ("http", "https")).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE = SITE_URL.startswith("https://")
TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0)
REQUIRE_MFA = flag("REQUIRE_MFA", not DEMO)  # of staff, and of members who send requests or act for clients

# --- Parts ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal.apps.PortalConfig",  # before allauth and admin, so that our templates win
    "accounts.apps.AccountsConfig",
    "agencies.apps.AgenciesConfig",
    "replicas.apps.ReplicasConfig",
    "accounts.apps.StaffAdminConfig",  # django.contrib.admin, behind our own sign-in
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.middleware.ViewerMiddleware",
    "portal.middleware.NotAllowedMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.shell",
            ],
            "builtins": [
                "accounts.templatetags.form_key",
                "portal.templatetags.components",
                "portal.templatetags.wording",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ---------------------------------------------------------------------------------------------------------
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;"
)
DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR / "understudy.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction takes the write lock at its start, so that two writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
else:
    # Compiling a query costs PostgreSQL half a second and saves nothing: each statement here reads a few rows.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache -------------------------------------------------------------------------------------------------
VALKEY_SOCKET = environment.valkey_socket(DATA_DIR)
REDIS_URL = environment.url("REDIS_URL", "", ("redis", "rediss", "unix", "redis+socket"))
EMBEDDED_VALKEY = not REDIS_URL
_CACHE = {
    "LOCATION": environment.for_cache(REDIS_URL) or f"unix://{VALKEY_SOCKET}",
    "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.25},
}
CACHES = {
    "default": {**_CACHE, "BACKEND": "portal.cache.StrictRedisCache", "KEY_PREFIX": "understudy"},
    "sessions": {**_CACHE, "BACKEND": "portal.cache.ForgivingRedisCache", "KEY_PREFIX": "sessions"},
}
CELERY_BROKER_URL = environment.for_broker(REDIS_URL) or f"redis+socket://{VALKEY_SOCKET}"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # kombu sweeps what a dead worker held every interval × throttle seconds; its defaults would take an hour.
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 0.25,
    "socket_timeout": 5,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False  # the row is the truth: a request never waits for a broker that is away
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Each task acts on what is due by the clock it reads itself, so that a second beat is harmless.
    "tick": {"task": "accounts.tasks.tick", "schedule": timedelta(seconds=30)},
    "send-due-letters": {"task": "accounts.tasks.send_due_letters", "schedule": timedelta(seconds=30)},
    "sweep-requests": {"task": "replicas.tasks.sweep_requests", "schedule": timedelta(seconds=30)},
    "sweep-crowds": {"task": "replicas.tasks.sweep_crowds", "schedule": timedelta(seconds=30)},
    "sweep-scans": {"task": "replicas.tasks.sweep_scans", "schedule": timedelta(minutes=1)},
    "sweep-licenses": {"task": "replicas.tasks.sweep_licenses", "schedule": timedelta(minutes=5)},
    "sweep-claims": {"task": "replicas.tasks.sweep_claims", "schedule": timedelta(minutes=5)},
    "sweep-guardians": {"task": "agencies.tasks.sweep_guardians", "schedule": timedelta(minutes=5)},
    "sweep-rules": {"task": "replicas.tasks.sweep_rules", "schedule": timedelta(minutes=10)},
    "sweep-searches": {"task": "replicas.tasks.sweep_searches", "schedule": timedelta(minutes=10)},
    "sweep-custody": {"task": "replicas.tasks.sweep_custody", "schedule": timedelta(minutes=5)},
    "forget-what-is-over": {"task": "accounts.tasks.forget_what_is_over", "schedule": timedelta(hours=6)},
}

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.signup.WhoYouAreForm"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.entrance.SignupForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True  # a mistyped address is no dead end
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/5m/key"}  # the first code and two more
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Understudy"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False  # a GET changes nothing

# Whoever keeps a copy of what follows from a representation; called in its transaction as one begins or ends.
REPRESENTATION_FOLLOWERS = ["replicas.actions.permitted.follow_bond"]

# --- Safety -----------------------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"  # the rows are the truth; the cache may be lost
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", SECURE)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],  # wasm: SHA-256 of scan files, computed in the browser
        "style-src": ["'self'"],
        "worker-src": ["'self'"],
    },
}

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 31_536_000
S3_BUCKET = env.str("S3_BUCKET", default="")
MEDIA_ROOT = DATA_DIR / "media"  # never under a public url: views check access, then send the file
MEDIA_URL = ""
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "signature_version": "s3v4",
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_expire": 60,
        },
    }
ACCEL_REDIRECT = flag("ACCEL_REDIRECT", False)  # nginx sends private files from the internal location /private/
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# --- Mail -------------------------------------------------------------------------------------------------------------
# In demo and development without EMAIL_URL, letters are kept as rows and can be read at /outbox/.
EMAIL_URL = environment.url("EMAIL_URL", "", ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail"))
if EMAIL_URL:
    _mail = env.email_url("EMAIL_URL")
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
else:
    EMAIL_BACKEND = "accounts.notifications.outbox.OutboxBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Understudy <desk@understudy.example>")
EMAIL_SUBJECT_PREFIX = ""

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logs -------------------------------------------------------------------------------------------------------------
from portal.logs import LOGGING  # noqa: E402, F401
