"""Links that open something by themselves, for somebody without an account.

A notice keeps only a nonce (``sealed`` in its context). The token is made from it with SECRET_KEY when the letter is
written, and whoever answers keeps nothing but the token's SHA-256: who steals the database holds no link.
"""

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac

SALT = "accounts.notifications.sealed"
KEY = "sealed"  # in a notice's context


def new_nonce() -> str:
    """128 random bits as 22 letters."""
    return secrets.token_urlsafe(16)[:22]


def token_of(nonce: str) -> str:
    """The 256-bit token of a nonce, as 43 letters for an address."""
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What the database keeps of a token: 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()
