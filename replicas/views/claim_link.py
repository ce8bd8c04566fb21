"""The page behind a letter's link: no account, one claim, one answer. Looking at it changes nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access.limits import within_limit
from accounts.rules.refusal import Refused
from replicas.access.claims import Linked, behind_link
from replicas.actions.claims import answer
from replicas.forms.claims import AnswerForm

PER_MINUTE = 60  # as for the public check: enough for any office, too few to try tokens of 256 bits
STATUS = {"unknown": 404, "expired": 410, "answered": 410, "closed": 410}


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def claim_link(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what the letter said and takes the answer. A used, old or unknown link gets a page saying whom to ask."""
    if not within_limit("claim-link", request, per_minute=PER_MINUTE):
        return _private(render(request, "429.html", status=429))
    at = timezone.now()
    found = behind_link(token, at=at)
    if found.standing != "open" or found.claim is None:
        return _over(request, found)
    claim = found.claim
    today = at.astimezone(claim.actor.user.zone).date()
    form = AnswerForm(request.POST if request.method == "POST" else None, today=today, by_link=True)
    if request.method == "POST" and form.is_valid():
        try:
            who = form.cleaned_data["by_label"]
            answer(claim, answer=form.answer(), by=None, by_label=who, token=token, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            thanks = {"ref": claim.ref, "actor": claim.actor.stage_name}
            return _private(render(request, "replicas/claim_link_thanks.html", thanks))
    shown = {"letter": claim.letter_text, "ref": claim.ref, "actor": claim.actor.stage_name, "form": form}
    shown["dispute"] = claim.messages.order_by("-round_number").first()
    return _private(render(request, "replicas/claim_link.html", shown))


def _over(request: HttpRequest, found: Linked) -> HttpResponse:
    shown = {"standing": found.standing, "ref": found.claim.ref if found.claim else "", "desk_mail": _desk_address()}
    return _private(render(request, "replicas/claim_link_over.html", shown, status=STATUS[found.standing]))


def _desk_address() -> str:
    """The address letters come from, without the name before it."""
    return settings.DEFAULT_FROM_EMAIL.rsplit("<", 1)[-1].rstrip(">")


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way. The referrer stays within this site for all pages; sending none would cost browsers
    the Origin header by which the form's POST is known to be ours."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
