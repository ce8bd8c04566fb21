"""Preview pictures: the page that keeps them, and the only way to one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.replicas import get_preview, get_replica, is_inside, sides_on
from replicas.actions.previews import MOST_PREVIEWS, add_preview, arrange_previews, remove_preview
from replicas.forms.previews import ArrangeForm, PreviewForm
from replicas.models import Replica
from replicas.previews import send
from replicas.rules.answering import Side
from replicas.rules.replicas import Act, may
from replicas.rules.vocabulary import ReplicaState


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def previews(request: ViewerRequest, ref: str) -> HttpResponse:
    """One picture more, another order, other captions, or one picture less."""
    found = get_replica(request.user, ref)
    if not is_inside(request.user, found):
        raise Http404
    rows = list(found.previews.all())
    adding, arranging = "add" in request.POST, "arrange" in request.POST
    form = PreviewForm(request.POST, request.FILES) if adding else PreviewForm()
    arrange = ArrangeForm(request.POST if arranging else None, previews=rows)
    if request.method == "POST":
        try:
            if done := _write(request, found, form, arrange):
                messages.success(request, done)
                return see_other("replica-previews", found.ref)
        except Refused as refusal:
            if adding:
                form.add_error(None, refusal.sentence)
            else:
                messages.error(request, refusal.sentence)
    sides = sides_on(request.user, found)
    shown = {
        "replica": found,
        "form": form,
        "arrange": arrange,
        "most": MOST_PREVIEWS,
        "full": len(rows) >= MOST_PREVIEWS,
        "is_actor": Side.ACTOR in sides,
        "allowed": may(Act.PREVIEWS, sides=sides, state=ReplicaState(found.state)),
    }
    return render(request, "replicas/replica_previews.html", shown)


def _write(request: ViewerRequest, found: Replica, form: PreviewForm, arrange: ArrangeForm) -> str:
    """What the pressed button stands for; says what was done, or nothing when the form has errors."""
    by, at = request.user, timezone.now()
    if "add" in request.POST:
        if not form.is_valid():
            return ""
        add_preview(found, picture=form.rendered, caption=form.cleaned_data["caption"], by=by, at=at)
        return "The picture is here."
    if "arrange" in request.POST:
        if not arrange.is_valid():
            return ""
        arrange_previews(found, order=arrange.order(), captions=arrange.captions(), by=by, at=at)
        return "Saved."
    key = request.POST.get("remove", "")
    chosen = next((row for row in arrange.previews if row.key == key), None)
    if chosen is None:
        raise Refused("already-removed", "This picture is not here any more.", subject=found.subject)
    remove_preview(chosen, by=by, at=at)
    return "The picture is gone."


@login_required
@require_safe
def preview(request: ViewerRequest, key: str, width: int, fmt: str) -> HttpResponseBase:
    """One size of a picture, for whoever may see the replica (``?link=`` for who came by its link)."""
    found = get_preview(request.user, key, link=request.GET.get("link", ""))
    return send(request, found.key, width, fmt)
