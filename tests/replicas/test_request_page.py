"""The decision page: what each side sees in every state, and what the people who asked may never see."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notification, User
from agencies.models import Organization
from agencies.rules.organizations import Role
from replicas.actions.answering import deny
from replicas.actions.conversing import advise, ask
from replicas.actions.drafting import withdraw
from replicas.actions.negotiating import accept, counter, propose
from replicas.actions.sweeping import lapse_due
from replicas.models import ReuseRequest
from replicas.rules.answering import Side
from tests.factories import (
    approve_request,
    make_agency,
    make_draft,
    make_member,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)

pytestmark = pytest.mark.django_db

ACTIONS = ("approve", "deny", "propose", "counter", "accept", "ask", "advise", "extend", "withdraw", "reopen")


class Scene:
    """One request with its actor (Alice), her agent, and who asked (Dana)."""

    def __init__(self, **kwargs) -> None:
        self.request = make_request(**kwargs)
        self.actor: User = self.request.actor.user
        self.agency: Organization = make_agency()
        represent(self.agency, self.request.actor)
        self.agent: User = self.agency.memberships.get().user
        self.asker: User = self.request.sent_by

    def person(self, side: str) -> User:
        return {"actor": self.actor, "agency": self.agent, "licensee": self.asker}[side]

    def fresh(self) -> ReuseRequest:
        self.request = ReuseRequest.objects.get(pk=self.request.pk)
        return self.request

    def propose(self) -> None:
        propose(
            self.fresh(),
            terms=offered_terms(use_terms(fee=Decimal("900.00"))),
            terms_hash=self.request.current_terms.sha256,
            note="More, please.",
            by=self.actor,
            at=timezone.now(),
        )

    def to(self, state: str) -> "Scene":
        """Brings the request to a state by the real moves."""
        now = timezone.now()
        if state == "countered":
            self.propose()
        elif state == "accepted":
            self.propose()
            accept(self.fresh(), terms_hash=self.request.current_terms.sha256, by=self.asker, at=now)
        elif state == "approved":
            approve_request(self.fresh())
        elif state == "denied":
            deny(self.fresh(), reason="fee", comment="Two days of my face.", by=self.actor, at=now)
        elif state == "denied-shared":
            deny(self.fresh(), reason="fee", comment="Too little.", seen_by="requester", by=self.actor, at=now)
        elif state == "lapsed":
            lapse_due(by=None, at=self.request.answer_by)
        elif state == "withdrawn":
            withdraw(self.fresh(), reason="The scene is cut.", by=self.asker, at=now)
        self.fresh()
        return self


def page(client, user, scene, query="") -> str:
    client.force_login(user)
    answer = client.get(reverse("request", args=[scene.request.ref]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(html: str, ref: str) -> set[str]:
    """Which moves the page leads to."""
    return {action for action in ACTIONS if f"/requests/{ref}/{action}/" in html}


OFFERS = {
    ("open", "actor"): {"approve", "deny", "propose", "ask"},
    ("open", "agency"): {"propose", "ask", "advise"},
    ("open", "licensee"): {"ask", "extend", "withdraw"},
    ("countered", "actor"): {"deny", "ask"},
    ("countered", "agency"): {"ask", "advise"},
    ("countered", "licensee"): {"accept", "counter", "ask", "withdraw"},
    ("accepted", "actor"): {"approve", "deny", "propose", "ask"},
    ("accepted", "agency"): {"propose", "ask", "advise"},
    ("accepted", "licensee"): {"ask", "extend", "withdraw"},
    ("approved", "actor"): set(),
    ("approved", "agency"): set(),
    ("approved", "licensee"): set(),
    ("denied", "actor"): {"reopen"},
    ("denied", "agency"): set(),
    ("denied", "licensee"): set(),
    ("denied-shared", "licensee"): set(),
    ("lapsed", "actor"): set(),
    ("lapsed", "agency"): set(),
    ("lapsed", "licensee"): set(),
    ("withdrawn", "actor"): set(),
    ("withdrawn", "agency"): set(),
    ("withdrawn", "licensee"): set(),
}


@pytest.mark.parametrize(("state", "side"), OFFERS)
def test_every_side_is_offered_what_it_may_do_and_nothing_else(client, state, side):
    scene = Scene().to(state)
    html = page(client, scene.person(side), scene)
    assert offered(html, scene.request.ref) == OFFERS[state, side]


SENTENCES = {
    ("open", "agency"): "Only Alice can approve.",
    ("open", "licensee"): "Alice Ames has until",
    ("countered", "actor"): "You proposed changes (round 2). Nova Pictures has until",
    ("countered", "agency"): "Alice Ames proposed changes (round 2)",
    ("countered", "licensee"): "Alice Ames proposes changes (round 2). Your reply is due",
    ("accepted", "actor"): "Nova Pictures accepted the changes. Nothing is agreed until you sign.",
    ("accepted", "licensee"): "You accepted the changes; the actor still signs.",
    ("approved", "actor"): "You approved 2 of 2 uses on",
    ("approved", "agency"): "Alice Ames approved 2 of 2 uses on",
    ("approved", "licensee"): "Alice Ames approved 2 of 2 uses on",
    ("denied", "actor"): "You denied this request on",
    ("denied", "agency"): "Alice Ames denied this request on",
    ("denied", "licensee"): "Not available.",
    ("denied-shared", "licensee"): "Reason: The fee. “Too little.”",
    ("lapsed", "actor"): "without an answer, so the answer is no.",
    ("lapsed", "agency"): "without an answer, so the answer is no.",
    ("lapsed", "licensee"): "Not available.",
    ("withdrawn", "actor"): "Nova Pictures withdrew this request on",
    ("withdrawn", "agency"): "Nova Pictures withdrew this request on",
    ("withdrawn", "licensee"): "Your house withdrew this request on",
}


@pytest.mark.parametrize(("state", "side"), SENTENCES)
def test_the_true_state_stands_in_one_sentence(client, state, side):
    scene = Scene().to(state)
    assert SENTENCES[state, side] in page(client, scene.person(side), scene)


def test_the_four_buttons_have_their_names_in_their_order(client):
    scene = Scene()
    html = page(client, scene.actor, scene)
    bar = html[html.index('class="actionbar"') :]
    places = [bar.index(f">{name}<") for name in ("Approve", "Deny", "Propose changes", "Ask a question")]
    assert places == sorted(places)
    assert "Saying no stays between you and Nova Pictures for this request." in bar


def test_the_page_reads_in_the_order_a_decision_is_made(client):
    scene = Scene()
    html = page(client, scene.actor, scene)
    wanted = [
        "asked by Dana Director",
        "wants to use",
        "If you do nothing, the answer is no.",
        "What they ask for",
        "What they may not do",
        "Harbor Lights</cite>, Nova Pictures",
        'class="actionbar"',
    ]
    places = [html.index(words) for words in wanted]
    assert places == sorted(places)
    assert "your 2024 body scan" in html
    assert "data-countdown" in html


def test_nothing_is_chosen_beforehand_and_choices_travel_without_javascript(client):
    scene = Scene()
    assert " checked>" not in page(client, scene.actor, scene)
    crowd, trailer = scene.request.current_terms.uses.all()
    html = page(client, scene.actor, scene, f"?use-{crowd.pk}=yes&use-{trailer.pk}=no")
    assert html.count(" checked>") == 2


def test_the_same_record_stands_short_in_bullets_and_in_full(client):
    scene = Scene()
    html = page(client, scene.actor, scene)
    assert "In bullets" in html
    assert "In full" in html


def test_rounds_show_old_and_new(client):
    scene = Scene().to("countered")
    html = page(client, scene.asker, scene)
    assert "$693</del>" in html
    assert "$900</ins>" in html
    assert "More, please." in html


def test_the_people_who_asked_never_see_advice_reasons_or_whether_it_was_seen(client):
    scene = Scene(delivered=False)
    advise(scene.fresh(), body="Ask for double.", by=scene.agent, at=timezone.now())
    page(client, scene.actor, scene)  # the actor opens it
    scene.to("denied")
    html = page(client, scene.asker, scene)
    for secret in ("Ask for double", "Two days of my face", "The fee", "opened the request", "denied", "left advice"):
        assert secret not in html
    for side in ("actor", "agency"):
        html = page(client, scene.person(side), scene)
        assert "Ask for double" in html
        assert "Two days of my face" in html


def test_a_refusal_and_a_silence_read_alike_to_the_people_who_asked(client):
    """Word for word, but for the reference, the people's generated ids and the moments."""
    import re

    pages = []
    for state in ("denied", "lapsed"):
        scene = Scene().to(state)
        html = page(client, scene.asker, scene)
        main = html[html.index('class="content"') : html.index("</main>")]
        main = re.sub(r"[RP]-[0-9A-Z]{6}", "REF", main)
        main = re.sub(r"use-\d+|\d{4}-\d\d-\d\dT[^\"]+|\w{3}, \w{3} \d+, [^<·]*?[AP]M(?: \w+)?", "", main)
        main = re.sub(r"/papers/\d+|form_key[^>]*", "", main)
        pages.append(main)
    assert pages[0] == pages[1]


