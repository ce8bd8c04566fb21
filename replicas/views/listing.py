"""The search over listed replicas."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from agencies.views.viewer import ViewerRequest
from replicas.access.listing import page_of
from replicas.access.listing_counts import counts_of
from replicas.access.replicas import may_see_listing
from replicas.access.suggesting import meant, suggestions
from replicas.forms.listing import ListingForm
from replicas.rules.listing import MOST_TYPED, capped
from replicas.views.permitted import terms_asked


@login_required
@require_safe
def replicas(request: ViewerRequest) -> HttpResponse:
    """Everything about the search is in the address; it works the same without JavaScript."""
    desk = request.desk
    if not may_see_listing(request.user):
        raise Http404
    today = timezone.localdate()
    form = ListingForm(request.GET, today=today)
    filters, query, day = form.filters(), request.GET.copy(), None
    if form.by_day:
        day = _day_of(request.GET.get("day", ""), today)
        query["day"] = day.isoformat()
    asked = terms_asked(request, today=today)
    page = page_of(filters, day=day, today=today, query=query, also=asked.also)
    counts = counts_of(filters, today=today, also=asked.also)
    shown: dict[str, Any] = {
        "form": form,
        "page": page,
        "facets": form.facets(counts),
        "pills": [*form.pills(counts), *asked.pills],
        "asked": asked,
        "refused": asked.refused(filters, today),
        "ways": form.ways(counts),
        "total": counts.total,
        "total_words": capped(counts.total),
        "orders": form.reordered(),
        "day": day,
        "meant": (instead := "" if counts.total else meant(filters.q)),
        "meant_url": form.meaning(instead),
        "ask_url": reverse("request-compose") if desk.kind == "casting" else "",
        "list_url": reverse("shortlist-add") if desk.kind == "casting" else "",
        "list_all_url": f"{reverse('shortlist-add')}?{_all_of(query)}",
        "crowd_url": f"{reverse('crowd-new')}?{_all_of(query)}",
    }
    return render(request, "replicas/listing.html", shown)


def _all_of(query: QueryDict) -> str:
    """The search in the address, asked for as a whole."""
    whole = query.copy()
    for name in ("page", "day"):
        whole.pop(name, None)
    whole["all"] = "1"
    return whole.urlencode()


@login_required
@require_safe
def replicas_suggest(request: ViewerRequest) -> HttpResponse:
    """What the words typed so far may become: names and skills of what is listed, as options."""
    if not may_see_listing(request.user):
        raise Http404
    offered = suggestions(request.GET.get("q", "")[:MOST_TYPED])
    return render(request, "replicas/listing_suggestions.html", {"offered": offered})


def _day_of(text: str, today: date) -> date:
    """The day whose shuffle is being read: today's, or yesterday's for who pages on past midnight."""
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    return asked if asked and today - timedelta(days=1) <= asked <= today else today
