"""G18: ninety days of reminders with outages: a threshold at most once, none about what is over, one digest a day."""

import contextlib
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import Delivery, Notification, User
from accounts.notifications.sending import send_due
from accounts.rules.refusal import Refused
from replicas.actions import answering, drafting, negotiating
from replicas.actions.holding import hold_due, release_due
from replicas.actions.sweeping import lapse_due, note_deliveries, remind_due
from replicas.models import ReuseRequest, StrikePeriod, Terms, Use
from replicas.rules.deadlines import first_reminder_at
from replicas.rules.terms import digest, document
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.promises.scale import scaled
from tests.replicas.strike_factory import make_staff, make_strike

pytestmark = pytest.mark.django_db

REQUESTS = scaled(1_000, ci=80)
DAYS, START = 90, datetime(2027, 2, 20, 8, tzinfo=UTC)  # over the change of clocks in America and in Europe
ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Pacific/Auckland")
REMINDERS = ("request-reminder", "client-reminder", "reply-reminder")
HOUR = timedelta(hours=1)


@dataclass
class Life:
    """What a request went through: from which moment which window ran, and when it was over."""

    # from, opened_at, answer_by, and how long the clock had stood still in strikes
    windows: list[tuple[datetime, datetime, datetime, timedelta]] = field(default_factory=list)
    over_at: datetime | None = None

    def note(self, row: ReuseRequest, at: datetime) -> None:
        if row.decided_at and not self.over_at:
            self.over_at = row.decided_at
        now = (row.opened_at, row.answer_by, row.held_for)
        if not self.windows or self.windows[-1][1:] != now:
            self.windows.append((at, *now))

    def window(self, moment: datetime) -> tuple[datetime, datetime, datetime, timedelta]:
        return self.windows[bisect_right([window[0] for window in self.windows], moment) - 1]


def ask_often(chance: random.Random) -> dict[int, Life]:
    """All requests of the ninety days, written at once: the clock finds each when its time has come."""
    agency, project = make_agency(), make_project(make_casting(), agreement=Agreement.SAG_TV_THEATRICAL)
    by, replicas = project.created_by, []
    for number in range(24):
        user = make_user(f"Actor {number}", time_zone=ZONES[number % len(ZONES)])
        profile = make_actor(f"Actor {number}", user=user)
        represent(agency, profile)
        replicas.append(make_replica(profile))
    rows = []
    for number in range(REQUESTS):
        replica, at = replicas[number % len(replicas)], START + chance.random() * timedelta(days=DAYS - 12)
        row = {"replica": replica, "actor_id": replica.actor_id, "project": project, "created_by": by}
        at = at.replace(microsecond=0)
        rows.append(
            ReuseRequest(
                **row, ref=f"R-{number:06d}", organization_id=project.organization_id, created_at=at, changed_at=at
            )
        )
    ReuseRequest.objects.bulk_create(rows)
    rows = list(ReuseRequest.objects.order_by("ref"))
    crowd = use_terms(fee=Decimal(4000))
    content = document(offered_terms(crowd), parties={})
    when = {"currency": "USD", "total": 4000, "business_reason": "The fair is gone.", "document": content}
    for row in rows:
        more = {"side": "licensee", "put_by": by, "created_at": row.created_at, "sha256": digest(content)}
        row.current_terms = Terms(request=row, number=1, **when, **more)
    Terms.objects.bulk_create([row.current_terms for row in rows])
    rounds = {terms.request_id: terms for terms in Terms.objects.all()}
    values = {name: getattr(crowd, name) for name in crowd.__dataclass_fields__} | {"ai": [], "sensitive": []}
    Use.objects.bulk_create(Use(terms=terms, position=0, **values) for terms in rounds.values())
    lives = {}
    for row in rows:
        row.current_terms, row.sent_by, row.state, row.turn = rounds[row.pk], by, "open", "actor"
        row.sent_at = row.delivered_at = row.opened_at = row.created_at
        row.answer_by = row.created_at + timedelta(hours=chance.choice([48, 60, 96, 120, 168, 400]))
        row.next_reminder_at = first_reminder_at(row.opened_at, row.answer_by)
        lives[row.pk] = Life()
        lives[row.pk].note(row, row.created_at)
    names = ["current_terms", "sent_by", "state", "turn", "sent_at", "delivered_at", "opened_at", "answer_by"]
    ReuseRequest.objects.bulk_update(rows, [*names, "next_reminder_at"])
    return lives


