"""G14: no write to a guarded table without an audit entry in its transaction, and no refusal without one.

Switched on by ``conftest.py`` for every test of the suite. It sees each INSERT, UPDATE and DELETE that the portal's own
code makes (what tests and factories write to set a scene is theirs), and each ``Refused`` that leaves a ``@move``. What
it finds fails the test in which it happened, naming the table and the line of code.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.utils import CursorWrapper
from django.db.transaction import Atomic, get_connection

from accounts.rules.refusal import Refused

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "agencies", "replicas")
TRAIL = "accounts_auditentry"
MOVES = str(ROOT / "accounts/actions/moves.py")
RECORDING = str(ROOT / "accounts/audit/recording.py")

# Every other table of the three apps is guarded, and so is every table that is added.
UNGUARDED = {
    TRAIL: "it is the trail",
    "accounts_heartbeat": "says that the clock ticks, and nothing about anybody",
    "accounts_user": "written by the sign-in package; what people do with their accounts is recorded by receivers",
    "accounts_user_groups": "comes with the user model; nobody is in a group",
    "accounts_user_user_permissions": "comes with the user model; nobody has single permissions",
    "accounts_usedchallenge": "a nonce taken once, in the transaction of the answer it signs",
    "accounts_formsubmission": "a form's key taken once, in the transaction of what the form does",
    "accounts_notification": "what somebody was told, written with the move that tells it; a read mark is no move",
    "accounts_delivery": "the way of a letter: its states are its own record, attempt by attempt",
    "accounts_outboxletter": "the demo's mail, for the browser",
    "replicas_ruleset": "rules as numbers, a copy for the search; the versions themselves are guarded",
    "replicas_actorrules": "which of them count for an actor, a copy that follows what has its entry",
    "replicas_listing": "the search's copy of rows whose own changes are recorded",
    "replicas_listingterm": "counts words of that copy",
    "replicas_savedsearch": "a person's own bookmark, which nobody else sees and nothing follows from",
    "replicas_scandraft": "a draft is nobody's promise, and saves itself while it is typed",
    "replicas_shortlist": "a list a house keeps for itself; giving it out is recorded (replicas_shortlistshare)",
    "replicas_shortlistentry": "as the list it stands on",
}
# Writes to guarded tables that leave no entry, by table, file and function.
_ACTIONS = "replicas/actions"
EXCEPTIONS = {
    ("replicas_reuserequest", f"{_ACTIONS}/drafting.py", "save_draft"): "a draft is nobody's promise",
    # A crowd that is prepared, and the list of its people: their house's alone until it is released.
    **{
        (table, f"{_ACTIONS}/crowds/drafting.py", function): "a draft is nobody's promise"
        for table in ("replicas_crowd", "replicas_crowdplace")
        for function in (
            "begin_crowd",
            "save_crowd_draft",
            "choose_people",
            "remove_people",
            "put_first",
            "_rank",
            "_write",
            "_changed",
        )
    },
    # Which rule it was; the refusal itself is recorded by the move, after its transaction was undone.
    ("replicas_guardrailrefusal", f"{_ACTIONS}/guardrails.py", "remember_all"): "the refused move has the entry",
    # The requests of a crowd before anybody is asked; asking them has the entry, and so has each of them.
    **{
        (f"replicas_{table}", f"{_ACTIONS}/crowds/writing.py", function): "a draft is nobody's promise"
        for table, function in (
            ("reuserequest", "write"),
            ("reuserequest", "_write_rounds"),
            ("terms", "_write_rounds"),
            ("use", "_write_rounds"),
            ("crowdplace", "_write_rounds"),
        )
    },
    # What a crowd's board shows follows from moves that have their entries, late and in steps.
    **{
        ("replicas_crowdplace", f"{_ACTIONS}/crowds/settling.py", function): "follows from what has its entry"
        for function in ("_show", "_name", "_wind_up")
    },
    # How many of them count, and how far the letters of a move are: marks beside that move's own entry.
    **{
        (table, f"{_ACTIONS}/crowds/settling.py", "_count_yes"): "the revoked license has the entry"
        for table in ("replicas_crowd", "replicas_crowdplace")
    },
    ("replicas_crowdmailing", f"{_ACTIONS}/crowds/mailing.py", "tell_some_of_it"): "a mark for the clock",
    ("replicas_crowdplace", f"{_ACTIONS}/crowds/raising.py", "raise_some"): "a mark for the clock",
    # Who wanted to be asked, whose rules forbid it by now: that refusal is kept for them alone.
    ("replicas_crowdplace", f"{_ACTIONS}/crowds/keeping.py", "call_back"): "the refusal is kept for its performer",
    # When to look again. A reminder that goes has its entry; one that is passed over leaves a mark only.
    ("replicas_reuserequest", f"{_ACTIONS}/sweeping.py", "_note_reminded"): "a mark for the clock",
    ("replicas_scan", f"{_ACTIONS}/scans.py", "remind_due"): "a mark for the clock",
    ("replicas_scanclaim", f"{_ACTIONS}/claims/sweeping.py", "look_at_due"): "a mark for the clock",
    ("replicas_holding", f"{_ACTIONS}/custody/clockwork.py", "open_due_tasks"): "a mark for the clock",
    ("replicas_destructiontask", f"{_ACTIONS}/custody/clockwork.py", "remind_due_tasks"): "a mark for the clock",
    # Where a name belongs on a roster; it follows from the profile, whose change is recorded.
    ("agencies_representation", "agencies/actions/representations.py", "rename_on_rosters"): "the profile has it",
    # Part of registering a replica; the factories call it for one that they made as a row.
    ("replicas_holding", f"{_ACTIONS}/custody/originals.py", "first_holding"): "part of a larger move",
    # The repository's own files, read when the database is made; each row is a version and says where it is from.
    ("replicas_rulebookentry", f"{_ACTIONS}/rulebook.py", "load_rulebook"): "the repository is its record",
}


@cache
def guarded() -> frozenset[str]:
    """The tables a write to which needs an entry."""
    models = (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True))
    return frozenset(model._meta.db_table for model in models) - UNGUARDED.keys()


@cache
def whose(file: str) -> str:
    """``app``: the portal's code. ``test``: code that sets scenes. Empty: neither, so ask the caller.

    Models and what they inherit write for whoever calls them.
    """
    try:
        parts = Path(file).relative_to(ROOT).parts
    except ValueError:
        return ""
    if parts[0] in ("tests", "bench") or parts[-1] == "conftest.py":
        return "test"
    if parts[0] in (*APPS, "portal") and not {"models", "models.py", "migrations"} & set(parts):
        return "app"
    return ""


def author(frame: FrameType | None) -> FrameType | None:
    """The frame of the portal's code that made this happen; None when a test did."""
    while frame is not None:
        found = whose(frame.f_code.co_filename)
        if found:
            return frame if found == "app" else None
        frame = frame.f_back
    return None


