"""A no is not worn down: the same is not asked again within 30 days (rule R21)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.rules.refusal import Refused
from replicas.actions.answering import deny
from replicas.actions.drafting import send
from replicas.actions.sweeping import lapse_due
from replicas.models import ReuseRequest
from tests.factories import (
    make_draft,
    make_request,
    offered_terms,
    use_terms,
)

pytestmark = pytest.mark.django_db


# --- Not worn down (R21) ----------------------------------------------------------------------------------------------


def ended(how: str, *, days_ago: int) -> ReuseRequest:
    """A request that got a no, or none, some days ago."""
    at = timezone.now() - timedelta(days=days_ago + 5)
    request = make_request(at=at, terms=offered_terms(use_terms()))
    if how == "denied":
        deny(request, by=request.actor.user, at=at + timedelta(days=5) - timedelta(minutes=1))
    else:
        lapse_due(at=at + timedelta(days=5))
    request.refresh_from_db()
    assert request.state == how
    return request


def ask_again(past: ReuseRequest, **changes) -> ReuseRequest:
    draft = make_draft(past.replica, past.project)
    at = timezone.now()
    terms = offered_terms(use_terms(**changes))
    return send(draft, terms=terms, answer_by=at + timedelta(days=4), by=draft.created_by, at=at)


@pytest.mark.parametrize("how", ["denied", "lapsed"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"description": "STANDS in the crowd, behind the ferris wheel; in three wide shots never in close-up!"},
        {"fee": Decimal("500.00")},
        {"ends_on": timezone.now().date() + timedelta(days=380)},
        {"sensitive": ("drugs",)},
    ],
)
def test_the_same_is_not_asked_again_within_thirty_days_and_the_reason_tells_nothing(how, changes):
    past = ended(how, days_ago=20)
    with pytest.raises(Refused) as refused:
        ask_again(past, **changes)
    assert refused.value.code == "not-available"
    assert (
        refused.value.sentence
        == "The performer is not available for this use. Offer other terms, or ask for something else."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"fee": Decimal("900.00")},
        {"medium": "theatrical"},
        {"description": "Walks along the pier at night in a single wide shot, seen from behind."},
        {"ends_on": timezone.now().date() + timedelta(days=200)},
    ],
)
def test_changed_terms_may_be_asked(changes):
    assert ask_again(ended("denied", days_ago=20), **changes).state == "open"


def test_after_thirty_days_the_same_may_be_asked():
    assert ask_again(ended("denied", days_ago=31)).state == "open"
