"""What each answer does to its crowd: the count of yes, the last place, and what the board may show of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from replicas.access.crowds.life import crowds_to_settle, variants_of
from replicas.actions.answering import deny, reopen
from replicas.actions.crowds.moving import accept_variant
from replicas.actions.licensing import revoke
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due, remind_due
from replicas.models import Crowd, CrowdPlace, Decision, License, ReuseRequest
from replicas.rules.crowds import CrowdState, Shown
from tests.factories import (
    approve_request,
    make_guardian,
    make_minor,
    make_replica,
    make_request,
    offered_terms,
    sign_request,
    use_terms,
)
from tests.replicas.crowds.running import IN_ONE, make_crowd, request_of, shown, states

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_yes_takes_a_place_and_the_last_one_fills_the_crowd():
    crowd = make_crowd(3, needed=2, margin=1)
    at = timezone.now()
    approve_request(request_of(crowd, 1), at=at)
    crowd.refresh_from_db()
    assert (crowd.state, crowd.approved, crowd.over_at) == (CrowdState.OPEN, 1, None)
    approve_request(request_of(crowd, 2), at=at)
    crowd.refresh_from_db()
    assert (crowd.state, crowd.approved, crowd.over_at) == (CrowdState.FILLED, 2, at)
    assert shown(crowd) == {"approved": 2, "open": 1}


def test_a_yes_after_the_last_place_is_refused_and_changes_nothing():
    crowd = make_crowd(2, needed=1, margin=1)
    approve_request(request_of(crowd, 1))
    late = request_of(crowd, 2)
    with pytest.raises(Refused) as refused:
        approve_request(late)
    assert refused.value.code == "already-filled"
    assert refused.value.sentence == "Every place in this crowd was taken before your answer."
    crowd.refresh_from_db()
    assert crowd.approved == 1
    assert License.objects.filter(request__crowd=crowd).count() == 1
    assert not Decision.objects.filter(request=late).exists()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.subject_ref, entry.refused) == (late.ref, "already-filled")


@pytest.mark.parametrize("what", ["deny", "propose"])
def test_from_the_last_yes_on_every_other_request_is_over_by_the_clock_of_the_row(what):
    crowd = make_crowd(2, needed=1, margin=1)
    approve_request(request_of(crowd, 1))
    late, at = request_of(crowd, 2), timezone.now()
    new = {"terms": offered_terms(use_terms(fee=Decimal(900))), "terms_hash": late.current_terms.sha256}
    action, more = (deny, {}) if what == "deny" else (propose, new)
    with pytest.raises(Refused) as refused:
        action(late, **more, by=late.actor.user, at=at)
    assert refused.value.code == "already-filled"
    assert remind_due(by=None, at=at + 4 * DAY) == 0
    assert lapse_due(by=None, at=at + 6 * DAY) == 0


def test_who_let_their_own_deadline_pass_before_lapsed_and_was_not_filled():
    at = timezone.now()
    crowd = make_crowd(2, needed=1, margin=1, at=at)
    early = request_of(crowd, 2)
    ReuseRequest.objects.filter(pk=early.pk).update(answer_by=at + 2 * DAY)
    approve_request(request_of(crowd, 1), at=at + 3 * DAY)
    assert request_of(crowd, 2).over_as is None
    assert lapse_due(by=None, at=at + 3 * DAY) == 1
    assert states(crowd) == {1: "approved", 2: "lapsed"}


def test_a_no_can_not_be_taken_back_once_the_crowd_is_filled():
    crowd = make_crowd(3, needed=1, margin=2)
    sorry = request_of(crowd, 2)
    deny(sorry, by=sorry.actor.user, at=timezone.now())
    reopen(sorry, by=sorry.actor.user, at=timezone.now())
    deny(sorry, by=sorry.actor.user, at=timezone.now())
    approve_request(request_of(crowd, 1))
    with pytest.raises(Refused) as refused:
        reopen(request_of(crowd, 2), by=sorry.actor.user, at=timezone.now())
    assert refused.value.code == "already-filled"


def test_one_guardian_alone_takes_no_place():
    crowd = make_crowd(1, needed=1)
    minor = make_minor()
    first, second = make_guardian(minor), make_guardian(minor)
    young = make_request(make_replica(minor), crowd.project)
    ReuseRequest.objects.filter(pk=young.pk).update(crowd=crowd)
    CrowdPlace.objects.create(
        crowd=crowd, replica=young.replica, actor=minor, rank=2, number=2, state="asked", request=young, shown="open"
    )
    court = {"court_ref": "26STPB01234, Los Angeles Superior Court"}
    assert sign_request(request_of(crowd, 2), first, **court) is None
    crowd.refresh_from_db()
    assert (crowd.approved, crowd.state, crowd.over_at) == (0, CrowdState.OPEN, None)
    assert sign_request(request_of(crowd, 2), second, **court) is not None
    crowd.refresh_from_db()
    assert (crowd.approved, crowd.state) == (1, CrowdState.FILLED)


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_no_shows_at_once_only_where_people_are_named(anonymous):
    crowd = make_crowd(4, needed=4, anonymous=anonymous)
    no, late = request_of(crowd, 1), request_of(crowd, 2)
    deny(no, by=no.actor.user, at=timezone.now())
    assert shown(crowd) == ({"open": 4} if anonymous else {"open": 3, "gone": 1})
    ReuseRequest.objects.filter(pk=late.pk).update(answer_by=timezone.now() - DAY)
    assert lapse_due(by=None, at=timezone.now()) == 1
    assert shown(crowd) == ({"open": 4} if anonymous else {"open": 2, "gone": 2})
    reopen(no, by=no.actor.user, at=timezone.now())
    assert shown(crowd) == ({"open": 4} if anonymous else {"open": 3, "gone": 1})


def test_changes_proposed_show_at_once_and_so_does_the_answer_to_them():
    crowd = make_crowd(2, needed=2)
    one, at = request_of(crowd, 1), timezone.now()
    terms = offered_terms(use_terms(fee=Decimal(900)))
    propose(one, terms=terms, terms_hash=one.current_terms.sha256, by=one.actor.user, at=at)
    assert shown(crowd) == {"open": 1, "countered": 1}
    one = request_of(crowd, 1)
    (variant,) = variants_of(crowd)
    accept_variant(crowd, key=variant.key, by=crowd.created_by, at=at)
    assert shown(crowd) == {"open": 2}


@pytest.mark.parametrize("hidden", ["waiting", "gone"])
def test_a_yes_of_somebody_who_reads_as_standby_or_not_available_tells_nothing_of_it(hidden):
    """They change places with somebody who reads as open, so that the numbers move as for any other yes."""
    crowd = make_crowd(4, needed=4)
    CrowdPlace.objects.filter(crowd=crowd, rank=1).update(shown=hidden)
    approve_request(request_of(crowd, 1))
    assert shown(crowd) == {"approved": 1, "open": 2, hidden: 1}
    assert CrowdPlace.objects.get(crowd=crowd, rank=1).shown == Shown.APPROVED


def test_a_revoked_license_frees_its_place():
    crowd = make_crowd(2, needed=1, margin=1)
    license_ = approve_request(request_of(crowd, 1))
    Crowd.objects.filter(pk=crowd.pk).update(settled_at=timezone.now())
    assert crowds_to_settle() == []
    revoke(license_, reason="Changed my mind.", by=license_.actor.user, at=timezone.now())
    assert crowds_to_settle() == [crowd.pk]  # also where no ring was heard
    assert CrowdPlace.objects.get(crowd=crowd, rank=1).shown == Shown.GONE


def test_a_yes_in_a_crowd_takes_two_statements_more_than_one_alone():
    crowd = make_crowd(3, needed=2, margin=1)
    asked, alone = request_of(crowd, 1), request_of(crowd, 2)
    ReuseRequest.objects.filter(pk=alone.pk).update(crowd=None)
    alone = ReuseRequest.objects.select_related(*IN_ONE).get(pk=alone.pk)
    with CaptureQueriesContext(connection) as single:
        approve_request(alone)
    with CaptureQueriesContext(connection) as crowded:
        approve_request(asked)
    assert len(crowded) == len(single) + 2
