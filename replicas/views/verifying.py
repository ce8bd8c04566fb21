"""The public check of a license: no sign-in, what a stranger may know, and nothing about anybody's refusals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.limits import within_limit
from accounts.views.responses import see_other
from replicas.access.licenses import public_license
from replicas.forms.licenses import VerifyForm

PER_MINUTE = 60  # checks per address: enough for any desk, too few to try numbers


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Asks for a number and leads to its page."""
    form = VerifyForm(request.GET or None)
    if form.is_valid():
        return see_other("verify-license", form.cleaned_data["ref"])
    return render(request, "replicas/verify.html", {"form": form})


@require_safe
def verify_license(request: HttpRequest, ref: str) -> HttpResponse:
    """Real or not, in force or not and why. Never cached: a revocation shows in the next answer."""
    if not within_limit("verify", request, per_minute=PER_MINUTE):
        return _fresh(render(request, "429.html", status=429))
    found = public_license(ref, at=timezone.now())
    form = VerifyForm(initial={"ref": ref[:40]})
    page = render(
        request,
        "replicas/verify_license.html",
        {"found": found, "asked": ref[:40], "form": form},
        status=200 if found else 404,
    )
    return _fresh(page)


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
