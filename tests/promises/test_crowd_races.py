"""G1 in a crowd: however many answer in the same moment, never more say yes than are needed, and every count is right.

Eight people over real HTTP, while the worker settles, the clock lets others lapse and the house moves the crowd.
"""

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

import replicas.tasks  # noqa: F401  (what rings for the worker is then answered in the same thread)
from accounts.models import AuditEntry, Notification
from accounts.rules.refusal import Refused
from replicas.actions.answering import deny
from replicas.actions.crowds.keeping import keep_asked
from replicas.actions.crowds.mailing import extend, nudge
from replicas.actions.crowds.moving import withdraw_open
from replicas.actions.crowds.raising import raise_offer
from replicas.actions.crowds.settling import settle
from replicas.actions.licensing import revoke
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due, note_deliveries, remind_due
from replicas.models import Crowd, CrowdPlace, Decision, License, ReuseRequest
from replicas.rules.answering import OVER
from replicas.rules.crowds import CrowdState
from tests.factories import approve_request, offered_terms, use_terms
from tests.promises.scale import scaled
from tests.promises.test_races import address, check_answers, yes
from tests.promises.web import Browser, running_web
from tests.replicas.crowds.running import make_crowd, request_of

PEOPLE, NEEDED = 12, 3
ROUNDS = scaled(60, ci=4)
pytestmark = pytest.mark.django_db(transaction=True)
LATE = ("already-", "too-late", "terms-changed", "crowd-")  # refusals that say somebody was faster


@pytest.fixture
def web(database_url, tmp_path):
    with running_web(database_url, tmp_path / "web.log", workers=8) as server:
        yield server


def test_eight_at_once_never_fill_a_crowd_twice_and_every_count_is_right(web, together):
    """Eight processes of the portal: 4 races in CI, 60 with PROMISES_SCALE=1."""
    for seed in range(ROUNDS):
        race_for_places(web, together, seed)


def race_for_places(web, together, seed: int) -> None:
    chance, at = random.Random(seed), timezone.now()
    crowd = make_crowd(PEOPLE, needed=NEEDED, margin=5, at=at, anonymous=seed % 2 == 0)
    asked = [request_of(crowd, rank) for rank in range(1, 9)]
    browsers = [Browser(web, request.actor.user) for request in asked]
    answers = [
        partial(browser.post, address(request, "approve"), **yes(request))
        if rank < 6
        else partial(browser.post, address(request, "deny"), reason="", comment="")
        for rank, (request, browser) in enumerate(zip(asked, browsers, strict=True))
    ]
    others = [
        lambda: settle(crowd.pk, at=timezone.now()),
        lambda: settle(crowd.pk, at=timezone.now()),
        lambda: lapse_due(by=None, at=timezone.now()),
    ]
    chance.shuffle(answers)
    check_answers([found for found in together(*answers, *others) if isinstance(found, tuple)])
    wind_up(crowd)
    crowd.refresh_from_db()
    assert (crowd.state, crowd.approved) == (CrowdState.FILLED, NEEDED)
    check_counts(crowd)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whatever_house_clock_and_people_do_at_once_nothing_deadlocks_and_every_count_is_right(together, seed):
    chance, at = random.Random(100 + seed), timezone.now()
    crowd = make_crowd(PEOPLE, needed=NEEDED, margin=5, at=at, anonymous=seed % 2 == 0)
    house = crowd.created_by
    moves = [
        *[partial(say_yes, crowd, rank) for rank in (1, 2, 3, 4)],
        partial(ask_for_more, crowd, 5),
        partial(say_no, crowd, 6),
        partial(raise_offer, crowd, fees=[Decimal(900), Decimal(100)], shown=1, by=house, at=at),
        partial(extend, crowd, answer_by=at + timedelta(days=9), by=house, at=at),
        partial(nudge, crowd, by=house, at=at),
        *[partial(settle, crowd.pk, at=at)] * 3,
        partial(note_deliveries, by=None, at=at),
        partial(remind_due, by=None, at=at + timedelta(days=3)),
    ]
    if seed % 3 == 2:
        moves.append(partial(withdraw_open, crowd, message="Recast.", by=house, at=at))
    chance.shuffle(moves)
    came = together(*moves)
    for error in came:
        if isinstance(error, Exception) and not is_late(error):
            raise error
    wind_up(crowd)
    check_counts(crowd)


