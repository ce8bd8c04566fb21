"""Mail as it would have gone out, readable in a demo and while developing."""

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.access.keyset import keyset_page
from accounts.access.outbox import letter, letters

PAGE = 50


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """All letters, newest first."""
    page = keyset_page(letters(), order=("-id",), size=PAGE, query=request.GET)
    return render(request, "accounts/outbox.html", {"page": page})


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def outbox_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: its headers, its text, and its HTML in a frame of its own."""
    return render(request, "accounts/outbox_letter.html", {"letter": letter(pk)})


@csp_replace(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "script-src": ["'none'"],
        "form-action": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
@xframe_options_sameorigin
@require_safe
def outbox_letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML alone: no scripts, no forms, nothing loaded; links open in the whole window."""
    page = letter(pk).html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(mark_safe(page))
