"""The repeated pieces: what they say, that they escape, and that a mistake in a template is loud."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError

from portal.templatetags import components

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
EVIL = "<b>Mallory</b>"


def rendered(source: str, **context: object) -> str:
    return Template("{% load components wording %}" + source).render(Context(context))


def test_every_icon_that_code_and_templates_name_is_in_the_sprite() -> None:
    named = {drawing for _, drawing, _ in components.STATES.values()} | set(components.NOTICES.values())
    for page in (settings.BASE_DIR / "templates").rglob("*.html"):
        named |= set(re.findall(r"""{% icon ["']([a-z0-9-]+)["']""", page.read_text(encoding="utf-8")))
    assert named <= components.icon_names()


def test_an_unknown_icon_or_keyword_is_an_error() -> None:
    with pytest.raises(ValueError, match="no icon named 'unicorn'"):
        rendered('{% icon "unicorn" %}')
    with pytest.raises(TemplateSyntaxError):
        rendered('{% person "Maya" pictur="x" %}')


@pytest.mark.parametrize("state", sorted(components.STATES))
def test_a_state_is_word_icon_and_color(state: str) -> None:
    html = rendered("{% state_badge state %}", state=state)
    word, drawing, tone = components.STATES[state]
    assert word in html
    assert f"#{drawing}" in html
    assert f'class="badge {tone}"' in html


def test_red_only_under_a_day_and_always_with_words() -> None:
    assert 'class="due soon"' in rendered("{% deadline when at=now %}", when=NOW + timedelta(hours=23), now=NOW)
    calm = rendered("{% deadline when at=now %}", when=NOW + timedelta(hours=24), now=NOW)
    assert 'class="due"' in calm
    assert "Tomorrow" in calm
    assert rendered("{% deadline when %}", when=None) == ""


def test_the_banner_says_what_silence_means() -> None:
    open_ = rendered("{% deadline_banner when at=now %}", when=NOW + timedelta(days=3, hours=22), now=NOW)
    assert "If you do nothing, the answer is no." in open_
    assert "3 d 22 h left" in open_
    over = rendered("{% deadline_banner when at=now %}", when=NOW, now=NOW)
    assert "ended" in over
    assert "data-countdown" not in over


def test_names_are_escaped_everywhere() -> None:
    pieces = (
        "{% person n detail=n url=n %}{% org n detail=n verified=True %}{% org n verified=True %}{% empty n n n n %}",
        "{% note n n %}{{ n }}{% endnote %}{% notice 'info' n %}{{ n }}{% endnotice %}",
        "{% avatar n n %}{% progress 1 2 n %}",
    )
    html = rendered("".join(pieces), n=EVIL)
    assert "<b>" not in html
    assert html.count('class="verified"') == 2


def test_money_in_words() -> None:
    assert components.money_words(Decimal("1283"), "GBP") == "£1,283.00"
    assert components.money_words(Decimal("693.00"), "USD", compact=True) == "$693"
    assert components.money_words(Decimal("69.30"), "USD", compact=True) == "$69.30"
    assert components.money_words(Decimal("90.5"), "CHF") == "CHF 90.50"
    assert components.money_words(Decimal("-5"), "USD") == "−$5.00"
    assert components.money_words(Decimal("5000"), "JPY") == "JPY 5,000"
    assert components.money(None) == "–"


def test_initials() -> None:
    assert components.initials("Maya de la Reyes") == "MR"
    assert components.initials("Cher") == "C"
    assert components.initials("") == "·"


def test_pager_shows_only_what_there_is() -> None:
    assert rendered("{% pager page %}", page=SimpleNamespace(previous_url="", next_url="")).strip() == ""
    html = rendered("{% pager page %}", page=SimpleNamespace(previous_url="", next_url="?after=x"))
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_no_template_carries_inline_script_or_style() -> None:
    templates: Path = settings.BASE_DIR / "templates"
    wrong = []
    for page in templates.rglob("*.html"):
        if page.is_relative_to(templates / "letters"):
            continue  # mail programs know no style sheets
        source = page.read_text(encoding="utf-8")
        if re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", source):
            wrong.append(page.name)
    assert wrong == []
