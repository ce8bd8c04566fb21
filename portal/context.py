"""What the shell around every page shows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.notifications.access import unread_count
from agencies.access import desks_of
from portal.access.health import silent_parts

NAV = {
    "actor": [
        ("Requests", "inbox"),
        ("Scans", "scan-register"),
        ("My replicas", "my-replicas"),
        ("Guardrails", "guardrails"),
        ("Licenses", "licenses"),
        ("Agencies", "my-agencies"),
    ],
    "agency": [
        ("Inbox", "inbox"),
        ("Roster", "roster"),
        ("Scans", "scan-register"),
        ("Licenses", "licenses"),
        ("Team", "team"),
    ],
    "casting": [
        ("Search", "replicas"),
        ("Shortlists", "shortlists"),
        ("Projects", "projects"),
        ("Crowds", "crowds"),
        ("Scans", "scan-notices"),
        ("Requests", "inbox"),
        ("Licenses", "licenses"),
        ("Custody", "house-custody"),
        ("Team", "team"),
    ],
    "staff": [],
    "new": [],
}

# Addresses that belong to an entry besides its own, by the entry's name.
BELOW = {
    "replicas": ("/searches/",),
    "scan-notices": ("/scans/",),
    "inbox": ("/requests/",),
    "my-replicas": ("/replicas/",),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    current: bool
    count: int | None = None


def shell(request: HttpRequest) -> dict[str, Any]:
    """The desk, the other desks, navigation and unread notices. Queries only for signed-in people."""
    shown: dict[str, Any] = {"demo": settings.DEMO}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shown
    desk = request.desk  # type: ignore[attr-defined]  # the middleware set it
    nav = _nav(request, desk)  # reads the lazy desk, and with it the person's others
    return {
        **shown,
        "desk": desk,
        "desks": desks_of(user),
        "nav": nav,
        "unread": unread_count(user),
        "alarm": _alarm() if user.is_staff else "",
    }


def _alarm() -> str:
    """What staff must see on every page: a part of the portal that has fallen silent."""
    silent = silent_parts(timezone.now())
    return (
        f"No sign of life from {' and '.join(silent)} for five minutes. Deadlines hold; letters wait." if silent else ""
    )


def _guarded(desk: Any) -> list[tuple[str, str]]:
    """Where a minor and their guardians look after who answers; nothing for an adult."""
    young = desk.actor is not None and desk.actor.is_minor(timezone.now())
    return [("Guardians", "guardians")] if young else []


def _nav(request: HttpRequest, desk: Any) -> list[NavItem]:
    items = []
    for label, name in [*NAV[desk.kind], *_guarded(desk)]:
        url = reverse(name, args=[desk.organization.slug]) if name in ("roster", "team") else reverse(name)
        items.append(NavItem(label, url, _is_current(request.path, name, url, desk.kind)))
    return items


def _is_current(path: str, name: str, url: str, kind: str) -> bool:
    """Whether an address belongs to an entry. Who holds a replica is a matter of Custody where the desk has that."""
    if kind == "casting" and "/custody/" in path:
        return name == "house-custody"
    return path.startswith((url, *BELOW.get(name, ())))
