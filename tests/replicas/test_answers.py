"""Approve, deny and take back, as a browser does it: what each leaves behind, and every wrong way to try."""

import re
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.signing import challenge_for
from accounts.models import AuditEntry, UsedChallenge
from replicas.actions.answering import deny
from replicas.actions.drafting import withdraw
from replicas.actions.negotiating import accept, propose
from replicas.actions.sweeping import lapse_due
from replicas.models import Decision, License, ReuseRequest
from tests.factories import (
    PASSWORD,
    add_totp,
    approve_request,
    make_actor,
    make_agency,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    totp_code,
    use_terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_():
    return make_request()


@pytest.fixture
def actor(client, request_):
    client.force_login(request_.actor.user)
    return request_.actor.user


def uses_of(request):
    return list(request.current_terms.uses.all())


def filled(request, *answers, at=None, **changes):
    """The confirm page as the actor fills it in: yes to everything unless told otherwise."""
    answers = answers or ("yes",) * len(uses_of(request))
    user, at = request.actor.user, at or timezone.now()
    digest = request.current_terms.sha256
    return {
        **{f"use-{use.pk}": answer for use, answer in zip(uses_of(request), answers, strict=True) if answer},
        "terms_hash": digest,
        "typed_name": "Alice Ames",
        "after_death": "ends",
        "password": PASSWORD,
        "challenge": challenge_for(user, request.subject, digest, at=at),
        **changes,
    }


def switched(html) -> int:
    """How many uses' switches are set."""
    return len(re.findall(r'name="use-\d+" value="\w+" checked', html))


def approve_at(client, request, data):
    return client.post(reverse("request-approve", args=[request.ref]), data)


def untouched(request) -> bool:
    request = ReuseRequest.objects.get(pk=request.pk)
    return (request.state, License.objects.count(), Decision.objects.count()) == ("open", 0, 0)


def refusals(code: str) -> int:
    return AuditEntry.objects.filter(event="request.approved", refused=code).count()


# --- Approve ---------------------------------------------------------------------------------------------------------


def test_from_the_page_to_the_license(client, actor, request_):
    crowd, trailer = uses_of(request_)
    page = client.get(
        reverse("request-approve", args=[request_.ref]), {f"use-{crowd.pk}": "yes", f"use-{trailer.pk}": "yes"}
    )
    html = page.content.decode()
    assert "You approve 2 uses for $793." in html
    assert 'name="typed_name"' in html
    assert 'name="challenge"' in html
    assert 'name="form_key"' in html
    assert page.context["signing"].by_password
    answer = approve_at(client, request_, filled(request_, challenge=page.context["signing"].fresh))
    license_ = License.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, license_.get_absolute_url())
    assert Decision.objects.get().factor == "password"


def test_one_of_two_uses_is_licensed_for_its_own_fee(client, actor, request_):
    crowd, trailer = uses_of(request_)
    page = client.get(reverse("request-approve", args=[request_.ref]), {"use": crowd.pk, f"use-{trailer.pk}": "no"})
    assert "You approve 1 of 2 uses for $693." in page.content.decode()
    approve_at(client, request_, filled(request_, "yes", "no"))
    license_ = License.objects.get()
    assert [use["title"] for use in license_.document["uses"]] == [crowd.title]
    assert sum(Decimal(use["fee"]) for use in license_.document["uses"]) == Decimal("693.00")
    html = client.get(reverse("request", args=[request_.ref])).content.decode()
    assert "You approved 1 of 2 uses on" in html
    assert license_.ref in html


