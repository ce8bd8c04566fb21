"""The roster of an agency, an actor's agencies, and the bond between the two."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.models import ActorProfile
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import desks_of
from agencies.access.invitations import invitation_path
from agencies.access.organizations import agencies_named, agency_to_ask, seat_of
from agencies.access.representations import (
    ORDER,
    actor_of,
    agencies_of,
    get_representation,
    roster_counts,
    roster_of,
    sides_in_representation,
)
from agencies.actions import representations as actions
from agencies.forms.representations import AskAgencyForm, EndForm, InviteActorForm
from agencies.models import Representation
from agencies.rules.bonds import BondSide
from agencies.rules.organizations import OrganizationKind
from agencies.views.viewer import ViewerRequest

PAGE, MOST_FOUND = 50, 20
TABS = [
    ("", "On the roster"),
    ("active", "Active"),
    ("asked", "Asking you"),
    ("invited", "Invited"),
    ("former", "Former"),
]
Numbers = Callable[[Sequence[int]], Mapping[int, Any]]


def roster_page(request: ViewerRequest, slug: str, numbers: Numbers) -> HttpResponse:
    """The roster with the figures ``numbers`` knows of each actor (by actor id), for the apps above this one."""
    seat = seat_of(request.user, slug, kind=OrganizationKind.AGENCY)
    at = timezone.now()
    shelf, words = request.GET.get("state", ""), request.GET.get("q", "")[:100]
    rows = roster_of(seat.organization, shelf=shelf, words=words)
    page = keyset_page(rows, order=ORDER, size=PAGE, query=request.GET)
    running = [row.actor_id for row in page.items if row.state == "active" and row.actor_id]
    known = numbers(running) if running else {}
    lines = [{"bond": row, "expired": row.expired(at), "numbers": known.get(row.actor_id or 0)} for row in page.items]
    counts = roster_counts(seat.organization)
    tabs = [(name, label, counts[name]) for name, label in TABS]
    shown = {"seat": seat, "agency": seat.organization, "lines": lines, "page": page, "tabs": tabs, "counts": counts}
    return render(request, "agencies/roster.html", {**shown, "shelf": shelf, "words": words, "at": at})


@login_required
@once_per_form
def invite(request: ViewerRequest, slug: str) -> HttpResponse:
    seat = seat_of(request.user, slug, kind=OrganizationKind.AGENCY)
    form = InviteActorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            bond = actions.invite(seat.organization, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"An invitation is on its way to {bond.email}. It is good for 14 days.")
            return see_other("roster", slug)
    return render(request, "agencies/roster_invite.html", {"form": form, "seat": seat, "agency": seat.organization})


@login_required
@require_safe
def representation(request: ViewerRequest, pk: int) -> HttpResponse:
    """The bond between one actor and one agency: where it stands, who did what, and what can be done now."""
    bond = get_representation(request.user, pk)
    return render(request, "agencies/representation.html", _shown(request, bond))


@login_required
@once_per_form
def end(request: ViewerRequest, pk: int) -> HttpResponse:
    """One confirm page with the consequences in words; the POST ends it now."""
    bond = get_representation(request.user, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(bond, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{bond.agency} no longer represents {bond.name}.")
            return _back(request, bond)
    return render(request, "agencies/representation_end.html", {**_shown(request, bond), "form": form})


@login_required
@require_POST
@once_per_form
def confirm(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.accept, "{agency} represents {name} now.")


@login_required
@require_POST
@once_per_form
def decline(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.decline, "Declined. The other side has been told.")


@login_required
@require_POST
@once_per_form
def withdraw(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.withdraw, "It is taken back.")


@login_required
@require_POST
@once_per_form
def resend(request: ViewerRequest, pk: int) -> HttpResponse:
    return _move(request, pk, actions.resend, "The invitation went out again. Earlier links stopped.")


@login_required
@require_safe
def my_agencies(request: ViewerRequest) -> HttpResponse:
    """An actor's agencies, the letters that wait for an answer, and agencies to ask."""
    actor, words = _actor(request), request.GET.get("q", "")[:100]
    mine = agencies_of(request.user, actor, at=timezone.now())
    waiting = [(bond, invitation_path(bond)) for bond in mine.waiting]
    found = agencies_named(words)[:MOST_FOUND]
    shown = {"actor": actor, "mine": mine, "waiting": waiting, "words": words, "found": found}
    return render(request, "agencies/my_agencies.html", shown)


@login_required
@once_per_form
def ask(request: ViewerRequest, slug: str) -> HttpResponse:
    """An actor asks one agency to represent them."""
    agency = agency_to_ask(slug)
    form = AskAgencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(agency, **form.cleaned_data, ward=_ward(request), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{agency} has your question. You hear from us when they answer.")
            return see_other("my-agencies")
    shown = {"form": form, "agency": agency, "actor": _actor(request)}
    return render(request, "agencies/ask_agency.html", shown)


def _ward(request: ViewerRequest) -> ActorProfile | None:
    """Whom the person answers for at the desk they sit at, if it is a guardian's."""
    return request.desk.actor if request.desk.for_ward else None


def _actor(request: ViewerRequest) -> ActorProfile | None:
    return _ward(request) or actor_of(request.user)


def _shown(request: ViewerRequest, bond: Representation) -> dict[str, object]:
    sides = sides_in_representation(request.user, bond)
    opener = BondSide.PERSON if bond.asked_by_actor else BondSide.HOUSE
    is_actor = _of_own_side(request, bond)
    return {
        "bond": bond,
        "agency": bond.agency,
        "is_actor": is_actor,
        "may_answer": bond.state == "invited" and bool(sides - {opener}) and bond.asked_by_actor,
        "may_withdraw": bond.state == "invited" and opener in sides,
        "may_end": bond.state == "active" and bool(sides),
        "expired": bond.expired(timezone.now()),
        "history": timeline(bond.subject, side="actor" if is_actor else "agency"),
    }


def _move(request: ViewerRequest, pk: int, action: Callable[..., Representation], done: str) -> HttpResponse:
    bond = get_representation(request.user, pk)
    try:
        bond = action(bond, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done.format(agency=bond.agency, name=bond.name))
    return _back(request, bond)


def _back(request: ViewerRequest, bond: Representation) -> HttpResponse:
    """To the viewer's own list: the roster for the agency's people, the agencies for the actor."""
    if _of_own_side(request, bond) and request.desk.kind != "agency":
        return see_other("my-agencies")
    return see_other("roster", bond.agency.slug)


def _of_own_side(request: ViewerRequest, bond: Representation) -> bool:
    """Whether the viewer is the actor, or a guardian of theirs."""
    return any(desk.actor and desk.actor.pk == bond.actor_id for desk in desks_of(request.user))
