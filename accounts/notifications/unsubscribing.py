"""The link that ends one kind of letter without signing in: signed, so that nobody can end somebody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from accounts.notifications.rules import KINDS

SALT = "accounts.unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscription:
    user_id: int
    kinds: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        return [KINDS[kind].label for kind in self.kinds]


def unsubscribe_url(user_id: int | None, kinds: Sequence[str]) -> str:
    """The full address; nothing for somebody without an account, who gets no letters but invitations."""
    if user_id is None:
        return ""
    token = signing.dumps({"u": user_id, "k": list(kinds)}, salt=SALT, compress=True)
    return f"{settings.SITE_URL}/unsubscribe/{token}/"


def read_unsubscription(token: str) -> Unsubscription | None:
    """What a link means; None when nobody here made it. Links in old letters go on working."""
    try:
        content = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    kinds = tuple(kind for kind in content["k"] if kind in KINDS and not KINDS[kind].essential)
    return Unsubscription(content["u"], kinds)
