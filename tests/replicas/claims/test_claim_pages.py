"""The pages of a claim as people open them: the three steps, the answers, and the link without an account."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.notifications.sealed import token_of
from agencies.models import Organization
from replicas.actions import claims as acts
from replicas.models import ClaimAnswer, Replica, ScanClaim
from replicas.rules.claiming import Answer, ClaimFacts, ClaimState
from replicas.views.claim_link import PER_MINUTE
from tests.factories import make_actor, make_agency, make_casting, make_member, make_user, represent
from tests.promises.tables import changed, dump
from tests.replicas.claims.factory import answer_claim, make_claim, make_sent_claim

pytestmark = pytest.mark.django_db
HOLDS = {"outcome": "holds", "text": "A body mesh", "held_at": "Atlanta, US", "held_why": "Pick-up shots"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, path, code=200):
    response = client.get(path)
    assert response.status_code == code
    return response.content.decode()


def link_of(claim):
    return reverse("claim-link", args=[token_of(claim.link_nonce)])


def test_an_actor_writes_reads_and_sends_a_claim_in_three_steps():
    alice = make_actor("Alice Ames")
    client = signed_in(alice.user)
    facts = {"about_when": "spring 2023", "place": "Atlanta", "captured_by": "Volume Stage", "told": "For the crowd"}
    response = client.post(reverse("claim-new"), facts)
    claim = ScanClaim.objects.get()
    assert (response.status_code, response.url) == (303, reverse("claim-address", args=[claim.ref]))
    assert 'value="Volume Stage"' in page(client, response.url)  # who made the scan is who should answer
    assert "The letter is not ready yet." in page(client, reverse("claim-review", args=[claim.ref]))
    where = {
        "holder_name": "Volume Stage",
        "holder_email": "desk@volume.example",
        "jurisdiction": "uk",
        "ask": "deletion",
    }
    assert client.post(response.url, where).url == reverse("claim-review", args=[claim.ref])
    read = page(client, reverse("claim-review", args=[claim.ref]))
    for words in (
        "About spring 2023, Volume Stage made a digital scan of me (where: Atlanta).",
        "Under Article 17 of the UK GDPR",
        "secondary source, not checked by a lawyer",
        "This is not legal advice.",
    ):
        assert words in read
    shown = re.search(r'name="shown" value="(\w{64})"', read)[1]
    response = client.post(reverse("claim-review", args=[claim.ref]), {"shown": shown})
    assert response.url == reverse("claim", args=[claim.ref])
    claim.refresh_from_db()
    assert (claim.state, claim.letter_sha256, claim.tell_agency) == (ClaimState.SENT, shown, False)
    assert "Volume Stage has until" in page(client, response.url)


def test_what_was_typed_stays_when_something_is_wrong():
    alice = make_actor("Alice Ames")
    client = signed_in(alice.user)
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    response = client.post(reverse("claim-new"), {"scanned_on": tomorrow, "place": "Atlanta, stage 4"})
    assert response.status_code == 200
    for words in ("The scan can’t lie in the future.", "Atlanta, stage 4", tomorrow):
        assert words in response.content.decode()
    assert "Write down at least one thing." in client.post(reverse("claim-new"), {}).content.decode()
    assert ScanClaim.objects.count() == 0


def test_a_second_click_begins_no_second_claim():
    client = signed_in(make_actor("Alice Ames").user)
    facts = {"place": "Atlanta", "form_key": "k" * 43}
    first, second = (client.post(reverse("claim-new"), facts) for _ in range(2))
    assert first.url == second.url
    assert ScanClaim.objects.count() == 1


def test_a_draft_can_be_thrown_away():
    claim = make_claim()
    client = signed_in(claim.actor.user)
    assert "Throw this draft away?" in page(client, reverse("claim-discard", args=[claim.ref]))
    assert client.post(reverse("claim-discard", args=[claim.ref])).url == reverse("scan-register")
    page(client, reverse("claim", args=[claim.ref]), 404)


def test_the_letter_comes_as_a_pdf_draft_and_sent():
    claim = make_claim()
    client = signed_in(claim.actor.user)
    for now in (claim, acts.withdraw(make_sent_claim(claim.actor), by=claim.actor.user, at=timezone.now())):
        response = client.get(reverse("claim-letter", args=[now.ref]))
        assert response.content.startswith(b"%PDF-")
        assert response["Content-Disposition"] == f'attachment; filename="{now.ref}-letter.pdf"'
        assert response["Cache-Control"] == "private, no-store"
    bare = acts.begin(actor=claim.actor, facts=ClaimFacts(place="Atlanta"), by=claim.actor.user, at=timezone.now())
    assert client.get(reverse("claim-letter", args=[bare.ref])).status_code == 404


def house_claim():
    house = make_casting(name="Nova Pictures")
    Organization.objects.filter(pk=house.pk).update(verified_at=timezone.now())
    alice = make_actor("Alice Ames")
    claim = make_sent_claim(alice, organization=house.pk, holder_name="", holder_email="")
    return claim, house, house.memberships.get().user


def test_a_house_on_the_portal_answers_inside_it_and_the_actor_settles_it():
    claim, _, owner = house_claim()
    at_house, actor = signed_in(owner), signed_in(claim.actor.user)
    assert claim.ref in page(at_house, reverse("claims"))
    assert "asks what you hold of them" in page(at_house, reverse("claim", args=[claim.ref]))
    incomplete = at_house.post(reverse("claim-answer", args=[claim.ref]), {"outcome": "holds", "text": "A body mesh"})
    assert "Say where it is kept." in incomplete.content.decode()
    assert "A body mesh" in incomplete.content.decode()
    assert at_house.post(reverse("claim-answer", args=[claim.ref]), HOLDS).status_code == 303
    read = page(actor, reverse("claim", args=[claim.ref]))
    for words in ("Nova Pictures says that they hold something.", "A body mesh", "Atlanta, US", "This settles it"):
        assert words in read
    assert actor.post(reverse("claim-settle", args=[claim.ref])).status_code == 303
    assert "settles it" in page(at_house, reverse("claim", args=[claim.ref]))


def test_an_assistant_reads_and_an_agent_reads_and_neither_answers():
    claim, house, _ = house_claim()
    agency = make_agency()
    represent(agency, claim.actor)
    assistant = signed_in(make_member(house, make_user("Ada Assistant"), "assistant"))
    agent = signed_in(agency.memberships.get().user)
    assert "Owners and members of the house can answer" in page(assistant, reverse("claim-answer", args=[claim.ref]))
    refused = assistant.post(reverse("claim-answer", args=[claim.ref]), HOLDS)
    assert "This is not yours to do" in refused.content.decode()
    assert claim.ref in page(agent, reverse("claim", args=[claim.ref]))
    for name in ("claim-answer", "claim-settle", "claim-dispute", "claim-withdraw", "claim-register", "claim-review"):
        page(agent, reverse(name, args=[claim.ref]), 404)
    assert ClaimAnswer.objects.count() == 0


def test_a_house_never_sees_whom_else_the_actor_chose_to_tell():
    claim = make_sent_claim(union_contact="steward@union.example", tell_agency=True)
    read = page(Client(), link_of(claim))
    assert "steward@union.example" not in read
    assert claim.actor.user.email not in read


def test_a_dispute_goes_back_with_its_words():
    claim, _, owner = house_claim()
    acts.answer(claim, answer=Answer("nothing"), by=owner, at=timezone.now())
    actor = signed_in(claim.actor.user)
    empty = actor.post(reverse("claim-dispute", args=[claim.ref]), {"body": " "})
    assert "This is needed." in empty.content.decode()
    assert actor.post(reverse("claim-dispute", args=[claim.ref]), {"body": "I saw the mesh."}).status_code == 303
    assert "I saw the mesh." in page(signed_in(owner), reverse("claim-answer", args=[claim.ref]))


def test_a_dispute_stands_before_whoever_answers_by_the_new_link():
    claim = make_sent_claim()
    first = page(Client(), link_of(claim))
    assert "asks what you hold of them." in first
    answer_claim(claim)
    acts.dispute(ScanClaim.objects.get(), body="I saw the mesh.", by=claim.actor.user, at=timezone.now())
    again = page(Client(), link_of(ScanClaim.objects.get()))
    assert "says that your answer does not settle it." in again
    assert ("I saw the mesh." in again, "I saw the mesh." in first) == (True, False)


def test_what_they_hold_is_put_on_record_with_what_they_said():
    claim = make_sent_claim()
    answer_claim(claim)
    client = signed_in(claim.actor.user)
    read = page(client, reverse("claim-register", args=[claim.ref]))
    for words in ('value="2023-03-14"', 'value="a trailer in Atlanta"', 'value="Volume Stage"'):
        assert words in read
    form = {
        "kind": "badr", "modalities": "body", "captured_on": "2023-03-14", "captured_at_place": "Atlanta",
        "captured_by": "Volume Stage", "custodian": "Volume Stage", "visibility": "hidden",
    }  # fmt: skip
    assert client.post(reverse("claim-register", args=[claim.ref]), form).status_code == 303
    assert ScanClaim.objects.get().replica == Replica.objects.get()
    assert "It is on record already" in page(client, reverse("claim-register", args=[claim.ref]))


# --- The link ---------------------------------------------------------------------------------------------------------


def test_somebody_without_an_account_answers_once_by_the_link():
    claim = make_sent_claim()
    client, path = Client(), link_of(claim)
    read = client.get(path)
    # Without a referrer a browser sends “Origin: null” with the form, and the form would be refused.
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin"}
    assert {name: read[name] for name in headers} == headers
    assert "A ring of cameras around me." in read.content.decode()
    missing = client.post(path, HOLDS)
    assert "This is needed." in missing.content.decode()
    done = client.post(path, {**HOLDS, "by_label": "Ann Archive, data protection"})
    assert "Thank you. Marcus Bell has been told." in done.content.decode()
    assert ClaimAnswer.objects.get().by_label == "Ann Archive, data protection"
    for again in (client.get(path), client.post(path, {**HOLDS, "by_label": "Ann"})):
        assert again.status_code == 410
        assert "This was answered already." in again.content.decode()
        assert "desk@understudy.example" in again.content.decode()
        assert "A ring of cameras" not in again.content.decode()
    assert ClaimAnswer.objects.count() == 1


def test_looking_at_the_link_changes_nothing():
    claim = make_sent_claim()
    before = dump()
    for method in ("get", "head"):
        assert getattr(Client(), method)(link_of(claim)).status_code == 200
    assert changed(before, dump()) == {}


def test_an_expired_a_closed_and_an_unknown_link_say_whom_to_ask():
    old, closed = make_sent_claim(), make_sent_claim(make_actor("Bob Brandt"))
    ScanClaim.objects.filter(pk=old.pk).update(link_expires_at=timezone.now())
    acts.withdraw(closed, by=closed.actor.user, at=timezone.now())
    for path, code, words in (
        (link_of(old), 410, "This link has expired."),
        (link_of(closed), 410, "Nothing more is asked of you."),
        (reverse("claim-link", args=["x" * 43]), 404, "This link opens nothing."),
    ):
        read = page(Client(), path, code)
        assert words in read
        assert "desk@understudy.example" in read
        assert "Marcus Bell" not in read


def test_links_cannot_be_tried_without_end():
    client, path = Client(), reverse("claim-link", args=["guess"])
    with time_machine.travel(timezone.now(), tick=False):  # all within one minute of the clock
        codes = [client.get(path).status_code for _ in range(PER_MINUTE)]
        codes += [client.post(path).status_code]
    assert codes == [404] * PER_MINUTE + [429]


def test_a_forged_form_is_refused():
    claim = make_sent_claim()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link_of(claim), {**HOLDS, "by_label": "Ann"}).status_code == 403
    assert ClaimAnswer.objects.count() == 0
