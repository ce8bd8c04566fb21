"""A crowd lived through in every order: whatever people, clock and house do, what is promised of it stands.

Each step is one move by the real actions, then the worker looks after the crowd. After each step the house's board is
compared with the one before, as somebody would who wants to find out who said no.
"""

import contextlib
import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Notification
from accounts.rules.refusal import Refused
from replicas.access.crowds.life import variants_of
from replicas.actions.answering import deny, reopen
from replicas.actions.crowds import mailing, moving, raising
from replicas.actions.crowds.keeping import keep_asked
from replicas.actions.crowds.settling import settle
from replicas.actions.licensing import revoke
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due
from replicas.models import Crowd, CrowdPlace, License, ReuseRequest
from replicas.rules.crowds import CrowdState
from replicas.rules.showing import terms_of
from tests.factories import approve_request, offered_terms, use_terms
from tests.promises.scale import scaled
from tests.replicas.crowds.running import make_crowd, request_of

pytestmark = pytest.mark.django_db
RUNS = scaled(200, ci=6)
STEPS = 40
PEOPLE = 22
HOUR = timedelta(hours=1)


class Life:
    """One crowd and whoever takes part in it. ``now`` only goes on."""

    def __init__(self, seed: int) -> None:
        self.chance, self.now = random.Random(seed), timezone.now()
        settings = {"end_moves": self.chance.random() < 0.5, "band": self.chance.choice([None, Decimal(850)])}
        self.crowd = make_crowd(PEOPLE, needed=9, margin=self.chance.choice([0, 3]), at=self.now, **settings)
        self.house, self.fee, self.gone, self.called = self.crowd.created_by, 700, 0, set()
        self.reopened = False

    def step(self) -> None:
        self.now += self.chance.choice([HOUR / 60, HOUR, 5 * HOUR])
        move = self.chance.choice(PERSONS * 4 + HOUSES)
        was = self.row().state
        with contextlib.suppress(Refused):  # an answer, too; that each is right is tested where its move is
            move(self)
        self.settle()
        self.reopened |= was == CrowdState.FILLED and self.row().state == CrowdState.OPEN
        self.check()

    def row(self) -> Crowd:
        return Crowd.objects.get(pk=self.crowd.pk)

    def settle(self) -> None:
        """Letters arrive, deadlines pass, and the worker looks after the crowd until nothing is left to do."""
        ReuseRequest.objects.filter(crowd=self.crowd, delivered_at__isnull=True).update(delivered_at=F("opened_at"))
        lapse_due(by=None, at=self.now)
        for _ in range(40):
            if not settle(self.crowd.pk, at=self.now):
                break
        else:
            raise AssertionError("a crowd that is never settled")
        lapse_due(by=None, at=self.now)
        ReuseRequest.objects.filter(crowd=self.crowd, delivered_at__isnull=True).update(delivered_at=F("opened_at"))

    def somebody(self) -> ReuseRequest:
        asked = CrowdPlace.objects.filter(crowd=self.crowd, request__isnull=False).order_by("rank")
        return request_of(self.crowd, self.chance.choice(list(asked.values_list("rank", flat=True))))

    # --- People ---

    def yes(self) -> None:
        approve_request(self.somebody(), at=self.now)

    def no(self) -> None:
        request = self.somebody()
        deny(request, by=request.actor.user, at=self.now)

    def sorry(self) -> None:
        request = self.somebody()
        reopen(request, by=request.actor.user, at=self.now)

    def other_terms(self) -> None:
        request = self.somebody()
        terms = offered_terms(use_terms(fee=Decimal(self.chance.choice([800, 900, 1000]))))
        digest = request.current_terms.sha256
        propose(request, terms=terms, terms_hash=digest, by=request.actor.user, at=self.now)

    def keep(self) -> None:
        request = self.somebody()
        keep_asked(request, wanted=self.chance.random() < 0.8, by=request.actor.user, at=self.now)

    def take_back(self) -> None:
        license_ = License.objects.filter(request__crowd=self.crowd).order_by("?").first()
        if license_ is not None:
            revoke(license_, reason="", by=license_.actor.user, at=self.now)

    def clock(self) -> None:
        self.now += 20 * HOUR

    # --- The house ---

    def nudge(self) -> None:
        mailing.nudge(self.crowd, by=self.house, at=self.now)

    def extend(self) -> None:
        mailing.extend(self.crowd, answer_by=self.now + 100 * HOUR, by=self.house, at=self.now)

    def better(self) -> None:
        number = self.row().offer.number
        self.fee += 10
        fees = [Decimal(self.fee), Decimal(100)]
        raising.raise_offer(self.crowd, fees=fees, shown=number, by=self.house, at=self.now)

    def accept(self) -> None:
        for variant in variants_of(self.row())[:1]:
            moving.accept_variant(self.crowd, key=variant.key, by=self.house, at=self.now)

    def promote(self) -> None:
        moving.promote(self.crowd, people=1, by=self.house, at=self.now)

    def more(self) -> None:
        moving.ask_for_more(self.crowd, more=1, answer_by=self.now + 90 * HOUR, by=self.house, at=self.now)

    def close(self) -> None:
        moving.close_to_standbys(self.crowd, by=self.house, at=self.now)

    def withdraw(self) -> None:
        moving.withdraw_open(self.crowd, message="Recast.", by=self.house, at=self.now)

    # --- What stands, whatever happened ---

    def check(self) -> None:
        crowd, at = self.row(), self.now
        requests = list(ReuseRequest.objects.filter(crowd=crowd).exclude(state="draft").select_related("license"))
        by_state = Counter(request.state for request in requests)
        revoked = License.objects.filter(request__crowd=crowd, state="revoked").count()
        assert crowd.approved == by_state["approved"] - revoked <= crowd.needed
        shown = Counter(CrowdPlace.objects.filter(crowd=crowd).values_list("shown", flat=True))
        assert shown["approved"] == crowd.approved
        self.check_board(crowd, shown, revoked)
        for request in requests:
            if request.state == "open":
                assert request.answer_by > at
        self.check_windows(requests, at)
        self.check_fees(crowd)
        if crowd.is_over:
            assert by_state["open"] + by_state["countered"] == 0 or crowd.settled_at is None
            assert set(shown) <= {"approved", "gone"}

    def check_board(self, crowd: Crowd, shown: Counter[str], revoked: int) -> None:
        """While it runs for the first time, ends without a yes show in whole fives and never fewer than before."""
        gone = shown["gone"] - revoked
        if not crowd.is_over and not self.reopened:
            assert gone % 5 == 0, (gone, shown)
            assert gone >= self.gone
            self.gone = gone
        names = list(CrowdPlace.objects.filter(crowd=crowd, shown="approved").values_list("request__state", flat=True))
        assert set(names) <= {"approved"}

    def check_windows(self, requests: list[ReuseRequest], at: datetime) -> None:
        """Whoever is asked has 48 hours at least from the moment it was, to the second."""
        for request in requests:
            if request.opened_at is not None and request.pk not in self.called:
                assert request.answer_by - request.opened_at >= 48 * HOUR
                self.called.add(request.pk)

    def check_fees(self, crowd: Crowd) -> None:
        """Everybody with a license that runs has at least the offer's fee for each use they share with it."""
        offer = {use.title: use.fee for use in terms_of(crowd.offer.document).uses}
        for license_ in License.objects.filter(request__crowd=crowd, state__in=["active", "scheduled"]):
            for use in license_.document_now["uses"]:
                assert Decimal(use["fee"]) >= offer[use["title"]]


PERSONS = [Life.yes, Life.no, Life.no, Life.sorry, Life.other_terms, Life.keep, Life.clock]
HOUSES = [Life.nudge, Life.extend, Life.better, Life.accept, Life.promote, Life.more, Life.take_back, Life.close]


@pytest.mark.parametrize("seed", range(RUNS))
def test_whatever_people_clock_and_house_do_what_is_promised_of_a_crowd_stands(seed):
    life = Life(seed)
    for _ in range(STEPS):
        life.step()
    life.withdraw() if life.row().state == CrowdState.OPEN else None
    life.settle()
    life.check()
    assert not ReuseRequest.objects.filter(crowd=life.crowd, state__in=["open", "countered", "held"]).exists()
    ends = Notification.objects.filter(kind="crowd-complete", subject_id=life.crowd.pk)
    assert ends.count() >= 1
