"""Replicas: one's own, one in full, and what their actor and agency do with them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.models import ActorProfile
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.access import desks_of
from agencies.views.viewer import ViewerRequest
from replicas.access.custody import is_overdue
from replicas.access.replicas import (
    clients_of,
    get_client,
    get_replica,
    get_replica_by_link,
    is_inside,
    is_licensee,
    replicas_of,
    sides_on,
    with_picture,
    with_waiting,
)
from replicas.actions import replicas as acts
from replicas.forms.replicas import ConfirmForm, FilesForm, NewReplicaForm, ReplicaForm, VisibilityForm
from replicas.models import Replica
from replicas.rules.answering import Side
from replicas.rules.replicas import Act, may
from replicas.rules.vocabulary import KIND_MEANS, VISIBILITY_IN_SHORT, ReplicaKind, ReplicaState, Visibility

PAGE = 24
FILES_SHOWN = 50


@login_required
@require_safe
def my_replicas(request: ViewerRequest) -> HttpResponse:
    """An actor's own replicas, or those of an agency's clients."""
    desk, own = request.desk, _own_profile(request)
    if desk.kind != "agency" and own is None:
        raise Http404
    rows = with_waiting(with_picture(replicas_of(desk, request.user))).select_related("actor")
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    may_add = desk.may_act or desk.kind not in ("agency", "actor")
    return render(
        request,
        "replicas/replicas.html",
        {"page": page, "for_clients": desk.kind == "agency", "may_add": may_add},
    )


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Registering a replica of oneself, or (at an agency's desk) proposing one of a client."""
    desk, at = request.desk, timezone.now()
    clients = clients_of(desk) if desk.kind == "agency" and desk.may_act else None
    own = _own_profile(request)
    if clients is None and (own is None or desk.kind == "agency"):
        raise Http404
    form = NewReplicaForm(_posted(request), clients=clients, initial={"client": request.GET.get("client", "")})
    if request.method == "POST" and form.is_valid():
        actor = own if clients is None else get_client(desk, form.cleaned_data["client"])
        try:
            made = _register(actor, form, request, at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _registered(made))
            return see_other("replica-previews", made.ref)
    return render(request, "replicas/replica_new.html", {"form": form, "clients": clients})


def _register(actor: Any, form: NewReplicaForm, request: ViewerRequest, at: Any) -> Replica:
    visibility = form.cleaned_data["visibility"]
    return acts.register(actor=actor, facts=form.facts(), visibility=visibility, by=request.user, at=at)


def _registered(made: Replica) -> str:
    if made.state == ReplicaState.CONFIRMED:
        return f"Your {made.name} is registered as {made.ref}. Add a picture, so that people recognize it."
    return f"{made.actor} has been asked to confirm it. Nobody else sees it before that."


@login_required
@require_safe
def replica(request: ViewerRequest, ref: str) -> HttpResponse:
    found = get_replica(request.user, ref)
    return render(request, "replicas/replica.html", _shown(request, found))


@login_required
@require_safe
def by_link(request: ViewerRequest, nonce: str) -> HttpResponse:
    """The same page for who was given the link."""
    found = get_replica_by_link(request.user, nonce)
    return render(request, "replicas/replica.html", {**_shown(request, found), "link": nonce})


