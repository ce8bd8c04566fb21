"""The inbox of each desk: what lies on which pile, in which order, in how many queries."""

import re
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.rules.organizations import Role
from replicas.actions.answering import deny
from replicas.actions.drafting import withdraw
from replicas.actions.negotiating import propose
from replicas.actions.sweeping import lapse_due
from replicas.models import ReuseRequest
from replicas.rules.inbox import Urgent, opening
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)

pytestmark = pytest.mark.django_db


def due_in(request, **span):
    ReuseRequest.objects.filter(pk=request.pk).update(answer_by=timezone.now() + timedelta(**span, seconds=30))
    return request


def refs(html: str) -> list[str]:
    """The references of the rows, in the order of the page."""
    return re.findall(r'row-link" href="/requests/([^/]+)/"', html)


def tabs(answer) -> dict[str, int]:
    return {tab.key: number for tab, number in answer.context["tabs"]}


def other_terms():
    return offered_terms(use_terms(fee=Decimal("900.00")))


class Desk:
    """One actor with an agency and a house that asked in every way."""

    def __init__(self) -> None:
        self.actor = make_actor("Jonah Adeyemi")
        self.replica = make_replica(self.actor)
        self.house = make_casting()
        self.project = make_project(self.house)
        self.asker = self.project.created_by
        self.agency = make_agency()
        represent(self.agency, self.actor)
        self.agent = self.agency.memberships.get().user
        now = timezone.now()
        self.open, self.countered, self.approved, self.denied, self.lapsed, self.withdrawn = (
            make_request(self.replica, self.project) for _ in range(6)
        )
        user = self.actor.user
        sha = self.countered.current_terms.sha256
        propose(self.countered, terms=other_terms(), terms_hash=sha, by=user, at=now)
        approve_request(self.approved)
        deny(self.denied, by=user, at=now)
        withdraw(self.withdrawn, by=self.asker, at=now)
        ReuseRequest.objects.filter(pk=self.lapsed.pk).update(answer_by=now - timedelta(hours=1))
        lapse_due(by=None, at=now)
        self.draft = make_draft(self.replica, self.project)
        thrown = make_draft(self.replica, self.project)
        withdraw(thrown, by=self.asker, at=now)


ACTORS = {
    "action": ["open"],
    "waiting": ["countered"],
    "done": ["withdrawn", "approved"],
    "denied": ["denied"],
    "lapsed": ["lapsed"],
}
PILES = {
    "actor": ACTORS,
    "agent": ACTORS,
    "asker": {
        "action": ["countered"],
        "waiting": ["open"],
        "drafts": ["draft"],
        "licensed": ["approved"],
        "unavailable": ["lapsed", "denied"],
        "withdrawn": ["withdrawn"],
    },
}


@pytest.mark.parametrize("who", PILES)
def test_each_request_lies_on_one_pile_and_the_counts_agree(client, who):
    desk = Desk()
    client.force_login(desk.actor.user if who == "actor" else getattr(desk, who))
    for tab, names in PILES[who].items():
        answer = client.get(reverse("inbox"), {"tab": tab})
        assert sorted(refs(answer.content.decode())) == sorted(getattr(desk, name).ref for name in names)
        assert tabs(answer) == {key: len(value) for key, value in PILES[who].items()}


def test_the_people_who_asked_read_a_refusal_and_a_silence_alike(client):
    desk = Desk()
    client.force_login(desk.asker)
    html = client.get(reverse("inbox"), {"tab": "unavailable"}).content.decode()
    rows = re.findall(r"<li>\s*<span class=\"due.*?</li>", html, re.DOTALL)
    assert len(rows) == 2
    assert re.sub(r"R-\w{6}", "", rows[0]) == re.sub(r"R-\w{6}", "", rows[1])
    assert "Denied" not in html
    assert "Lapsed" not in html


def test_soonest_due_first_and_received_as_the_other_order(client):
    actor = make_actor("Jonah Adeyemi")
    replica = make_replica(actor)
    now = timezone.now()
    later = due_in(make_request(replica, at=now - timedelta(hours=1)), days=6)
    sooner = due_in(make_request(replica, at=now - timedelta(hours=3)), days=3)
    client.force_login(actor.user)
    assert refs(client.get(reverse("inbox")).content.decode()) == [sooner.ref, later.ref]
    assert refs(client.get(reverse("inbox"), {"by": "received"}).content.decode()) == [later.ref, sooner.ref]


def test_the_sentence_names_who_must_answer_today_with_one_link_each(client):
    agency = make_agency()
    first, second = make_actor("Jonah Adeyemi"), make_actor("Priya Nair")
    requests = []
    for actor, hours in ((first, 2), (second, 5)):
        represent(agency, actor)
        requests.append(due_in(make_request(make_replica(actor)), hours=hours))
    client.force_login(agency.memberships.get().user)
    html = client.get(reverse("inbox")).content.decode()
    assert re.search(r"Two clients must answer (today|within a day):", html)
    for request, words in zip(requests, ("Jonah in 2 hours", "Priya in 5"), strict=True):
        assert f'<a href="{request.get_absolute_url()}">{words}</a>' in html