def test_another_agency_does_not_read_the_first_ones_advice(client):
    scene = Scene()
    advise(scene.fresh(), body="Ask for double.", by=scene.agent, at=timezone.now())
    other = make_agency(make_user("Bea Other"), "Southlight")
    represent(other, scene.request.actor)
    client.force_login(other.memberships.get().user)
    html = client.get(reverse("request", args=[scene.request.ref])).content.decode()
    assert "Ask for double" not in html


def test_messages_are_read_by_all_three(client):
    scene = Scene()
    ask(scene.fresh(), body="Which scenes?", side=Side.ACTOR, by=scene.actor, at=timezone.now())
    for side in ("actor", "agency", "licensee"):
        assert "Which scenes?" in page(client, scene.person(side), scene)


def test_a_stranger_and_a_wrong_reference_get_the_same_404(client):
    scene = Scene()
    client.force_login(make_user("Charlie Stranger"))
    for action in ("", *(f"{name}/" for name in ACTIONS if name != "reopen"), "challenge/"):
        assert client.get(f"/requests/{scene.request.ref}/{action}").status_code == 404
    client.force_login(scene.actor)
    assert client.get("/requests/R-000000/").status_code == 404


def test_an_assistant_reads_and_is_offered_nothing(client):
    scene = Scene()
    bob = make_member(scene.agency, make_user("Bob Brandt"), Role.ASSISTANT)
    html = page(client, bob, scene)
    assert offered(html, scene.request.ref) == set()
    assert "Your role reads here." in html


