"""Putting replicas on a list: one, from its card or its page, or all that a search finds."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.listing import listed_ids
from replicas.access.replicas import get_replica
from replicas.access.shortlists import entry_for, shortlists_of
from replicas.actions.shortlists import put_on
from replicas.forms.listing import ListingForm
from replicas.forms.shortlists import AddForm, EntryForm
from replicas.models import Replica, Shortlist
from replicas.rules.shortlists import MOST_AT_ONCE
from replicas.views.permitted import terms_asked

LISTS_OFFERED = 20


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ViewerRequest) -> HttpResponse:
    """Chooses the list for ``?replica=`` or, with ``?all=1``, for what the search in the address finds.

    htmx gets a small form for the card, and after the yes the tags of the new entry.
    """
    lists = list(shortlists_of(request.desk).order_by("-changed_at", "-id")[:LISTS_OFFERED])
    what = _all_found(request) if request.GET.get("all") else _one(request)
    if isinstance(what, HttpResponse):
        return what
    form = AddForm(_posted(request), lists=lists, initial={"back": _came_from(request)})
    inline = bool(request.headers.get("HX-Request"))
    if request.method == "POST" and form.is_valid():
        try:
            chosen, count = _put(request, form, what)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if inline and isinstance(what, Replica):
                return _tags(request, chosen, what)
            messages.success(request, _outcome(what, chosen, count))
            back = form.cleaned_data["back"]
            return see_other(back if _is_ours(request, back) else chosen)
    shown = {"form": form, "replica": what if isinstance(what, Replica) else None, **_counted(what)}
    return render(request, "replicas/shortlist_add_inline.html" if inline else "replicas/shortlist_add.html", shown)


def _one(request: ViewerRequest) -> Replica:
    return get_replica(request.user, request.GET.get("replica", ""))


def _all_found(request: ViewerRequest) -> list[int] | HttpResponse:
    """The ids that the search in the address finds, in its order, one more than are taken; back to the search where
    nobody fits or a filter can't be read."""
    today = timezone.localdate()
    search, asked = ListingForm(request.GET, today=today), terms_asked(request, today=today)
    unclear = search.errors or asked.why_not or (asked.form is not None and asked.form.errors)
    if unclear:
        return see_other(_search(request))
    ids = listed_ids(search.filters(), MOST_AT_ONCE + 1, today=today, also=asked.also)
    return ids or see_other(_search(request))


def _search(request: ViewerRequest) -> str:
    query = request.GET.copy()
    for name in ("all", "page", "day"):
        query.pop(name, None)
    return f"{reverse('replicas')}?{query.urlencode()}"


def _counted(what: Replica | list[int]) -> dict[str, Any]:
    number = 1 if isinstance(what, Replica) else len(what)
    return {"number": min(number, MOST_AT_ONCE), "more": number > MOST_AT_ONCE, "most": MOST_AT_ONCE}


def _put(request: ViewerRequest, form: AddForm, what: Replica | list[int]) -> tuple[Shortlist, int]:
    """Puts it on the chosen list, or on a new one: both or neither. Returns the list and how many are new on it."""
    house, by, at = request.desk.organization, request.user, timezone.now()
    if house is None:
        raise Http404
    ids = [what.pk] if isinstance(what, Replica) else what[:MOST_AT_ONCE]
    said = form.cleaned_data
    return put_on(form.chosen(), organization=house, title=said["title"], replicas=ids, note=said["note"], by=by, at=at)


def _tags(request: ViewerRequest, chosen: Shortlist, replica: Replica) -> HttpResponse:
    """What the card shows then: on which list it is, and its tags to be ticked."""
    entry = entry_for(chosen, replica)
    if entry is None:
        raise Http404
    initial = {"tags": entry.tag_numbers, "note": entry.note}
    form = EntryForm(tags=chosen.named_tags, initial=initial, auto_id=f"id_%s_{entry.pk}")
    return render(request, "replicas/shortlist_inline.html", {"entry": entry, "shortlist": chosen, "form": form})


def _outcome(what: Replica | list[int], chosen: Shortlist, count: int) -> str:
    if isinstance(what, Replica):
        return f"{what.actor} is on {chosen.title}{'' if count else ' already'}."
    there = min(len(what), MOST_AT_ONCE) - count
    before = f", {there:,} {'was' if there == 1 else 'were'} there already" if there else ""
    return f"{count:,} {'is' if count == 1 else 'are'} new on {chosen.title}{before}."


def _came_from(request: ViewerRequest) -> str:
    """The page of ours that led here, so that a search goes on where it was."""
    before = request.headers.get("Referer", "")
    return before if _is_ours(request, before) and request.path not in before else ""


def _is_ours(request: ViewerRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None