def _shown(request: ViewerRequest, found: Replica) -> dict[str, Any]:
    sides, inside = sides_on(request.user, found), is_inside(request.user, found)
    state = ReplicaState(found.state)
    acts_allowed = {act.name.lower(): may(act, sides=sides, state=state) for act in Act}
    return {
        "replica": found,
        "inside": inside,
        "is_actor": Side.ACTOR in sides,
        "may": acts_allowed,
        "previews": list(found.previews.all()),
        "files": list(found.files.order_by("name", "pk")[: FILES_SHOWN + 1]) if inside else [],
        "files_shown": FILES_SHOWN,
        "kind_means": KIND_MEANS[ReplicaKind(found.kind)],
        "visibility_label": Visibility(found.visibility).label,
        "visibility_means": VISIBILITY_IN_SHORT[Visibility(found.visibility)],
        "may_ask": not inside and is_licensee(request.user),
        "may_list": request.desk.kind == "casting" and Visibility(found.visibility) is Visibility.LISTED,
        "history": timeline(found.subject, side="actor") if inside else [],
        "overdue": is_overdue(found, at=timezone.now()),
    }


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ViewerRequest, ref: str) -> HttpResponse:
    """Correcting what is said about a replica."""
    found = _to_act_on(request, ref)
    form = ReplicaForm(_posted(request), initial=ReplicaForm.initial_of(acts.facts_of(found)))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change(found, facts=form.facts(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return see_other(found)
    return _with_state(request, "replicas/replica_edit.html", found, form, Act.CHANGE)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ViewerRequest, ref: str) -> HttpResponse:
    """The actor reads what their agency registered, and says yes or no to it."""
    found = _to_act_on(request, ref)
    shown, at = acts.hash_shown(found), timezone.now()
    form = ConfirmForm(_posted(request), initial={"visibility": found.visibility, "shown": shown})
    declined = "decline" in request.POST
    if request.method == "POST" and (declined or form.is_valid()):
        try:
            if declined:
                acts.decline(found, by=request.user, at=at)
            else:
                acts.confirm(found, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            form.data = {**request.POST.dict(), "shown": shown}  # what the page that comes now shows
        else:
            messages.success(request, _answered(declined))
            return see_other(found)
    return _with_state(request, "replicas/replica_confirm.html", found, form, Act.CONFIRM)


def _answered(declined: bool) -> str:
    if declined:
        return "Declined. Nobody else sees it, and your agency has been told."
    return "Confirmed. Your agency has been told."


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def visibility(request: ViewerRequest, ref: str) -> HttpResponse:
    """Listed, by link or hidden; and a new link, which closes the old one."""
    found, at = _to_act_on(request, ref), timezone.now()
    renewing = "renew" in request.POST
    form = VisibilityForm(None if renewing else _posted(request), initial={"visibility": found.visibility})
    if request.method == "POST" and (renewing or form.is_valid()):
        try:
            if renewing:
                acts.renew_link(found, by=request.user, at=at)
            else:
                acts.set_visibility(found, visibility=form.cleaned_data["visibility"], by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "There is a new link. The old one leads nowhere now." if renewing else "Saved.")
            return see_other("replica-visibility", found.ref) if renewing else see_other(found)
    link_url = request.build_absolute_uri(reverse("replica-by-link", args=[found.link_nonce]))
    return _with_state(request, "replicas/replica_visibility.html", found, form, Act.SET_VISIBILITY, link_url=link_url)


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: ViewerRequest, ref: str) -> HttpResponse:
    """Recording delivered files by their SHA-256. No file is ever sent here."""
    found = _to_act_on(request, ref)
    recorded = list(found.files.order_by("name", "pk"))
    form = FilesForm(_posted(request), known={row.sha256: row.name for row in recorded})
    if request.method == "POST" and form.is_valid():
        try:
            count = acts.record_files(found, files=form.rows, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"{count:,} {'file is' if count == 1 else 'files are'} recorded.")
            return see_other("replica-files", found.ref)
    return _with_state(request, "replicas/replica_files.html", found, form, Act.FILES, recorded=recorded)


def _to_act_on(request: ViewerRequest, ref: str) -> Replica:
    """A replica for its actor or somebody of their agency; for everybody else there is no such page."""
    found = get_replica(request.user, ref)
    if not is_inside(request.user, found):
        raise Http404
    return found


def _with_state(
    request: ViewerRequest, template: str, found: Replica, form: Any, act: Act, **more: Any
) -> HttpResponse:
    """The page of one act, with what is typed and whether it can be done now."""
    sides = sides_on(request.user, found)
    shown = {
        "replica": found,
        "form": form,
        "allowed": may(act, sides=sides, state=ReplicaState(found.state)),
        "is_actor": Side.ACTOR in sides,
        "previews": list(found.previews.all()),
        "kind_means": KIND_MEANS[ReplicaKind(found.kind)],
        **more,
    }
    return render(request, template, shown)


def _own_profile(request: ViewerRequest) -> ActorProfile | None:
    """The actor of the desk, or the one the person is, whatever desk they sit at. No query of its own."""
    return request.desk.actor or next((desk.actor for desk in desks_of(request.user) if desk.actor), None)


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None