@dataclass
class Unit:
    """One outermost transaction of the portal: writes that wait for their entry, and how many entries there are."""

    depth: int
    writes: list[str] = field(default_factory=list)
    entries: int = 0
    marks: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Watcher:
    """``found`` are violations so far; ``owed`` are refusals without an entry yet, by ``id`` of the exception."""

    units: dict[int, Unit] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    owed: dict[int, str] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    writes: int = 0

    def take(self) -> list[str]:
        """What was found since the last time, and nothing is kept."""
        found = [*self.found, *(f"a refusal left no entry: {what}" for what in self.owed.values())]
        self.found.clear()
        self.owed.clear()
        return found

    def forget(self) -> None:
        """A test begins."""
        self.units.clear()
        self.depths.clear()
        self.take()

    def statement(self, connection: Any, sql: str, frame: FrameType) -> None:
        table = table_of(sql)
        if table == TRAIL:
            if unit := self.units.get(id(connection)):
                unit.entries += 1
            return
        if table not in guarded():
            return
        by = author(frame)
        if by is None or _excepted(table, by):
            return
        self.writes += 1
        told = f"{sql.split(None, 1)[0]} {table} in {_line(by)}"
        unit = self.units.get(id(connection))
        if unit is None:
            self.found.append(f"{told}, outside of a transaction")
        else:
            unit.writes.append(told)

    def enter(self, connection: Any, frame: FrameType) -> None:
        key = id(connection)
        depth = self.depths[key] = self.depths.get(key, 0) + 1
        unit = self.units.get(key)
        if unit is not None:
            unit.marks.append((len(unit.writes), unit.entries))
        elif author(frame):
            self.units[key] = Unit(depth)

    def leave(self, connection: Any, undone: bool) -> None:
        key = id(connection)
        depth = self.depths.get(key, 0)
        self.depths[key] = depth - 1
        unit = self.units.get(key)
        if unit is None:
            return
        if depth > unit.depth:
            writes, entries = unit.marks.pop()
            if undone:
                del unit.writes[writes:]
                unit.entries = entries
            return
        del self.units[key]
        if not undone and unit.writes and not unit.entries:
            self.found += [f"{write} without an audit entry" for write in unit.writes]

    def refused(self, refusal: BaseException | None, frame: FrameType) -> None:
        """A transaction ends with an exception: of a move, or of the writing of its entry."""
        code = frame.f_code
        if code.co_filename == MOVES and code.co_name == "run" and isinstance(refusal, Refused):
            self.owed[id(refusal)] = f"{frame.f_locals.get('function', code).__qualname__} ({refusal.code})"

    def paid(self, frame: FrameType) -> None:
        """An entry of a refusal was written, or the database broke on it: then nothing could be."""
        if frame.f_code.co_filename == RECORDING and frame.f_code.co_name == "record_refusal":
            self.owed.pop(id(frame.f_locals.get("refusal")), None)


