"""Setting standing rules, an actor's or an agency's, and asking them before the person is asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.access.factors import has_second_factor
from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.notifications import Notice, notify
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import deciders_of_each, decides_for
from agencies.access.teams import is_owner
from agencies.models import Organization
from replicas.access.guardrails import (
    InForce,
    agency_in_force,
    clients_of,
    guardrails_in_force,
    in_force_on,
    refused_for,
)
from replicas.actions.permitted import follow_rules
from replicas.models import AgencyGuardrails, GuardrailRefusal, GuardrailsVersion, ReuseRequest
from replicas.rules.answering import Side
from replicas.rules.events import Event
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.judging import Ruled, judge_guardrails, phrases
from replicas.rules.reasking import NOT_AVAILABLE
from replicas.rules.terms import OfferedTerms

P = ParamSpec("P")
R = TypeVar("R")
SECOND_FACTOR = "Set up a passkey or codes from an app first, then come back to this."


@move(Event.GUARDRAILS_SET)
def set_guardrails(
    actor: ActorProfile,
    *,
    rules: Guardrails,
    name_the_rule: bool,
    reason: str = "",
    shown: int,
    by: User,
    at: datetime,
) -> GuardrailsVersion:
    """Writes the next version of the actor's rules. Only who decides for the actor may; nobody is told.

    ``shown`` is the number of the version the page showed (0: none yet). Raises Refused for anybody else and when the
    rules were changed since, in another tab or on another device.
    """
    about = Subject("actor", actor.pk, "", actor.stage_name)
    if not decides_for(by, actor, at):
        raise Refused("not-yours", "Only whoever answers for this actor sets their guardrails.", subject=about)
    # The row of the person holds back a second save until this one is written, on PostgreSQL too.
    ActorProfile.objects.select_for_update().get(pk=actor.pk)
    if guardrails_in_force(actor.pk).number != shown:
        raise Refused("changed-meanwhile", "Your rules were changed since you opened this page.", subject=about)
    version = GuardrailsVersion.objects.create(
        actor=actor,
        number=shown + 1,
        rules=rules.as_dict(),
        reason=reason,
        name_the_rule=name_the_rule,
        created_by=by,
        created_at=at,
    )
    follow_rules([actor.pk], by=by, at=at)
    record(Event.GUARDRAILS_SET, subject=about, by=by, at=at, number=version.number)
    return version


@move(Event.AGENCY_GUARDRAILS_SET)
def set_agency_guardrails(
    agency: Organization, *, rules: Guardrails, reason: str, shown: int, by: User, at: datetime
) -> AgencyGuardrails:
    """Writes the next version of what an agency's actors start from. Only its owners may; a reason is needed.

    It counts at once for everybody the agency represents, on top of what they said themselves, and they are told.
    Raises Refused for anybody else, without a reason or a second factor, and when the rules were changed since the page
    showed ``shown``.
    """
    if not agency.is_agency or not is_owner(by, agency):
        raise Refused("not-yours", "Only an owner of the agency sets its guardrails.", subject=agency.subject)
    if settings.REQUIRE_MFA and not has_second_factor(by):
        raise Refused("second-factor-missing", SECOND_FACTOR, subject=agency.subject)
    if not reason.strip():
        raise Refused("reason-missing", "Say why. Your actors read it beside the rules.", subject=agency.subject)
    Organization.objects.select_for_update().get(pk=agency.pk)
    newest = agency_in_force(agency.pk)
    if (newest.number if newest else 0) != shown:
        raise Refused("changed-meanwhile", "The rules were changed since you opened this page.", subject=agency.subject)
    version = AgencyGuardrails.objects.create(
        agency=agency,
        number=shown + 1,
        rules=replace(rules, blocked=frozenset()).as_dict(),
        reason=reason.strip(),
        created_by=by,
        created_at=at,
    )
    about = {"organization": agency.name, "reason": version.reason}
    clients = list(clients_of(agency.pk))
    follow_rules([actor.pk for actor in clients], by=by, at=at)
    told = deciders_of_each(clients, at)
    notify(
        [
            Notice(
                "agency-guardrails",
                person,
                agency.subject,
                once=f"{agency.pk}:{version.number}:{actor.pk}",
                path=f"{reverse('guardrails')}?actor={actor.pk}",
                context={**about, "actor": actor.stage_name},
            )
            for actor in clients
            for person in told[actor.pk]
        ],
        at=at,
    )
    record(Event.AGENCY_GUARDRAILS_SET, subject=agency.subject, by=by, at=at, number=version.number)
    return version


class OutsideGuardrails(Refused):
    """The performer's standing rules say no. ``ruled`` is for the performer; the sentence for whoever tried."""

    def __init__(self, sentence: str, request: ReuseRequest, in_force: InForce, ruled: list[Ruled]) -> None:
        super().__init__("outside-guardrails", sentence, subject=request.subject)
        self.request, self.in_force, self.ruled = request, in_force, ruled


