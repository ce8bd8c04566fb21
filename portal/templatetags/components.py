"""The repeated pieces of every page. ``/styleguide/`` shows each in every state.

What a list repeats fifty times (icon, badge, deadline, chips, money) is joined from strings here; what a page has once
has a template in ``templates/components/``. Keywords are declared, so a misspelled one fails when the template is read.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.templatetags.wording import due_words, moment
from replicas.rules.wording import span

register = template.Library()

# state -> (word, icon, tone). One list for the whole product; tones are classes in site.css.
STATES: dict[str, tuple[str, str, str]] = {
    "draft": ("Draft", "pencil", "quiet"),
    "open": ("Open", "hourglass", "wait"),
    "countered": ("Changes proposed", "arrow-left-right", "accent"),
    "approved": ("Approved", "check-lg", "yes"),
    "denied": ("Denied", "x-lg", "no"),
    "lapsed": ("Lapsed", "clock-history", "quiet"),
    "filled": ("Filled", "people", "quiet"),
    "withdrawn": ("Withdrawn", "arrow-return-left", "quiet"),
    "held": ("On hold", "pause-circle", "wait"),
    "not_available": ("Not available", "dash-circle", "quiet"),
    "scheduled": ("Scheduled", "calendar-event", "accent"),
    "active": ("Active", "check-circle", "yes"),
    "suspended": ("Suspended", "pause-circle", "wait"),
    "expired": ("Expired", "calendar-x", "quiet"),
    "revoked": ("Revoked", "slash-circle", "no"),
    "invited": ("Invited", "envelope", "wait"),
    "former": ("Former", "archive", "quiet"),
    "declined": ("Declined", "x-lg", "quiet"),
    "queued": ("Queued", "hourglass", "wait"),
    "sending": ("Sending", "send", "accent"),
    "sent": ("Sent", "check-lg", "yes"),
    "failed": ("Not delivered", "exclamation-triangle", "no"),
    "proposed": ("To be confirmed", "hourglass", "wait"),
    "confirmed": ("Confirmed", "check-lg", "yes"),
    "announced": ("Announced", "hourglass", "wait"),
    "agreed": ("Agreed", "check-lg", "yes"),
    "refused": ("Refused", "x-lg", "no"),
    "performed": ("Scanned", "check-circle", "accent"),
    "called_off": ("Called off", "slash-circle", "quiet"),
    "leaving": ("Being withdrawn", "hourglass", "wait"),
    "destroyed": ("Destroyed", "archive", "quiet"),
    "union_pending": ("Waits for the union", "hourglass", "wait"),
    "not_agreed": ("Not agreed", "dash-circle", "quiet"),
    "completed": ("Passed on", "check-lg", "quiet"),
    "attested": ("Destroyed, with proof", "check-lg", "yes"),
    "overdue": ("Destruction overdue", "exclamation-triangle", "no"),
    "acknowledged": ("Answered", "chat-left-text", "accent"),
    "disputed": ("Disputed", "arrow-repeat", "wait"),
    "unanswered": ("No answer", "clock-history", "no"),
    "closed": ("Closed", "archive", "quiet"),
}
NOTICES = {"info": "info-circle", "yes": "check-circle", "wait": "clock", "no": "exclamation-triangle"}
SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$"}
WITHOUT_CENTS = {"JPY", "KRW", "ISK"}


@cache
def icon_names() -> frozenset[str]:
    """The names in the sprite, so that a page can't ask for an icon nobody drew."""
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


@cache
def _drawing(name: str, debug: bool) -> str:
    """The SVG of an icon; kept, because asking the manifest for the sprite's address each time is slow."""
    if name not in icon_names():
        raise ValueError(f"There is no icon named {name!r} in static/icons.svg.")
    return f'<svg class="i" aria-hidden="true"><use href="{static("icons.svg")}#{name}"/></svg>'


def draw(name: str) -> str:
    return _drawing(name, settings.DEBUG)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite. Decoration for words beside it, unless ``label`` says what it means."""
    if label:
        return format_html('{}<span class="sr">{}</span>', mark_safe(draw(name)), label)
    return mark_safe(draw(name))


@register.simple_tag
def state_badge(state: str, word: str = "") -> SafeString:
    """A state as word, icon and color; ``word`` replaces the usual word where a page must be more exact."""
    usual, drawing, tone = STATES[str(state)]
    return mark_safe(f'<span class="badge {tone}">{draw(drawing)}{conditional_escape(word or usual)}</span>')


@register.simple_tag
def deadline(when: datetime | None, at: datetime | None = None) -> SafeString:
    """When an answer is due, in words; red and with a clock under 24 hours."""
    if when is None:
        return mark_safe("")
    words, urgent = due_words(when, at or timezone.now())
    drawing, tone = (draw("clock"), "due soon") if urgent else ("", "due")
    return mark_safe(f'<time class="{tone}" datetime="{when.isoformat()}">{drawing}{words}</time>')


@register.inclusion_tag("components/deadline_banner.html")
def deadline_banner(
    when: datetime,
    at: datetime | None = None,
    silence: str = "If you do nothing, the answer is no.",
    verb: str = "Answer by",
) -> dict[str, Any]:
    """The banner of the decision page: by when, what silence means, and how much is left (counted down by script)."""
    seconds = (when - (at or timezone.now())).total_seconds()
    return {
        "when": when,
        "words": moment(when, True),
        "silence": silence,
        "verb": verb,
        "left": f"{span(seconds)} left" if seconds > 0 else "time is up",
        "over": seconds <= 0,
        "urgent": 0 < seconds < 86400,
    }


def initials(name: str) -> str:
    """Up to two letters standing for a name: first and last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "·"


