"""The end of a crowd, written for whoever had no answer: some at a time, each in one commit with what they are told."""

from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.audit.recording import Happening
from accounts.notifications import Notice, notify
from agencies.access import deciders_of_each, people_involved
from replicas.actions.crowds.telling import agents_letters, client_of
from replicas.actions.telling import nothing_left_to_ask, notices
from replicas.models import Crowd, Decision, ReuseRequest
from replicas.models.request import UNDECIDED_STATES, RequestQuerySet
from replicas.rules.answering import RequestState
from replicas.rules.crowds import CrowdState, counted
from replicas.rules.crowds.filling import ended_as
from replicas.rules.events import Event

CHUNK = 500


def end_some(crowd: Crowd, *, at: datetime) -> tuple[bool, list[Happening]]:
    """Writes the end of the next requests that were undecided when their crowd ended, and tells their people and each
    agent once. Whether there may be more, and what the trail keeps. To be called with the crowd's row locked."""
    outcome = ended_as(CrowdState(crowd.state))
    assert outcome is not None
    assert crowd.over_at is not None
    rows = list(
        ReuseRequest.objects.select_for_update(of=("self",))
        .filter(RequestQuerySet.over_with_crowd(), crowd=crowd, state__in=UNDECIDED_STATES)
        .select_related("actor__user", "replica", "current_terms")
        .prefetch_related("current_terms__uses")
        .order_by("pk")[:CHUNK]
    )
    if not rows:
        return False, []
    for row in rows:
        row.project, row.organization, row.crowd = crowd.project, crowd.organization, crowd
    ReuseRequest.objects.filter(pk__in=[row.pk for row in rows], state__in=UNDECIDED_STATES).update(
        state=outcome, decided_at=at, changed_at=at, next_reminder_at=None, held_at=None, version=F("version") + 1
    )
    closing: dict[str, Any] = (
        {"comment": crowd.closing_message, "by": crowd.closed_by} if outcome is RequestState.WITHDRAWN else {}
    )
    Decision.objects.bulk_create(Decision(request=row, outcome=outcome, at=at, **closing) for row in rows)
    nothing_left_to_ask(*rows, at=at)
    _tell(crowd, rows, outcome, at=at)
    event = Event.REQUEST_FILLED if outcome is RequestState.FILLED else Event.REQUEST_CROWD_CLOSED
    data = {"organization": crowd.organization.name}  # nobody's own history may list who had not answered
    return len(rows) == CHUNK, [Happening(event, row.subject, data=data) for row in rows]


def _tell(crowd: Crowd, rows: list[ReuseRequest], outcome: RequestState, *, at: datetime) -> None:
    filled = outcome is RequestState.FILLED
    kind = "request-filled" if filled else "request-withdrawn"
    reason: dict[str, Any] = {} if filled else {"reason": crowd.closing_message}
    assert crowd.over_at is not None
    over = crowd.over_at.isoformat()
    deciders = deciders_of_each([row.actor for row in rows], at)
    told: list[Notice] = []
    for row in rows:
        told += notices(kind, deciders[row.actor_id], row, once=f"over:{over}", crowd=crowd.title, **reason)
    clients = [client_of(row) for row in rows]
    told += agents_letters(crowd, "client-crowd-over", clients, once=f"over:{over}:{min(one.ref for one in clients)}")
    notify(told, at=at)


def tell_complete(crowd: Crowd, *, at: datetime) -> None:
    """One letter to the house: how many said yes, and how many did not. It names nobody."""
    assert crowd.over_at is not None
    people = people_involved(actors=(), houses=[crowd.organization_id]).members.get(crowd.organization_id, [])
    others = crowd.places.count() - crowd.approved
    context = {
        "crowd": crowd.title,
        "crowd_ref": crowd.ref,
        "organization": crowd.organization.name,
        "organization_id": crowd.organization_id,
        "project": crowd.project.title,
        "needed": crowd.needed,
        "approved": crowd.approved,
        "others": others if not crowd.anonymous else counted(others),
        "filled": crowd.state == CrowdState.FILLED,
    }
    once = f"{crowd.ref}:complete:{crowd.over_at.isoformat()}"
    path = crowd.get_absolute_url()
    notify(
        [Notice("crowd-complete", person, crowd.subject, once=once, path=path, context=context) for person in people],
        at=at,
    )
