"""The first letters of a crowd: one to everybody who is asked, and one to each agent, however many clients it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from accounts.audit.recording import Happening
from accounts.models import User
from accounts.notifications import Notice, notify
from accounts.rules.subject import Subject
from agencies.access import deciders_of_each, people_involved
from replicas.actions.telling import FIRST
from replicas.models import Crowd, CrowdPlace, ReuseRequest
from replicas.rules.events import Event
from replicas.rules.terms import OfferedTerms
from replicas.rules.wording import ask_in_words

NAMED = 12  # clients an agent's letter names; the inbox has them all
AT_ONCE = 1000  # actors asked about in one statement
EVERY_HOURS = 6  # a house hears at most this often that something of a crowd waits for it


def about_crowd(crowd: Crowd) -> dict[str, Any]:
    """What a letter says about the crowd somebody is asked in, as JSON values."""
    return {
        "crowd": crowd.title,
        "crowd_ref": crowd.ref,
        "brief": crowd.brief,
        "needed": crowd.needed,
        "unnamed": crowd.anonymous,
        "organization": crowd.organization.name,
        "organization_id": crowd.organization_id,
        "project": crowd.project.title,
    }


def first_letters(crowd: Crowd, requests: Sequence[ReuseRequest], terms: OfferedTerms, *, at: datetime) -> list[Notice]:
    """One first notice for whoever answers for each, and a copy for a minor. One query, with minors only.

    It says of ``terms``, which everybody is offered, what ``telling.about`` says of one request's. Needs each
    ``actor.user`` and ``replica``.
    """
    asked = deciders_of_each([request.actor for request in requests], at, copies=False)
    same = {**about_crowd(crowd), "total": str(terms.total), "currency": terms.currency}
    sentences: dict[str, str] = {}
    told = []
    for request in requests:
        replica = request.replica.name
        if replica not in sentences:
            sentences[replica] = ask_in_words(crowd.organization.name, replica, crowd.project.title, terms)
        context = {
            **same,
            "ref": request.ref,
            "actor": request.actor.stage_name,
            "actor_id": request.actor_id,
            "replica": replica,
            "answer_by": request.answer_by.isoformat() if request.answer_by else None,
            "sentence": sentences[replica],
        }
        about, path, once = request.subject, request.get_absolute_url(), f"{request.ref}:received"
        people = asked[request.actor_id]
        told += [Notice(FIRST, person, about, once, path, request.answer_by, context) for person in people]
        if request.actor.is_minor(at):
            told.append(Notice("request-copy", request.actor.user, about, once, path, context=context))
    return told


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who is asked, as their agents' letter needs them."""

    actor_id: int
    name: str
    ref: str
    answer_by: datetime | None


def client_of(request: ReuseRequest) -> Client:
    return Client(request.actor_id, request.actor.stage_name, request.ref, request.answer_by)


def agents_letters(crowd: Crowd, kind: str, asked: Sequence[Client], *, once: str) -> list[Notice]:
    """One notice for each agent of these people, with how many of their clients it is. One query for each 1,000."""
    own: dict[User, list[Client]] = {}
    by_actor = {client.actor_id: client for client in asked}
    actors = sorted(by_actor)
    for start in range(0, len(actors), AT_ONCE):
        agents = people_involved(actors=actors[start : start + AT_ONCE], houses=()).agents
        for actor, people in agents.items():
            for person in people:
                own.setdefault(person, []).append(by_actor[actor])
    return [_to_agent(crowd, kind, person, clients, once) for person, clients in own.items()]


def _to_agent(crowd: Crowd, kind: str, person: User, clients: Sequence[Client], once: str) -> Notice:
    names = sorted(client.name for client in clients)
    first = clients[0]
    ends = [client.answer_by for client in clients if client.answer_by]
    alone = {"actor": first.name, "actor_id": first.actor_id, "ref": first.ref} if len(clients) == 1 else {}
    return Notice(
        kind,
        person,
        crowd.subject,
        once=f"{crowd.ref}:{once}",
        path=reverse("request", args=[first.ref]) if alone else reverse("inbox"),
        due_at=min(ends, default=crowd.answer_by),
        context={
            **about_crowd(crowd),
            **alone,
            "clients": len(names),
            "named": names[:NAMED],
            "more": max(len(names) - NAMED, 0),
        },
    )


def tell_of(crowd: Crowd, requests: Sequence[ReuseRequest], terms: OfferedTerms, *, at: datetime) -> list[Happening]:
    """Writes the first letters of those who still have to answer, marks all of them as told, and returns what the
    trail keeps of each. Record it last. Once the crowd is over nobody is asked by letter, whatever their row says yet.
    """
    waiting = [] if crowd.is_over else [request for request in requests if request.is_undecided]
    notify(first_letters(crowd, waiting, terms, at=at), at=at)
    CrowdPlace.objects.filter(request__in=[request.pk for request in requests]).update(told=True)
    return [
        Happening(
            Event.REQUEST_SENT_IN_CROWD,
            request.subject,
            data={
                "crowd": crowd.ref,
                "who": str(crowd.sent_by),
                "answer_by": request.answer_by.isoformat() if request.answer_by else "",
            },
        )
        for request in requests
    ]


def tell_house_it_waits(request: ReuseRequest, *, at: datetime) -> None:
    """Somebody in an anonymous crowd asked something or proposed changes, which their house finds on its board.

    The letter names nobody, is the same for both, and comes at most every six hours however many write; nothing where
    the house reads the request itself. One query for its people, three statements for the letter.
    """
    crowd = request.crowd
    if crowd is None or not request.is_hidden_from_house:
        return
    people = people_involved(actors=(), houses=[request.organization_id]).members.get(request.organization_id, [])
    context = {
        "crowd": crowd.title,
        "crowd_ref": crowd.ref,
        "organization": request.organization.name,
        "organization_id": request.organization_id,
        "project": request.project.title,
    }
    once, path = (
        f"{crowd.ref}:waits:{at.astimezone(UTC):%Y-%m-%d}:{at.astimezone(UTC).hour // EVERY_HOURS}",
        crowd.get_absolute_url(),
    )
    about = Subject("crowd", crowd.pk, crowd.ref, f"{crowd.title}, {request.project.title}")
    notify([Notice("crowd-waits", person, about, once=once, path=path, context=context) for person in people], at=at)
