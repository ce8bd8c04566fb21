"""Writing a letter from a notice: at the moment of sending, in the recipient's time zone."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.notifications.models import Notification
from accounts.notifications.rules import KINDS, subject_line
from accounts.notifications.sealed import KEY, token_of
from accounts.notifications.unsubscribing import unsubscribe_url
from accounts.notifications.words import WORDS, why
from accounts.rules.zones import DEFAULT

DIGESTS = {  # what a digest is about: its words, where its button leads and what it says, and why somebody gets it
    "scans": ("{} answers to your scans", "scans/announced", "Open your scans", "your house announced these scans."),
    "licenses": (
        "{} licenses have a better fee",
        "licenses",
        "Open your licenses",
        "you are a party to these licenses, or represent one.",
    ),
    "clients": ("{} things about your clients", "inbox", "Open your inbox", "you represent these actors."),
}
ALL_OF_ONE_KIND = {"scan-answered": "scans", "license-amended": "licenses"}
MOMENTS = ("answer_by", "due")  # and every key that ends in _at


def write_letter(notice: Notification, address: str) -> EmailMultiAlternatives:
    """The letter of one notice. Its Message-ID follows from ``once``, so that a second try is the same letter."""
    with _as_read_by(notice):
        context = _context(notice)
        folder = f"letters/{notice.kind}"
        headline = render_to_string(f"{folder}/subject.txt", context)
        context["subject"] = subject_line(KINDS[notice.kind], headline, context["due"], zone_of(notice))
        text = render_to_string(f"{folder}/body.txt", context)
        page = render_to_string(f"{folder}/body.html", context)
    return _message(context["subject"], text, page, address, [notice], context["unsubscribe_url"])


def write_digest(notices: Sequence[Notification], address: str) -> EmailMultiAlternatives:
    """One letter that tells several notices to one person, soonest deadline first."""
    first = notices[0]
    with _as_read_by(first):
        kinds = sorted({notice.kind for notice in notices})
        about = ALL_OF_ONE_KIND.get(kinds[0], "clients") if len(kinds) == 1 else "clients"
        words, path, action, reason = DIGESTS[about]
        can_end = [kind for kind in kinds if not KINDS[kind].essential]
        ordered = sorted(notices, key=lambda notice: (notice.due_at is None, notice.due_at or notice.created_at))
        context = {
            **_shell(first),
            "items": [
                {"headline": headline(notice), "link": _link(notice), "due": notice.due_at} for notice in ordered
            ],
            "clients": sorted({str(notice.context.get("actor", "")) for notice in notices} - {""}),
            "link": f"{settings.SITE_URL}/{path}/",
            "action": action,
            "about": about,
            "why": reason,
            "unsubscribe_url": unsubscribe_url(first.recipient_id, can_end) if can_end else "",
        }
        context["subject"] = subject_line(KINDS[first.kind], words.format(len(notices)), None, zone_of(first))
        text = render_to_string("letters/_digest/body.txt", context)
        page = render_to_string("letters/_digest/body.html", context)
    return _message(context["subject"], text, page, address, notices, context["unsubscribe_url"])


def headline(notice: Notification) -> str:
    """What the notice says in one line: its letter's subject without the bracket. For the inbox and the digest."""
    return " ".join(render_to_string(f"letters/{notice.kind}/subject.txt", _context(notice)).split())


def zone_of(notice: Notification) -> ZoneInfo:
    return notice.recipient.zone if notice.recipient else ZoneInfo(DEFAULT)


class _as_read_by:  # noqa: N801  reads like the function it is
    """The recipient's time zone, and the one language there is, for the time of a block."""

    def __init__(self, notice: Notification) -> None:
        self.zone = timezone.override(zone_of(notice))
        self.language = translation.override(settings.LANGUAGE_CODE)

    def __enter__(self) -> None:
        self.zone.__enter__()
        self.language.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.language.__exit__(*error)
        self.zone.__exit__(*error)


def _shell(notice: Notification) -> dict[str, Any]:
    return {"site_url": settings.SITE_URL, "recipient": notice.recipient.name if notice.recipient else ""}


def _context(notice: Notification) -> dict[str, Any]:
    """The notice's own words with moments made from ISO 8601, and what every letter has."""
    values = {key: _moment(key, value) for key, value in notice.context.items()}
    essential = KINDS[notice.kind].essential
    return {
        **values,
        **_shell(notice),
        "due": notice.due_at or values.get("expires_at"),  # an invitation ends, too
        "label": notice.subject_label,
        "link": _link(notice),
        "action": WORDS[notice.kind].link,
        "why": why(notice.kind, notice.context),
        "unsubscribe_url": "" if essential else unsubscribe_url(notice.recipient_id, [notice.kind]),
    }


def _link(notice: Notification) -> str:
    """Where the letter's button leads. A sealed notice's path ends with its token, made here and kept nowhere."""
    nonce = notice.context.get(KEY)
    path = f"{notice.path}{token_of(nonce)}/" if nonce and not notice.recipient_id else notice.path
    return f"{settings.SITE_URL}{path}" if path else ""


def _moment(key: str, value: Any) -> Any:
    if isinstance(value, str) and (key in MOMENTS or key.endswith("_at")):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def _message(
    subject: str, text: str, page: str, address: str, notices: Sequence[Notification], unsubscribe: str
) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id([notice.once for notice in notices]), "Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    letter = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)
    letter.attach_alternative(page, "text/html")
    return letter


def message_id(onces: Sequence[str]) -> str:
    """The same notices, the same id: a mail server that got the letter before can drop the second."""
    digest = hashlib.sha256("\n".join(sorted(onces)).encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
