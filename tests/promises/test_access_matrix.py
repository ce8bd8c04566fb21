"""G10–G13, G40: every address as every persona, against a file somebody has read.

A new address is red until it has a row in ``access_matrix.txt``. To write the file anew, and then read what changed:
``ACCESS_MATRIX=write .venv/bin/pytest -n0 tests/promises/test_access_matrix.py -k as_every``.
"""

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.promises.access_world import CANARIES, MISSING, PERSONAS, STRANGERS, addresses, arguments, build, plain
from tests.promises.tables import changed, dump

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore::django.utils.deprecation.RemovedInDjango60Warning"
    ),  # an admin form's URL field
]

FILE = Path(__file__).with_name("access_matrix.txt")
WRITE = os.environ.get("ACCESS_MATRIX") == "write"
TRAIL = "accounts_auditentry"
SESSIONS = ("django_session", "usersessions_usersession")
READ = {"accounts_notification"}  # opening a thing marks its notices as read
MARKS = {*READ, TRAIL, "replicas_reuserequest"}  # seen, delivered: the actor's own opening
SHOWS_TO_ALL = {  # what is meant for whoever holds the address
    "verify-license",  # tells anybody which project and house a license is for
    "replica-by-link",
    "claim-link",  # somebody without an account reads the letter it came with
    "shortlist-shared",  # a list given out by its house
    "shortlist-shared-picture",
}
# The agent's advice to the actor; their rules and their agency's; what an actor has not sent, or sent to somebody else;
# whom else they chose to tell; who is in a crowd and has not said yes.
_OF_THE_ACTOR = ("Canarylink", "Canarydraft", "canaryunion", "Canaryrule of")
NOT_THEIRS = {
    "casting": ("Canaryink", "Canaryperson", *_OF_THE_ACTOR),
    "casting-assistant": ("Canaryink", "Canaryperson", "Canarysearch", *_OF_THE_ACTOR),
    **dict.fromkeys(("agent", "agency-assistant"), ("Canarydraft", "canaryunion", "Canarylist", "Canarysearch")),
    # Whom a house has in mind is its own.
    **dict.fromkeys(("actor", "staff-plain", "staff"), ("Canarylist", "Canarysearch")),
}
SAME_FOR_ALL = ("admin:", "account_", "mfa_", "usersessions_")  # no object of a tenant in these addresses
TRY_ADMIN = {"anonymous", "staff-plain", "staff"}
written: dict[str, dict[str, str]] = defaultdict(dict)


def rows() -> dict[str, dict[str, str]]:
    """name or pattern → persona → “GET/POST”."""
    found = {}
    for line in FILE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, *codes = line.split()
            found[name] = dict(zip(PERSONAS, codes, strict=True))
    return found


def row_of(name: str, table: dict[str, dict[str, str]]) -> dict[str, str] | None:
    if name in table:
        return table[name]
    return next((row for pattern, row in table.items() if "*" in pattern and fnmatch(name, pattern)), None)


