"""Licenses for both sides: the list, the page, the PDF, revoking."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import decides_for
from agencies.views.viewer import ViewerRequest
from replicas.access.consents import has_hold_of_ones_own
from replicas.access.judging import license_judged
from replicas.access.licenses import (
    counts_by_standing,
    get_license,
    licensed_uses,
    licenses_of,
    side_of,
    standing_filter,
    with_strikes,
)
from replicas.actions.licensing import resume, revoke, suspend
from replicas.certificates import certificate, qr_svg, verify_url
from replicas.forms.licenses import LicenseMoveForm
from replicas.models import License
from replicas.rules.answering import Side
from replicas.rules.licensing import LicenseMove, LicenseState, may

PAGE = 50
TABS = [
    (LicenseState.ACTIVE, "In force"),
    (LicenseState.SCHEDULED, "Not started"),
    (LicenseState.SUSPENDED, "Suspended"),
    (LicenseState.EXPIRED, "Ended"),
    (LicenseState.REVOKED, "Revoked"),
]


@login_required
@require_safe
def licenses(request: ViewerRequest) -> HttpResponse:
    """The licenses on this desk, one tab per standing; the tab is in the address, else the first that holds any."""
    at = timezone.now()
    rows = licenses_of(request.desk)
    counts = counts_by_standing(rows, at)
    first = next((tab.value for tab, _ in TABS if counts[tab.value]), LicenseState.ACTIVE.value)
    state = request.GET.get("state", first)
    if state not in counts:
        raise Http404
    page = keyset_page(
        with_strikes(rows.filter(standing_filter(state, at)), at), order=("ends_at", "id"), size=PAGE, query=request.GET
    )
    return render(
        request,
        "replicas/licenses.html",
        {"page": page, "tabs": [(tab, label, counts[tab.value]) for tab, label in TABS], "state": state},
    )


@login_required
@require_safe
def license_page(request: ViewerRequest, ref: str) -> HttpResponse:
    at = timezone.now()
    return render(request, "replicas/license.html", _shown(request, get_license(request.user, ref, at=at), at))


ACTIONS = {
    LicenseMove.REVOKE: (revoke, "is revoked"),
    LicenseMove.SUSPEND: (suspend, "is suspended"),
    LicenseMove.RESUME: (resume, "is taken up again"),
}


@login_required
@once_per_form
def change_license(request: ViewerRequest, ref: str, move: LicenseMove) -> HttpResponse:
    """One confirm page for each move, which shows the consequences first. The performer's alone."""
    at = timezone.now()
    found = get_license(request.user, ref, at=at)
    if side_of(request.user, found) is not Side.ACTOR:
        raise Http404
    form = LicenseMoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action, outcome = ACTIONS[move]
        try:
            action(found, reason=form.cleaned_data["reason"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{found.ref} {outcome}. {found.organization} has been told.")
            return see_other(found)
    shown = {**_shown(request, found, at), "form": form, "move": move.value}
    decides = decides_for(request.user, found.actor, at)
    return render(request, "replicas/license_change.html", {**shown, "may": decides and may(move, found.standing(at))})


@login_required
@require_safe
def license_pdf(request: ViewerRequest, ref: str) -> HttpResponse:
    """The one-page certificate, always as a download."""
    found = get_license(request.user, ref, at=timezone.now())
    response = HttpResponse(certificate(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.ref}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _shown(request: ViewerRequest, found: License, at: datetime) -> dict[str, object]:
    side = side_of(request.user, found)
    standing = found.standing(at)
    decides = side is Side.ACTOR and decides_for(request.user, found.actor, at)
    to = "To you" if found.actor.user_id == request.user.pk else f"To {found.document['performer']}"
    findings, pay = license_judged(found, at=at, to=to)
    return {
        "findings": findings,
        "pay": pay,
        "license": found,
        "standing": standing,
        "side": side.value,
        "own": found.actor.user_id == request.user.pk,
        "uses": licensed_uses(found),
        "amendments": found.amended_by,
        "history": timeline(found.subject, side=side),
        "moves": [move.value for move in LicenseMove if decides and may(move, standing)],
        "may_hold_consents": standing.held and decides and has_hold_of_ones_own(found),
        "verify_url": verify_url(found.ref),
        "qr": qr_svg(found.ref),
        "at": at,
    }
