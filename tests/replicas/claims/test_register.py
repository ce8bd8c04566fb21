"""The scan register: its sentence, its order, its exports, and who sees it."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.rules.refusal import Refused
from agencies.access import desks_of
from replicas.access.register import register_of, whom
from replicas.actions import claims as acts
from replicas.models import DestructionTask, Holding, ScanClaim
from replicas.rules.claiming import Answer
from replicas.rules.register import COLUMNS, SCHEMA, SHOWN, Entry, What, arranged, as_row, on_day, opening, safe_cell
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_guardian,
    make_minor,
    make_replica,
    make_user,
    represent,
)
from tests.replicas.claims.factory import FACTS, answer_claim, make_claim, make_sent_claim
from tests.replicas.scan_factory import SCAN_AT, make_scan, say_yes

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
TODAY = date(2026, 11, 25)  # a Wednesday


def entry(ref="S-000001", **changes):
    values = {"what": What.CLAIM, "path": f"/{ref}/", "performer": "Maya Reyes", "sentence": "A scan.", "state": "open"}
    return Entry(ref=ref, status="Open", **{**values, **changes})


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([], "Nothing is known yet about scans of you."),
        ([entry()], "Nobody is known to hold a scan of you."),
        ([entry(holders=("Volume Stage",)), entry(holders=("volume stage",))], "One company holds scans of you."),
        (
            [
                entry(asked_by="Nova Pictures", day=date(2026, 11, 26 + 1)),
                entry(holders=("Volume Stage",)),
                entry(holders=("Glacier Films",)),
                entry(silent=True),
            ],
            "Nova Pictures wants to scan you on Friday. Two companies hold scans of you; one doesn’t answer.",
        ),
        (
            [entry(holders=("A",)), entry(asked=True), entry(silent=True)],
            "One company holds scans of you; one was asked and has time to answer; one doesn’t answer.",
        ),
        (
            [entry(asked_by="Nova", day=date(2026, 12, 9)), entry(asked_by="Glacier", day=date(2026, 11, 26))],
            "Two scans wait for your answer, the first is tomorrow. Nobody is known to hold a scan of you.",
        ),
        (
            [entry(holders=("A",), overdue=True), entry(silent=True), entry(silent=True)],
            "One company holds scans of you; two don’t answer. One scan should have been destroyed by now.",
        ),
    ],
)
def test_the_first_sentence_says_what_is_the_matter(entries, sentence):
    assert opening(entries, today=TODAY) == sentence


def test_an_agency_reads_it_about_its_clients():
    asked = entry(asked_by="Nova Pictures", day=TODAY, holders=())
    assert opening([asked], today=TODAY, whom="your clients") == (
        "Nova Pictures wants to scan Maya Reyes today. Nobody is known to hold a scan of your clients."
    )


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (2, "on Friday"),
        (6, "on Tuesday"),
        (7, "on Dec 2, 2026"),
        (-1, "on Nov 24, 2026"),
    ],
)
def test_a_day_is_said_as_people_say_it(ahead, words):
    assert on_day(TODAY + timedelta(days=ahead), TODAY) == words


def test_what_needs_somebody_comes_first_and_then_the_newest():
    later, sooner = (entry(f"S-{n}", needs="Answer", due_at=NOW + timedelta(days=n)) for n in (9, 2))
    whenever = entry("S-N", needs="Look")
    old, new = entry("P-1", day=date(2022, 5, 1)), entry("P-2", day=date(2024, 5, 1))
    worded, unknown = entry("S-W", about="autumn 2023"), entry("S-U", about="years ago")
    register = arranged([old, unknown, whenever, later, new, sooner, worded])
    assert [row.ref for row in register.entries] == ["S-2", "S-9", "S-N", "P-2", "S-W", "P-1", "S-U"]
    assert [year for year, _ in register.years()] == ["2024", "2023", "2022", "When is not known"]
    assert [year for year, _ in register.years(2)] == ["2024", "2023"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r", "\n", " ="])
def test_no_cell_is_taken_for_a_formula(begins):
    assert safe_cell(f"{begins}1+1") == f"'{begins}1+1"


def test_other_cells_stay_as_they_are():
    assert [safe_cell(text) for text in ("", "Nova = us", "a-b")] == ["", "Nova = us", "a-b"]


# --- With rows --------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(db):
    """Alice with a draft, a waiting, a silent and an answered claim and a replica; her agency; her house of trouble."""
    alice, agency = make_actor("Alice Ames"), make_agency()
    represent(agency, alice)
    at = NOW - timedelta(days=60)
    draft = make_claim(alice, at=at)
    waiting = make_sent_claim(alice, at=NOW - timedelta(days=2), holder_name="Glacier Films")
    silent = make_sent_claim(alice, at=at, holder_name="Second Unit")
    held = make_sent_claim(alice, at=at, holder_name="Volume Stage")
    answer_claim(held, Answer("holds", text="Mesh", held_at="Atlanta", held_why="=1+1"), at=at)
    private = make_sent_claim(alice, at=at, tell_agency=False, holder_name="Quiet House")
    acts.withdraw(private, by=alice.user, at=at)
    gone = make_claim(alice, at=at)
    acts.discard(gone, by=alice.user, at=at)
    replica = make_replica(alice)
    make_sent_claim(make_actor("Bob Brandt"), at=at)
    return SimpleNamespace(
        alice=alice, agent=agency.memberships.get().user, draft=draft, waiting=waiting, silent=silent, held=held,
        private=private, replica=replica,
    )  # fmt: skip


def register(user, number=0):
    return register_of(desks_of(user)[number], user, at=NOW)


def test_an_actor_sees_everything_of_theirs(known):
    found = register(known.alice.user)
    assert {row.ref for row in found.needs} == {known.draft.ref, known.silent.ref, known.held.ref}
    assert {row.ref for row in found.past} == {known.waiting.ref, known.private.ref, known.replica.ref}
    assert next(row for row in found.entries if row.ref == known.held.ref).holders == ("Volume Stage",)


def test_an_agency_sees_what_it_was_let_in_on(known):
    found = register(known.agent)
    assert {row.ref for row in found.entries} == {
        known.waiting.ref, known.silent.ref, known.held.ref, known.replica.ref,
    }  # fmt: skip
    assert [row.ref for row in found.needs] == [known.silent.ref]


def test_the_page_and_its_exports_hold_the_same_lines(known):
    client = Client()
    client.force_login(known.alice.user)
    page = client.get(reverse("scan-register")).content.decode()
    rows = [as_row(row) for row in register(known.alice.user).entries]
    read = json.loads(client.get(reverse("scan-register-export", args=["json"])).content)
    assert (read["schema"], [set(row) for row in read["rows"]]) == (SCHEMA, [set(COLUMNS)] * len(rows))
    table = client.get(reverse("scan-register-export", args=["csv"])).content.decode()
    assert table.startswith("\ufeffWhat,Reference,Performer")
    lines = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    refs = [row["reference"] for row in rows]
    assert [row["reference"] for row in read["rows"]] == [line["Reference"] for line in lines] == refs
    places = [page.index(f'<div class="ref">{ref}</div>') for ref in refs]
    assert places == sorted(places)
    for row, line in zip(read["rows"], lines, strict=True):
        assert {COLUMNS[name]: safe_cell(value) for name, value in row.items()} == line
        assert row["summary"] in page
    paper = client.get(reverse("scan-register-export", args=["pdf"]))
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Type"] == "application/pdf"


def test_a_formula_in_a_name_stays_text(known):
    ScanClaim.objects.filter(pk=known.silent.pk).update(captured_by="=HYPERLINK(1)", place="+1")
    client = Client()
    client.force_login(known.alice.user)
    table = client.get(reverse("scan-register-export", args=["csv"])).content.decode("utf-8-sig")
    line = next(line for line in csv.DictReader(io.StringIO(table)) if line["Reference"] == known.silent.ref)
    assert (line["Captured by"], line["Where"]) == ("'=HYPERLINK(1)", "'+1")


def test_nobody_else_has_a_register(known):
    client = Client()
    assert client.get(reverse("scan-register")).status_code == 302
    client.force_login(make_user("Charlie"))
    assert client.get(reverse("scan-register")).status_code == 404
    client.force_login(make_casting().memberships.get().user)
    response = client.get(reverse("scan-register"))
    assert (response.status_code, response.url) == (303, reverse("scan-notices"))
    assert client.get(reverse("scan-register-export", args=["csv"])).status_code == 404
    client.force_login(known.alice.user)
    assert client.get("/scans/register.xml").status_code == 404


def home_of(user, at):
    client = Client()
    client.force_login(user)
    with time_machine.travel(at, tick=False):
        return client.get("/").content.decode()


def test_the_first_page_asks_for_what_waits(known):
    page = home_of(known.alice.user, NOW)
    assert "Volume Stage answered your claim. Does it settle the matter?" in page


def test_an_announced_scan_waits_for_its_answer_until_its_moment(db):
    alice = make_actor("Alice Ames")
    scan = make_scan(alice)
    desk = desks_of(alice.user)[0]
    [line] = register_of(desk, alice.user, at=SCAN_AT - timedelta(seconds=1)).entries
    assert (line.ref, line.due_at, line.day) == (scan.ref, SCAN_AT, date(2026, 11, 28))
    assert (line.needs, line.state) == ("Agree, refuse or ask a question", "announced")
    house = scan.notice.organization.name
    assert line.sentence == f"{house} wants to scan you for Harbor Lights."
    assert opening([line], today=TODAY) == (
        f"{house} wants to scan you on Saturday. Nobody is known to hold a scan of you."
    )
    assert "wants to scan you for <cite>Harbor Lights</cite>. Agree, refuse or ask." in home_of(
        alice.user, SCAN_AT - timedelta(seconds=1)
    )
    assert "wants to scan you" not in home_of(alice.user, SCAN_AT)
    [line] = register_of(desk, alice.user, at=SCAN_AT).entries
    assert (line.needs, line.state, line.status) == ("", "lapsed", "Not agreed to")
    assert line.sentence == f"{house} wanted to scan you for Harbor Lights."


def test_an_agreed_scan_needs_nothing_and_a_house_sees_no_register_line(db):
    alice = make_actor("Alice Ames")
    scan = say_yes(make_scan(alice))
    [line] = register_of(desks_of(alice.user)[0], alice.user, at=NOW).entries
    assert (line.ref, line.needs, line.state) == (scan.ref, "", "agreed")


def test_a_replica_says_who_holds_it_and_what_should_be_gone(db):
    alice = make_actor("Alice Ames")
    replica = make_replica(alice)
    today = NOW.date()
    holding = Holding.objects.get(replica=replica)
    Holding.objects.update(holder="Volume Stage", place="Atlanta", until=date(2028, 1, 1))
    Holding.objects.create(
        replica=replica, holder="Nova Casting", kind="copy", copies=2, since=today, last_interaction_on=today,
        look_on=today, recorded_by=alice.user, recorded_at=NOW,
    )  # fmt: skip
    desk = desks_of(alice.user)[0]
    [line] = register_of(desk, alice.user, at=NOW).entries
    assert line.holders == ("Volume Stage", "Nova Casting")
    assert line.status == "Held: the original by Volume Stage, 2 copies by Nova Casting"
    assert (line.held_until, line.needs, line.overdue) == (date(2028, 1, 1), "", False)
    DestructionTask.objects.create(
        replica=replica,
        holding=holding,
        reason="withdrawn",
        asked_at=NOW - timedelta(days=31),
        due_on=today,
        due_at=NOW,
    )
    replica.state = "leaving"
    replica.save()
    [before] = register_of(desk, alice.user, at=NOW - timedelta(seconds=1)).entries
    assert (before.status, before.held_until) == (
        "Being withdrawn: the original by Volume Stage, 2 copies by Nova Casting",
        today,
    )
    [line] = register_of(desk, alice.user, at=NOW).entries
    assert (line.overdue, line.state, line.path) == (True, "overdue", reverse("custody", args=[replica.ref]))
    assert line.needs == "Volume Stage should have destroyed it by Nov 25, 2026"


def test_a_guardian_reads_the_register_of_their_ward(db):
    minor = make_minor("Mia Minor")
    guardian = make_guardian(minor)
    claim = acts.begin(actor=minor, facts=FACTS, by=guardian, at=NOW)
    with pytest.raises(Refused):
        acts.begin(actor=minor, facts=FACTS, by=minor.user, at=NOW)
    desk = next(desk for desk in desks_of(guardian) if desk.actor == minor)
    [line] = register_of(desk, guardian, at=NOW).entries
    assert (line.ref, whom(desk)) == (claim.ref, "Mia Minor")
    assert "scanned Mia Minor" in line.sentence


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_costs_the_same_with_one_line_and_thirty(db, django_assert_num_queries, rows):
    alice, agency = make_actor("Alice Ames"), make_agency()
    represent(agency, alice)
    for _ in range(rows):
        claim = make_sent_claim(alice, facts=FACTS, at=NOW)
        answer_claim(claim, at=NOW)
        make_replica(alice)
        make_scan(alice)
    for user, queries in ((alice.user, 4), (agency.memberships.get().user, 4)):
        desk = desks_of(user)[0]
        with django_assert_num_queries(queries):
            assert len(register_of(desk, user, at=NOW).entries) == 3 * rows


def test_a_long_register_shows_its_newest_and_the_way_to_the_rest(db):
    alice = make_actor("Alice Ames")
    for _ in range(SHOWN + 3):
        make_replica(alice)
    client = Client()
    client.force_login(alice.user)
    page = client.get(reverse("scan-register")).content.decode()
    assert (page.count('class="row-link"'), "Show all, 3 more" in page) == (SHOWN, True)
    everything = client.get(reverse("scan-register"), {"all": "1"}).content.decode()
    assert (everything.count('class="row-link"'), "Show all" in everything) == (SHOWN + 3, False)
