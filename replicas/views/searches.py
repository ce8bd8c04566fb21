"""Searches a person keeps: the list, saving one, another name, letters on and off, deleting."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access.keyset import keyset_page
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.listing_counts import counts_of
from replicas.access.searches import get_search, house_of, searches_of
from replicas.actions import searches as acts
from replicas.forms.listing import ListingForm
from replicas.forms.permitted import TermsForm, terms_words
from replicas.forms.searches import NewSearchForm, SearchForm

PAGE = 30
NOT_KEPT = ("page", "day", "csrfmiddlewaretoken", "form_key")


@login_required
@require_safe
def searches(request: ViewerRequest) -> HttpResponse:
    rows = searches_of(request.desk, request.user)
    page = keyset_page(rows, order=("name", "id"), size=PAGE, query=request.GET)
    return render(request, "replicas/searches.html", {"page": page, "house": request.desk.organization})


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """The search to keep stands in the address on the way here, and in the form on the way back."""
    house = house_of(request.desk)
    posted = request.method == "POST"
    query = QueryDict(request.POST.get("query", "")[:2000] if posted else request.GET.urlencode())
    kept, said = _kept(query), _said(query, timezone.localdate())
    form = NewSearchForm(request.POST if posted else None, initial={"query": kept.urlencode(), "alert": True})
    if posted and form.is_valid():
        listing, terms = ListingForm(kept, today=timezone.localdate()), TermsForm(kept)
        try:
            search = acts.save_search(
                organization=house,
                name=form.cleaned_data["name"],
                query=kept.urlencode(),
                filters=listing.filters(),
                terms=terms.terms(),
                said=said,
                alert=form.cleaned_data["alert"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            told = " You get a letter when somebody new fits." if search.alert else ""
            messages.success(request, f"“{search.name}” is kept.{told}")
            return see_other("searches")
    return render(request, "replicas/search_new.html", {"form": form, "said": said, "query": kept.urlencode()})


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ViewerRequest, ref: str) -> HttpResponse:
    search = get_search(request.user, ref)
    posted = request.POST if request.method == "POST" else None
    form = SearchForm(posted, initial={"name": search.name, "alert": search.alert})
    if posted is not None and form.is_valid():
        try:
            acts.change_search(search, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return see_other("searches")
    return render(request, "replicas/search_edit.html", {"form": form, "search": search})


@login_required
@require_POST
def delete(request: ViewerRequest, ref: str) -> HttpResponse:
    search = get_search(request.user, ref)
    acts.delete_search(search, by=request.user, at=timezone.now())
    messages.success(request, f"“{search.name}” is deleted. Nobody else had it.")
    return see_other("searches")


def _kept(query: QueryDict) -> QueryDict:
    """The address of a search without the place one has come to in it."""
    kept = query.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept


def _said(query: QueryDict, today: date) -> list[str]:
    """What is looked for, in the words of the search's own page."""
    listing, terms = ListingForm(query, today=today), TermsForm(query).terms()
    said = [pill.label for pill in listing.pills(counts_of(listing.filters(), today=today))]
    return [*said, terms_words(terms)] if terms else said