def test_a_place_that_comes_free_while_others_answer_is_given_once(together):
    at = timezone.now()
    crowd = make_crowd(6, needed=2, margin=3, at=at)
    first, _ = say_yes(crowd, 1), say_yes(crowd, 2)
    wind_up(crowd)
    for rank in (3, 4, 5):
        late = request_of(crowd, rank)
        keep_asked(late, wanted=True, by=late.actor.user, at=at)
    came = together(
        lambda: revoke(License.objects.get(pk=first.pk), reason="", by=first.actor.user, at=at),
        *[lambda: settle(crowd.pk, at=at)] * 4,
    )
    assert [error for error in came if isinstance(error, Exception)] == []
    wind_up(crowd)
    crowd.refresh_from_db()
    assert (crowd.state, crowd.approved) == (CrowdState.OPEN, 1)
    opened = ReuseRequest.objects.filter(crowd=crowd, state="open")
    assert list(opened.values_list("crowd_place__rank", flat=True)) == [3]
    assert Notification.objects.filter(kind="request-called").count() == 1


def say_yes(crowd: Crowd, rank: int) -> License:
    return approve_request(request_of(crowd, rank))


def say_no(crowd: Crowd, rank: int) -> None:
    request = request_of(crowd, rank)
    deny(request, by=request.actor.user, at=timezone.now())


def ask_for_more(crowd: Crowd, rank: int) -> None:
    request = request_of(crowd, rank)
    terms = offered_terms(use_terms(fee=Decimal(950)))
    digest = request.current_terms.sha256
    propose(request, terms=terms, terms_hash=digest, by=request.actor.user, at=timezone.now())


def is_late(error: Exception) -> bool:
    return isinstance(error, Refused) and error.code.startswith(LATE)


def wind_up(crowd: Crowd) -> None:
    for _ in range(30):
        if not settle(crowd.pk, at=timezone.now()):
            return
    raise AssertionError("a crowd that is never settled")


def check_counts(crowd: Crowd) -> None:
    """The row, the licenses, the decisions, the board and the trail say the same."""
    crowd.refresh_from_db()
    requests = ReuseRequest.objects.filter(crowd=crowd).exclude(state="draft")
    by_state = Counter(requests.values_list("state", flat=True))
    licenses = License.objects.filter(request__crowd=crowd)
    assert crowd.approved == by_state["approved"] == licenses.count() <= crowd.needed
    assert (crowd.state == CrowdState.FILLED) == (crowd.approved == crowd.needed)
    assert CrowdPlace.objects.filter(crowd=crowd, shown="approved").count() == crowd.approved
    shown = CrowdPlace.objects.filter(crowd=crowd, shown="approved", request__state="approved")
    assert shown.count() == crowd.approved
    for request in requests:
        decisions = Decision.objects.filter(request=request, taken_back_at__isnull=True)
        assert [one.outcome for one in decisions] == ([request.state] if request.state in OVER else [])
    if crowd.is_over:
        assert by_state["open"] == by_state["countered"] == 0
        assert not CrowdPlace.objects.filter(crowd=crowd).exclude(shown__in=["approved", "gone"]).exists()
        assert Notification.objects.filter(kind="crowd-complete", subject_id=crowd.pk).count() == 1
    yes_entries = AuditEntry.objects.filter(event="request.approved", refused="", subject_id__in=requests.values("pk"))
    assert yes_entries.count() == crowd.approved
