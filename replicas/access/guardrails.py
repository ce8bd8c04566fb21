"""Which standing rules are in force for an actor, and what they would have done. The actor's own eyes only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from agencies.models import Organization
from agencies.rules.organizations import LICENSEE_KINDS
from replicas.models import GuardrailsVersion, ReuseRequest
from replicas.rules.guardrails import Guardrails

LAST = 20


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that count now. Without a version of their own they are the portal's: nothing goes into AI systems.

    That default says nothing about the person, so it may be named.
    """

    rules: Guardrails
    name_the_rule: bool = True
    version: GuardrailsVersion | None = None

    @property
    def number(self) -> int:
        return self.version.number if self.version else 0


def guardrails_in_force(actor_id: int) -> InForce:
    """The newest version of the actor's rules. One query."""
    version = versions_of(actor_id).first()
    if version is None:
        return InForce(Guardrails())
    return InForce(version.guardrails(), version.name_the_rule, version)


def versions_of(actor_id: int) -> QuerySet[GuardrailsVersion]:
    """Every version, newest first."""
    return GuardrailsVersion.objects.filter(actor=actor_id).order_by("-number")


def last_requests_of(actor_id: int) -> list[ReuseRequest]:
    """The last requests that reached the actor, newest first, with their first round. Three queries at most."""
    return list(
        ReuseRequest.objects.filter(actor=actor_id, sent_at__isnull=False)
        .select_related("project", "organization")
        .prefetch_related("rounds__uses")
        .order_by("-sent_at", "-id")[:LAST]
    )


def houses_that_asked(actor_id: int) -> QuerySet[Organization]:
    """The houses that have sent the actor a request, by name."""
    asked = ReuseRequest.objects.filter(actor=actor_id, sent_at__isnull=False).values("organization")
    return Organization.objects.filter(pk__in=asked).order_by("name", "pk")


def houses_among(ids: Collection[int]) -> QuerySet[Organization]:
    return Organization.objects.filter(pk__in=ids).order_by("name", "pk")


def licensee_named(name: str) -> Organization | None:
    """A casting office or production company by its exact name in any case; None when none or several have it."""
    found = list(Organization.objects.filter(kind__in=LICENSEE_KINDS, name__iexact=name.strip())[:2])
    return found[0] if len(found) == 1 else None
