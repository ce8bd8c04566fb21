"""What a request and a license cost, on their pages, and what the rulebook says about the use of a license."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from replicas.actions.drafting import send
from replicas.actions.rulebook import add_version, load_rulebook
from replicas.models import License, ReuseRequest, RulebookEntry
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    approve_request,
    make_agency,
    make_draft,
    make_project,
    make_replica,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.drafts import address, as_, fingerprint, ready

pytestmark = pytest.mark.django_db
SAG = Agreement.SAG_TV_THEATRICAL
LOW, FAIR = use_terms(fee=Decimal("692.99")), use_terms(fee=Decimal("693.00"))


def badr(project_agreement=SAG, **fields):
    """A background actor’s replica and a project under the union agreement."""
    return make_replica(kind="badr", **fields), make_project(agreement=project_agreement)


def words(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def the_send(draft, *uses):
    terms, at = offered_terms(*uses), timezone.now()
    return send(draft, terms=terms, answer_by=at + timedelta(days=5), by=draft.created_by, at=at)


def raised(request) -> None:
    """The union’s minimum goes up after the request was sent."""
    load_rulebook(at=timezone.now())
    row = RulebookEntry.objects.filter(kind="rate", key=f"{SAG}/background").order_by("-effective_from")[0]
    today = timezone.now().astimezone(request.actor.user.zone).date()
    add_version(
        row,
        figure="300",
        effective_from=today,
        source="Rate sheet",
        grade="P",
        reason="A raise.",
        by=make_user("Sam Staff", is_staff=True),
        at=timezone.now(),
    )


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_the_calculation_stands_on_the_page_in_each_sides_words():
    replica, project = badr()
    agent = make_user("Alex Agent")
    represent(make_agency(agent), replica.actor)
    draft, client = ready(FAIR, replica=replica, project=project)
    page = words(client.get(address(draft, "review")))
    for shown in ("To Alice Ames", "You pay on top", "$149.00", "$69.30", "$911.30", "3 days × $231"):
        assert shown in page
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    sent = ReuseRequest.objects.get(pk=draft.pk)
    mine, theirs = (words(as_(who).get(sent.get_absolute_url())) for who in (sent.actor.user, sent.created_by))
    assert "To you" in mine
    assert "They pay on top" in mine
    assert "You pay on top" in theirs
    for page in (mine, theirs):
        assert "$911.30" in page
        assert "worked out from sourced figures, not checked by a lawyer" in page


def test_the_license_shows_the_figures_of_the_day_it_was_agreed_on():
    replica, project = badr()
    license_ = approve_request(the_send(make_draft(replica, project), FAIR))
    raised(license_.request)
    page = words(as_(license_.actor.user).get(license_.get_absolute_url()))
    assert "$842.00" in page
    assert "$693.00" in page


def test_the_same_picture_says_that_it_is_unverified():
    replica, project = badr(captured_for="harbor lights")
    use = use_terms(fee=Decimal(0))
    draft, client = ready(use, replica=replica, project=project)
    page = words(client.get(address(draft, "review")))
    assert "unverified" in page
    assert "no more is owed as background" in page


# --- On a license -----------------------------------------------------------------------------------------------------


def test_a_license_says_when_the_replica_had_to_be_destroyed():
    yesterday = timezone.now().date() - timedelta(days=2)
    replica, project = badr(custody_until=yesterday)
    license_ = approve_request(
        the_send(make_draft(replica, project), use_terms(starts_on=timezone.now().date() + timedelta(days=1)))
    )
    License.objects.filter(pk=license_.pk).update(starts_at=timezone.now() - timedelta(hours=1), state="active")
    for who in (license_.actor.user, license_.request.created_by):
        page = words(as_(who).get(license_.get_absolute_url()))
        assert "It had to be destroyed by" in page