def table_of(sql: str) -> str:
    """The table that a statement writes to; empty for every other statement."""
    if sql[:1] not in "IUD" or not sql.startswith(("INSERT", "UPDATE", "DELETE")):
        return ""
    return sql.split('"', 2)[1] if '"' in sql else ""


def _excepted(table: str, frame: FrameType) -> bool:
    name = str(Path(frame.f_code.co_filename).relative_to(ROOT))
    return (table, name, frame.f_code.co_name) in EXCEPTIONS


def _line(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_lineno} ({frame.f_code.co_name})"


watcher = Watcher()


def switch_on() -> None:
    """From now on, in every thread and on every connection of this process."""
    if getattr(CursorWrapper, "audited", False):
        return
    CursorWrapper.audited = True  # type: ignore[attr-defined]
    for name in ("_execute", "_executemany"):
        setattr(CursorWrapper, name, _looking(getattr(CursorWrapper, name)))
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def entering(self: Atomic) -> None:
        enter(self)
        if self.using in (None, DEFAULT_DB_ALIAS) and not self._from_testcase:  # type: ignore[attr-defined]
            watcher.enter(get_connection(self.using), sys._getframe(1))

    def leaving(self: Atomic, kind: Any, error: Any, trace: Any) -> None:
        if self._from_testcase or self.using not in (None, DEFAULT_DB_ALIAS):  # type: ignore[attr-defined]
            return leave(self, kind, error, trace)
        connection, frame = get_connection(self.using), sys._getframe(1)
        undone = kind is not None or connection.needs_rollback
        try:
            leave(self, kind, error, trace)
        except BaseException:
            undone = True
            raise
        finally:
            watcher.leave(connection, undone)
            if (kind is None and not undone) or (kind is not None and frame.f_code.co_filename == RECORDING):
                watcher.paid(frame)
            elif kind is not None:
                watcher.refused(error, frame)
        return None

    Atomic.__enter__ = entering  # type: ignore[method-assign]
    Atomic.__exit__ = leaving  # type: ignore[method-assign]


def _looking(original: Any) -> Any:
    def execute(self: Any, sql: Any, *args: Any) -> Any:
        result = original(self, sql, *args)
        if type(sql) is str and sql[:1] in "IUD" and self.db.alias == DEFAULT_DB_ALIAS:
            watcher.statement(self.db, sql, sys._getframe(1))
        return result

    return execute


@contextmanager
def expecting() -> Iterator[list[str]]:
    """For tests of this file: what the block does wrong is put into the list instead of failing the test."""
    found: list[str] = []
    found_before = watcher.take()
    yield found
    found += watcher.take()
    watcher.found += found_before
