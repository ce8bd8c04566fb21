"""The two state machines over every state, move, party and moment; the clock on the day."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.custody import (
    ACTS,
    Act,
    Clock,
    Facts,
    Party,
    Reminded,
    TaskMove,
    TaskReason,
    TaskState,
    TransferMove,
    TransferState,
    check_completion,
    check_due_on,
    clock,
    clock_words,
    fair_due,
    in_illinois,
    judge_act,
    judge_task,
    judge_transfer,
    task_reminder,
    union_decides,
    years_after,
)
from replicas.rules.custody.words import Held, house_opening, opening
from replicas.rules.leaving import Fixed, check_fates, due_on

DUE = datetime(2026, 3, 4, tzinfo=UTC)
MOMENTS = {"before": DUE - timedelta(microseconds=1), "at": DUE, "after": DUE + timedelta(days=1)}
S, M, P = TransferState, TransferMove, Party
# What is allowed, written out once more by hand: (move, party, state, moment) → where it leads.
TRANSFERS: dict[tuple[TransferMove, Party, TransferState, str], TransferState] = {}
for moment in MOMENTS:
    if moment == "before":
        TRANSFERS[M.AGREE, P.ACTOR, S.ASKED, moment] = S.AGREED
        for state in (S.ASKED, S.AGREED, S.UNION_PENDING):
            TRANSFERS[M.REFUSE, P.ACTOR, state, moment] = S.REFUSED
        for party, state in product((P.HOLDER, P.NOTED), (S.AGREED, S.UNION_PENDING)):
            TRANSFERS[M.COMPLETE, party, state, moment] = S.COMPLETED
    else:
        for state in (S.ASKED, S.UNION_PENDING):
            TRANSFERS[M.LAPSE, P.PORTAL, state, moment] = S.LAPSED
    for party in (P.HOLDER, P.NOTED):
        TRANSFERS[M.ASK_UNION, party, S.AGREED, moment] = S.UNION_PENDING
        for state in (S.ASKED, S.AGREED, S.UNION_PENDING):
            TRANSFERS[M.WITHDRAW, party, state, moment] = S.WITHDRAWN


@pytest.mark.parametrize("move", TransferMove)
def test_a_transfer_moves_only_as_written(move):
    wrong = []
    for party, state, (name, at) in product(Party, TransferState, MOMENTS.items()):
        expected = TRANSFERS.get((move, party, state, name))
        try:
            got = judge_transfer(move, state=state, parties=frozenset({party}), at=at, due_at=DUE)
        except Refused:
            got = None
        if got != expected:
            wrong.append((party, state, name, got, expected))
    assert wrong == []


def test_without_a_deadline_nothing_is_late_and_nothing_lapses():
    actor, portal = frozenset({P.ACTOR}), frozenset({P.PORTAL})
    assert judge_transfer(M.REFUSE, state=S.AGREED, parties=actor, at=DUE, due_at=None) == S.REFUSED
    with pytest.raises(Refused) as caught:
        judge_transfer(M.LAPSE, state=S.ASKED, parties=portal, at=DUE, due_at=None)
    assert caught.value.code == "too-early"


def test_a_destruction_is_attested_by_its_holder_once_however_late():
    allowed = set()
    for party, state in product(Party, TaskState):
        with contextlib.suppress(Refused):
            assert judge_task(TaskMove.ATTEST, state=state, parties=frozenset({party})) is TaskState.ATTESTED
            allowed.add((party, state))
    assert allowed == {(P.HOLDER, TaskState.OPEN), (P.NOTED, TaskState.OPEN)}


def test_acts_need_a_party_and_a_holding_that_is_free():
    for act, party, ended, task, transfer in product(Act, Party, *[(False, True)] * 3):
        fits = party in ACTS[act] and not ended
        fits = fits and not (task and act is not Act.LOG_ACCESS)
        fits = fits and not (transfer and act in (Act.END, Act.ASK_TRANSFER))
        try:
            judge_act(act, parties=frozenset({party}), ended=ended, task_open=task, transfer_open=transfer)
            got = True
        except Refused:
            got = False
        assert got == fits, (act, party, ended, task, transfer)


@pytest.mark.parametrize(
    ("agreement", "state", "document", "approved", "code"),
    [
        ("none", S.AGREED, "a.pdf", None, ""),
        ("none", S.AGREED, "", None, "no-assumption"),
        ("sag_tv_theatrical_2026", S.AGREED, "a.pdf", date(2026, 3, 1), "union-not-asked"),
        ("sag_tv_theatrical_2026", S.UNION_PENDING, "a.pdf", None, "union-silent"),
        ("sag_tv_theatrical_2026", S.UNION_PENDING, "a.pdf", date(2026, 3, 2), "union-in-future"),
        ("sag_tv_theatrical_2026", S.UNION_PENDING, "a.pdf", date(2026, 3, 1), ""),
    ],
)
def test_r24_needs_the_promise_and_the_union(agreement, state, document, approved, code):
    values = {"agreement": agreement, "state": state, "document": document, "sha256": "a" * 64}
    try:
        check_completion(**values, union_approved_on=approved, today=date(2026, 3, 1))
        got = ""
    except Refused as refusal:
        got = refusal.code
    assert got == code


def test_only_a_union_agreement_has_a_union():
    assert [union_decides(name) for name in ("", "none", "actra_ipa", "equity_pact")] == [False, False, True, True]


def test_three_years_never_become_a_day_more():
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2025, 2, 28), 3) == date(2028, 2, 28)
    assert years_after(date(2025, 3, 1), 3) == date(2028, 3, 1)


BY_INTERACTION = Clock(date(2027, 2, 28), date(2027, 1, 29), TaskReason.INTERACTION)
BY_RETENTION = Clock(date(2027, 2, 27), date(2027, 1, 28), TaskReason.RETENTION)
BY_LICENSE = Clock(date(2026, 5, 31), date(2026, 5, 1), TaskReason.LICENSE)
BEFORE_LICENSE = Clock(date(2026, 5, 30), date(2026, 4, 30), TaskReason.RETENTION)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(date(2024, 2, 29)), BY_INTERACTION),
        (Facts(date(2024, 2, 29), until=date(2027, 2, 27)), BY_RETENTION),
        (Facts(date(2024, 2, 29), until=date(2027, 3, 1)), BY_INTERACTION),
        (Facts(date(2026, 1, 1), license_ended=date(2026, 5, 1)), BY_LICENSE),
        (Facts(date(2026, 1, 1), date(2026, 5, 30), date(2026, 5, 1)), BEFORE_LICENSE),
    ],
)
def test_the_earliest_reason_sets_the_clock(facts, expected):
    assert clock(facts) == expected


def test_nobody_is_late_with_what_they_were_never_asked():
    assert fair_due(date(2026, 5, 1), date(2026, 5, 1)) == date(2026, 5, 1)
    assert fair_due(date(2026, 5, 1), date(2026, 5, 2)) == date(2026, 6, 1)


def test_a_year_and_a_week_are_the_bounds_of_a_day_that_is_asked_for():
    today = date(2026, 2, 10)
    for day in (date(2026, 2, 17), date(2027, 2, 10)):
        check_due_on(day, today=today)
    for day, code in ((date(2026, 2, 16), "due-too-soon"), (date(2027, 2, 11), "due-too-late")):
        with pytest.raises(Refused) as caught:
            check_due_on(day, today=today)
        assert caught.value.code == code


def test_each_reminder_comes_once_and_the_later_replaces_the_earlier():
    soon, second = DUE - timedelta(days=7), timedelta(seconds=1)
    assert task_reminder(reminded=0, due_at=DUE, at=soon - second) == (Reminded.NONE, soon)
    assert task_reminder(reminded=0, due_at=DUE, at=soon) == (Reminded.SOON, DUE)
    assert task_reminder(reminded=1, due_at=DUE, at=DUE - second) == (Reminded.NONE, DUE)
    assert task_reminder(reminded=0, due_at=DUE, at=DUE) == (Reminded.OVERDUE, None)
    assert task_reminder(reminded=2, due_at=DUE, at=DUE) == (Reminded.NONE, None)


@pytest.mark.parametrize(
    ("place", "found"),
    [("Chicago", True), ("Springfield, IL", True), ("Cicero, Illinois", True), ("Milan", False), ("Il Cairo", False)],
)
def test_illinois_as_people_write_it(place, found):
    assert in_illinois("Burbank", place) is found
    basis = clock_words(date(2024, 2, 29), None, [place])[1]
    assert ("BIPA" in basis) is found


def test_the_page_opens_with_who_holds_what():
    held = [
        Held("Volume Stage", "original", 1, date(2027, 3, 14)),
        Held("Nova Pictures", "copy", 1),
        Held("Nova Pictures", "copy", 1),
    ]
    assert (
        opening(held)
        == "Volume Stage holds the original until Mar 14, 2027; two copies are at Nova Pictures; nobody is overdue."
    )
    day = date(2026, 12, 25)
    asked = [
        Held("Volume Stage", "original", 1, date(2027, 3, 14), due=day),
        Held("Nova Pictures", "copy", 1, due=day),
        Held("Nova Pictures", "copy", 1, due=date(2027, 11, 27)),
        Held("Halo", "copy", 1, due=day),
        Held("Halo", "copy", 1),
    ]
    assert opening(asked) == (
        "Volume Stage has to destroy the original by Dec 25, 2026; two copies are at Nova Pictures, to be destroyed by "
        "Nov 27, 2027; two copies are at Halo; nobody is overdue."
    )
    assert opening([Held("Halo", "copy", 1, None, True)]) == "One copy is at Halo; Halo is overdue."
    assert opening([]) == "Nobody holds it, as far as the register knows."
    assert opening([], ended="Halo destroyed it.") == "Halo destroyed it."


def test_a_house_reads_what_it_owes():
    first = date(2026, 12, 2)

    def say(owed: int, late: int, held: bool = True) -> str:
        return house_opening(owed=owed, overdue=late, first=first, held=held)

    assert say(0, 0, False) == "You hold nothing that was registered here."
    assert say(0, 0) == "You owe nothing. This is what you hold."
    assert say(1, 0) == "One destruction is due by Dec 2, 2026."
    assert say(3, 0) == "Three destructions are due, the first by Dec 2, 2026."
    assert say(3, 1) == "Three destructions are due, one of them overdue."
    assert say(1, 1) == "One destruction is overdue."


def test_every_license_that_runs_needs_its_choice():
    check_fates({"L-1": "now", "L-2": "run"}, ["L-2", "L-1"])
    for fates in ({}, {"L-1": "now"}, {"L-1": "now", "L-2": "later"}, {"L-1": "now", "L-2": "run", "L-3": "now"}):
        with pytest.raises(Refused):
            check_fates(fates, ["L-1", "L-2"])


def test_what_was_shown_has_a_digest_of_its_own():
    one = Fixed(("L-1", "L-2"), ("R-1",), (1, 2))
    assert one.digest("P-1") == Fixed(("L-2", "L-1"), ("R-1",), (2, 1)).digest("P-1")
    others = [
        Fixed(("L-1",), ("R-1",), (1, 2)),
        Fixed(("L-1", "L-2"), (), (1, 2)),
        Fixed(("L-1", "L-2"), ("R-1",), (1,)),
    ]
    assert one.digest("P-1") not in {one.digest("P-2"), *(other.digest("P-1") for other in others)}


def test_who_holds_it_for_a_license_that_runs_on_has_until_thirty_days_after():
    wanted = date(2026, 6, 1)
    assert due_on(wanted, runs_until=None) == wanted
    assert due_on(wanted, runs_until=date(2026, 5, 1)) == wanted
    assert due_on(wanted, runs_until=date(2026, 5, 3)) == date(2026, 6, 2)
