"""What people in an anonymous crowd ask before their yes, as its house may read it: words without a name."""

from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac

from replicas.models import Crowd, Message
from replicas.rules.answering import RequestState, Side

KEY_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Thread:
    """What one person (or their agency) and the house wrote, in order: ``said`` are pairs of whether it was the house
    and the words. ``key`` names it and nobody: it is made from SECRET_KEY and kept nowhere."""

    key: str
    request_id: int
    said: list[tuple[bool, str]] = field(default_factory=list)


def threads_of(crowd: Crowd) -> list[Thread]:
    """Every thread of somebody without a yes, however their request ended, in the order of keys: neither the order nor
    that one stays tells anything. None in a crowd that names its people. One query."""
    if not crowd.anonymous or crowd.is_draft:
        return []
    rows = Message.objects.filter(request__crowd=crowd).exclude(request__state=RequestState.APPROVED).order_by("id")
    found: dict[int, Thread] = {}
    for request_id, side, body in rows.values_list("request", "side", "body"):
        thread = found.setdefault(request_id, Thread(key_of(crowd, request_id), request_id))
        thread.said.append((side == Side.LICENSEE, body))
    return sorted(found.values(), key=lambda thread: thread.key)


def get_thread(crowd: Crowd, key: str) -> Thread | None:
    """One of them, or None. One query."""
    return next((thread for thread in threads_of(crowd) if thread.key == key), None)


def key_of(crowd: Crowd, request_id: int) -> str:
    return salted_hmac("crowd-thread", f"{crowd.pk}:{request_id}", algorithm="sha256").hexdigest()[:KEY_LENGTH]
