"""Who is asked in a crowd: taken from a search, a shortlist or a list, put in order, taken off again."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access.keyset import PARAMETER, keyset_page
from accounts.rules.refusal import Refused
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.crowds import get_crowd
from replicas.access.crowds.drafting import Found, fitting, people_count, people_in, places_listed
from replicas.access.listing import listed_ids
from replicas.access.shortlists import get_shortlist, shortlisted_replica_ids, shortlists_of
from replicas.actions.crowds.drafting import add_people, order_people, put_first, remove_people, save_crowd_draft
from replicas.forms.crowd_drafting import PeopleForm, SomeForm
from replicas.forms.crowd_plan import kept_of, needs_of, steps_shown
from replicas.forms.listing import ListingForm
from replicas.models import Crowd
from replicas.rules.crowds import MOST_PEOPLE
from replicas.rules.crowds.drafting import Order, Step
from replicas.rules.crowds.people import read_rows
from replicas.rules.listing import capped
from replicas.rules.vocabulary import Modality
from replicas.views.permitted import terms_asked

PAGE = 50
SHOWN_LEFT = 1000
USUAL = 50  # how many of a search are offered to be taken
NO_MORE = "Your search finds nobody else to add: each person is asked once, however many replicas they have."


@login_required
def people(request: ViewerRequest, ref: str) -> HttpResponse:
    """The list in the order it is asked in, and everything that adds to it. A search comes along in the address."""
    found = get_crowd(request.user, ref)
    if not found.is_draft:
        return see_other(found)
    if request.method == "POST":
        try:
            return _do(request, found)
        except Refused as refusal:
            return _page(request, get_crowd(request.user, ref), refused=refusal.sentence)
    return _page(request, found)


def _do(request: ViewerRequest, found: Crowd) -> HttpResponse:
    do, by, at = request.POST.get("do", "save"), request.user, timezone.now()
    what, _, which = do.partition("-")
    here = reverse("crowd-people", args=[found.ref])
    match what, which:
        case "add", "list":
            return _add_list(request, found)
        case "add", "search":
            return _add_search(request, found)
        case "add", "shortlist":
            shortlist = get_shortlist(by, request.POST.get("shortlist", ""))
            _take(request, found, fitting(found, shortlisted_replica_ids(shortlist), needs=needs_of(found), user=by))
        case "order", ("name" | "shuffled"):
            order_people(found, order=Order(which), by=by, at=at)
            messages.success(request, "They are asked in this order now.")
        case "clear", _:
            gone = remove_people(found, by=by, at=at)
            messages.success(request, f"{_people(gone)} taken off the list.")
        case (("first" | "remove"), ref) if ref:
            _one(request, found, what, ref)
            return see_other(f"{here}#list")
        case "forget", _:
            save_crowd_draft(found, step=Step.PEOPLE, values={"list": [""]}, by=by, at=at)
        case "next", _:
            _keep_typed(request, found)
            return see_other("crowd-preflight", found.ref)
        case _:
            _keep_typed(request, found)
            messages.success(request, "Saved. Nobody but your house can see the draft.")
    return see_other(here)


def _add_list(request: ViewerRequest, found: Crowd) -> HttpResponse:
    """Reads the list. What nobody was taken from stays in the box, each row named with what is wrong with it."""
    form = PeopleForm(request.POST, request.FILES)
    if not form.is_valid():
        _keep_typed(request, found)
        return _page(request, found, form=form)
    read = read_rows(form.cleaned_data["list"], form.cleaned_data["list_file"])
    people = people_in(found, read.rows, needs=needs_of(found), user=request.user)
    bad = sorted([*read.bad, *people.bad], key=lambda row: (row.at.of, row.at.row) if row.at else ("", 0))
    if not read.rows and not bad:
        form.add_error("list", "Write at least one address or reference, or choose a file.")
        return _page(request, found, form=form)
    _take(request, found, Found(people.ids, bad), typed="\n".join(row.text for row in bad))
    return see_other("crowd-people", found.ref)


def _add_search(request: ViewerRequest, found: Crowd) -> HttpResponse:
    """Takes some of those the search in the address finds: the first, or drawn by lot."""
    form = SomeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, some=form)
    ids, _ = _searched(request, MOST_PEOPLE)
    if form.cleaned_data["by_lot"]:
        secrets.SystemRandom().shuffle(ids)
    fit = fitting(found, ids, needs=needs_of(found), user=request.user)
    some: int = form.cleaned_data["some"]
    _take(request, found, Found(fit.ids[:some], [] if len(fit.ids) >= some else fit.bad))
    if 0 < len(fit.ids) < some:
        messages.info(request, NO_MORE)
    return see_other("crowd-people", found.ref)


def _take(request: ViewerRequest, found: Crowd, people: Found, *, typed: str | None = None) -> None:
    """Puts them on the list and keeps what is wrong with the others. ``typed`` is what stays in the box."""
    by, at = request.user, timezone.now()
    added = add_people(found, replica_ids=people.ids, by=by, at=at) if people.ids else 0
    before = found.draft.get(Step.PEOPLE, {})
    values = {**before, "left": [row.sentence for row in people.bad]}
    if typed is not None:
        values["list"] = [typed]
    save_crowd_draft(found, step=Step.PEOPLE, values=values, by=by, at=at)
    if added or not people.bad:
        messages.success(request, f"{_people(added)} added." if added else "All of them were on the list already.")


def _one(request: ViewerRequest, found: Crowd, what: str, ref: str) -> None:
    by, at = request.user, timezone.now()
    if what == "first":
        done = put_first(found, ref=ref, by=by, at=at)
        words = "They are asked first now."
    else:
        done = bool(remove_people(found, refs=[ref], by=by, at=at))
        words = "Taken off the list."
    messages.success(request, words if done else "They were not on the list any more.")


def _keep_typed(request: ViewerRequest, found: Crowd) -> None:
    values = {**found.draft.get(Step.PEOPLE, {}), **PeopleForm.data_of(request.POST)}
    save_crowd_draft(found, step=Step.PEOPLE, values=values, by=request.user, at=timezone.now())


def _page(
    request: ViewerRequest,
    found: Crowd,
    *,
    form: PeopleForm | None = None,
    some: SomeForm | None = None,
    refused: str = "",
) -> HttpResponse:
    at, kept = timezone.now(), found.draft.get(Step.PEOPLE, {})
    left = kept.get("left", [])
    number = people_count(found)
    kept_whole = kept_of(found, people=number, zone=request.user.zone, at=at)
    page = keyset_page(places_listed(found), order=("rank", "id"), size=PAGE, query=_paging(request))
    shown: dict[str, Any] = {
        "crowd": found,
        "step": Step.PEOPLE,
        "steps": steps_shown(kept_whole),
        "asked_first": kept_whole.deadline.asked_first,
        "form": form or PeopleForm(initial=PeopleForm.initial_of(kept)),
        "people": number,
        "page": page,
        "left": left[:SHOWN_LEFT],
        "left_number": len(left),
        "more_left": len(left) - SHOWN_LEFT,
        "shortlists": shortlists_of(request.desk) if request.desk.organization == found.organization else [],
        "chosen_shortlist": request.GET.get("shortlist", ""),
        "needs": [Modality(need).label.lower() for need in needs_of(found)],
        "refused": refused,
        **_search(request, some),
    }
    return render(request, "replicas/crowd_people.html", shown)


def _search(request: ViewerRequest, some: SomeForm | None) -> dict[str, Any]:
    """What a search in the address finds, if there is one."""
    if not set(request.GET) - {PARAMETER, "shortlist"}:
        return {}
    ids, why_not = _searched(request, MOST_PEOPLE + 1)
    form = some or SomeForm(initial={"some": min(len(ids), USUAL)})
    search = request.GET.urlencode()
    return {"search": search, "fit": capped(len(ids)), "fits": len(ids), "some": form, "why_not": why_not}


def _searched(request: ViewerRequest, limit: int) -> tuple[list[int], str]:
    """The first replicas of the search in the address, and why its terms could not be asked, if they could not."""
    today = timezone.localdate()
    asked = terms_asked(request, today=today)
    filters = ListingForm(request.GET, today=today).filters()
    return listed_ids(filters, limit, today=today, also=asked.also), asked.why_not


def _paging(request: ViewerRequest) -> Any:
    query = request.GET.copy()
    for name in set(query) - {PARAMETER}:
        query.pop(name)
    return query


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
