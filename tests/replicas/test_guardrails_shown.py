"""Standing rules beside what is asked: on the performer's side alone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from replicas.actions.answering import deny
from replicas.rules.reasking import NOT_AVAILABLE
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_project,
    make_replica,
    make_request,
    represent,
    use_terms,
)
from tests.replicas.drafts import address, as_, fingerprint, ready
from tests.replicas.guardrails_factory import set_rules
from tests.replicas.test_guardrail_actions import only
from tests.replicas.test_guardrail_pages import page_of, words

pytestmark = pytest.mark.django_db


def asked(**rules):
    request = make_request()
    agency = make_agency()
    represent(agency, request.actor)
    set_rules(request.actor, **rules)
    return request, agency.memberships.get().user


def lines(page: str) -> list[str]:
    """The column of rules, from the first use to the last."""
    return [words(cell) for cell in re.findall(r'data-label="(?:Your|Their) rules">(.*?)</td>', page, re.S)]


def test_each_use_says_ask_or_never_with_its_rule():
    request, agent = asked(never_media=only("trailer"))
    mine, theirs = (page_of(as_(user), request.get_absolute_url()) for user in (request.actor.user, agent))
    assert lines(mine) == lines(theirs) == ["Ask", "Never: trailers and promos"]
    assert "Your guardrails rule this out: “Festival trailer”." in words(mine)
    assert "Their guardrails rule this out: “Festival trailer”. Alice Ames can’t approve it as it is." in words(theirs)
    approving = page_of(as_(request.actor.user), f"{request.get_absolute_url()}approve/")
    assert lines(approving) == ["Ask", "Never: trailers and promos"]


def test_the_people_who_asked_see_no_rules():
    request, _ = asked(never_media=only("trailer"))
    page = page_of(as_(request.sent_by), request.get_absolute_url())
    assert lines(page) == []
    for word in ("guardrails", "your rules", "their rules", "rule this out"):
        assert word not in words(page).lower()


def test_whom_somebody_ruled_out_is_for_their_eyes_alone():
    request, agent = asked()
    set_rules(request.actor, blocked=only(request.organization_id))
    mine, theirs = (page_of(as_(user), request.get_absolute_url()) for user in (request.actor.user, agent))
    assert "You ruled this organization out. Only you know." in words(mine)
    assert "ruled" not in words(theirs)
    assert lines(theirs) == ["Ask", "Ask"]


def test_once_it_is_over_the_rules_of_now_say_nothing():
    request, _ = asked(never_media=only("trailer"))
    deny(request, by=request.actor.user, at=request.sent_at)
    assert lines(page_of(as_(request.actor.user), request.get_absolute_url())) == []


def test_rules_cost_the_page_no_statement():
    request = make_request()
    client = as_(request.actor.user)
    counts = []
    for rules in ({}, {"never_media": only("trailer")}):
        set_rules(request.actor, **rules)
        client.get(request.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(request.get_absolute_url())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def sent_from_review(actor, house) -> str:
    """What a house reads after pressing Send on a draft with political content, without what differs by itself."""
    political = use_terms(sensitive=("political",))
    draft, client = ready(political, replica=make_replica(actor), project=make_project(house))
    read = fingerprint(client, draft)
    page = client.post(address(draft, "review"), {"read": read}).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    own = (draft.ref, draft.replica.ref, draft.project.ref, actor.stage_name, read)
    for word in own:
        page = page.replace(word, "…")
    return re.sub(r'name="(form_key|csrfmiddlewaretoken)" value="[^"]*"|nonce="[^"]*"', "", page)


def test_who_sends_reads_the_rule_if_it_may_be_named():
    actor = make_actor()
    set_rules(actor, never_content=only("political"))
    page = words(sent_from_review(actor, make_casting()))
    assert "Not sent. Outside this performer’s rules: political content." in page
    assert "The draft is kept." in page


def test_a_ruled_out_house_reads_the_same_page_as_one_that_meets_a_rule_nobody_names():
    house = make_casting()
    unnamed, blocked = make_actor(), make_actor("Bea Brandt")
    set_rules(unnamed, name_the_rule=False, never_content=only("political"))
    set_rules(blocked, blocked=only(house.pk))
    pages = [sent_from_review(actor, house) for actor in (unnamed, blocked)]
    assert f"Not sent. {NOT_AVAILABLE} The draft is kept." in words(pages[0])
    assert pages[0] == pages[1]
