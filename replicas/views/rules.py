"""The public page of rules: no sign-in, nothing about anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from replicas.access.rules import rule_groups
from replicas.rules.rulebook.stages import Basis, Effect


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its sources, narrowed by ``?effect=`` and ``?basis=``; words that are neither narrow nothing."""
    effect = next((one for one in Effect if one == request.GET.get("effect")), None)
    basis = next((one for one in Basis if one == request.GET.get("basis")), None)
    groups = rule_groups(effect, basis)
    shown_on = {
        "groups": groups,
        "count": sum(len(group.rows) for group in groups),
        "effect": effect,
        "basis": basis,
        "effects": list(Effect),
        "bases": list(Basis),
    }
    return render(request, "replicas/rules.html", shown_on)