def test_the_opening_sentence_in_all_its_forms():
    at = timezone.now().replace(hour=12)
    soon = [Urgent(name, at + timedelta(hours=hours), "R-1") for name, hours in (("Jonah", 2), ("Priya", 5))]
    zone = ZoneInfo("UTC")
    two = opening("agency", {"action": 7, "waiting": 1}, soon, soon=2, at=at, zone=zone)
    assert (two.lead, [words for words, _ in two.named]) == (
        "Two clients must answer today:",
        ["Jonah in 2 hours", "Priya in 5"],
    )
    assert two.rest == "Five more need an answer later. One waits for others."
    one = opening("actor", {"action": 1}, soon[:1], soon=1, at=at, zone=zone)
    assert one.lead == "One request needs your answer today:"
    assert opening("casting", {"action": 0}, [], soon=0, at=at, zone=zone).lead == "Nothing needs you now."
    calm = opening("actor", {"action": 2}, [], soon=0, at=at, zone=zone)
    assert calm.lead == "Two requests need your answer, none due within a day."


def test_grouped_by_person_with_how_many_each_has(client):
    agency = make_agency()
    house = make_project()
    for name, number in (("Zoe Zeller", 1), ("Jonah Adeyemi", 2)):
        actor = make_actor(name)
        represent(agency, actor)
        for _ in range(number):
            make_request(make_replica(actor), house)
    client.force_login(agency.memberships.get().user)
    html = client.get(reverse("inbox"), {"group": "person"}).content.decode()
    assert re.findall(r'class="group">([^<]+)<', html) == ["Jonah Adeyemi · 2", "Zoe Zeller · 1"]
    html = client.get(reverse("inbox"), {"group": "production"}).content.decode()
    assert re.findall(r'class="group">([^<]+)<', html) == ["Harbor Lights · 3"]


def test_the_second_pane_shows_one_request_of_this_desk_alone(client):
    desk = Desk()
    client.force_login(desk.agent)
    html = client.get(reverse("inbox"), {"open": desk.open.ref}).content.decode()
    assert 'id="beside"' in html
    assert "Only Jonah can approve." in html
    client.force_login(desk.asker)
    html = client.get(reverse("inbox"), {"tab": "unavailable", "open": desk.denied.ref}).content.decode()
    assert 'id="beside"' not in html
    client.force_login(desk.agent)
    foreign = make_request()
    assert client.get(reverse("inbox"), {"open": foreign.ref}).status_code == 404
    assert client.get(reverse("inbox"), {"open": "nonsense"}).status_code == 404


def test_an_agency_has_its_own_address_and_strangers_find_nothing(client):
    desk = Desk()
    path = reverse("agency-inbox", args=[desk.agency.slug])
    client.force_login(desk.agent)
    assert refs(client.get(path).content.decode()) == [desk.open.ref]
    for person in (desk.asker, desk.actor.user, make_user("Charlie Stranger")):
        client.force_login(person)
        assert client.get(path).status_code == 404
    client.force_login(desk.asker)
    assert client.get(reverse("agency-inbox", args=[desk.house.slug])).status_code == 404


def test_an_assistant_reads_the_inbox(client):
    desk = Desk()
    client.force_login(make_member(desk.agency, make_user("Bob Brandt"), Role.ASSISTANT))
    assert refs(client.get(reverse("inbox")).content.decode()) == [desk.open.ref]


@pytest.mark.parametrize("query", [{}, {"tab": "nonsense"}, {"by": "x"}, {"group": "x"}, {"page": "zzz"}])
def test_an_odd_address_shows_the_first_pile(client, query):
    desk = Desk()
    client.force_login(desk.actor.user)
    assert refs(client.get(reverse("inbox"), query).content.decode()) == [desk.open.ref]


def test_somebody_who_is_nothing_yet_has_an_empty_inbox(client):
    client.force_login(make_user("Charlie Stranger"))
    html = client.get(reverse("inbox")).content.decode()
    assert "Nothing needs you now." in html
    assert refs(html) == []


def test_pages_of_fifty_lead_on_and_back(client):
    actor = make_actor("Jonah Adeyemi")
    request = make_request(make_replica(actor))
    rows = []
    for number in range(60):
        row = ReuseRequest.objects.get(pk=request.pk)
        row.pk, row.ref = None, f"R-{number:06d}"
        row.answer_by = request.answer_by + timedelta(hours=number // 2)  # ties are broken by the id
        rows.append(row)
    ReuseRequest.objects.bulk_create(rows)
    client.force_login(actor.user)
    first = client.get(reverse("inbox"))
    next_url = first.context["page"].next_url
    second = client.get(reverse("inbox") + next_url)
    found = refs(first.content.decode()) + refs(second.content.decode())
    assert (len(refs(first.content.decode())), len(found), len(set(found))) == (50, 61, 61)
    back = client.get(reverse("inbox") + second.context["page"].previous_url)
    assert refs(back.content.decode()) == refs(first.content.decode())


@pytest.mark.parametrize("who", ["actor", "agency", "casting"])
@pytest.mark.parametrize("query", ["", "?tab=waiting", "?group=production", "?by=received"])
def test_as_many_queries_for_thirty_rows_as_for_one(client, who, query):
    actor, project, agency = make_actor("Jonah Adeyemi"), make_project(), make_agency()
    represent(agency, actor)
    replica = make_replica(actor)
    due_in(make_request(replica, project), hours=3)
    user = {"actor": actor.user, "agency": agency.memberships.get().user, "casting": project.created_by}[who]
    client.force_login(user)
    path = reverse("inbox") + query
    client.get(path)
    counts = []
    for number in (0, 29):
        for _ in range(number):
            due_in(make_request(replica, project), hours=3)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