def ticks(chance: random.Random) -> Iterator[datetime]:
    """When the clock rings: every half hour to two hours, but for outages of one minute to fourteen days."""
    now, end = START, START + timedelta(days=DAYS)
    outages = sorted(START + chance.random() * timedelta(days=DAYS) for _ in range(8))
    while now < end:
        now += timedelta(minutes=chance.uniform(30, 120))
        if outages and outages[0] <= now:
            outages.pop(0)
            now += timedelta(minutes=1) * (14 * 24 * 60) ** chance.random()
        yield now


def strikes_come_and_go(chance: random.Random) -> None:
    """Three strikes, of a day to ten days; what happens in one is told by the clock, whenever it rings."""
    staff = make_staff()
    for month in range(3):
        starts_at = START + timedelta(days=month * 30 + 5 + 8 * chance.random())
        make_strike(starts_at, starts_at + timedelta(days=1 + 9 * chance.random()), by=staff)


def plan(chance: random.Random, lives: dict[int, Life]) -> list[tuple[datetime, int, str]]:
    """What people will do, at random moments of their windows. Silence is likely."""
    acts = []
    for pk, life in lives.items():
        _, opened_at, answer_by, _ = life.windows[0]
        for act in chance.choice([[], [], ["deny"], ["approve"], ["propose", "counter"], ["extend"], ["withdraw"]]):
            acts += [(opened_at + chance.random() * (answer_by - opened_at), pk, act)]
        if chance.random() < 0.15:
            acts.append((opened_at + chance.random() * (answer_by - opened_at), pk, "extend"))
    return sorted(acts)


def do(act: str, pk: int, at: datetime) -> None:
    row = ReuseRequest.objects.select_related("current_terms", "actor__user", "sent_by").get(pk=pk)
    fee = use_terms(fee=Decimal(at.toordinal()))
    terms, seen = offered_terms(fee), row.current_terms.sha256
    acts: dict[str, Any] = {
        "deny": lambda: answering.deny(row, by=row.actor.user, at=at),
        "approve": lambda: approve_request(row, at=at),
        "propose": lambda: negotiating.propose(row, terms=terms, terms_hash=seen, by=row.actor.user, at=at),
        "counter": lambda: negotiating.counter(row, terms=terms, terms_hash=seen, by=row.sent_by, at=at),
        "extend": lambda: negotiating.extend(row, answer_by=row.answer_by + 30 * HOUR, by=row.sent_by, at=at),
        "withdraw": lambda: drafting.withdraw(row, by=row.sent_by, at=at),
    }
    with contextlib.suppress(Refused):  # somebody or the clock was faster; that is life, too
        acts[act]()


def run_days(chance: random.Random, lives: dict[int, Life]) -> int:
    """Lives through it. Half of the ticks look at letters before requests: the two tasks have no order."""
    acts, letters = plan(chance, lives), 0
    for now in ticks(chance):
        while acts and acts[0][0] <= now:
            at, pk, act = acts.pop(0)
            with transaction.atomic():
                do(act, pk, at)
            lives[pk].note(ReuseRequest.objects.get(pk=pk), at)
        first = chance.random() < 0.5
        if first:
            send_due(at=now)
        note_deliveries(at=now)
        for sweep in (hold_due, release_due):
            while sweep(by=None, at=now):
                pass
        for row in ReuseRequest.objects.filter(released_at=now):
            lives[row.pk].note(row, now)
        for sweep in (lapse_due, remind_due):
            while sweep(by=None, at=now):
                pass
        if not first:
            send_due(at=now)
        digests = Counter(letter.to[0] for letter in mail.outbox if "things about your clients" in letter.subject)
        assert max(digests.values(), default=0) <= 1, "two digests to one person at one moment"
        letters += len(mail.outbox)
        mail.outbox.clear()
    return letters


def threshold(opened_at: datetime, answer_by: datetime, at: datetime) -> int:
    """Which reminder ``at`` falls to: 0 none, 1 half of the window, 2 a day, 3 four hours before the end."""
    moments = [opened_at + (answer_by - opened_at) / 2, answer_by - 24 * HOUR, answer_by - 4 * HOUR]
    return max((number for number, moment in enumerate(moments, 1) if moment <= at), default=0)


