"""The figures: loaded once, dated to the day, changed by staff beside what was there, and never overwritten."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from replicas.access.rulebook import rulebook_on, stamp
from replicas.actions.rulebook import add_version, load_rulebook
from replicas.models import RulebookEntry
from replicas.rulebook import from_files
from replicas.rules.rates import Entry, EntryKind, in_force
from replicas.rules.vocabulary import Agreement, ProjectKind
from tests.factories import add_totp, make_user

SAG = Agreement.SAG_TV_THEATRICAL
# DOMAIN of the rates: name, on June 30, 2026, and from July 1, 2026
CARD = {
    "day_performer": ("1246.00", "1283.00"),
    "weekly_performer": ("4326.00", "4456.00"),
    "three_day_performer": ("3157.00", "3252.00"),
    "low_budget_day": ("810.00", "834.00"),
    "moderate_low_budget_day": ("436.00", "449.05"),
    "ultra_low_budget_day": ("249.00", "256.60"),
    "background": ("224.00", "231.00"),
    "special_ability_background": ("235.00", "242.00"),
    "stand_in": ("262.00", "270.00"),
    "principal_creation_day": ("1246.00", "1283.00"),
    "principal_creation_half_day": ("623.00", "641.50"),
}


def rate(day: date, kind: str = "background", **versions) -> Decimal | None:
    found = in_force([*from_files(), *versions.get("more", [])], day).rates_of(SAG).get(kind)
    return found.value if found else None


# --- What the files say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CARD)
def test_a_rate_changes_on_its_day_and_not_before(kind):
    before, after = map(Decimal, CARD[kind])
    assert rate(date(2026, 6, 30), kind) == before
    assert rate(date(2026, 7, 1), kind) == after
    assert rate(date(2025, 6, 30), kind) is None


def test_the_files_hold_these_rates_and_no_others():
    assert set(in_force(from_files(), date(2026, 11, 1)).rates_of(SAG)) == set(CARD)
    assert all(one.grade in "PSDM" and one.source for one in from_files())


@pytest.mark.parametrize(
    ("agreement", "group", "day", "percent"),
    [
        (SAG, "principal", date(2026, 6, 30), "21.0"),
        (SAG, "principal", date(2026, 7, 1), "22.0"),
        (SAG, "background", date(2026, 6, 30), "20.5"),
        (SAG, "background", date(2026, 7, 1), "21.5"),
        (Agreement.SAG_COMMERCIALS, "principal", date(2026, 7, 1), "23.5"),
        (Agreement.SAG_INTERACTIVE, "principal", date(2026, 9, 30), "17.0"),
        (Agreement.SAG_INTERACTIVE, "principal", date(2026, 10, 1), "17.5"),
    ],
)
def test_contributions_change_on_their_day(agreement, group, day, percent):
    found = in_force(from_files(), day).contribution(agreement, group)
    assert found is not None
    assert found.percent == Decimal(percent)


def test_a_features_ceiling_is_the_projects():
    found = in_force(from_files(), date(2026, 7, 1)).contribution(SAG, "principal")
    assert found.ceilings == {ProjectKind.FEATURE: Decimal(232000), ProjectKind.SERIES: Decimal(35000)}
    assert found.sourced.words == "C1, plus the point of T12; worked out from sourced figures, not checked by a lawyer"


def test_every_agreement_a_project_can_name_is_there_and_only_none_is_without_a_union():
    book = in_force(from_files(), date(2026, 11, 1))
    assert set(book.agreements) == set(Agreement)
    assert [code for code in Agreement if not book.under_union(code)] == [Agreement.NONE]
    assert book.under_union("one nobody entered")
    assert book.rates_of(Agreement.NONE) == book.rates_of(SAG)
    assert book.rates_of(Agreement.EQUITY_PACT) == {}
    assert (book.agreements[SAG].version, in_force(from_files(), date(2026, 6, 30)).agreements[SAG].version) == (
        "2026",
        "2023",
    )


def test_the_newest_version_of_a_day_counts_and_one_taken_back_does_not():
    day = date(2026, 7, 1)
    old = next(one for one in from_files() if one.place == (EntryKind.RATE, f"{SAG}/background", day))

    def version(number: int, value: str, void: bool = False) -> Entry:
        return Entry(old.kind, old.key, day, {**old.values, "value": value}, "MOA", "P", number, void)

    assert rate(day, more=[version(2, "233.00")]) == 233
    assert rate(day, more=[version(3, "234.00"), version(2, "233.00")]) == 234
    assert rate(day, more=[version(2, "233.00", void=True)]) == 224  # what counted before counts again
    assert rate(day, more=[version(2, "233.00", void=True), version(3, "235.00")]) == 235


# --- The table --------------------------------------------------------------------------------------------------------


@pytest.fixture
def loaded(db):
    """As after a migration; a test that committed may have emptied the table."""
    load_rulebook(at=timezone.now())


@pytest.fixture
def staff(loaded):
    user = make_user("Sam Staff", is_staff=True)
    add_totp(user)
    return user


def background() -> RulebookEntry:
    return RulebookEntry.objects.get(kind="rate", key=f"{SAG}/background", effective_from=date(2026, 7, 1), number=1)


def change(row: RulebookEntry, by, **changes) -> RulebookEntry:
    values = {
        "figure": "233.00",
        "effective_from": date(2026, 7, 1),
        "source": "Rate sheet of July 2026, page 2",
        "grade": "P",
        "reason": "The sheet was published.",
        **changes,
    }
    return add_version(row, **values, by=by, at=timezone.now())


@pytest.mark.django_db
def test_migrating_loads_every_row_of_the_files_and_loading_again_adds_none():
    call_command("migrate", verbosity=0)
    assert RulebookEntry.objects.count() == len(from_files())
    assert load_rulebook(at=timezone.now()) == 0
    assert {row.entry().place for row in RulebookEntry.objects.all()} == {one.place for one in from_files()}


def test_loading_adds_what_is_missing_and_overwrites_nothing_staff_entered(staff, monkeypatch):
    change(background(), staff)
    newer = Entry("rate", f"{SAG}/background", date(2027, 7, 1), {**background().values, "value": "238.00"}, "C4", "S")
    monkeypatch.setattr("replicas.actions.rulebook.from_files", lambda: (*from_files(), newer))
    assert load_rulebook(at=timezone.now()) == 1
    assert rulebook_on(date(2026, 11, 1)).rates_of(SAG)["background"].value == 233
    assert rulebook_on(date(2027, 7, 1)).rates_of(SAG)["background"].value == 238


def test_a_change_counts_at_once_is_remembered_and_leaves_the_old_row(staff):
    row = change(background(), staff)
    assert (row.number, row.headline, background().headline) == (2, "$233 a day", "$231 a day")
    assert rulebook_on(date(2026, 7, 1)).rates_of(SAG)["background"].value == 233
    entry = AuditEntry.objects.get(event="rulebook.changed")
    assert (entry.by_id, entry.refused, entry.data["figure"], entry.data["reason"]) == (
        staff.pk,
        "",
        "$233 a day",
        "The sheet was published.",
    )


def test_another_day_is_another_row_and_the_past_keeps_its_rate(staff):
    change(background(), staff, effective_from=date(2027, 7, 1), figure="$238")
    assert rulebook_on(date(2027, 6, 30)).rates_of(SAG)["background"].value == 231
    assert rulebook_on(date(2027, 7, 1)).rates_of(SAG)["background"].value == 238


def test_a_day_can_be_taken_back_but_not_one_that_never_was(staff):
    change(background(), staff, void=True)
    assert rulebook_on(date(2026, 11, 1)).rates_of(SAG)["background"].value == 224
    with pytest.raises(Refused) as refusal:
        change(background(), staff, void=True, effective_from=date(2026, 7, 2))
    assert refusal.value.code == "nothing-there"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"figure": "1.283,50"}, "unfit-figure"),
        ({"figure": "-1"}, "unfit-figure"),
        ({"figure": "0"}, "unfit-figure"),
        ({"source": " "}, "reason-missing"),
        ({"reason": ""}, "reason-missing"),
        ({"grade": "Z"}, "grade-missing"),
        ({"effective_from": date(2206, 7, 1)}, "unfit-day"),
    ],
)
def test_what_is_no_figure_is_refused_and_remembered(staff, wrong, code):
    with pytest.raises(Refused) as refusal:
        change(background(), staff, **wrong)
    assert (refusal.value.code, RulebookEntry.objects.count()) == (code, len(from_files()))
    assert AuditEntry.objects.get().refused == code


def test_per_cents_are_read_like_people_write_them(staff):
    row = RulebookEntry.objects.get(key=f"{SAG}/principal", kind="contribution", effective_from=date(2026, 7, 1))
    assert change(row, staff, figure="22.5 %").headline == "22.5 %"
    for wrong in ("101", "-1", "NaN", "twenty"):
        with pytest.raises(Refused, match="per cent"):
            change(row, staff, figure=wrong)


def test_nobody_but_staff_changes_a_figure(loaded):
    with pytest.raises(Refused) as refusal:
        change(background(), make_user("Charlie Cole"))
    assert refusal.value.code == "not-staff"


def test_rows_can_t_be_changed_or_removed(loaded):
    for write in (
        lambda: RulebookEntry.objects.update(reason="x"),
        lambda: RulebookEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            write()


def test_a_known_stamp_costs_no_query(loaded, django_assert_num_queries):
    day, now = date(2026, 11, 1), stamp()
    rulebook_on(day, at_stamp=now)
    with django_assert_num_queries(0):
        rulebook_on(day, at_stamp=now)
        rulebook_on(day + timedelta(days=1), at_stamp=now)
    with django_assert_num_queries(1):
        rulebook_on(day)


@pytest.mark.django_db(transaction=True)
def test_an_empty_table_has_the_figures_of_the_files():
    call_command("flush", interactive=False, verbosity=0)
    assert stamp() == 0
    assert rulebook_on(date(2026, 11, 1)).rates_of(SAG)["background"].value == 231


# --- The staff pages --------------------------------------------------------------------------------------------------


def test_staff_enter_a_version_see_its_history_and_lose_nothing_they_typed(staff):
    client = Client()
    client.force_login(staff)
    where = reverse("admin:replicas_rulebookentry_version", args=[background().pk])
    assert 'value="231.00"' in client.get(where).content.decode()
    typed = {
        "figure": "two hundred",
        "effective_from": "2026-07-01",
        "source": "Rate sheet",
        "grade": "P",
        "reason": "Published.",
    }
    page = client.post(where, typed)
    assert page.status_code == 200
    assert "Write the amount as a number" in page.content.decode()
    assert 'value="two hundred"' in page.content.decode()
    answer = client.post(where, {**typed, "figure": "233"})
    assert answer.status_code == 303
    page = client.get(answer.url).content.decode()
    for shown in (
        "$233 a day",
        "$231 a day",
        "Published.",
        "Came with the portal.",
        "Sam Staff",
        "Enter a new version",
    ):
        assert shown in page
    listed = client.get(reverse("admin:replicas_rulebookentry_changelist"))
    assert listed.status_code == 200


def test_the_version_page_is_for_staff_alone(staff):
    where = reverse("admin:replicas_rulebookentry_version", args=[background().pk])
    charlie = Client()
    charlie.force_login(make_user("Charlie Cole"))
    for client in (Client(), charlie):
        answer = client.post(where, {"figure": "1"})
        assert answer.status_code == 302
    assert RulebookEntry.objects.count() == len(from_files())
