"""The limit pages are measured against: a Django with nothing but a session, served by the same gunicorn.

    /rows       50 rows of 6 escaped values, 18 KB, from one indexed query, after reading the session
    /one        a page of 2 KB from one ORM query, without a session

A page of the portal can't be faster than this and still be a page of 50 rows from the database. It reads the portal's
own session table, from the same database, with the same options of the connection.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import environ
from django.conf import settings

ROWS = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<p>{{ visits }}</p><table class="table">{% for row in rows %}
<tr class="row row-{{ row.state }}">
<td class="cell cell-number"><a class="link" href="/rows/{{ row.pk }}/">{{ row.pk }}</a></td>
<td class="cell cell-title"><a class="link link-title" href="/rows/{{ row.pk }}/detail/">{{ row.title }}</a></td>
<td class="cell cell-due"><time datetime="{{ row.due|date:"c" }}">{{ row.due|date:"j F Y" }}</time></td>
<td class="cell cell-state">{{ row.state }}</td></tr>{% endfor %}</table></body></html>"""
ONE = (
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ row.title }}</title></head><body>
<h1>{{ row.title }}</h1><dl><dt>Number</dt><dd>{{ row.pk }}</dd><dt>State</dt><dd>{{ row.state }}</dd>
<dt>Due</dt><dd>{{ row.due|date:"j F Y" }}</dd></dl>
"""
    + "<p>It says what it says, in a line of a page that never changes at all.</p>\n" * 22
    + "</body></html>"
)
OWNERS, EACH = 100, 100


def _database() -> dict[str, Any]:
    found = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {"init_command": "PRAGMA journal_mode=WAL;PRAGMA mmap_size=134217728;"}
    return {**found, "CONN_MAX_AGE": None}


if not settings.configured:
    templates = ("django.template.loaders.locmem.Loader", {"rows.html": ROWS, "one.html": ONE})
    settings.configure(
        DEBUG=False,
        SECRET_KEY=os.environ["SECRET_KEY"],
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
        SESSION_COOKIE_NAME="session",
        INSTALLED_APPS=["django.contrib.sessions"],
        DATABASES={"default": _database()},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        LOGGING_CONFIG=None,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader", [templates])]},
            }
        ],
    )
    django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class LimitRow(models.Model):
    owner = models.IntegerField()
    due = models.DateTimeField()
    state = models.CharField(max_length=12)
    title = models.CharField(max_length=120)

    class Meta:
        app_label = "limit"
        db_table = "bench_limit"
        indexes = [models.Index(fields=["owner", "due", "id"], name="bench_limit_owner")]

    def __str__(self) -> str:
        return self.title


def rows(request: HttpRequest) -> HttpResponse:
    found = LimitRow.objects.filter(owner=7).order_by("due", "id")[:50]
    signed_in = request.session.get("_auth_user_id", "")
    return render(request, "rows.html", {"rows": found, "title": "Limit", "visits": signed_in})


def one(request: HttpRequest) -> HttpResponse:
    return render(request, "one.html", {"row": LimitRow.objects.get(pk=7)})


urlpatterns = [path("rows", rows), path("one", one)]


def fill() -> None:
    """Makes the table and its 10,000 rows."""
    with connection.schema_editor() as editor:
        editor.create_model(LimitRow)
    start = datetime(2027, 1, 1, tzinfo=UTC)
    LimitRow.objects.bulk_create(
        LimitRow(owner=number % OWNERS, due=start + timedelta(hours=number), state="open", title=f"Row {number} & more")
        for number in range(OWNERS * EACH)
    )


if __name__ == "__main__":
    fill()
else:
    application = WSGIHandler()
