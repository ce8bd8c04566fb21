"""A house's own lists: what is on them, in which order, with which tags and notes."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.keyset import keyset_page
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.shortlists import (
    counts_of,
    entries_of,
    get_entry,
    get_shortlist,
    line_of,
    may_give_out,
    shares_of,
    shortlists_of,
)
from replicas.actions import shortlists as acts
from replicas.forms.shortlists import EntryForm, ShortlistForm
from replicas.models import Shortlist, ShortlistEntry
from replicas.rules.register import safe_cell
from replicas.rules.shortlists import COLUMNS, DEFAULT_TAGS, MOST_COMPARED, TAGS, as_row, compared, side_by_side

PAGE = 50
BOM = "\ufeff"  # Excel reads UTF-8 only where this stands first
MOVES = {"up": "One up.", "down": "One down.", "first": "First now.", "last": "Last now."}


@login_required
@require_safe
def shortlists(request: ViewerRequest) -> HttpResponse:
    """The house's lists, newest first."""
    page = keyset_page(shortlists_of(request.desk), order=("-id",), size=PAGE, query=request.GET)
    return render(request, "replicas/shortlists.html", {"page": page})


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Anybody of the house begins a list, assistants too: it is preparation."""
    newest = shortlists_of(request.desk).order_by("-id").first()
    house = request.desk.organization
    if house is None:
        raise Http404
    tags = newest.tags if newest else DEFAULT_TAGS
    form = ShortlistForm(_posted(request), initial={f"tag_{number}": name for number, name in enumerate(tags, 1)})
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.create_shortlist(organization=house, **_said(form), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{made.title} is here as {made.ref}. Now find whom to put on it.")
            return see_other(made)
    return render(request, "replicas/shortlist_form.html", {"form": form, "house": house})


@login_required
@require_safe
def shortlist(request: ViewerRequest, ref: str) -> HttpResponse:
    """The list in its order, all of it or one tag; the tag is in the address."""
    found, at = get_shortlist(request.user, ref), timezone.now()
    counts = counts_of(found)
    tag = _tag(request.GET.get("tag", ""))
    rows = entries_of(found, tag=tag)
    page = keyset_page(rows, order=("position", "id"), size=PAGE, query=request.GET)
    shown: dict[str, Any] = {
        "shortlist": found,
        "page": page,
        "rows": [_row(found, entry) for entry in page.items],
        "total": counts.total,
        "tabs": [(tag_, name, number) for tag_, name in found.named_tags if (number := counts.with_tag[tag_ - 1])],
        "tag": tag,
        "silent": counts.silent,
        "links": shares_of(found, at=at).count(),
        "may_share": may_give_out(request.user, found),
        "most_compared": MOST_COMPARED,
    }
    return render(request, "replicas/shortlist.html", shown)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ViewerRequest, ref: str) -> HttpResponse:
    """Another title, another purpose, other names of tags."""
    found = get_shortlist(request.user, ref)
    form = ShortlistForm(_posted(request), initial=ShortlistForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_shortlist(found, **_said(form), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return see_other(found)
    return render(request, "replicas/shortlist_form.html", {"form": form, "shortlist": found})


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: ViewerRequest, ref: str) -> HttpResponse:
    """Throws the list away, after saying what goes with it."""
    found, refused = get_shortlist(request.user, ref), ""
    if request.method == "POST":
        try:
            acts.delete_shortlist(found, by=request.user, at=timezone.now())
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"{found.title} is deleted.")
            return see_other("shortlists")
    links = shares_of(found, at=timezone.now()).count()
    shown = {"shortlist": found, "total": counts_of(found).total, "links": links, "refused": refused}
    return render(request, "replicas/shortlist_delete.html", shown)


@login_required
@require_POST
def entry(request: ViewerRequest, ref: str, entry_id: int) -> HttpResponse:
    """One entry: its tags and note, its place, or off the list. Answers htmx with the row alone."""
    found = get_shortlist(request.user, ref)
    row, at = get_entry(found, entry_id), timezone.now()
    form = EntryForm(request.POST, tags=found.named_tags, auto_id=f"id_%s_{row.pk}")
    where = request.POST.get("move", "")
    try:
        if "remove" in request.POST:
            acts.remove_entry(row, by=request.user, at=at)
            messages.success(request, f"{row.replica.actor} is off the list.")
            return see_other(found)
        if where in MOVES:
            acts.move_entry(row, where=where, by=request.user, at=at)
            messages.success(request, f"{row.replica.actor}: {MOVES[where]}")
        elif form.is_valid():
            note = row.note if "inline" in request.POST else form.cleaned_data["note"]  # a card has tags alone
            acts.change_entry(row, tags=form.cleaned_data["tags"], note=note, by=request.user, at=at)
            if request.headers.get("HX-Request"):
                return _saved(request, found, row.pk)
            messages.success(request, "Saved.")
        else:
            wrong = {"row": {"entry": row, "form": form}, "shortlist": found, "alone": True}
            return render(request, "replicas/shortlist_entry.html", wrong)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return see_other(f"{found.get_absolute_url()}#entry-{row.pk}")


def _saved(request: ViewerRequest, found: Shortlist, entry_id: int) -> HttpResponse:
    """The row for the list's page, or what stands in a card of the search."""
    row = _row(found, get_entry(found, entry_id))
    if "inline" in request.POST:
        shown = {"entry": row["entry"], "shortlist": found, "form": row["form"], "saved": True}
        return render(request, "replicas/shortlist_inline.html", shown)
    return render(request, "replicas/shortlist_row.html", {"row": row, "shortlist": found, "saved": True})


