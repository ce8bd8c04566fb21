"""Proving a person, now, for one thing: what an approval is signed with.

A challenge is a signed text that names the person, the subject and the hash of what was shown. Nothing is stored until
it is answered; answering takes its nonce in the caller's transaction, so a proof counts once. It is deliberately not a
“signed in recently” mark: allauth's re-authentication lets one pass serve any number of actions for five minutes.
"""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.webauthn.internal.auth import get_authenticator_by_credential_id, get_credentials
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import PublicKeyCredentialRpEntity, UserVerificationRequirement

from accounts.access.factors import authenticators_of, factors_of
from accounts.audit.models import AuditEntry
from accounts.models import UsedChallenge, User
from accounts.rules.factors import Factor
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject

SALT = "accounts.signing"
GOOD_FOR = timedelta(minutes=5)
WRONG = ("wrong-passkey", "wrong-code", "wrong-password")
PROOF_IS_USED = "This signature was already used. Please sign again."
CODE_IS_WRONG = "That code is wrong or was used already. Wait for the next one."
MOST_WRONG, WITHIN = 5, timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the confirm page posts: the challenge it showed and the answer to it, by one factor.

    ``passkey`` is the browser's answer as JSON text.
    """

    challenge: str
    password: str = ""
    code: str = ""
    passkey: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    factor: Factor
    nonce: str


def ways_to_sign(user: User) -> list[Factor]:
    """What this person may sign with now; nothing when they have to set something up first."""
    return factors_of(user)


def challenge_for(user: User, subject: Subject, digest: str, *, at: datetime) -> str:
    """A challenge for this person, this subject and this content hash, good for five minutes. Writes nothing."""
    content = {
        "u": user.pk,
        "s": f"{subject.type}:{subject.id}",
        "d": digest,
        "t": at.timestamp(),
        "n": secrets.token_urlsafe(32),
    }
    return signing.dumps(content, salt=SALT)


def passkey_options(user: User, challenge: str) -> dict[str, Any]:
    """What the browser needs to ask for a passkey: WebAuthn request options over the hash of ``challenge``."""
    options, _ = _server().authenticate_begin(
        credentials=get_credentials(user),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=_challenge_bytes(challenge),
    )
    return dict(options)


def prove(proof: Proof, *, by: User, subject: Subject, digest: str, at: datetime) -> Proven:
    """Checks the proof and takes its challenge. Call inside the transaction it signs.

    Raises Refused when the challenge is of somebody or something else, older than five minutes or already used; when
    the answer is wrong, or five were wrong within five minutes; or when a password is given although the person has
    set up a passkey or codes.
    """
    _limit(by, at)
    nonce = _read(proof.challenge, by, subject, digest, at)
    factor, mark = _check(proof, by)
    _take([nonce, mark] if mark else [nonce], by, subject, at)
    return Proven(factor, nonce)


def _limit(by: User, at: datetime) -> None:
    """Counts wrong proofs in the audit trail, which every refused move leaves: no cache can lose it."""
    wrong = AuditEntry.objects.filter(by_id=by.pk, refused__in=WRONG, at__gt=at - WITHIN).count()
    if wrong >= MOST_WRONG:
        raise Refused("too-many-tries", "That were five wrong tries. Please wait five minutes, then sign again.")


def _read(challenge: str, by: User, subject: Subject, digest: str, at: datetime) -> str:
    try:
        content = signing.loads(challenge, salt=SALT)
    except signing.BadSignature:
        content = {}
    expected = {"u": by.pk, "s": f"{subject.type}:{subject.id}", "d": digest}
    if any(content.get(key) != value for key, value in expected.items()):
        raise Refused("proof-of-something-else", "This signature was made for something else. Please sign again here.")
    if at.timestamp() - content["t"] > GOOD_FOR.total_seconds():
        raise Refused("proof-too-old", "The page was open for more than five minutes. Please sign once more.")
    return str(content["n"])


def _check(proof: Proof, by: User) -> tuple[Factor, str]:
    """The factor that holds, and the mark of a code, which counts once (empty for the others)."""
    mine = authenticators_of(by)
    if proof.passkey and Factor.PASSKEY in mine:
        if not _passkey_holds(proof, by):
            raise Refused("wrong-passkey", "The passkey did not match. Please try again.")
        return Factor.PASSKEY, ""
    if proof.code and Factor.TOTP in mine:
        code = "".join(proof.code.split())
        if not mine[Factor.TOTP][0].wrap().validate_code(code):
            raise Refused("wrong-code", CODE_IS_WRONG)
        return Factor.TOTP, _mark_of(code, by)
    if mine:
        raise Refused("password-is-not-enough", "Sign with your passkey or the code from your app.")
    if not by.has_usable_password():
        raise Refused("no-factor", "Set up a passkey or a password first, so that nobody else can sign for you.")
    if not by.check_password(proof.password):
        raise Refused("wrong-password", "That password is not right.")
    return Factor.PASSWORD, ""


def _mark_of(code: str, by: User) -> str:
    """What stands for a used code. allauth notes it in the cache; this row holds when the cache was lost."""
    digest = hashlib.sha256(f"totp:{by.pk}:{code}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _passkey_holds(proof: Proof, by: User) -> bool:
    state = {
        "challenge": websafe_encode(_challenge_bytes(proof.challenge)),
        "user_verification": UserVerificationRequirement.PREFERRED,
    }
    try:
        found = _server().authenticate_complete(state, get_credentials(by), json.loads(proof.passkey))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error):
        return False  # whatever a browser, or somebody who plays one, may have sent
    authenticator = get_authenticator_by_credential_id(by, found.credential_id)
    if authenticator is not None:
        authenticator.record_usage()
    return authenticator is not None


def _challenge_bytes(challenge: str) -> bytes:
    return hashlib.sha256(challenge.encode()).digest()


def _server() -> Fido2Server:
    site = urlsplit(settings.SITE_URL)
    party = PublicKeyCredentialRpEntity(id=site.hostname or "localhost", name="Understudy")
    here = (site.scheme, site.hostname)  # any port: a proxy may stand in between
    return Fido2Server(party, verify_origin=lambda origin: (urlsplit(origin).scheme, urlsplit(origin).hostname) == here)


def _take(nonces: list[str], by: User, subject: Subject, at: datetime) -> None:
    """Uses up the challenge, and the code if there was one, in the caller's transaction."""
    try:
        with transaction.atomic():
            UsedChallenge.objects.bulk_create(UsedChallenge(nonce=nonce, user=by, used_at=at) for nonce in nonces)
    except IntegrityError as error:
        if UsedChallenge.objects.filter(nonce=nonces[0]).exists():
            raise Refused(
                "proof-used", "This signature was already used. Please sign again.", subject=subject
            ) from error
        raise Refused("wrong-code", CODE_IS_WRONG, subject=subject) from error