def test_opening_it_counts_as_delivered_and_reads_its_notices_for_the_actor_alone(client):
    scene = Scene(delivered=False)
    page(client, scene.asker, scene)
    page(client, scene.agent, scene)
    assert scene.fresh().delivered_at is None
    assert Notification.objects.get(recipient=scene.actor, kind="request-received").read_at is None
    page(client, scene.actor, scene)
    assert scene.fresh().delivered_at is not None
    assert Notification.objects.get(recipient=scene.actor, kind="request-received").read_at is not None


def test_an_undelivered_request_is_flagged_to_agent_and_asker_and_opens_again_when_seen(client):
    sent = timezone.now() - timedelta(days=6)
    scene = Scene(at=sent, answer_by=sent + timedelta(days=5), delivered=False)
    ReuseRequest.objects.filter(pk=scene.request.pk).update(undelivered_at=timezone.now())
    for side in ("agency", "licensee"):
        assert "could not be delivered to Alice Ames" in page(client, scene.person(side), scene)
    assert offered(page(client, scene.actor, scene), scene.request.ref) == OFFERS["open", "actor"]


def test_past_the_deadline_it_reads_as_lapsed_before_any_sweep(client):
    sent = timezone.now() - timedelta(days=5)
    scene = Scene(at=sent, answer_by=timezone.now() - timedelta(seconds=1))
    html = page(client, scene.actor, scene)
    assert "without an answer, so the answer is no." in html
    assert offered(html, scene.request.ref) == set()
    assert "Not available." in page(client, scene.asker, scene)
    assert scene.fresh().state == "open"


def test_a_draft_leads_to_its_form(client):
    draft = make_draft()
    client.force_login(draft.created_by)
    answer = client.get(reverse("request", args=[draft.ref]))
    assert (answer.status_code, answer["Location"]) == (303, reverse("request-draft", args=[draft.ref]))
    client.force_login(draft.actor.user)
    assert client.get(reverse("request", args=[draft.ref])).status_code == 404


def test_looking_changes_nothing(client):
    scene = Scene()
    before = (scene.fresh().version, AuditEntry.objects.count())
    for side in ("actor", "agency", "licensee"):
        client.force_login(scene.person(side))
        for action in ("", *(f"{name}/" for name in ACTIONS if name != "reopen"), "challenge/"):
            client.get(f"/requests/{scene.request.ref}/{action}")
    assert (scene.fresh().version, AuditEntry.objects.count()) == before
    client.force_login(scene.actor)
    answer = client.get(f"/requests/{scene.request.ref}/reopen/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This step needs its button." in answer.text


def test_the_page_takes_at_most_twelve_queries(client, django_assert_max_num_queries):
    scene = Scene().to("countered")
    counter(
        scene.fresh(),
        terms=offered_terms(use_terms(fee=Decimal("800.00"))),
        terms_hash=scene.request.current_terms.sha256,
        by=scene.asker,
        at=timezone.now(),
    )
    advise(scene.fresh(), body="Take it.", by=scene.agent, at=timezone.now())
    ask(scene.fresh(), body="Which scenes?", side=Side.ACTOR, by=scene.actor, at=timezone.now())
    page(client, scene.actor, scene)
    client.get("/healthz")
    with django_assert_max_num_queries(12):
        client.get(reverse("request", args=[scene.request.ref]))


def test_what_is_over_offers_no_bar(client):
    for state in ("denied", "approved", "lapsed", "withdrawn"):
        scene = Scene().to(state)
        assert 'class="actionbar"' not in page(client, scene.actor, scene)


def test_the_history_tells_moments_as_people_read_them(client):
    scene = Scene()
    html = page(client, scene.actor, scene)
    told = html[html.index('class="timeline"') :]
    assert "Dana Director sent the request, to be answered by" in told
    assert "+00:00." not in told
