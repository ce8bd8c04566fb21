"""A proof is of this person, for this thing, now, and once."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.actions.moves import move
from accounts.actions.signing import GOOD_FOR, Proof, challenge_for, passkey_options, prove
from accounts.forms.signing import ProofFields
from accounts.models import UsedChallenge
from accounts.rules.factors import Factor
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from tests.accounts.passkey import SoftPasskey
from tests.factories import PASSWORD, add_totp, make_user, totp_code

pytestmark = pytest.mark.django_db
REQUEST = Subject("request", 7, "R-7K3M9Q", "Harbor Lights")
DIGEST = "ab" * 32
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
def alice():
    return make_user("Alice Ames")


@move("test.signed")
def _sign(proof, *, by, subject, digest, at):
    return prove(proof, by=by, subject=subject, digest=digest, at=at)


def sign(proof, *, by, subject=REQUEST, digest=DIGEST, at=AT):
    return _sign(proof, by=by, subject=subject, digest=digest, at=at)


def refusal(proof, **more):
    with pytest.raises(Refused) as refused:
        sign(proof, **more)
    return refused.value.code


def asked(user, *, subject=REQUEST, digest=DIGEST, at=AT):
    return challenge_for(user, subject, digest, at=at)


def test_a_password_signs_while_there_is_nothing_better(alice):
    proven = sign(Proof(asked(alice), password=PASSWORD), by=alice)
    assert proven.factor is Factor.PASSWORD
    assert UsedChallenge.objects.get().nonce == proven.nonce


def test_a_password_is_not_enough_once_there_is_something_better(alice):
    add_totp(alice)
    assert refusal(Proof(asked(alice), password=PASSWORD), by=alice) == "password-is-not-enough"


def test_who_has_nothing_is_told_to_set_something_up():
    bare = make_user("Bea", password="")
    assert refusal(Proof(asked(bare)), by=bare) == "no-factor"


@pytest.mark.parametrize(
    "change", [{"subject": Subject("request", 8)}, {"subject": Subject("license", 7)}, {"digest": "cd" * 32}]
)
def test_a_proof_is_for_nothing_else(alice, change):
    assert refusal(Proof(asked(alice), password=PASSWORD), by=alice, **change) == "proof-of-something-else"


def test_a_proof_is_of_nobody_else(alice):
    bob = make_user("Bob")
    assert refusal(Proof(asked(bob), password=PASSWORD), by=alice) == "proof-of-something-else"
    assert refusal(Proof("", password=PASSWORD), by=alice) == "proof-of-something-else"
    assert refusal(Proof(asked(alice)[:-1], password=PASSWORD), by=alice) == "proof-of-something-else"


def test_a_proof_is_good_for_five_minutes(alice):
    proof = Proof(asked(alice), password=PASSWORD)
    late = AT + GOOD_FOR + timedelta(milliseconds=1)
    assert refusal(proof, by=alice, at=late) == "proof-too-old"
    assert sign(proof, by=alice, at=AT + GOOD_FOR).factor is Factor.PASSWORD


def test_a_proof_counts_once(alice):
    proof = Proof(asked(alice), password=PASSWORD)
    sign(proof, by=alice)
    assert refusal(proof, by=alice) == "proof-used"


def test_five_wrong_tries_stop_even_the_right_one_for_five_minutes(alice):
    for _ in range(5):
        assert refusal(Proof(asked(alice), password="wrong"), by=alice) == "wrong-password"
    assert refusal(Proof(asked(alice), password=PASSWORD), by=alice) == "too-many-tries"
    bob = make_user("Bob")
    assert sign(Proof(asked(bob), password=PASSWORD), by=bob)
    later = AT + timedelta(minutes=5)
    assert sign(Proof(asked(alice, at=later), password=PASSWORD), by=alice, at=later)


def test_a_code_signs_once_even_when_the_cache_forgot(alice):
    from django.core.cache import cache

    code = totp_code(add_totp(alice))
    now = timezone.now()
    assert sign(Proof(asked(alice, at=now), code=f"{code[:3]} {code[3:]}"), by=alice, at=now).factor is Factor.TOTP
    cache.clear()
    assert refusal(Proof(asked(alice, at=now), code=code), by=alice, at=now) == "wrong-code"
    assert refusal(Proof(asked(alice, at=now), code="000000"), by=alice, at=now) == "wrong-code"


def test_a_passkey_signs_this_challenge_only(alice):
    passkey, challenge = SoftPasskey(alice), asked(alice)
    answer = passkey.answer(passkey_options(alice, challenge))
    other = asked(alice)
    assert refusal(Proof(other, passkey=answer), by=alice) == "wrong-passkey"
    assert sign(Proof(challenge, passkey=answer), by=alice).factor is Factor.PASSKEY
    assert refusal(Proof(challenge, passkey=answer), by=alice) == "proof-used"
    assert Authenticator.objects.get().last_used_at is not None


def test_a_passkey_of_somebody_else_or_from_elsewhere_signs_nothing(alice):
    passkey, other = SoftPasskey(alice), SoftPasskey(make_user("Bob"))
    challenge = asked(alice)
    options = passkey_options(alice, challenge)
    assert refusal(Proof(challenge, passkey=other.answer(options)), by=alice) == "wrong-passkey"
    for origin in ("http://evil.example", "https://testserver"):
        answer = passkey.answer(options, origin=origin)
        assert refusal(Proof(challenge, passkey=answer), by=alice) == "wrong-passkey"


@pytest.mark.parametrize("text", ["x", "null", "[]", "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA", "response": {}}'])
def test_whatever_is_posted_as_a_passkey_is_a_refusal_and_no_error(alice, text):
    SoftPasskey(alice)
    assert refusal(Proof(asked(alice), passkey=text), by=alice) == "wrong-passkey"


def test_the_fields_show_only_what_the_person_has(alice):
    values = {"user": alice, "subject": REQUEST, "digest": DIGEST, "at": AT}
    bare = ProofFields(**values)
    assert (bare.by_passkey, bare.by_code, bare.by_password, bare.options) == (False, False, True, {})
    add_totp(alice)
    passkey = SoftPasskey(alice)
    full = ProofFields(**values)
    assert (full.by_passkey, full.by_code, full.by_password) == (True, True, False)
    assert len(full.options["publicKey"]["allowCredentials"]) == 1
    posted = {"challenge": full.fresh, "passkey": passkey.answer(full.options)}
    assert sign(ProofFields(posted, **values).proof(), by=alice).factor is Factor.PASSKEY
    assert ProofFields({"password": "x" * 5000}, **values).proof() == Proof("")


def test_the_partial_works_without_scripts(alice):
    from django.template.loader import render_to_string

    fields = ProofFields(user=alice, subject=REQUEST, digest=DIGEST, at=AT)
    page = render_to_string("accounts/_sign.html", {"signing": fields, "sign_error": "Wrong.", "user": alice})
    assert f'name="challenge" value="{fields.fresh}"' in page
    assert 'name="password"' in page
    assert 'name="code"' not in page
    assert "Wrong." in page
    SoftPasskey(alice)
    fields = ProofFields(user=alice, subject=REQUEST, digest=DIGEST, at=AT)
    page = render_to_string("accounts/_sign.html", {"signing": fields, "user": alice, "challenge_url": "/c/"})
    assert 'id="sign-options"' in page
    assert 'data-challenge-url="/c/"' in page
    assert 'name="password"' not in page
