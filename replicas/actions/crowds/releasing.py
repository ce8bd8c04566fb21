"""Releasing a crowd: its house freezes what it asks of everybody. Short, whatever its size; workers do the rest."""

import logging
from datetime import datetime

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access.facts import offer_facts
from replicas.access.strikes import strike_in_force
from replicas.actions.scan_notices import check_may_act
from replicas.models import Crowd, CrowdOffer, CrowdPlace, DestructionTask
from replicas.rules.crowds import CrowdState
from replicas.rules.crowds.plan import CrowdPlan, plan_faults
from replicas.rules.crowds.sending import wanted
from replicas.rules.events import Event
from replicas.rules.findings import refusal_of
from replicas.rules.rulebook import judge
from replicas.rules.rulebook.stages import Stage
from replicas.rules.striking import blocked_words
from replicas.rules.terms import digest, document
from replicas.rules.wording import day

logger = logging.getLogger(__name__)
SEND = "replicas.tasks.send_crowd"
RELEASED = "This crowd was released already, from another tab or by a colleague. Nobody is asked twice."
DRAW = """
UPDATE replicas_crowdplace SET number = drawn.number
FROM (SELECT id, row_number() OVER (ORDER BY random()) + %s AS number
      FROM replicas_crowdplace WHERE crowd_id = %s AND number IS NULL) AS drawn
WHERE drawn.id = replicas_crowdplace.id
"""


@move(Event.CROWD_RELEASED)
def release(crowd: Crowd, *, plan: CrowdPlan, by: User, at: datetime) -> Crowd:
    """Freezes the crowd and its first offer and hands it to the workers. Its people are its places by then.

    Raises Refused for who may not act for the house, when it was released or thrown away meanwhile, for a plan with
    faults (``rules/crowds/plan.py``), while a strike stands, for terms nobody could agree to, and while the house owes
    the destruction of a replica on the list.
    """
    found = _locked(crowd)
    subject = found.subject
    check_may_act(by, found.organization_id, subject)
    if found.state != CrowdState.DRAFT:
        raise Refused("crowd-released", RELEASED, subject=subject)
    people = CrowdPlace.objects.filter(crowd=found).count()
    if faults := plan_faults(plan, people=people, at=at):
        raise Refused("unfit-crowd", faults[0].sentence, subject=subject)
    _check_strike(found, by=by, at=at)
    _check_offer(found, plan, at=at)
    _check_nothing_owed(found, at=at)
    _freeze(found, plan, by=by, at=at)
    draw_numbers(found)
    record(
        Event.CROWD_RELEASED,
        subject=found.subject,
        by=by,
        at=at,
        answer_by=plan.answer_by.isoformat(),
        needed=plan.needed,
        people=people,
        asked=wanted(needed=plan.needed, margin=plan.margin, people=people),
    )
    transaction.on_commit(lambda: _ring(found.pk), robust=True)
    return found


def draw_numbers(crowd: Crowd) -> None:
    """Gives everybody who has none yet a number by lot, after those that were drawn before. Two statements."""
    last = CrowdPlace.objects.filter(crowd=crowd, number__isnull=False).order_by("-number")
    above = last.values_list("number", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [above, crowd.pk])


def _ring(crowd_id: int) -> None:
    """Asks a worker to begin. A broker that is away costs a moment: the sweep finds every crowd on its way."""
    try:
        current_app.signature(SEND, (crowd_id,)).delay()
    except OperationalError as away:
        logger.warning("The broker is away; the sweep will send the crowd. %s", away)


def _locked(crowd: Crowd) -> Crowd:
    rows = Crowd.objects.select_for_update(of=("self",)).select_related("project", "organization")
    found = rows.filter(pk=crowd.pk).first()
    if found is None:
        raise Refused("draft-gone", "This draft was thrown away meanwhile.", subject=crowd.subject)
    return found


def _freeze(crowd: Crowd, plan: CrowdPlan, *, by: User, at: datetime) -> None:
    content = document(plan.terms, parties={})
    offer = CrowdOffer.objects.create(
        crowd=crowd,
        number=1,
        document=content,
        sha256=digest(content),
        currency=plan.terms.currency,
        total=plan.terms.total,
        put_by=by,
        created_at=at,
    )
    values = {
        "state": CrowdState.SENDING,
        "title": " ".join(plan.title.split()),
        "brief": plan.brief.strip(),
        "needed": plan.needed,
        "margin": plan.margin,
        "anonymous": plan.anonymous,
        "end_moves": plan.end_moves,
        "band": plan.band,
        "answer_by": plan.answer_by,
        "offer": offer,
        "sent_by": by,
        "sent_at": at,
        "changed_at": at,
    }
    if not Crowd.objects.filter(pk=crowd.pk, state=CrowdState.DRAFT).update(**values):
        raise Refused("crowd-released", RELEASED, subject=crowd.subject)
    for name, value in values.items():
        setattr(crowd, name, value)


def _check_strike(crowd: Crowd, *, by: User, at: datetime) -> None:
    if strike := strike_in_force(crowd.project.agreement, at):
        raise Refused("strike", blocked_words(strike.value, at=at, zone=by.zone), subject=crowd.subject)


def _check_offer(crowd: Crowd, plan: CrowdPlan, *, at: datetime) -> None:
    """What no one of them could say yes to, whoever it is."""
    found = judge(offer_facts(crowd.project, plan.terms, at=at), Stage.COMPOSING)
    if refusal := refusal_of(found, [use.title for use in plan.terms.uses]):
        raise Refused(*refusal, subject=crowd.subject)


def _check_nothing_owed(crowd: Crowd, *, at: datetime) -> None:
    """Rule R26: who is late with destroying a replica, or a copy of it, asks for nothing new of it."""
    late = DestructionTask.objects.overdue(at).filter(
        holding__organization=crowd.organization_id,
        replica__in=CrowdPlace.objects.filter(crowd=crowd).values("replica"),
    )
    task = late.select_related("holding", "replica__actor").order_by("due_at").first()
    if task is not None:
        raise Refused(
            "destruction-overdue",
            f"{task.holding.holder} should have destroyed {task.holding.what} of {task.replica} by {day(task.due_on)}. "
            "Attest that under Custody, or take them off the list, then release it.",
            subject=crowd.subject,
        )
