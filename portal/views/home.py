"""The first page: what waits for whoever sits at this desk, or what Understudy is."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.access import Desk, deciders_of
from agencies.views.viewer import ViewerRequest
from portal.access.letters import Failed, failed_letters
from replicas.access.home import Waiting, ending_on, errands_of, load_now, waiting_on
from replicas.rules.answering import RequestState
from replicas.rules.home import opening

Page = Callable[[Desk, datetime, Any], dict[str, Any]]
Group = tuple[str, str, list[Any]]


@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    """One page for each kind of desk; each opens with the one sentence that matters."""
    desk = request.desk
    if desk.kind == "nobody":
        return render(request, "portal/home_visitor.html")
    at = timezone.now()
    template, page = PAGES[desk.kind]
    return render(request, template, {**page(desk, at, request.user.zone), "at": at})


def _actor(desk: Desk, at: datetime, zone: Any) -> dict[str, Any]:
    waiting = waiting_on(desk, at=at)
    needs = waiting[RequestState.OPEN]
    return {
        **_shared(desk, at, zone, needs),
        "waits": waiting[RequestState.COUNTERED],
        "held": waiting[RequestState.HELD],
        "nobody_decides": desk.actor is not None
        and desk.reader == "guarded"
        and not deciders_of(desk.actor, at, copies=False),
    }


def _agency(desk: Desk, at: datetime, zone: Any) -> dict[str, Any]:
    waiting = waiting_on(desk, at=at)
    needs = waiting[RequestState.OPEN]
    return {
        **_shared(desk, at, zone, needs),
        "groups": grouped(needs.rows, lambda row: (row.actor.stage_name, "")),
        "waits": waiting[RequestState.COUNTERED],
        "held": waiting[RequestState.HELD],
    }


def _casting(desk: Desk, at: datetime, zone: Any) -> dict[str, Any]:
    waiting = waiting_on(desk, at=at)
    needs, waits = waiting[RequestState.COUNTERED], waiting[RequestState.OPEN]
    return {
        **_shared(desk, at, zone, needs),
        "groups": grouped(needs.rows, _project),
        "waits": waits,
        "waits_by_project": grouped(waits.rows, _project),
        "drafts": waiting[RequestState.DRAFT],
        "held": waiting[RequestState.HELD],
    }


def _staff(desk: Desk, at: datetime, zone: Any) -> dict[str, Any]:
    failed: Failed = failed_letters()
    return {"failed": failed, "load": load_now()}


def _new(desk: Desk, at: datetime, zone: Any) -> dict[str, Any]:
    return {"errands": errands_of(desk, at=at)}


def _shared(desk: Desk, at: datetime, zone: Any, needs: Waiting) -> dict[str, Any]:
    found = errands_of(desk, at=at)
    errands = [errand for errand in found if errand.what != "crowd"]
    scans = [errand.due for errand in errands if errand.what == "scan" and errand.due]
    sentence = opening(
        desk.reader, needs.total, needs.first_due, at=at, zone=zone, scans=scans, more=len(errands) > len(scans)
    )
    asked = needs.total + len(scans)
    return {
        "opening": sentence,
        "asked": asked,
        "needs": needs,
        "errands": errands,
        "crowds": [errand for errand in found if errand.what == "crowd"],
        "ending": ending_on(desk, at=at),
    }


def _project(row: Any) -> tuple[str, str]:
    return row.project.title, row.project.get_absolute_url()


def grouped(rows: Iterable[Any], key: Callable[[Any], tuple[str, str]]) -> Sequence[Group]:
    """Rows under their heading (name and address), in the order in which each heading first comes up."""
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [(name, url, members) for (name, url), members in found.items()]


PAGES: dict[str, tuple[str, Page]] = {
    "actor": ("portal/home_actor.html", _actor),
    "agency": ("portal/home_agency.html", _agency),
    "casting": ("portal/home_casting.html", _casting),
    "staff": ("portal/home_staff.html", _staff),
    "new": ("portal/home_new.html", _new),
}