@login_required
@require_POST
def tidy(request: ViewerRequest, ref: str) -> HttpResponse:
    """Takes off what is not listed any more."""
    found = get_shortlist(request.user, ref)
    try:
        count = acts.remove_silent(found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{count:,} {'is' if count == 1 else 'are'} off the list.")
    return see_other(found)


@login_required
@require_safe
def compare(request: ViewerRequest, ref: str) -> HttpResponse:
    """Up to four side by side; which ones is in the address."""
    found = get_shortlist(request.user, ref)
    wanted, more = compared(request.GET.getlist("r"))
    entries = list(entries_of(found).filter(replica__ref__in=wanted).order_by("position", "id"))
    lines = [line_of(each, found) for each in entries]
    shown = {
        "shortlist": found,
        "pairs": list(zip(entries, lines, strict=True)),
        "table": side_by_side(lines),
        "more": more,
        "gone": len(wanted) - len(entries),
        "most": MOST_COMPARED,
    }
    return render(request, "replicas/shortlist_compare.html", shown)


@login_required
@require_safe
def export(request: ViewerRequest, ref: str) -> HttpResponse:
    """What the list shows now, as CSV. No cell is a formula, and nobody's address stands in it."""
    found = get_shortlist(request.user, ref)
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS.values())
    for each in entries_of(found).order_by("position", "id").iterator(chunk_size=500):
        row = as_row(line_of(each, found))
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
    response = HttpResponse((BOM + sheet.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shortlist-{found.ref}.csv"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _row(found: Shortlist, entry: ShortlistEntry) -> dict[str, Any]:
    """What the row of one entry shows: itself, its tags by name, and the form that changes them."""
    numbers = entry.tag_numbers
    initial = {"tags": numbers, "note": entry.note}
    form = EntryForm(tags=found.named_tags, initial=initial, auto_id=f"id_%s_{entry.pk}")
    return {"entry": entry, "tags": [name for number, name in found.named_tags if number in numbers], "form": form}


def _tag(text: str) -> int | None:
    """The number of a tag in the address; None for all. Raises Http404 for what is no tag."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:3]) <= TAGS:
        raise Http404
    return int(text)


def _said(form: ShortlistForm) -> dict[str, Any]:
    return {"title": form.cleaned_data["title"], "about": form.cleaned_data["about"], "tags": form.tags()}


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None
