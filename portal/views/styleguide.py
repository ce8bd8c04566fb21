"""Every component in every state on one page, for those who build pages. Only where DEBUG or DEMO is on."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from portal.templatetags.components import NOTICES, STATES, icon_names

COLORS = (
    "paper sheet sunk ink soft line edge accent accent-strong accent-wash "
    "yes yes-wash no no-wash wait wait-wash mark rest"
).split()
WHO = [
    ("actor", "An actor. Requests come to me."),
    ("agency", "I work for an agency."),
    ("casting", "I work for a casting office or a production company."),
]


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="Your name", help_text="As you sign. Only people you deal with see it.")
    email = forms.EmailField(label="E-mail")
    who = forms.ChoiceField(label="Who are you?", choices=WHO, widget=forms.RadioSelect)
    medium = forms.ChoiceField(
        label="Medium", choices=[("", "Choose one"), ("streaming", "Streaming"), ("film", "Film")]
    )
    days = forms.IntegerField(label="Replica days", required=False, min_value=1)
    until = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Why you ask", widget=forms.Textarea(attrs={"rows": 3}))
    script = forms.FileField(label="Script page", required=False, help_text="PDF, up to 10 MB.")
    modalities = forms.MultipleChoiceField(
        label="What was scanned",
        choices=[("face", "Face"), ("body", "Body"), ("voice", "Voice")],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="I have read what they may and may not do.")


@dataclass(frozen=True)
class Happened:
    """A line of a timeline."""

    sentence: str
    at: datetime
    who: str
    icon: str


@dataclass(frozen=True)
class Page:
    """Neighbors of a keyset page."""

    previous_url: str
    next_url: str


def _deadlines(now: datetime) -> list[datetime]:
    hours = (-30, 0.6, 2.2, 20, 26, 72, 24 * 12)
    return [now + timedelta(hours=value) for value in hours]


def _timeline(now: datetime) -> list[Happened]:
    return [
        Happened("Dana Whitfield asked for two uses.", now - timedelta(days=2), "on the website", "send"),
        Happened("You read the request.", now - timedelta(days=1, hours=4), "on your phone", "eye"),
        Happened("Alex Moreno left you a note.", now - timedelta(hours=3), "for you", "chat-left-text"),
    ]


def _sum() -> dict[str, Any]:
    def line(label: str, amount: str) -> dict[str, Any]:
        return {"label": label, "amount": Decimal(amount), "currency": "USD"}

    parts = (
        ("3 replica days × $231", "693"),
        ("Pension and health", "149"),
        ("Agent, paid on top", "69.30"),
    )
    return {"lines": [line(*part) for part in parts], "total": line("", "693")}


def _letter() -> HttpResponse:
    """The letter as a mail program would show it; its style sheet is allowed by its hash."""
    html = render_to_string("letters/_sample.html", _letter_context())
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest()).decode()

    response = HttpResponse(html)
    setattr(response, "_csp_update", {"style-src": f"'sha256-{digest}'"})  # noqa: B010  as csp's own decorator does
    return response


def _letter_context() -> dict[str, Any]:
    return {
        "subject": "[Answer by Thu Nov 26, 17:00] Nova Pictures asks for your 2024 body scan",
        "recipient": "Maya",
        "link": f"{settings.SITE_URL}/requests/R-7K3M9Q/",
        "action": "Read the request",
        "why": "a request waits for your answer. This kind of letter can’t be turned off.",
        "site_url": settings.SITE_URL,
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """The guide; ``?letter=html`` shows the letter alone."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    if request.GET.get("letter") == "html":
        return _letter()
    now = timezone.now()
    return render(
        request,
        "styleguide.html",
        {
            "colors": COLORS,
            "icons": sorted(icon_names()),
            "states": sorted(STATES),
            "notices": NOTICES,
            "now": now,
            "deadlines": _deadlines(now),
            "soon": now + timedelta(hours=5, minutes=12),
            "later": now + timedelta(days=3, hours=22, minutes=5),
            "past": now - timedelta(hours=3),
            "entries": _timeline(now),
            "sum": _sum(),
            "page": Page("?page=1", "?page=3"),
            "form": SampleForm(initial={"name": "Maya Reyes"}),
            "wrong": SampleForm(data={"name": "", "email": "maya@", "days": "-2", "who": "nobody"}),
            "letter_text": render_to_string("letters/_sample.txt", _letter_context()),
        },
    )
