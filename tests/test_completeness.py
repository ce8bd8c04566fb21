"""Nothing is half done: no stubs, no orphans, and every list in one place agrees with its counterpart in another."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.audit.events import SENTENCES
from accounts.notifications.rules import KINDS
from replicas.rules.events import Event

ROOT = Path(__file__).resolve().parent.parent
CODE = [
    path
    for folder in ("accounts", "agencies", "replicas", "portal", "templates", "static", "bench", "deploy", "docs")
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".html", ".txt", ".js", ".css", ".md", ".typ"}
    and "vendor" not in path.parts
]
TEMPLATES = ROOT / "templates"


@pytest.mark.parametrize(
    "word", [r"\bTODO\b", r"\bFIXME\b", r"\bXXX\b", "(?i)coming soon", "(?i)not implemented", "(?i)lorem ipsum"]
)
def test_no_unfinished_words(word):
    assert [str(path.relative_to(ROOT)) for path in CODE if re.search(word, path.read_text("utf-8"))] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_notice_has_its_letter(kind):
    for part in ("subject.txt", "body.txt", "body.html"):
        get_template(f"letters/{kind}/{part}")


def test_every_letter_belongs_to_a_kind():
    folders = {
        path.name for path in (TEMPLATES / "letters").iterdir() if path.is_dir() and not path.name.startswith("_")
    }
    assert folders == set(KINDS)


def test_every_event_has_a_sentence():
    assert {event.value for event in Event} - set(SENTENCES) == set()


def test_every_event_is_recorded_somewhere():
    code = "\n".join(path.read_text("utf-8") for path in CODE if path.suffix == ".py")
    assert [event.name for event in Event if f"Event.{event.name}" not in code] == []


def test_every_icon_named_in_an_event_is_drawn():
    from portal.templatetags.components import icon_names

    assert {sentence.icon for sentence in SENTENCES.values()} - icon_names() == set()


def test_every_page_template_is_used():
    code = "\n".join(path.read_text("utf-8") for path in CODE)
    ours = [
        path.relative_to(TEMPLATES)
        for folder in ("accounts", "agencies", "replicas", "portal", "components")
        if (TEMPLATES / folder).exists()
        for path in (TEMPLATES / folder).rglob("*.html")
    ]
    assert [str(path) for path in ours if str(path) not in code] == []


def test_models_match_their_migrations(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_staff_can_look_at_every_model():
    quiet = {"UsedChallenge", "FormSubmission", "Preference", "OutboxLetter"}
    ours = {model for app in ("accounts", "agencies", "replicas") for model in apps.get_app_config(app).get_models()}
    shown = set(admin.site._registry)
    inline = {inline.model for site_admin in admin.site._registry.values() for inline in site_admin.inlines}
    assert {model.__name__ for model in ours - shown - inline} - quiet == set()


def test_url_names_are_unique():
    def names(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace is None:
                    yield from names(pattern.url_patterns)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield pattern.name

    found = list(names(get_resolver().url_patterns))
    assert sorted(name for name in set(found) if found.count(name) > 1) == []
