"""The page behind an invitation's link. Looking changes nothing; only the owner of the address can answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActorProfile
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import Desk
from agencies.access.invitations import Invitation, owns_address, read_invitation
from agencies.access.representations import actor_of
from agencies.actions import representations, teams
from agencies.forms.guardians import AcceptForm
from agencies.forms.invitations import NewActorForm
from agencies.models import Guardianship, Membership, Representation
from agencies.rules.bonds import Standing
from agencies.rules.organizations import ROLE_MEANS, Role
from agencies.views import guardians


@once_per_form
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, to what, what it means, and the two answers of equal weight."""
    found = read_invitation(token, at=timezone.now())
    if request.method == "POST" and not request.user.is_authenticated:
        return see_other(f"{reverse('account_login')}?next={request.path}")
    if not request.user.is_authenticated and found.standing is Standing.OPEN:
        request.session["invitation"] = request.path
    form, refused = _form(request, found), ""
    declined = request.POST.get("answer") == "decline"
    if request.method == "POST" and (declined or form is None or form.is_valid()):
        try:
            return _decline(request, found) if declined else _accept(request, found, form)
        except Refused as refusal:
            refused, found = refusal.sentence, read_invitation(token, at=timezone.now())
    shown = {**_for_viewer(request.user, found), "invitation": found, "bond": found.bond}
    shown |= {"refused": refused, "form": form}
    if isinstance(found.bond, Guardianship):
        return render(request, "agencies/guardian_invitation.html", {**shown, "young": found.bond.actor})
    return render(request, "agencies/invitation.html", {**shown, "house": found.bond.house})


def _form(request: HttpRequest, found: Invitation) -> NewActorForm | AcceptForm | None:
    """What is asked of a guardian, and of somebody who is no actor yet; nothing of everybody else."""
    if isinstance(found.bond, Guardianship):
        return guardians.form_for(request, found)
    if isinstance(found.bond, Membership) or not request.user.is_authenticated:
        return None
    if _ward(request) or actor_of(request.user):
        return None
    accepting = request.POST.get("answer") == "accept"
    return NewActorForm(request.POST if accepting else None, initial={"stage_name": found.bond.invited_name})


def _ward(request: HttpRequest) -> ActorProfile | None:
    """Whom a guardian at their ward's desk answers for."""
    desk: Desk = request.desk  # type: ignore[attr-defined]  # the middleware set it
    return desk.actor if desk.for_ward else None


def _for_viewer(user: Any, found: Invitation) -> dict[str, object]:
    mine = user.is_authenticated and owns_address(user, found.bond.email)
    means = ROLE_MEANS[Role(found.bond.role)] if isinstance(found.bond, Membership) else ""
    return {"standing": found.standing.value, "mine": mine, "role_means": means}


def _accept(request: HttpRequest, found: Invitation, form: NewActorForm | AcceptForm | None) -> HttpResponse:
    """Raises Refused when the answer comes too late, comes twice, or is not this person's to give."""
    person: Any = request.user
    if request.POST.get("answer") != "accept":
        raise Refused("no-answer", "Choose Accept or Decline.")
    _check_link(found)
    if isinstance(found.bond, Guardianship):
        request.session.pop("invitation", None)
        return guardians.answer(request, found.bond, form if isinstance(form, AcceptForm) else None, declined=False)
    house = found.bond.house
    if isinstance(found.bond, Membership):
        teams.accept(found.bond, by=person, at=timezone.now())
        request.session["desk"] = house.slug
        messages.success(request, f"Welcome to {house}.")
    else:
        new = dict(form.cleaned_data) if form else {}
        new["ward"] = _ward(request)
        representations.accept(found.bond, **new, by=person, at=timezone.now())
        messages.success(request, f"{house} represents you now. They see your requests; only you say yes.")
    request.session.pop("invitation", None)
    return see_other("team", house.slug) if found.is_team else see_other("my-agencies")


def _decline(request: HttpRequest, found: Invitation) -> HttpResponse:
    person: Any = request.user
    _check_link(found)
    request.session.pop("invitation", None)
    if isinstance(found.bond, Guardianship):
        return guardians.answer(request, found.bond, None, declined=True)
    if isinstance(found.bond, Representation):
        representations.decline(found.bond, by=person, at=timezone.now())
    else:
        teams.decline(found.bond, by=person, at=timezone.now())
    messages.success(request, f"You declined. {found.bond.house} has been told.")
    return see_other("/")


def _check_link(found: Invitation) -> None:
    """A link that a newer letter replaced opens nothing, whoever holds it."""
    if found.standing is Standing.REPLACED:
        raise Refused("replaced", "A newer letter replaced this one. Use the link in it.", subject=found.bond.subject)
