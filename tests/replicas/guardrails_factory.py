"""Standing rules for tests, set by the real actions."""

from html.parser import HTMLParser
from typing import Any

from django.utils import timezone

from accounts.models import ActorProfile
from agencies.models import Organization
from replicas.access.guardrails import agency_in_force, guardrails_in_force
from replicas.actions.guardrails import set_agency_guardrails, set_guardrails
from replicas.models import AgencyGuardrails, GuardrailsVersion
from replicas.rules.guardrails import Guardrails

ASKED = {"never_ai": frozenset()}  # nothing is ruled out


def set_rules(actor: ActorProfile, *, name_the_rule: bool = True, reason: str = "", **rules: Any) -> GuardrailsVersion:
    """The actor's next version: only what is given is ruled out."""
    return set_guardrails(
        actor,
        rules=Guardrails(**{**ASKED, **rules}),
        name_the_rule=name_the_rule,
        reason=reason,
        shown=guardrails_in_force(actor.pk).number,
        by=actor.user,
        at=timezone.now(),
    )


def set_default(agency: Organization, *, reason: str = "We talked about it.", **rules: Any) -> AgencyGuardrails:
    """The agency's next version, by its owner."""
    newest = agency_in_force(agency.pk)
    return set_agency_guardrails(
        agency,
        rules=Guardrails(**{**ASKED, **rules}),
        reason=reason,
        shown=newest.number if newest else 0,
        by=agency.memberships.get(role="owner").user,
        at=timezone.now(),
    )


class _Fields(HTMLParser):
    """What a browser would send of one form: radios and boxes that are checked, texts, the chosen option."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.select = form, False, ""
        self.sent: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = about.get("id") == self.form
        if not self.inside:
            return
        name = about.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in about:
            self.sent[self.select] = [about.get("value", "")]
        elif tag == "input" and name:
            box = about.get("type") in ("radio", "checkbox")
            if "checked" in about or not box:
                self.sent.setdefault(name, []).append(about.get("value", "on" if box else ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def sent_by_browser(page: str, form: str = "rules", **changes: Any) -> dict[str, Any]:
    """The form of a page as a browser sends it back, with some answers changed; None leaves a field out."""
    fields = _Fields(form)
    fields.feed(page)
    sent = {**fields.sent, **changes}
    return {name: value for name, value in sent.items() if value is not None and name != "csrfmiddlewaretoken"}