@pytest.mark.parametrize(
    ("changes", "answers", "sentence"),
    [
        ({"typed_name": ""}, ("yes", "yes"), "Type your name. It stands on the license."),
        ({"after_death": ""}, ("yes", "yes"), "Choose what happens if you die while it runs."),
        ({"after_death": "never"}, ("yes", "yes"), "Choose one of the three."),
        ({"typed_name": "Somebody Else"}, ("yes", "yes"), "Type your name as it stands here: Alice Ames."),
        ({}, ("yes", ""), "Say yes or no to each use. Nothing is chosen for you."),
        ({}, ("no", "no"), "Say yes to at least one use, or deny the request."),
        ({}, ("maybe", "yes"), "Say yes or no to each use."),
        ({"password": "wrong"}, ("yes", "yes"), "That password is not right."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, actor, request_, changes, answers, sentence):
    answer = approve_at(client, request_, filled(request_, *answers, **changes))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in html
    if changes:  # said at the top of a long page, too, not only beside the field
        assert sentence in html.split('id="approve"')[0]
    assert f'value="{changes.get("typed_name", "Alice Ames")}"' in html or not changes.get("typed_name", "x")
    assert switched(html) == sum(one in ("yes", "no") for one in answers)
    assert PASSWORD not in html
    assert untouched(request_)


def test_answers_changed_on_the_page_are_read_again_before_they_are_signed(client, actor, request_):
    crowd, _ = uses_of(request_)
    answer = approve_at(client, request_, filled(request_, "yes", "yes", read=str(crowd.pk)))
    html = answer.content.decode()
    assert "You changed your answers on this page." in html
    assert "You approve 2 uses for $793." in html
    assert untouched(request_)
    again = filled(request_, "yes", "yes", read=answer.context["form"].as_read)
    assert approve_at(client, request_, again).status_code == 303


def test_the_sentence_above_the_signature_is_about_the_chosen_uses_alone(client, actor, request_):
    crowd, trailer = uses_of(request_)
    page = client.get(reverse("request-approve", args=[request_.ref]), {"use": crowd.pk, f"use-{trailer.pk}": "no"})
    lead = "".join(part.text for part in page.context["parts"])
    assert "“Crowd at the harbor fair”" in lead
    assert lead.endswith("for $693.")


def test_the_same_form_twice_makes_one_license_and_leads_to_the_same_place(client, actor, request_):
    data = filled(request_, form_key="k" * 32)
    first, second = approve_at(client, request_, data), approve_at(client, request_, data)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert License.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(client, actor, request_):
    approve_at(client, request_, filled(request_, "yes", "no", form_key="k" * 32))
    answer = approve_at(client, request_, filled(request_, "yes", "yes", form_key="k" * 32))
    assert answer.status_code == 409
    assert License.objects.count() == 1


def test_whoever_is_not_the_actor_gets_no_form_and_no_effect(client, request_):
    agency = make_agency()
    represent(agency, request_.actor)
    for person in (agency.memberships.get().user, request_.sent_by):
        client.force_login(person)
        assert 'name="typed_name"' not in client.get(reverse("request-approve", args=[request_.ref])).content.decode()
        answer = approve_at(client, request_, filled(request_, typed_name=person.name))
        assert answer.status_code == 403
    assert untouched(request_)
    assert refusals("not-yours") == 2
    client.force_login(make_user("Charlie Stranger"))
    assert approve_at(client, request_, filled(request_)).status_code == 404


def test_the_agent_reads_that_only_the_actor_can(client, request_):
    agency = make_agency()
    represent(agency, request_.actor)
    client.force_login(agency.memberships.get().user)
    assert "Only Alice can approve." in client.get(reverse("request-approve", args=[request_.ref])).content.decode()


def test_a_visitor_comes_back_after_signing_in(client, request_):
    path = reverse("request-approve", args=[request_.ref])
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={path}")


# --- G7: a factor of this person, now, for this request ---------------------------------------------------------------


def test_g7_no_proof(client, actor, request_):
    approve_at(client, request_, filled(request_, password=""))
    assert untouched(request_)
    assert refusals("wrong-password") == 1


def test_g7_no_challenge_at_all(client, actor, request_):
    approve_at(client, request_, filled(request_, challenge="", password=""))
    assert untouched(request_)
    assert refusals("proof-of-something-else") == 1


def test_g7_a_password_although_codes_are_set_up(client, actor, request_):
    secret = add_totp(actor)
    html = client.get(reverse("request-approve", args=[request_.ref])).content.decode()
    assert 'name="code"' in html
    assert 'name="password"' not in html
    answer = approve_at(client, request_, filled(request_))
    assert "Sign with your passkey or the code from your app." in answer.content.decode()
    assert untouched(request_)
    assert refusals("password-is-not-enough") == 1
    approve_at(client, request_, filled(request_, code=totp_code(secret)))
    assert Decision.objects.get().factor == "totp"


def test_g7_a_proof_for_another_request(client, actor, request_):
    other = make_request(make_replica(request_.actor))
    proof = challenge_for(actor, other.subject, other.current_terms.sha256, at=timezone.now())
    approve_at(client, request_, filled(request_, challenge=proof))
    assert untouched(request_)
    assert refusals("proof-of-something-else") == 1


def test_g7_a_proof_of_another_person(client, actor, request_):
    other = make_user("Bea Other")
    proof = challenge_for(other, request_.subject, request_.current_terms.sha256, at=timezone.now())
    approve_at(client, request_, filled(request_, challenge=proof))
    assert untouched(request_)
    assert refusals("proof-of-something-else") == 1


def test_g7_a_proof_six_minutes_old_asks_to_sign_once_more(client, actor, request_):
    old = timezone.now() - timedelta(minutes=6)
    answer = approve_at(client, request_, filled(request_, at=old))
    assert "Please sign once more." in answer.content.decode()
    assert untouched(request_)
    assert refusals("proof-too-old") == 1
    approve_at(client, request_, filled(request_, challenge=answer.context["signing"].fresh))
    assert License.objects.count() == 1


def test_g7_a_replayed_challenge(client, actor, request_):
    data = filled(request_)
    UsedChallenge.objects.create(nonce=_nonce(data["challenge"]), user=actor, used_at=timezone.now())
    approve_at(client, request_, data)
    assert untouched(request_)
    assert refusals("proof-used") == 1


def _nonce(challenge: str) -> str:
    from django.core import signing

    return signing.loads(challenge, salt="accounts.signing")["n"]


def test_g7_somebody_without_any_factor_is_led_to_one_and_back(client):
    user = make_user("Alice Ames", password="")
    request = make_request(make_replica(make_actor("Alice Ames", user=user)))
    client.force_login(user)
    path = reverse("request-approve", args=[request.ref])
    html = client.get(path).content.decode()
    assert f"{reverse('account_set_password')}?next={path}" in html
    assert reverse("second-step") in html
    approve_at(client, request, filled(request))
    assert untouched(request)
    assert refusals("no-factor") == 1


def test_the_challenge_is_the_actors_alone_and_for_the_present_terms(client, actor, request_):
    data = client.get(reverse("request-challenge", args=[request_.ref])).json()
    assert set(data) == {"challenge", "options"}
    approve_at(client, request_, filled(request_, challenge=data["challenge"]))
    assert License.objects.count() == 1
    assert client.get(reverse("request-challenge", args=[request_.ref])).status_code == 404
    client.force_login(request_.sent_by)
    assert client.get(reverse("request-challenge", args=[request_.ref])).status_code == 404


# --- Stale forms -----------------------------------------------------------------------------------------------------


def test_changed_terms_show_old_and_new_and_approve_nothing(client, actor, request_):
    data = filled(request_)
    other = offered_terms(use_terms(fee=Decimal("500.00")))
    propose(request_, terms=other, terms_hash=request_.current_terms.sha256, by=actor, at=timezone.now())
    fresh = ReuseRequest.objects.get(pk=request_.pk)
    accept(fresh, terms_hash=fresh.current_terms.sha256, by=request_.sent_by, at=timezone.now())
    answer = approve_at(client, request_, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The terms changed since you read them. Nothing was approved." in html
    assert "$693</del>" in html
    assert "$500</ins>" in html
    assert 'value="Alice Ames"' in html
    assert switched(html) == 0
    assert refusals("terms-changed") == 1
    assert License.objects.count() == 0
    fresh.refresh_from_db()
    assert approve_at(client, fresh, filled(fresh)).status_code == 303


def _answered(request):
    approve_request(request)


def _denied(request):
    deny(request, by=request.actor.user, at=timezone.now())


def _withdrawn(request):
    withdraw(request, by=request.sent_by, at=timezone.now())


def _lapsed(request):
    lapse_due(by=None, at=request.answer_by)


def _late(request):
    ReuseRequest.objects.filter(pk=request.pk).update(answer_by=timezone.now() - timedelta(seconds=1))


def _countered(request):
    other = offered_terms(use_terms(fee=Decimal("500.00")))
    propose(request, terms=other, terms_hash=request.current_terms.sha256, by=request.actor.user, at=timezone.now())


@pytest.mark.parametrize(
    ("happens", "code", "sentence"),
    [
        (_answered, "already-approved", "You approved 2 of 2 uses on"),
        (_denied, "already-denied", "You denied this request on"),
        (_withdrawn, "already-withdrawn", "Nova Pictures withdrew this request on"),
        (_lapsed, "already-lapsed", "without an answer, so the answer is no."),
        (_late, "too-late", "without an answer, so the answer is no."),
        (_countered, "already-countered", "Changes were proposed"),
    ],
)
def test_a_stale_yes_shows_the_true_state_and_keeps_the_name(client, actor, request_, happens, code, sentence):
    data = filled(request_)
    happens(ReuseRequest.objects.get(pk=request_.pk))
    before = License.objects.count()
    answer = approve_at(client, request_, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert sentence in html
    assert "This page changed nothing." in html
    assert "Alice Ames</dd>" in html
    assert refusals(code) == 1
    assert License.objects.count() == before


@pytest.mark.parametrize("happens", [_answered, _withdrawn, _lapsed, _late])
def test_a_stale_no_shows_the_true_state_and_keeps_the_comment(client, actor, request_, happens):
    happens(ReuseRequest.objects.get(pk=request_.pk))
    before = ReuseRequest.objects.get(pk=request_.pk).state
    answer = client.post(reverse("request-deny", args=[request_.ref]), {"comment": "Not my kind of part."})
    assert answer.status_code == 409
    assert "Not my kind of part." in answer.content.decode()
    assert ReuseRequest.objects.get(pk=request_.pk).state == before


def test_the_deadline_passing_between_reading_and_sending_is_too_late(client, actor, request_):
    after = request_.answer_by + timedelta(seconds=1)
    data = filled(request_, at=after - timedelta(minutes=1))
    with patch("django.utils.timezone.now", return_value=after):
        answer = approve_at(client, request_, data)
    assert answer.status_code == 409
    assert untouched(request_)
    assert refusals("too-late") == 1


def test_a_late_denial_shows_what_was_typed_and_not_what_was_preset(client, actor, request_):
    approve_at(client, request_, filled(request_, "yes", "yes"))
    url = reverse("request-deny", args=[request_.ref])
    empty = client.post(url, {"reason": "", "comment": "", "seen_by": "agent"}).content.decode()
    assert "This page changed nothing." in empty
    assert "What you typed" not in empty
    full = client.post(url, {"reason": "fee", "comment": "Too low.", "seen_by": "agent"}).content.decode()
    assert "Too low." in full
    assert "The fee" in full