@pytest.fixture(scope="module", autouse=True)
def _write_the_file() -> Iterator[None]:
    yield
    if WRITE and written:
        with open(FILE, "a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # parts may run beside each other
            old = rows()
            names = set(addresses()) & (set(old) | set(written))
            table = {name: old.get(name, {}) | written.get(name, {}) for name in names}
            notes = [line for line in FILE.read_text().splitlines() if line.startswith("#")]
            width = 60  # fixed, so that a long new name does not move every other line
            lines = [
                f"{name:<{width}} " + " ".join(f"{table[name].get(who, '?'):<7}" for who in PERSONAS).rstrip()
                for name in sorted(names)
            ]
            file.truncate(0)
            file.write("\n".join([*notes, *lines]) + "\n")


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


class Writes:
    """Whether anything but a session was written: most answers write nothing, and need no look at every table."""

    seen = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        reads = sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET CONSTRAINTS"))
        self.seen |= not reads and not any(f'"{table}"' in sql for table in SESSIONS)
        return execute(sql, params, many, context)


def ask(client: Client, method: str, path: str) -> tuple[Any, dict[str, tuple[list[str], list[str]]]]:
    """The answer, and what it changed; everything is put back afterwards."""
    with transaction.atomic():
        kept, writes = client.cookies.copy(), Writes()
        with connection.execute_wrapper(writes):
            response = getattr(client, method)(path)
            if response.streaming:
                response.content = b"".join(response.streaming_content)
        after = dump(but=SESSIONS) if writes.seen else {}
        transaction.set_rollback(True)
        client.cookies = kept  # a sign-out is put back, too
    before = dump(but=SESSIONS) if writes.seen else {}  # all is back as it was
    return response, changed(before, after)


def path_of(name: str, takes: list[str], values: dict[str, Any]) -> str | None:
    try:
        return reverse(name, kwargs=arguments(name, takes, values))
    except NoReverseMatch:
        return None


def test_every_address_has_a_row_and_every_row_an_address():
    table, names = rows(), addresses()
    assert [name for name in names if row_of(name, table) is None] == []
    assert [row for row in table if not any(fnmatch(name, row) for name in names)] == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_address_as_every_persona(persona):
    world, table, wrong = build(), {} if WRITE else rows(), []
    client = client_of(world.people[persona])
    for name, (_, takes) in addresses().items():
        path = path_of(name, takes, world.values)
        if path is None:
            got = "-"  # this installation has no such address
        elif name.startswith("admin:") and persona not in TRY_ADMIN and "user" not in name:
            got = "."  # one model stands for all where nobody gets in at all
        else:
            got = try_both(client, persona, name, path, wrong)
            if takes and not name.startswith(SAME_FOR_ALL) and "404" in got:
                compare_with_missing(client, name, takes, world, got, wrong)
        written[name][persona] = got
        expected = row_of(name, table)
        if not WRITE and expected is not None and expected[persona] != got:
            wrong.append(f"{name}: {got}, and the file says {expected[persona]}")
    assert not wrong, "\n".join(wrong)


def try_both(client: Client, persona: str, name: str, path: str, wrong: list[str]) -> str:
    """GET, HEAD and an empty POST, with what they may not do; “200/405”."""
    looked, difference = ask(client, "get", path)
    allowed = MARKS if persona == "actor" else READ
    if set(difference) - allowed:
        wrong.append(f"GET {name} changed {sorted(difference)}")
    if name not in SHOWS_TO_ALL:
        hidden = CANARIES if persona in STRANGERS else NOT_THEIRS.get(persona, ())
        wrong += [f"GET {name} shows {word}" for word in hidden if word.encode() in looked.content]
    head, difference = ask(client, "head", path)
    if set(difference) - allowed or head.status_code != looked.status_code:
        wrong.append(f"HEAD {name}: {head.status_code}, changed {sorted(difference)}")
    posted, difference = ask(client, "post", path)
    refused = posted.status_code >= 400 or "/accounts/login/" in posted.headers.get("Location", "")
    if refused and set(difference) - {TRAIL}:
        wrong.append(f"refused POST {name} changed {sorted(difference)}")
    return f"{looked.status_code}/{posted.status_code}"


def compare_with_missing(client: Client, name: str, takes: list[str], world: Any, got: str, wrong: list[str]) -> None:
    """What is somebody else's looks like what does not exist: status, headers, body."""
    here, gone = (arguments(name, takes, values) for values in (world.values, MISSING))
    for method, code in zip(("get", "post"), got.split("/"), strict=True):
        if code != "404":
            continue
        paths = [reverse(name, kwargs=given) for given in (here, gone)]
        (theirs, _), (none, _) = (ask(client, method, path) for path in paths)
        if none.status_code != 404:
            wrong.append(f"{method} {name}: 404, a missing one {none.status_code}")
        elif plain(theirs.content, [paths[0], *here.values()]) != plain(none.content, [paths[1], *gone.values()]):
            wrong.append(f"{method} {name}: a missing one has another body")
        elif without_own(theirs) != without_own(none):
            wrong.append(f"{method} {name}: a missing one has other headers")


def without_own(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in {"Content-Length", "X-Request-ID"}}
