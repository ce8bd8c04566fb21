"""A strike stops the clock of a request at its first second, and the clock goes on with all that was left."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from accounts.notifications.rules import DeliveryState
from accounts.rules.refusal import Refused
from replicas.actions.answering import deny, reopen
from replicas.actions.conversing import advise, ask
from replicas.actions.drafting import send, withdraw
from replicas.actions.holding import hold_due, release_due
from replicas.actions.negotiating import accept, counter, extend, propose
from replicas.actions.striking import correct_strike, lift_strike
from replicas.actions.sweeping import lapse_due, mark_seen, note_deliveries, remind_due
from replicas.models import License, ReuseRequest, StrikePeriod
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    approve_request,
    make_agency,
    make_draft,
    make_project,
    make_request,
    offered_terms,
    represent,
    union_terms,
    use_terms,
)
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
TV = Agreement.SAG_TV_THEATRICAL
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def now_of(request):
    return ReuseRequest.objects.select_related("current_terms", "actor__user", "project").get(pk=request.pk)


def lift(strike, ends_at, at=None):
    strike.refresh_from_db()
    return lift_strike(strike, ends_at=ends_at, why="Over.", shown=strike.version, by=strike.set_by, at=at or ends_at)


def sweep(at):
    note_deliveries(at=at)
    return hold_due(by=None, at=at), release_due(by=None, at=at), lapse_due(by=None, at=at), remind_due(by=None, at=at)


def countered(request, at):
    terms = offered_terms(use_terms(fee=Decimal("4900.00")))
    propose(request, terms=terms, terms_hash=request.current_terms.sha256, by=request.actor.user, at=at)
    return now_of(request)


@pytest.mark.parametrize("state", ["open", "countered"])
def test_held_and_released_with_the_rest_of_the_window_to_the_second(state):
    request = make_request(project=make_project(agreement=TV))
    if state == "countered":
        request = countered(request, request.sent_at + HOUR)
    start = request.sent_at + 30 * HOUR
    rest = request.answer_by - start
    strike = make_strike(start)
    assert hold_due(by=None, at=start - SECOND) == 0
    assert hold_due(by=None, at=start) == 1
    assert hold_due(by=None, at=start) == 0
    held = now_of(request)
    assert (held.state, held.held_at, held.strike, held.answer_by - held.held_at) == ("held", start, strike, rest)
    end = start + 10 * DAY
    lift(strike, end)
    assert release_due(by=None, at=end - SECOND) == 0
    assert release_due(by=None, at=end) == 1
    assert release_due(by=None, at=end) == 0
    after = now_of(request)
    assert (after.state, after.held_at, after.answer_by) == (state, None, end + rest)
    assert (after.held_for, after.released_at) == (10 * DAY, end)
    events = AuditEntry.objects.filter(subject_id=request.pk, subject_type="request").values_list("event", flat=True)
    assert list(events.order_by("pk"))[-2:] == ["request.held", "request.released"]


@pytest.mark.parametrize("late", [timedelta(0), HOUR, 9 * DAY, 40 * DAY])
def test_how_late_the_sweep_comes_takes_nothing_from_anybody(late):
    """Before the sweep nothing lapses, though its deadline passed; after it, what was left at the start is left."""
    request = make_request(project=make_project(agreement=TV))
    start = request.answer_by - 3 * DAY
    strike = make_strike(start)
    if late > 30 * DAY:
        lift(strike, start + 30 * DAY)
    at = start + late
    assert lapse_due(by=None, at=at) == 0
    assert remind_due(by=None, at=at) == 0
    held, released, lapsed, _ = sweep(at)
    assert (held, lapsed) == (1, 0)
    if late > 30 * DAY:
        assert released == 1
        assert now_of(request).answer_by == at + 3 * DAY
    else:
        assert now_of(request).held_at == start


@pytest.mark.parametrize(("seconds", "lapses"), [(-1, 0), (0, 1), (1, 1)])
def test_a_strike_saves_what_had_not_lapsed_at_its_first_second(seconds, lapses):
    request = make_request(project=make_project(agreement=TV))
    make_strike(request.answer_by + seconds * SECOND)
    at = request.answer_by + HOUR
    assert (hold_due(by=None, at=at), lapse_due(by=None, at=at)) == (1 - lapses, lapses)


@pytest.mark.parametrize(("seconds", "said"), [(-1, "approved"), (0, "strike"), (1, "strike")])
def test_an_approval_is_refused_at_the_first_second_whether_or_not_a_sweep_has_run(seconds, said):
    request = make_request(project=make_project(agreement=TV))
    start = request.sent_at + DAY
    make_strike(start)
    at = start + seconds * SECOND
    if said == "approved":
        approve_request(request, at=at)
    else:
        with pytest.raises(Refused) as refused:
            approve_request(request, at=at)
        assert refused.value.code == "strike"
        assert refused.value.sentence.startswith("The strike under SAG-AFTRA TV/Theatrical 2026 stands since ")
        assert refused.value.sentence.endswith("; no end is set yet.")
        assert AuditEntry.objects.filter(event="request.approved", refused="strike").count() == 1
    assert License.objects.count() == (said == "approved")


def test_after_the_end_an_approval_waits_for_the_release_and_then_stands():
    request = make_request(project=make_project(agreement=TV))
    start = request.sent_at + DAY
    make_strike(start, start + DAY)
    hold_due(by=None, at=start)
    with pytest.raises(Refused) as refused:
        approve_request(now_of(request), at=start + DAY)
    assert refused.value.sentence.startswith("The strike under SAG-AFTRA TV/Theatrical 2026 is over.")
    release_due(by=None, at=start + DAY)
    assert approve_request(now_of(request), at=start + DAY)


@pytest.mark.parametrize("swept", [False, True], ids=["not-swept", "swept"])
def test_while_a_strike_stands_no_and_talk_go_on_and_all_else_waits(swept):
    """Every move of an open request, before and after the sweep has written the state down."""
    request = make_request(project=make_project(agreement=TV))
    represent(make_agency(), request.actor)
    agent = request.actor.representations.get().agency.memberships.get().user
    start = request.sent_at + HOUR
    make_strike(start)
    if swept:
        hold_due(by=None, at=start)
    at, actor, house = start + 100 * DAY, request.actor.user, request.sent_by
    terms = {"terms": offered_terms(use_terms(fee=Decimal("4900.00"))), "terms_hash": request.current_terms.sha256}
    waits = {
        "propose": lambda: propose(now_of(request), **terms, by=actor, at=at),
        "extend": lambda: extend(now_of(request), answer_by=at + 50 * HOUR, by=house, at=at),
        "approve": lambda: approve_request(now_of(request), at=at),
    }
    if swept:
        waits["accept"] = lambda: accept(now_of(request), terms_hash=terms["terms_hash"], by=house, at=at)
        waits["counter"] = lambda: counter(now_of(request), **terms, by=house, at=at)
    for name, act in waits.items():
        with pytest.raises(Refused) as refused:
            act()
        assert (name, refused.value.code) == (name, "strike")
    ask(now_of(request), body="When is it over?", side="actor", by=actor, at=at)
    ask(now_of(request), body="We don't know.", side="licensee", by=house, at=at)
    advise(now_of(request), body="Wait.", by=agent, at=at)
    deny(now_of(request), by=actor, at=at)
    after = now_of(request)
    assert (after.state, after.held_at) == ("denied", None)
    with pytest.raises(Refused):
        reopen(after, by=actor, at=at)


def test_the_people_who_asked_may_withdraw_what_is_held():
    request = make_request(project=make_project(agreement=TV))
    make_strike(request.sent_at + HOUR)
    hold_due(by=None, at=request.sent_at + HOUR)
    withdraw(now_of(request), by=request.sent_by, at=request.sent_at + 2 * HOUR)
    assert (now_of(request).state, now_of(request).held_at) == ("withdrawn", None)


def test_a_denial_before_the_strike_is_not_taken_back_in_it():
    request = make_request(project=make_project(agreement=TV))
    deny(request, by=request.actor.user, at=request.sent_at + HOUR)
    make_strike(request.sent_at + DAY)
    with pytest.raises(Refused) as refused:
        reopen(now_of(request), by=request.actor.user, at=request.sent_at + DAY)
    assert refused.value.code == "strike"
    lift(StrikePeriod.objects.get(), request.sent_at + 2 * DAY)
    assert reopen(now_of(request), by=request.actor.user, at=request.sent_at + 2 * DAY).state == "open"
    assert hold_due(by=None, at=request.sent_at + 2 * DAY) == 0


def test_a_denial_is_taken_back_up_to_the_second_in_which_a_strike_starts():
    request = make_request(project=make_project(agreement=TV))
    deny(request, by=request.actor.user, at=request.sent_at + HOUR)
    make_strike(request.sent_at + DAY)
    assert reopen(now_of(request), by=request.actor.user, at=request.sent_at + DAY - SECOND).state == "open"
    assert hold_due(by=None, at=request.sent_at + DAY) == 1


@pytest.mark.parametrize(("seconds", "said"), [(-1, "open"), (0, "strike"), (3600, "open")])
def test_nothing_is_asked_under_a_struck_agreement(seconds, said):
    draft = make_draft(project=make_project(agreement=TV))
    start = timezone.now()
    make_strike(start, start + HOUR)
    at = start + seconds * SECOND
    what = {"terms": union_terms(), "answer_by": at + 5 * DAY, "by": draft.created_by, "at": at}
    if said == "open":
        assert send(draft, **what).state == "open"
    else:
        with pytest.raises(Refused) as refused:
            send(draft, **what)
        assert refused.value.code == "strike"
        assert "; it ends " in refused.value.sentence
        assert now_of(draft).state == "draft"


def test_other_agreements_go_on():
    other = make_request(project=make_project(agreement=Agreement.SAG_INTERACTIVE))
    make_strike(other.sent_at)
    assert hold_due(by=None, at=other.sent_at + HOUR) == 0
    assert approve_request(other)


def test_two_strikes_one_after_the_other_keep_the_rest_each_time():
    request = make_request(project=make_project(agreement=TV))
    first, second = request.sent_at + DAY, request.sent_at + 20 * DAY
    rest = request.answer_by - first
    make_strike(first, first + 5 * DAY)
    sweep(first)
    sweep(first + 5 * DAY)
    assert now_of(request).answer_by == first + 5 * DAY + rest
    ran = DAY
    strike = make_strike(first + 6 * DAY, second, by=StrikePeriod.objects.get().set_by)
    assert sweep(first + 5 * DAY + ran - SECOND)[0] == 0
    sweep(first + 5 * DAY + ran)
    assert now_of(request).strike == strike
    sweep(second)
    after = now_of(request)
    assert after.answer_by == second + rest - ran
    assert after.held_for == 5 * DAY + (second - first - 6 * DAY)
    assert sweep(second + HOUR)[:3] == (0, 0, 0)


def test_a_correction_of_the_start_releases_what_is_not_struck_yet():
    request = make_request(project=make_project(agreement=TV))
    start = request.sent_at + HOUR
    strike = make_strike(start)
    hold_due(by=None, at=start)
    to = {"starts_at": start + 2 * DAY, "ends_at": None, "note": "", "why": "Two days later.", "shown": 1}
    correct_strike(strike, **to, by=strike.set_by, at=start + HOUR)
    assert sweep(start + HOUR)[:2] == (0, 1)
    assert now_of(request).answer_by == request.answer_by + HOUR
    assert sweep(start + 2 * DAY)[:2] == (1, 0)


def test_reminders_move_with_the_clock_none_lost_and_none_twice():
    request = make_request(project=make_project(agreement=TV))  # half of five days is after 60 hours
    represent(make_agency(), request.actor)
    sweep(request.sent_at + 61 * HOUR)
    start = request.answer_by - 25 * HOUR
    strike = make_strike(start)
    sweep(start)
    told = Notification.objects.filter(kind="request-reminder")
    assert told.count() == 1
    sweep(start + 3 * DAY)
    lift(strike, start + 9 * DAY)
    sweep(start + 9 * DAY)
    assert told.count() == 1
    sweep(start + 9 * DAY + HOUR - SECOND)
    assert told.count() == 1
    sweep(start + 9 * DAY + HOUR)
    sweep(start + 9 * DAY + HOUR)
    assert told.count() == 2
    sweep(start + 9 * DAY + 21 * HOUR)
    assert told.count() == 3
    assert told.order_by("pk").last().due_at == now_of(request).answer_by == start + 9 * DAY + 25 * HOUR
    assert sweep(start + 9 * DAY + 25 * HOUR)[2] == 1


def test_letters_that_name_the_stopped_deadline_are_called_off():
    request = make_request(project=make_project(agreement=TV))
    sweep(request.sent_at + 61 * HOUR)
    waiting = Delivery.objects.filter(notification__kind="request-reminder")
    assert [letter.state for letter in waiting] == [DeliveryState.QUEUED]
    make_strike(request.sent_at + 61 * HOUR)
    hold_due(by=None, at=request.sent_at + 61 * HOUR)
    assert [letter.state for letter in waiting.all()] == [DeliveryState.CANCELLED]


@pytest.mark.parametrize("heard", ["before", "meanwhile", "after"])
def test_a_window_starts_with_the_delivery_in_time_that_ran(heard):
    """The first letter arrives one running hour after sending, or an hour into the strike, or an hour after it."""
    request = make_request(project=make_project(agreement=TV), delivered=False)
    sent = request.sent_at
    make_strike(sent + 2 * HOUR, sent + 2 * HOUR + DAY)
    hold_due(by=None, at=sent + 2 * HOUR) if heard != "before" else None
    moment = {"before": sent + HOUR, "meanwhile": sent + 3 * HOUR, "after": sent + DAY + 3 * HOUR}[heard]
    if heard == "after":
        release_due(by=None, at=sent + DAY + 2 * HOUR)
    mark_seen(now_of(request), by=request.actor.user, at=moment)
    sweep(max(moment, sent + 2 * HOUR))
    sweep(max(moment, sent + DAY + 2 * HOUR))
    delay = {"before": HOUR, "meanwhile": 2 * HOUR, "after": 3 * HOUR}[heard]
    after = now_of(request)
    assert (after.state, after.answer_by) == ("open", request.answer_by + DAY + delay)
    assert after.opened_at <= max(moment, sent + DAY + 2 * HOUR)


@pytest.mark.parametrize("rows", [1, 30])
def test_a_sweep_takes_the_same_statements_for_one_and_for_thirty(rows, django_assert_num_queries):
    first = make_request(project=make_project(agreement=TV))
    for _ in range(rows - 1):
        make_request(replica=first.replica, project=first.project, at=first.sent_at, answer_by=first.answer_by)
    strike = make_strike(first.sent_at + HOUR)
    with django_assert_num_queries(10):
        assert hold_due(by=None, at=first.sent_at + HOUR) == rows
    lift(strike, first.sent_at + DAY)
    with django_assert_num_queries(8):
        assert release_due(by=None, at=first.sent_at + DAY) == rows


def test_nothing_due_is_one_query(django_assert_num_queries):
    make_request(project=make_project(agreement=TV))
    for act in (hold_due, release_due):
        with django_assert_num_queries(3):  # a savepoint around one look
            assert act(by=None, at=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_hold_and_release_each_request_once(together):
    first = make_request(project=make_project(agreement=TV))
    for _ in range(11):
        make_request(replica=first.replica, project=first.project, at=first.sent_at, answer_by=first.answer_by)
    start = first.sent_at + HOUR
    strike = make_strike(start)
    connections.close_all()
    held = together(*[lambda: hold_due(by=None, at=start)] * 3)
    assert sum(held) == 12, held
    assert AuditEntry.objects.filter(event="request.held").count() == 12
    lift(strike, start + DAY)
    done = together(*[lambda: release_due(by=None, at=start + DAY)] * 3)
    assert sum(done) == 12, done
    assert AuditEntry.objects.filter(event="request.released").count() == 12
    assert set(ReuseRequest.objects.values_list("state", "answer_by")) == {("open", first.answer_by + DAY)}