@register.simple_tag
def avatar(name: object, picture: str = "", size: str = "") -> SafeString:
    """A round picture, or initials. ``size``: "" (44 px), ``small`` (32 px) or ``large`` (72 px)."""
    tone = f"avatar {size}".rstrip()
    if picture:
        return format_html('<img class="{}" src="{}" alt="" width="44" height="44" loading="lazy">', tone, picture)
    return _drawn_initials(str(name), tone)


@lru_cache(maxsize=2048)
def _drawn_initials(name: str, tone: str) -> SafeString:
    hue = sum(map(ord, name)) % 6
    return format_html('<span class="{} hue{}" aria-hidden="true">{}</span>', tone, hue, initials(name))


def _chip(mark: str, name: object, detail: object, url: str, kind: str) -> SafeString:
    title: str = conditional_escape(str(name))
    if url:
        title = f'<a href="{conditional_escape(url)}">{title}</a>'
    below = f'<span class="detail">{conditional_escape(str(detail))}</span>' if detail else ""
    return mark_safe(f'<span class="{kind}">{mark}<span><span class="name">{title}</span>{below}</span></span>')


@register.simple_tag
def person(name: object, picture: str = "", detail: object = "", url: str = "", size: str = "") -> SafeString:
    """A person: picture or initials, name, one line below."""
    return _chip(avatar(name, picture, size), name, detail, url, "who")


@register.simple_tag
def org(name: object, verified: bool = False, detail: object = "", url: str = "") -> SafeString:
    """An organization: its letter on a tile, name, "verified" when staff have checked it, one line below."""
    tile = format_html(
        '<span class="tile hue{}" aria-hidden="true">{}</span>', sum(map(ord, str(name))) % 6, str(name)[:1]
    )
    chip = _chip(tile, name, detail, url, "who org")
    if not verified:
        return chip
    seal = f'<span class="verified">{draw("check-lg")}verified</span>'
    return mark_safe(
        chip.replace('</span><span class="detail">', f'</span> {seal}<span class="detail">', 1)
        if detail
        else chip.removesuffix("</span></span>") + f" {seal}</span></span>"
    )


def money_words(amount: Decimal | int | str, currency: str = "USD", compact: bool = False) -> str:
    """An amount with its sign: ``$1,283.00``, ``CHF 90.50``; ``compact`` drops cents that are zero: ``$693``."""
    value = Decimal(amount)
    cents = 0 if currency in WITHOUT_CENTS or (compact and value == value.to_integral_value()) else 2
    figure = f"{abs(value):,.{cents}f}"
    sign = "−" if value < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{figure}" if symbol else f"{sign}{currency} {figure}"


@register.simple_tag
def money(amount: Decimal | int | str | None, currency: str = "USD", compact: bool = False) -> str:
    """An amount of money; a dash where there is none."""
    return "–" if amount is None else money_words(amount, str(currency), compact)


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", action_url: str = "", action: str = "", drawing: str = "inbox") -> dict[str, Any]:
    """What stands where a list would be: what it means and what to do next."""
    return {"title": title, "text": text, "action_url": action_url, "action": action, "drawing": drawing}


@register.inclusion_tag("components/pager.html")
def pager(page: Any, newer: str = "Previous", older: str = "Next") -> dict[str, Any]:
    """Links to the neighbors of a keyset page, which has ``previous_url`` and ``next_url`` (each may be empty)."""
    return {
        "previous_url": getattr(page, "previous_url", ""),
        "next_url": getattr(page, "next_url", ""),
        "newer": newer,
        "older": older,
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any], title: str = "") -> dict[str, Any]:
    """What happened, in full sentences: objects with ``sentence``, ``at``, ``who`` and ``icon`` (may be empty)."""
    return {"entries": entries, "title": title}


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """``{% notice "wait" "Title" %}…{% endnotice %}``; kinds: info, yes, wait, no."""
    head = format_html('<strong class="notice-title">{}</strong> ', title) if title else ""
    return mark_safe(f'<div class="notice {kind}">{draw(NOTICES[kind])}<div>{head}{content}</div></div>')


@register.simple_block_tag
def note(content: str, by: str, role: str = "") -> SafeString:
    """``{% note "Alex Moreno" "your agent" %}…{% endnote %}``: what somebody on your side says about it."""
    who = f"{by}, {role}" if role else by
    return format_html('<div class="note" role="note"><strong>{}</strong><div>{}</div></div>', who, mark_safe(content))


@register.inclusion_tag("components/breakdown.html")
def breakdown(lines: Iterable[Any], total: Any = None, total_label: str = "To you") -> dict[str, Any]:
    """An amount and what it is made of: objects (or dicts) with ``label``, ``amount``, ``currency``; total likewise."""
    return {"lines": lines, "total": total, "total_label": total_label}


@register.inclusion_tag("components/pay.html")
def pay_breakdown(pay: Any, on_top_label: str = "They pay on top") -> dict[str, Any]:
    """A whole calculation (``rules.pay.Breakdown``): what reaches the performer, what comes on top, what it costs."""
    return {"pay": pay, "on_top_label": on_top_label}


@register.inclusion_tag("components/progress.html")
def progress(value: int, of: int, text: str) -> dict[str, Any]:
    """How far something is, always with its words."""
    return {"value": value, "of": of, "text": text}
