"""Who is told what about a request or a license, in whose words. Gathers notices; ``notify`` writes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.notifications import Notice, call_off, notify
from agencies.access import people_involved
from replicas.models import License, ReuseRequest
from replicas.rules.wording import ask_in_words, day

FIRST = "request-received"
REMINDING = ("request-reminder", "client-reminder", "reply-reminder", "crowd-nudge")
ASKING = (FIRST, "request-called", "request-terms-changed", "client-request", "guardian-signature", *REMINDING)


def about(request: ReuseRequest, **more: Any) -> dict[str, Any]:
    """What letters about a request need, as JSON values. Moments are ISO 8601 in UTC."""
    terms = request.current_terms
    return {
        "ref": request.ref,
        "actor": request.actor.stage_name,
        "actor_id": request.actor_id,
        "organization": request.organization.name,
        "organization_id": request.organization_id,
        "project": request.project.title,
        "replica": request.replica.name,
        "answer_by": request.answer_by.isoformat() if request.answer_by else None,
        "total": str(terms.total) if terms else "",
        "currency": terms.currency if terms else "",
        "sentence": ask_in_words(
            request.organization.name, request.replica.name, request.project.title, terms.offered()
        )
        if terms
        else "",
        **more,
    }


def notices(
    kind: str,
    people: Iterable[User],
    request: ReuseRequest,
    *,
    once: str,
    due_at: datetime | None = None,
    known: dict[str, Any] | None = None,
    **more: Any,
) -> list[Notice]:
    """One notice of ``kind`` for each of ``people``. ``once`` is completed by the request's reference.

    ``known`` is what ``about(request)`` said already, for who tells several kinds about each of many.
    """
    people = list(people)
    if not people:
        return []
    context = about(request, **more) if known is None else {**known, **more}
    subject, path = request.subject, request.get_absolute_url()
    return [
        Notice(kind, person, subject, once=f"{request.ref}:{once}", path=path, due_at=due_at, context=context)
        for person in people
    ]


def copies_to_minor(request: ReuseRequest, *, once: str, at: datetime, **more: Any) -> list[Notice]:
    """What a minor with an account reads when their guardian is asked; nothing for an adult."""
    actor = request.actor
    return notices("request-copy", [actor.user] if actor.is_minor(at) else [], request, once=once, **more)


def people_of(request: ReuseRequest) -> tuple[list[User], list[User]]:
    """The actor's agents and the licensee's people, of those who may act there right now. One query.

    Nobody of the house while it may not know of this one: a letter would name the person.
    """
    houses = [] if request.is_hidden_from_house else [request.organization_id]
    involved = people_involved(actors=[request.actor_id], houses=houses)
    return involved.agents.get(request.actor_id, []), involved.members.get(request.organization_id, [])


def each_once(*people: User) -> list[User]:
    """The same people without repeats: somebody may be on more than one side."""
    return list({person.pk: person for person in people}.values())


def tell(*groups: list[Notice], at: datetime) -> None:
    notify([notice for group in groups for notice in group], at=at)


def nothing_left_to_ask(*requests: ReuseRequest, at: datetime) -> None:
    """Cancels letters that still ask for an answer: it was given, or is no longer wanted."""
    call_off([request.subject for request in requests], ASKING, at=at)


def turn_is_over(request: ReuseRequest, *, at: datetime) -> None:
    """Cancels letters about the turn before; the first one still goes, so that the actor hears of it at all."""
    kinds = [kind for kind in ASKING if kind != FIRST or request.delivered_at]
    call_off(request.subject, kinds, at=at)


def deadline_moved(request: ReuseRequest, *, at: datetime) -> None:
    """Cancels reminders that name the deadline before."""
    call_off(request.subject, REMINDING, at=at)


def license_notices(kind: str, people: Iterable[User], license_: License, *, once: str, **more: Any) -> list[Notice]:
    """One notice about a license for each of ``people``, leading to the license's page."""
    context = about(
        license_.request,
        license=license_.ref,
        first_day=day(license_.first_day),
        last_day=day(license_.last_day),
        terms_hash=license_.terms_hash,
        uses=[use["title"] for use in license_.document["uses"]],
        **more,
    )
    return [
        Notice(
            kind,
            person,
            license_.subject,
            once=f"{license_.ref}:{once}",
            path=license_.get_absolute_url(),
            context=context,
        )
        for person in people
    ]
