"""Who is told what about a claim. Gathers notices; ``notify`` writes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.notifications import Notice, call_off
from accounts.notifications.sealed import KEY
from agencies.access import deciders_of, members_of, people_involved
from replicas.models import ScanClaim
from replicas.rules.wording import day

ASKING = ("claim-letter", "claim-reminder", "claim-disputed")
LINK = "/claims/answer/"


def about(claim: ScanClaim, **more: Any) -> dict[str, Any]:
    """What letters about a claim need, as JSON values. Moments are ISO 8601 in UTC."""
    return {
        "ref": claim.ref,
        "actor": claim.actor.stage_name,
        "actor_id": claim.actor_id,
        "holder": claim.holder,
        "organization_id": claim.holder_organization_id,
        "due_day": day(claim.due_on) if claim.due_on else "",
        **more,
    }


def to_holder(kind: str, claim: ScanClaim, *, once: str, with_link: bool = True, **more: Any) -> list[Notice]:
    """One notice for each person who may act in the house, or one letter with the link to the address that was given.

    ``with_link`` is false for what asks nothing any more.
    """
    once = f"{claim.ref}:{once}"
    due_at = claim.due_at if with_link else None
    if claim.holder_organization_id:
        people = members_of(claim.holder_organization_id, who_may_act=True).order_by("pk")
        return _each(kind, people, claim, once=once, due_at=due_at, **more)
    sealed = {KEY: claim.link_nonce} if with_link else {}
    return [
        Notice(
            kind,
            claim.holder_email,
            claim.subject,
            once=once,
            path=LINK if with_link else "",
            due_at=due_at,
            context=about(claim, **more, **sealed),
        )
    ]


def to_actor(kind: str, claim: ScanClaim, *, once: str, **more: Any) -> list[Notice]:
    """The person whose claim it is, or whoever decides for them."""
    return _each(kind, deciders_of(claim.actor), claim, once=f"{claim.ref}:{once}", **more)


def to_agents(kind: str, claim: ScanClaim, *, once: str, **more: Any) -> list[Notice]:
    """The people of the actor's agencies, where the actor let them in."""
    agents = agents_of(claim)
    return _each(kind, agents, claim, once=f"{claim.ref}:{once}", for_agent=True, **more)


def agents_of(claim: ScanClaim) -> list[User]:
    if not claim.tell_agency:
        return []
    deciders = {person.pk for person in deciders_of(claim.actor)}
    agents = people_involved(actors=[claim.actor_id], houses=()).agents.get(claim.actor_id, [])
    return [person for person in agents if person.pk not in deciders]


def to_union(claim: ScanClaim, *, once: str, **more: Any) -> list[Notice]:
    """The union contact, if the actor named one. They have no account here, so the letter says all there is."""
    if not claim.union_contact:
        return []
    once = f"{claim.ref}:{once}"
    context = about(claim, for_union=True, **more)
    return [Notice("claim-unanswered", claim.union_contact, claim.subject, once=once, context=context)]


def _each(
    kind: str, people: Iterable[User], claim: ScanClaim, *, once: str, due_at: datetime | None = None, **more: Any
) -> list[Notice]:
    context = about(claim, **more)
    path = reverse("claim", args=[claim.ref])
    return [
        Notice(kind, person, claim.subject, once=once, path=path, due_at=due_at, context=context) for person in people
    ]


def nothing_left_to_ask(claim: ScanClaim, *, at: datetime) -> None:
    """Cancels letters that still ask the holder for an answer."""
    call_off(claim.subject, ASKING, at=at)