def check_before_asking(
    request: ReuseRequest, terms: OfferedTerms, *, answer_by: datetime | None, at: datetime
) -> InForce:
    """The rules the round was judged by. Raises Refused, before the person is bothered, for what they never give.

    ``request`` comes from ``writing.lock``. The people who ask learn which rule it was only if the person allows it;
    a house the person will not work for reads what it would read of a rule that may not be named.
    """
    in_force = in_force_on(request, request.actor)
    hours = (answer_by - at).total_seconds() / 3600 if answer_by else None
    ruled = judge_guardrails(in_force.rules, terms, request.organization_id, hours, voiced=request.replica.voice)
    if ruled:
        raise outside(request, in_force, ruled)
    return in_force


def outside(request: ReuseRequest, in_force: InForce, ruled: list[Ruled]) -> OutsideGuardrails:
    """The refusal for ``ruled``, in words the people who ask may read."""
    names = "" if any(ruling.private for ruling in ruled) or not in_force.name_the_rule else phrases(ruled)
    sentence = f"Outside this performer’s rules: {names}. Change the terms, or ask for something else."
    return OutsideGuardrails(sentence if names else NOT_AVAILABLE, request, in_force, ruled)


def check_before_proposing(request: ReuseRequest, terms: OfferedTerms, *, side: Side) -> None:
    """Raises Refused when the performer's side puts forward what the performer's own rules forbid.

    The agency is told which rule it was, but never whom the performer will not work for.
    """
    in_force = in_force_on(request, request.actor)
    ruled = judge_guardrails(in_force.rules, terms, request.organization_id, voiced=request.replica.voice)
    if not ruled:
        return
    if side is Side.ACTOR:
        raise Refused("outside-guardrails", _own_rules_forbid(ruled), subject=request.subject)
    names, name = phrases(ruled), request.actor.stage_name
    sentence = f"Outside {name}’s rules: {names}." if names else f"{name}’s rules say no to this request as a whole."
    raise Refused("outside-guardrails", sentence, subject=request.subject)


def check_before_signing(request: ReuseRequest, chosen: OfferedTerms) -> InForce:
    """The rules a yes was judged by. Raises Refused when they, as they are now, forbid a use about to be approved."""
    in_force = in_force_on(request, request.actor)
    ruled = judge_guardrails(in_force.rules, chosen, request.organization_id, voiced=request.replica.voice)
    if ruled:
        raise Refused("outside-guardrails", _own_rules_forbid(ruled), subject=request.subject)
    return in_force


def _own_rules_forbid(ruled: list[Ruled]) -> str:
    return f"Your own rules forbid this. {ruled[0].sentence} To go on, change your guardrails first."


def remember_refusals(function: Callable[P, R]) -> Callable[P, R]:
    """Around a ``@move``: what guardrails refused is kept for the performer once the move was rolled back."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except OutsideGuardrails as refusal:
            at: datetime = kwargs["at"]  # type: ignore[assignment]
            _remember(refusal, at=at)
            raise

    return run


@transaction.atomic
def _remember(refusal: OutsideGuardrails, *, at: datetime) -> None:
    remember_all([refusal], at=at)


def remember_all(refusals: Sequence[OutsideGuardrails], *, at: datetime) -> None:
    """Keeps what guardrails refused, each for its performer alone.

    The same statements for every rule, so that not even the time it takes tells them apart. Each request has its
    ``actor`` with ``user``, its ``project`` and ``organization``.
    """
    GuardrailRefusal.objects.bulk_create(
        [
            GuardrailRefusal(
                actor=refusal.request.actor,
                request=refusal.request,
                judged=refusal.in_force.key,
                phrase=ruling.phrase[:200],
                sentence=ruling.sentence[:400],
                private=ruling.private,
                at=at,
            )
            for refusal in refusals
            for ruling in refusal.ruled
        ],
        ignore_conflicts=True,
    )
    told = deciders_of_each([refusal.request.actor for refusal in refusals], at)
    notify(
        [
            Notice(
                "guardrails-refused",
                person,
                refused_for(refusal.request.actor),
                once=f"{refusal.request.ref}:{refusal.in_force.key}",
                path=reverse("guardrails-refused"),
                context={
                    "organization": refusal.request.organization.name,
                    "project": refusal.request.project.title,
                },
            )
            for refusal in refusals
            for person in told[refusal.request.actor_id]
        ],
        at=at,
    )
