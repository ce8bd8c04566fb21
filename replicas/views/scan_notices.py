"""The house's side of announced scans: the list, the board, changing, calling off, recording as done."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import may_act_for
from agencies.views.viewer import ViewerRequest
from replicas.access.scan_notices import drafts_of, get_notice, notices_of
from replicas.access.scan_pages import SHELVES, counts_of, in_words, scans_on_board, strike_on, to_record
from replicas.actions.scan_drafts import begin
from replicas.actions.scan_notices import call_off as call_off_scan
from replicas.actions.scan_records import Record, perform
from replicas.forms.scan_notices import AnnounceForm, CallOffForm, RecordForm
from replicas.models import ScanNotice
from replicas.rules.announcing import fact_groups
from replicas.rules.scan_words import FEW
from replicas.rules.scanning import NOT_AVAILABLE
from replicas.rules.striking import blocked_words

PAGE, PEOPLE = 20, 50
DRAFTS = 10


@login_required
@require_safe
def notices(request: ViewerRequest) -> HttpResponse:
    """What the desk's house has announced, the latest first, each with where its people stand in words."""
    at = timezone.now()
    rows = notices_of(request.desk).select_related("project", "call_off")
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    counts = counts_of(page.items, at=at)
    shown = {
        "page": page,
        "items": [(notice, in_words(counts[notice.pk]), counts[notice.pk].total()) for notice in page.items],
        "drafts": list(drafts_of(request.desk).select_related("created_by").order_by("-id")[:DRAFTS]),
        "at": at,
    }
    return render(request, "replicas/scan_notices.html", shown)


@login_required
@require_safe
def board(request: ViewerRequest, ref: str) -> HttpResponse:
    """One announcement and everybody it went to, as the house may know them."""
    at = timezone.now()
    found = get_notice(request.user, ref, at=at)
    strike = strike_on(found, found, at=at)
    shelf = request.GET.get("state", "")
    if shelf not in dict(SHELVES):
        raise Http404
    counts = counts_of([found], at=at)[found.pk]
    page = keyset_page(scans_on_board(found, shelf, at=at), order=("id",), size=PEOPLE, query=request.GET)
    shown = {
        "notice": found,
        "announcement": found.announcement,
        "groups": fact_groups(found.announcement),
        "page": page,
        "rows": [(scan, scan.seen_by_house(at)) for scan in page.items],
        "words": in_words(counts),
        "total": counts.total(),
        "tabs": [(key, label, _number(key, counts.total(), counts[key])) for key, label in SHELVES],
        "shelf": shelf,
        "history": timeline(found.subject, side="licensee"),
        "at": at,
        "over": at >= found.scan_at,
        "strike": strike,
        "strike_words": blocked_words(strike.value, at=at, zone=request.user.zone) if strike else "",
        **_offered(request, found),
    }
    return render(request, "replicas/scan_board.html", shown)


def _number(key: str, total: int, count: int) -> int | None:
    """A tab's count. Fewer than five who are not available are not counted (rule R20)."""
    if not key:
        return total
    return None if key == NOT_AVAILABLE and count < FEW else count


def _offered(request: ViewerRequest, found: ScanNotice) -> dict[str, bool]:
    """What the board offers. The actions ask again."""
    present = getattr(found, "superseded_by", None) is None and getattr(found, "call_off", None) is None
    acts = may_act_for(request.user, found.organization_id)
    before = timezone.now() < found.scan_at
    return {
        "present": present,
        "may_act": acts,
        "may_change": present and before,
        "may_call_off": acts and present,
        "may_record": acts and not before,
    }


@login_required
@require_POST
@once_per_form
def change(request: ViewerRequest, ref: str) -> HttpResponse:
    """Begins a changed version, filled in as it stands; it takes the old one's place when it is announced."""
    found = get_notice(request.user, ref)
    values = AnnounceForm.draft_of(found.announcement, found.project)
    made = begin(organization=found.organization, values=values, supersedes=found, by=request.user, at=timezone.now())
    return see_other(made)


@login_required
@once_per_form
def call_off(request: ViewerRequest, ref: str) -> HttpResponse:
    """The confirm page of calling a scan off."""
    found = get_notice(request.user, ref)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            call_off_scan(found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Called off. Everybody who had not said no is being told now.")
            return see_other(found)
    return render(request, "replicas/scan_call_off.html", {"notice": found, "form": form})


@login_required
@once_per_form
def record(request: ViewerRequest, ref: str) -> HttpResponse:
    """Recording that people were scanned, with what it takes to find a breach."""
    found, at = get_notice(request.user, ref), timezone.now()
    scans = list(to_record(found))
    agreed = [scan for scan in scans if scan.has_agreed]
    announcement = found.announcement
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        scans=scans,
        announcement=announcement,
        at=at,
        chosen=[scan.ref for scan in agreed] if "agreed" in request.GET else request.GET.getlist("person"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = perform(form.chosen(), done=_record(form), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, f"Recorded. {len(done)} {'person is' if len(done) == 1 else 'people are'} being told."
            )
            return see_other(found)
    early = found.scan_at - at if at < found.scan_at else timedelta(0)
    shown = {"notice": found, "announcement": announcement, "form": form, "scans": scans, "early": early}
    shown["agreed"] = len(agreed)
    return render(request, "replicas/scan_record.html", shown)


def _record(form: RecordForm) -> Record:
    values = form.cleaned_data
    return Record(
        performed_at=values["performed_at"],
        place=values["place"],
        purpose=values["purpose"],
        custodian=values["custodian"],
        custody_place=values["custody_place"],
        kept_until=values["kept_until"],
        files=form.rows,
    )
