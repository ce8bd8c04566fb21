"""Each deploy check refuses its mistake with a remedy, and a proper installation gets no issue at all."""

import pytest
from django.core.checks import run_checks

from tests import deploy_check

GOOD = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": deploy_check.PRODUCTION["SECRET_KEY"],
    "REQUIRE_MFA": True,
    "SITE_URL": "https://desk.production.agency",
    "ALLOWED_HOSTS": ["desk.production.agency"],
    "EMAIL_URL": "smtp+tls://mail.production.agency:587",
    "DEFAULT_FROM_EMAIL": "Understudy <desk@production.agency>",
    "EMBEDDED_VALKEY": False,
}


@pytest.fixture(autouse=True)
def _on_postgres(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")


def found(settings, **changed):
    for name, value in (GOOD | changed).items():
        setattr(settings, name, value)
    messages = run_checks(tags=["security"], include_deployment_checks=True, databases=[])
    return [message for message in messages if message.id.startswith("portal.")]


def test_a_proper_installation_has_no_issue(settings):
    assert found(settings) == []


@pytest.mark.parametrize(
    ("changed", "expected", "names"),
    [
        ({"DEMO": True}, "portal.E001", "DEMO"),
        ({"DEBUG": True}, "portal.E002", "DEBUG"),
        ({"SECRET_KEY": "short"}, "portal.E003", "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "portal.E003", "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "uJ3nD8sKq0ZrXw5yTb7c" * 3}, "portal.E003", "SECRET_KEY"),
        ({"REQUIRE_MFA": False}, "portal.E004", "REQUIRE_MFA"),
        ({"SITE_URL": "http://desk.production.agency"}, "portal.E005", "SITE_URL"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}, "portal.E006", "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "portal.E006", "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["other.agency"]}, "portal.E007", "ALLOWED_HOSTS"),
        ({"EMAIL_URL": ""}, "portal.E008", "EMAIL_URL"),
        ({"EMAIL_URL": "consolemail://"}, "portal.E008", "EMAIL_URL"),
        ({"DEFAULT_FROM_EMAIL": "Understudy <desk@understudy.example>"}, "portal.E009", "DEFAULT_FROM_EMAIL"),
        ({"DEFAULT_FROM_EMAIL": "nobody"}, "portal.E009", "DEFAULT_FROM_EMAIL"),
        ({"EMBEDDED_VALKEY": True}, "portal.E010", "REDIS_URL"),
    ],
)
def test_each_mistake_is_named_with_its_remedy(settings, tmp_path, changed, expected, names):
    settings.VALKEY_SOCKET = tmp_path / "nobody.sock"
    (message,) = found(settings, **changed)
    assert message.id == expected
    assert names in message.msg + message.hint
    assert message.hint


def test_sqlite_is_only_warned_about(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    (message,) = found(settings)
    assert (message.id, message.is_serious()) == ("portal.W001", False)
    assert "DATABASE_URL" in message.hint


def test_a_parent_domain_covers_its_hosts(settings):
    assert found(settings, ALLOWED_HOSTS=[".production.agency"]) == []


@pytest.mark.broker
def test_a_living_embedded_valkey_is_accepted(settings, valkey_path):
    settings.VALKEY_SOCKET = valkey_path
    assert found(settings, EMBEDDED_VALKEY=True) == []


def test_djangos_own_checks_agree(tmp_path):
    done = deploy_check.manage(
        "check", "--deploy", "--fail-level", "DEBUG", env=deploy_check.surroundings(str(tmp_path))
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("REDIS_URL", "amqp://x"),
        ("SECRET_KEY", ""),
        ("PORT", "eighty"),
        ("DATABASE_URL", "mysql://a/b"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path, name, value):
    done = deploy_check.manage("check", env=deploy_check.surroundings(str(tmp_path), **{name: value}))
    assert done.returncode != 0
    last = (done.stdout + done.stderr).strip().splitlines()[-1]
    assert f"{name} " in last
    assert "See .env.example." in last
