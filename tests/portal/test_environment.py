"""A wrong setting stops the start with the variable's name and how to mend it."""

import os
import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import environment


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: environment.flag("X", False), "flase"),
        (lambda: environment.flag("X", True), "2"),
        (lambda: environment.number("X", 1), "-1"),
        (lambda: environment.number("X", 1), "eight"),
        (lambda: environment.number("X", 1), "٣"),
        (lambda: environment.number("X", 1, least=1), "0"),
        (lambda: environment.url("X", "", ("http", "https")), "portal.your.host"),
        (lambda: environment.url("X", "", ("redis",)), "amqp://broker"),
        (lambda: environment.database("X", Path("x")), "mysql://db/name"),
        (lambda: environment.database("X", Path("x")), "postgresql://db"),
        (lambda: environment.database("X", Path("x")), "what is this"),
    ],
)
def test_nonsense_is_refused_with_name_and_remedy(monkeypatch, read, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=r"^X .*(Set it|Start it|Write it).* See \.env\.example\.$"):
        read()


def test_a_password_never_shows_in_the_refusal(monkeypatch):
    monkeypatch.setenv("X", "mysql://user:hunter2@db/name")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("X", Path("x"))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(("value", "meant"), [("1", True), (" Yes ", True), ("on", True), ("0", False), ("", False)])
def test_flags(monkeypatch, value, meant):
    monkeypatch.setenv("X", value)
    assert environment.flag("X", not meant) is meant


def test_empty_numbers_and_urls_fall_back(monkeypatch):
    monkeypatch.setenv("X", " ")
    assert environment.number("X", 7) == 7
    assert environment.url("X", "redis://x", ("redis",)) == "redis://x"
    assert environment.database("X", Path("/d/a b?.sqlite3"))["NAME"] == "/d/a b?.sqlite3"


def test_secret_key_is_asked_for_in_production(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is missing"):
        environment.secret_key(tmp_path, debug=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE can't be read"):
        environment.secret_key(tmp_path, debug=False)
    (tmp_path / "empty").touch()
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "empty"))
    with pytest.raises(ImproperlyConfigured, match="empty file"):
        environment.secret_key(tmp_path, debug=False)
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.secret_key(tmp_path, debug=False) == "from a file"


def test_a_made_key_is_kept_private_and_the_same_for_all(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    gate, keys = threading.Barrier(8), []

    def read() -> None:
        gate.wait(5)
        keys.append(environment.secret_key(tmp_path, debug=True))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys[0]) > 80
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]


def test_the_socket_has_a_short_path(tmp_path):
    assert environment.valkey_socket(Path("/srv/understudy")) == Path("/srv/understudy/valkey.sock")
    for data in (Path("/srv") / ("long" * 30), Path("/srv/with space"), Path("/srv/100%")):
        path = environment.valkey_socket(data)
        assert len(os.fsencode(path)) < 108
        assert path == environment.valkey_socket(data)
        assert path.parent.parent == Path("/tmp")


def test_the_data_directory_must_be_one(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "inside"))
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR can't be made"):
        environment.data_dir()


def test_the_file_of_settings_gives_way_to_the_process(monkeypatch, tmp_path):
    (tmp_path / "env").write_text("ONE=file\nTWO=file\n")
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "env"))
    monkeypatch.setenv("ONE", "process")
    monkeypatch.setenv("TWO", "x")
    monkeypatch.delenv("TWO")
    environment.read_file()
    assert (os.environ["ONE"], os.environ["TWO"]) == ("process", "file")
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="ENV_FILE"):
        environment.read_file()


@pytest.mark.parametrize(
    ("given", "cache", "broker"),
    [
        ("redis://h:1/0", "redis://h:1/0", "redis://h:1/0"),
        ("unix:///r.sock", "unix:///r.sock", "redis+socket:///r.sock"),
        ("redis+socket:///r.sock", "unix:///r.sock", "redis+socket:///r.sock"),
    ],
)
def test_one_redis_url_serves_cache_and_broker(given, cache, broker):
    assert environment.for_cache(given) == cache
    assert environment.for_broker(given) == broker
