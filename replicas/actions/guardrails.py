"""Setting an actor's standing rules, and asking them before the person is asked."""

from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import decides_for
from replicas.access.guardrails import InForce, guardrails_in_force
from replicas.models import GuardrailsVersion, ReuseRequest
from replicas.rules.events import Event
from replicas.rules.guardrails import Guardrails
from replicas.rules.guardrails.judging import judge_guardrails, phrases
from replicas.rules.reasking import NOT_AVAILABLE
from replicas.rules.terms import OfferedTerms


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
    """Writes the next version of the actor's rules. Only the actor may; nobody is told.

    ``shown`` is the number of the version the page showed (0: none yet). Raises Refused for anybody else and when the
    rules were changed since, in another tab or on another device.
    """
    about = Subject("actor", actor.pk, "", actor.stage_name)
    if not decides_for(by, actor):
        raise Refused("not-yours", "Only the actor sets their guardrails.", subject=about)
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
    record(Event.GUARDRAILS_SET, subject=about, by=by, at=at, number=version.number)
    return version


def check_before_asking(
    request: ReuseRequest, terms: OfferedTerms, *, answer_by: datetime | None, at: datetime
) -> InForce:
    """The rules the round was judged by. Raises Refused, before the person is bothered, for what they never give.

    The people who ask learn which rule it was only if the person allows it, and never that it is about them.
    """
    in_force = guardrails_in_force(request.actor_id)
    hours = (answer_by - at).total_seconds() / 3600 if answer_by else None
    ruled = judge_guardrails(in_force.rules, terms, request.organization_id, hours)
    if not ruled:
        return in_force
    names = "" if any(ruling.private for ruling in ruled) or not in_force.name_the_rule else phrases(ruled)
    sentence = f"Outside this performer’s rules: {names}. Change the terms, or ask for something else."
    raise Refused("outside-guardrails", sentence if names else NOT_AVAILABLE, subject=request.subject)


def check_before_signing(request: ReuseRequest, chosen: OfferedTerms) -> None:
    """Raises Refused when the actor's own rules, as they are now, forbid one of the uses they are about to approve."""
    ruled = judge_guardrails(guardrails_in_force(request.actor_id).rules, chosen, request.organization_id)
    if ruled:
        raise Refused(
            "outside-guardrails",
            f"Your own rules forbid this. {ruled[0].sentence} To approve it, change your guardrails first.",
            subject=request.subject,
        )
