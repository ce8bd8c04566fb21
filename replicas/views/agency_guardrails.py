"""What an agency's actors start from: its owners set it, its people read it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access.keyset import keyset_page
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access.organizations import seat_of
from agencies.models import Organization
from agencies.rules.organizations import OrganizationKind
from agencies.views.viewer import ViewerRequest
from replicas.access.guardrails import agency_in_force, agency_versions_of, clients_of
from replicas.actions.guardrails import set_agency_guardrails
from replicas.forms.guardrails import GuardrailsForm
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.merging import NOTHING
from replicas.rules.guardrails.words import changes, inherited_words
from replicas.views.guardrails import CONFLICT, PAGE, seen_number

NOT_YOURS = 403


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def agency_guardrails(request: ViewerRequest, slug: str) -> HttpResponse:
    """The default for every actor the agency represents, with its history."""
    seat = seat_of(request.user, slug, kind=OrganizationKind.AGENCY)
    agency, newest = seat.organization, agency_in_force(seat.organization_id)
    saved = newest.guardrails() if newest else NOTHING
    form = GuardrailsForm(request.POST if request.method == "POST" else None, start=saved, before=saved)
    shown: dict[str, object] = {"shown": request.POST.get("shown", newest.number if newest else 0)}
    status = 200
    if request.method == "POST" and form.is_valid():
        refusal = _save(request, agency, form)
        if refusal is None:
            return see_other("agency-guardrails", slug)
        newest = agency_in_force(agency.pk)
        status = NOT_YOURS if refusal.code == "not-yours" else CONFLICT
        shown = {"shown": newest.number if newest else 0, "refusal": refusal}
    page = keyset_page(agency_versions_of(agency.pk), order=("-number",), size=PAGE, query=request.GET)
    context = {
        "agency": agency,
        "seat": seat,
        "form": form,
        "summary": inherited_words(newest.guardrails() if newest else NOTHING),
        "newest": newest,
        "clients": clients_of(agency.pk).count(),
        "page": page,
        "versions": [(row, changes(_before(row.before), row.guardrails(), {})) for row in page.items],
        **shown,
    }
    return render(request, "replicas/agency_guardrails.html", context, status=status)


def _save(request: ViewerRequest, agency: Organization, form: GuardrailsForm) -> Refused | None:
    """Writes what was typed and says so, or gives the reason why not."""
    reason, seen = form.cleaned_data["reason"], seen_number(request.POST.get("shown", ""))
    try:
        version = set_agency_guardrails(
            agency, rules=form.rules(), reason=reason, shown=seen, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return refusal
    messages.success(request, f"Saved. Version {version.number} counts for all of your actors, who are being told.")
    return None


def _before(kept: dict[str, object] | None) -> Guardrails:
    return Guardrails.from_dict(kept) if kept else NOTHING
