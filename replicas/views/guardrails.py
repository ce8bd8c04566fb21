"""An actor's standing rules: seen, tried, saved; their history, and what they refused."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.models import ActorProfile
from accounts.notifications.actions import mark_read
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access.guardrails import (
    InForce,
    chosen_actor,
    default_of,
    guardrails_in_force,
    houses_to_rule_out,
    licensee_named,
    names_of,
    refusals_of,
    refused_for,
    tried_on_last_requests,
    versions_of,
)
from replicas.actions.guardrails import set_guardrails
from replicas.forms.guardrails import GuardrailsForm
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.merging import tighten
from replicas.rules.guardrails.presets import PRESET_MEANS, PRESETS, Preset, preset
from replicas.rules.guardrails.words import changes, inherited_words, plain_sentences

PAGE = 30
CONFLICT = 409


@login_required
@once_per_form
@require_http_methods(["GET", "HEAD", "POST"])
def guardrails(request: ViewerRequest) -> HttpResponse:
    """The rules. One button saves them as a new version; one tries them on the last requests and saves nothing."""
    actor, mine = chosen_actor(request.user, request.GET.get("actor", ""))
    if actor is None:
        return _no_actor(request)
    in_force = guardrails_in_force(actor.pk)
    form = _form(request, actor, in_force)
    shown: dict[str, Any] = {"mine": mine, "shown": request.POST.get("shown", in_force.number)}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "preview":
            shown["tried"] = tried_on_last_requests(actor.pk, tighten(in_force.inherited, form.rules()))
        elif refusal := _save(request, actor, form):
            in_force = guardrails_in_force(actor.pk)
            meanwhile = _since(actor, in_force, shown["shown"]) if refusal.code == "changed-meanwhile" else []
            shown |= {"refusal": refusal, "meanwhile": meanwhile, "shown": in_force.number}
        else:
            return see_other(request.get_full_path().partition("?")[0] + _query(request))
    return _page(request, actor, in_force, form, **shown)


def _save(request: ViewerRequest, actor: ActorProfile, form: GuardrailsForm) -> Refused | None:
    """Writes what was typed and says so, or gives the reason why not."""
    said = {name: form.cleaned_data[name] for name in ("name_the_rule", "reason")}
    seen = seen_number(request.POST.get("shown", ""))
    try:
        version = set_guardrails(actor, rules=form.rules(), **said, shown=seen, by=request.user, at=timezone.now())
    except Refused as refusal:
        return refusal
    messages.success(request, f"Saved. Version {version.number} counts from now on, also for what already waits.")
    return None


def seen_number(shown: str) -> int:
    """The number of the version a page showed; -1, which none has, for what no page sends."""
    return int(shown) if shown.isdecimal() and len(shown) < 10 else -1


def _since(actor: ActorProfile, in_force: InForce, shown: str) -> list[str]:
    """What was changed after the page was opened, in words."""
    seen = versions_of(actor.pk).filter(number=seen_number(shown)).first()
    before = seen.guardrails() if seen else default_of(actor)
    return changes(before, in_force.own, names_of(before, in_force.own))


def _form(request: ViewerRequest, actor: ActorProfile, in_force: InForce) -> GuardrailsForm:
    """The form as it is saved, as a preset fills it, or as it was typed."""
    saved, spoken = in_force.own, actor.languages.split()
    wanted = request.GET.get("preset", "")
    start = replace(preset(wanted, spoken), blocked=saved.blocked) if wanted in PRESETS else saved
    return GuardrailsForm(
        request.POST if request.method == "POST" else None,
        start=start,
        before=saved,
        layers=in_force.layers,
        spoken=spoken,
        houses=houses_to_rule_out(actor.pk, saved.blocked),
        find=licensee_named,
        name_the_rule=in_force.name_the_rule and in_force.number > 0,
    )


def _page(
    request: ViewerRequest, actor: ActorProfile, in_force: InForce, form: GuardrailsForm, **more: Any
) -> HttpResponse:
    wanted = request.GET.get("preset", "")
    tried = more.get("tried")
    context = {
        "actor": actor,
        "form": form,
        "in_force": in_force,
        "summary": plain_sentences(in_force.rules)["summary"],
        "inherited": [(layer, words) for layer in in_force.layers if (words := inherited_words(layer.rules))],
        "presets": [(each.value, each.label, PRESET_MEANS[each]) for each in Preset],
        "preset": Preset(wanted).label if wanted in PRESETS and request.method != "POST" else "",
        "newest": versions_of(actor.pk).first(),
        "refused": refusals_of(actor.pk).count(),
        "tried_no": sum(1 for one in tried if one.ruled) if tried else 0,
        "query": _query(request),
        **more,
    }
    return render(request, "replicas/guardrails.html", context, status=CONFLICT if more.get("refusal") else 200)


@login_required
@require_safe
def history(request: ViewerRequest) -> HttpResponse:
    """Every version: who, when, why, and what it changed, newest first."""
    actor, _ = chosen_actor(request.user, request.GET.get("actor", ""))
    if actor is None:
        return _no_actor(request)
    page = keyset_page(versions_of(actor.pk), order=("-number",), size=PAGE, query=request.GET)
    pairs = [(row, Guardrails.from_dict(row.before) if row.before else Guardrails()) for row in page.items]
    names = names_of(*(rules for row, before in pairs for rules in (row.guardrails(), before)))
    versions = [(row, changes(before, row.guardrails(), names)) for row, before in pairs]
    shown = {"actor": actor, "page": page, "versions": versions, "query": _query(request)}
    return render(request, "replicas/guardrails_history.html", shown)


@login_required
@require_safe
def refused(request: ViewerRequest) -> HttpResponse:
    """What the actor's rules refused for them, newest first."""
    actor, _ = chosen_actor(request.user, request.GET.get("actor", ""))
    if actor is None:
        return _no_actor(request)
    mark_read(request.user, refused_for(actor), timezone.now())
    rows = refusals_of(actor.pk)
    page = keyset_page(rows, order=("-id",), size=PAGE, query=request.GET)
    shown = {"actor": actor, "page": page, "count": rows.count() if page.items else 0, "query": _query(request)}
    return render(request, "replicas/guardrails_refused.html", shown)


def _query(request: ViewerRequest) -> str:
    """What keeps the pages at the same actor, for somebody who opens several."""
    wanted = request.GET.get("actor", "")
    return f"?actor={wanted}" if wanted.isdecimal() else ""


def _no_actor(request: ViewerRequest) -> HttpResponse:
    """Leads somebody who is no actor to where they can become one."""
    messages.info(request, "Guardrails belong to an actor’s profile. Make yours first.")
    return redirect("actor-profile")
