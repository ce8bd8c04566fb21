"""A page sent twice does its work once: the double click, the back button, the browser's retry."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions.submissions import give_back, keep, take
from accounts.rules.refusal import Refused
from accounts.views.responses import see_other

FIELD = "form_key"
IGNORED = {FIELD, "csrfmiddlewaretoken"}
View = Callable[..., HttpResponse]


def once_per_form(view: View) -> View:
    """Runs a POST that carries a ``form_key`` at most once per person and key; the second leads where the first led.

    The key is taken in the transaction of the work itself, so that a crash between the two is impossible. A response
    that is not a redirect (the form had errors) gives the key back. The same key with other content answers 409.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            try:
                submission, fresh = take(key=key[:43], digest=_digest(request), by=request.user, at=timezone.now())
            except Refused as refusal:
                return HttpResponse(refusal.sentence, status=409, content_type="text/plain; charset=utf-8")
            if not fresh:
                return see_other(submission.location or request.path)
            response = view(request, *args, **kwargs)
            if 300 <= response.status_code < 400:
                keep(submission, location=response.headers["Location"])
            else:
                give_back(submission)
            return response

    return run


def _digest(request: HttpRequest) -> str:
    """SHA-256 over the path, the fields, and the names and sizes of files."""
    parts = [request.path]
    for name in sorted(set(request.POST) - IGNORED):
        parts += [name, *request.POST.getlist(name)]
    for name, files in sorted(request.FILES.lists()):
        parts += [name, *(f"{file.name}:{file.size}" for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