def test_ninety_days_of_reminders():
    """80 requests in CI, 1,000 with PROMISES_SCALE=1."""
    chance = random.Random(20270220)
    lives = ask_often(chance)
    strikes_come_and_go(chance)
    letters = run_days(chance, lives)
    for row in ReuseRequest.objects.all():
        lives[row.pk].note(row, row.decided_at or START + timedelta(days=2 * DAYS))
    assert letters > REQUESTS
    nothing_is_written_twice_or_too_late(lives)
    nothing_lapses_in_a_strike_or_before_its_running_time_is_over(lives)
    no_letter_reminds_of_what_is_over_or_has_another_end(lives)


def nothing_is_written_twice_or_too_late(lives: dict[int, Life]) -> None:
    told: Counter[tuple] = Counter()
    strikes = list(StrikePeriod.objects.all())
    for notice in Notification.objects.filter(kind__in=REMINDERS):
        life, at = lives[notice.subject_id], notice.created_at
        _, opened_at, answer_by, stood = life.window(at)
        number = threshold(opened_at, answer_by, at)
        assert number, (notice.once, "before any threshold")
        assert at < answer_by, (notice.once, "after the deadline")
        assert life.over_at is None or at < life.over_at, (notice.once, "after it was over")
        assert not any(strike.value.stands(at) for strike in strikes), (notice.once, "in a strike")
        running = (opened_at - stood, answer_by - stood)  # the same window before and after a strike
        told[notice.subject_id, notice.recipient_id, notice.kind, *running, number] += 1
    assert told
    assert max(told.values()) == 1, told.most_common(3)
    assert {key[-1] for key in told} == {1, 2, 3}


def nothing_lapses_in_a_strike_or_before_its_running_time_is_over(lives: dict[int, Life]) -> None:
    """What a window had when a strike began it has when the strike is over."""
    strikes = list(StrikePeriod.objects.all())
    held = ReuseRequest.objects.filter(held_for__gt=timedelta(0))
    assert held.count() > REQUESTS / 10
    for row in ReuseRequest.objects.filter(state="lapsed"):
        assert not any(strike.starts_at < row.answer_by <= strike.ends_at for strike in strikes), row.ref
    for row in held:
        for (_, *before), (at, *after) in pairwise(lives[row.pk].windows):
            if (stood := after[2] - before[2]) and before[0] == after[0] - stood:
                assert after[1] == before[1] + stood, (row.ref, at)


def no_letter_reminds_of_what_is_over_or_has_another_end(lives: dict[int, Life]) -> None:
    """What was written in time is not sent too late: quiet hours and outages lie between."""
    sent = Delivery.objects.filter(notification__kind__in=REMINDERS, state="sent").select_related("notification")
    mornings: dict[tuple, set[datetime]] = defaultdict(set)
    people = User.objects.in_bulk()
    assert len(sent) > REQUESTS / 2
    for delivery in sent:
        notice, life = delivery.notification, lives[delivery.notification.subject_id]
        assert life.over_at is None or delivery.sent_at < life.over_at, (notice.once, "after it was over")
        _, _, answer_by, _ = life.window(delivery.sent_at)
        assert delivery.sent_at < answer_by, (notice.once, "after the deadline")
        assert notice.due_at == answer_by, (notice.once, "names another deadline")
        if notice.kind == "client-reminder" and answer_by - delivery.sent_at > 4 * HOUR:
            zone = ZoneInfo(people[notice.recipient_id].time_zone)
            mornings[notice.recipient_id, delivery.sent_at.astimezone(zone).date()].add(delivery.sent_at)
    assert mornings
    assert max(len(moments) for moments in mornings.values()) == 1


def test_a_first_letter_goes_even_if_the_agent_answers_before_it():
    """Called off, it would never be delivered, and the request would neither remind nor lapse."""
    request = make_request(delivered=False)
    agency = make_agency()
    represent(agency, request.actor)
    other = offered_terms(use_terms(fee=Decimal(900)))
    agent, at = agency.memberships.get().user, request.sent_at + timedelta(minutes=1)
    negotiating.propose(request, terms=other, terms_hash=request.current_terms.sha256, by=agent, at=at)
    send_due(at=at)
    note_deliveries(at=at)
    request.refresh_from_db()
    assert request.delivered_at == at
    assert lapse_due(by=None, at=request.answer_by) == 1
