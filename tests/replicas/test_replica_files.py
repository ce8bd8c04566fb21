"""Delivered files by SHA-256: what is read, what is named by its row, what is kept."""

import hashlib
import json

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from replicas.models import ReplicaFile
from replicas.rules.files import LARGEST, read_json, read_lines, twice
from tests.factories import make_agency, make_casting, make_replica, represent

A, B, C = (hashlib.sha256(text).hexdigest() for text in (b"a", b"b", b"c"))


def test_lines_are_read_as_the_tools_print_them():
    read = read_lines(
        f"{A}  body.ply\n\n{B.upper()} *head scan.obj\nSHA256 (voice (2).wav) = {C}\n\\{C}  two\\nlines\n"
    )
    assert read.errors == ()
    assert [(row.name, row.sha256, row.where) for row in read.rows] == [
        ("body.ply", A, "Line 1"),
        ("head scan.obj", B, "Line 3"),
        ("voice (2).wav", C, "Line 4"),
        ("two\nlines", C, "Line 5"),
    ]


def test_each_line_that_is_wrong_is_named():
    read = read_lines(f"{A}  body.ply\nhello\n{A[:-1]}  short.ply\n{B}  {'x' * 256}\n{'g' * 64}  x")
    assert [row.name for row in read.rows] == ["body.ply"]
    assert [error.split(" ", 2)[:2] for error in read.errors] == [["Line", str(number)] for number in (2, 3, 4, 5)]
    assert "63 characters" in read.errors[1]
    assert "at most 255" in read.errors[2]


def test_the_browsers_list_takes_sizes_of_any_scan():
    read = read_json(json.dumps([{"name": "scan.ply", "size": 900 * 2**30, "sha256": A}]))
    assert (read.rows[0].size, read.errors) == (900 * 2**30, ())


@pytest.mark.parametrize(
    "value",
    [
        "x",
        {"name": "a"},
        {"name": "a", "sha256": 5},
        {"name": "a", "sha256": A, "size": -1},
        {"name": "a", "sha256": A, "size": LARGEST + 1},
        {"name": "a", "sha256": A, "size": 1.5},
        {"name": "a", "sha256": A, "size": True},
        {"name": " ", "sha256": A, "size": 1},
    ],
)
def test_what_no_browser_would_send_is_named(value):
    read = read_json(json.dumps([value]))
    assert read.rows == ()
    assert read.errors[0].startswith("File 1")


@pytest.mark.parametrize("text", ["{", "{}", "[" * 100_000, "null"])
def test_a_broken_list_is_one_sentence(text):
    assert len(read_json(text).errors) == 1


def test_the_same_file_twice_is_named_by_row():
    rows = read_lines(f"{A}  one\n{B}  two\n{A}  again\n{C}  kept").rows
    assert twice(rows, {C: "voice.wav"}) == [
        "Line 3 (again) is the same file as line 1 (one).",
        "Line 4 (kept) is already recorded as “voice.wav”.",
    ]


def send(client, user, replica, **data):
    client.force_login(user)
    return client.post(reverse("replica-files", args=[replica.ref]), data)


@pytest.mark.django_db
def test_both_ways_together_are_recorded(client):
    replica = make_replica()
    computed = json.dumps([{"name": "body.ply", "size": 5_000_000_000, "sha256": A}])
    response = send(client, replica.actor.user, replica, computed=computed, lines=f"{B}  head.ply")
    assert response.status_code == 303
    assert set(ReplicaFile.objects.values_list("name", "size", "sha256")) == {
        ("body.ply", 5_000_000_000, A),
        ("head.ply", None, B),
    }
    assert AuditEntry.objects.get(event="replica.files-added").data == {"count": 2}


@pytest.mark.django_db
def test_a_wrong_line_keeps_everything_typed_and_records_nothing(client):
    replica = make_replica()
    typed = f"{A}  body.ply\nnot a sum\n{A}  copy.ply"
    body = send(client, replica.actor.user, replica, lines=typed).content.decode()
    assert "Line 2 does not look like" in body
    assert "Line 3 (copy.ply) is the same file as line 1 (body.ply)." in body
    assert "not a sum" in body
    assert ReplicaFile.objects.count() == 0


@pytest.mark.django_db
def test_nothing_at_all_is_said_kindly(client):
    replica = make_replica()
    assert "paste at least one line" in send(client, replica.actor.user, replica).content.decode()


@pytest.mark.django_db
def test_the_agency_records_files_and_casting_people_see_none(client):
    replica = make_replica()
    agency = make_agency()
    represent(agency, replica.actor)
    agent = agency.memberships.get().user
    assert send(client, agent, replica, lines=f"{A}  body.ply").status_code == 303
    assert AuditEntry.objects.get(event="replica.files-added").for_label == "Alice Ames"
    dana = make_casting().memberships.get().user
    assert send(client, dana, replica, lines=f"{B}  x").status_code == 404
    client.force_login(dana)
    assert "body.ply" not in client.get(reverse("replica", args=[replica.ref])).content.decode()
