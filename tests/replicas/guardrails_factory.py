"""Standing rules for tests, set by the real actions."""

from typing import Any

from django.utils import timezone

from accounts.models import ActorProfile
from agencies.models import Organization
from replicas.access.guardrails import agency_in_force, guardrails_in_force
from replicas.actions.guardrails import set_agency_guardrails, set_guardrails
from replicas.models import AgencyGuardrails, GuardrailsVersion
from replicas.rules.guardrails import Guardrails

ASKED = {"never_ai": frozenset()}  # nothing is ruled out


def set_rules(actor: ActorProfile, *, name_the_rule: bool = True, **rules: Any) -> GuardrailsVersion:
    """The actor's next version: only what is given is ruled out."""
    return set_guardrails(
        actor,
        rules=Guardrails(**{**ASKED, **rules}),
        name_the_rule=name_the_rule,
        reason="",
        shown=guardrails_in_force(actor.pk).number,
        by=actor.user,
        at=timezone.now(),
    )


def set_default(agency: Organization, **rules: Any) -> AgencyGuardrails:
    """The agency's next version, by its owner."""
    newest = agency_in_force(agency.pk)
    return set_agency_guardrails(
        agency,
        rules=Guardrails(**{**ASKED, **rules}),
        reason="We talked about it.",
        shown=newest.number if newest else 0,
        by=agency.memberships.get(role="owner").user,
        at=timezone.now(),
    )
