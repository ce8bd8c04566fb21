"""G14: the watch over the suite is on, sees what it must see, and holds every table by default."""

import inspect
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from replicas.actions import drafting, licensing
from replicas.actions.answering import deny
from replicas.models import License, Project, ReuseRequest
from tests.factories import approve_request, make_draft, make_project, make_request, make_user
from tests.promises import audited
from tests.promises.audited import ROOT, UNGUARDED, expecting, guarded, table_of, watcher

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def portal(code: str, **names):
    """Runs ``code`` as if it stood in an action of the portal."""
    exec(compile(code, str(ROOT / "replicas/actions/secretly.py"), "exec"), names)
    return names


SECRETLY = "def touch():\n    Project.objects.filter(pk=pk).update(company='Nobody')\ntouch()\n"
IN_ATOMIC = "with transaction.atomic():\n    Project.objects.filter(pk=pk).update(company='Nobody')\n"
RECORDED = IN_ATOMIC + "    record('project.changed', subject=subject, by=None, at=at)\n"


def given(project):
    return {
        "Project": Project,
        "pk": project.pk,
        "transaction": transaction,
        "record": record,
        "subject": project.subject,
        "at": NOW,
    }


def test_a_write_nobody_recorded_is_found_with_its_table_and_line():
    names = given(make_project())
    with expecting() as found:
        portal(IN_ATOMIC, **names)
    place = "replicas/actions/secretly.py:2 (<module>)"
    assert found == [f"UPDATE replicas_project in {place} without an audit entry"]
    with expecting() as found:
        portal(SECRETLY, **names)
    assert found == ["UPDATE replicas_project in replicas/actions/secretly.py:2 (touch), outside of a transaction"]


def test_a_write_with_its_entry_is_not():
    with expecting() as found:
        portal(RECORDED, **given(make_project()))
    assert found == []


def test_an_entry_of_another_transaction_does_not_count():
    names = given(make_project())
    with expecting() as found:
        portal("record('project.changed', subject=subject, by=None, at=at)\n" + IN_ATOMIC, **names)
    assert len(found) == 1


def test_what_is_rolled_back_needs_no_entry_and_an_entry_rolled_back_is_none():
    names = given(make_project()) | {"Refused": Refused}
    back = "try:\n    with transaction.atomic():\n        Project.objects.filter(pk=pk).update(company='X')\n"
    back += "        raise Refused('no', 'No.')\nexcept Refused:\n    pass\n"
    with expecting() as found:
        portal(back, **names)
    assert found == []
    lost = IN_ATOMIC + "    try:\n        with transaction.atomic():\n"
    lost += "            record('project.changed', subject=subject, by=None, at=at)\n"
    lost += "            raise Refused('no', 'No.')\n"
    lost += "    except Refused:\n        pass\n"
    with expecting() as found:
        portal(lost, **names)
    assert len(found) == 1


def test_what_tests_and_factories_write_is_theirs():
    with expecting() as found:
        project = make_project()
        project.company = "Somebody"
        project.save()
        Project.objects.filter(pk=project.pk).update(company="Nobody")
        Project.objects.filter(pk=project.pk).delete()
    assert found == []


def test_real_moves_are_watched_and_leave_entries():
    request, before = make_request(), watcher.writes
    with expecting() as found:
        deny(request, by=request.actor.user, at=NOW)
        approve_request(make_request())
    assert found == []
    assert watcher.writes > before + 8


def test_a_move_that_forgets_to_record_is_found(monkeypatch):
    license_ = approve_request(make_request())
    monkeypatch.setattr(licensing, "record_all", lambda *args, **more: None)
    with expecting() as found:
        licensing.suspend(license_, reason="", by=license_.actor.user, at=NOW)
    assert [one.split(" in ")[0] for one in found] == ["UPDATE replicas_license"]
    assert "replicas/actions/licensing.py" in found[0]
    assert License.objects.get().state == "suspended"


def test_a_refusal_that_leaves_no_entry_is_found(monkeypatch):
    license_ = approve_request(make_request())
    stranger = make_user("Charlie Stranger")
    with expecting() as found, pytest.raises(Refused):
        licensing.suspend(license_, reason="", by=stranger, at=NOW)
    assert found == []
    monkeypatch.setattr("accounts.actions.moves.record_refusal", lambda *args, **more: None)
    with expecting() as found, pytest.raises(Refused):
        licensing.suspend(license_, reason="", by=stranger, at=NOW)
    assert found == ["a refusal left no entry: suspend (not-yours)"]


def test_a_refusal_inside_a_move_inside_a_move_leaves_the_outer_ones_entry():
    @move("test.inner")
    def inner(*, by, at):
        raise Refused("no", "No.", subject=Subject("nothing", None))

    @move("test.outer")
    def outer(*, by, at):
        inner(by=by, at=at)

    with expecting() as found, pytest.raises(Refused):
        outer(by=None, at=NOW)
    assert found == []
    assert list(AuditEntry.objects.filter(event__startswith="test.").values_list("event", flat=True)) == ["test.outer"]


def test_autosave_of_a_draft_is_the_written_exception():
    draft = make_draft()
    with expecting() as found:
        drafting.save_draft(draft, draft={"title": ["The fair"]}, by=draft.created_by, at=NOW + timedelta(minutes=1))
    assert found == []
    assert ReuseRequest.objects.get().draft == {"title": ["The fair"]}


def test_every_table_is_guarded_unless_it_says_why_not():
    for name in ("reuserequest", "terms", "decision", "license", "strikeperiod", "replica", "project", "use"):
        assert f"replicas_{name}" in guarded()
    assert {"agencies_membership", "agencies_representation", "accounts_actorprofile"} <= guarded()
    assert guarded() & UNGUARDED.keys() == set()
    assert all(len(why) > 10 for why in UNGUARDED.values())


def test_every_exception_names_code_that_is_there():
    for table, file, function in audited.EXCEPTIONS:
        assert table in guarded()
        assert f"def {function}(" in (ROOT / file).read_text()


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "replicas_use" ("id") VALUES (1)', "replicas_use"),
        ('INSERT OR IGNORE INTO "replicas_use" ("id") VALUES (1)', "replicas_use"),
        ('UPDATE "replicas_license" SET "state" = 1', "replicas_license"),
        ('DELETE FROM "replicas_attachment" WHERE 1', "replicas_attachment"),
        ('SELECT * FROM "replicas_license" FOR UPDATE', ""),
        ("DROP TABLE x", ""),
    ],
)
def test_the_table_of_a_statement(sql, table):
    assert table_of(sql) == table


def test_it_is_on_for_every_test():
    conftest = (ROOT / "conftest.py").read_text()
    assert "audited.switch_on()" in conftest
    assert "pytest_pyfunc_call" in conftest
    assert inspect.getsource(audited.switch_on)
