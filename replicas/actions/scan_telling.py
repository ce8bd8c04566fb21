"""Who is told what about an announced scan. Gathers notices; ``notify`` writes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.notifications import Notice, call_off, notify
from agencies.access import deciders_of_each, people_involved
from replicas.models import Scan, ScanNotice
from replicas.rules.announcing import fact_groups, sentence, when_words

ASKING = ("scan-announced", "scan-changed", "scan-reminder")
SIGN_UP = "/accounts/signup/"


def about(notice: ScanNotice, **more: Any) -> dict[str, Any]:
    """What letters about an announcement need, as JSON values. The moment of the scan is said on its place's clock."""
    announcement = notice.announcement
    return {
        "notice": notice.ref,
        "organization": notice.organization.name,
        "organization_id": notice.organization_id,
        "project": announcement.project,
        "place": announcement.place,
        "when": when_words(announcement),
        "sentence": sentence(announcement),
        "groups": [[group.title, [list(row) for row in group.rows]] for group in fact_groups(announcement)],
        **more,
    }


def to_performers(
    kind: str, scans: Sequence[Scan], notice: ScanNotice, *, once: str, due: bool = False, **more: Any
) -> list[Notice]:
    """One notice of ``kind`` for whoever answers for each person, or for the bare address of who has no account.

    Needs each ``scan.actor.user``. One query at most, however many.
    """
    context = about(notice, **more)
    deciders = deciders_of_each([scan.actor for scan in scans if scan.actor])
    return [
        Notice(
            kind,
            person,
            scan.subject,
            once=f"{notice.ref}:{once}",
            path=scan.get_absolute_url() if scan.actor else f"{SIGN_UP}?next={scan.get_absolute_url()}",
            due_at=notice.scan_at if due else None,
            context={
                **context,
                "ref": scan.ref,
                "actor": scan.actor.stage_name if scan.actor else scan.called,
                "actor_id": scan.actor_id,
                "address": "" if scan.actor else scan.email,
            },
        )
        for scan in scans
        for person in (deciders[scan.actor.pk] if scan.actor else [scan.email])
    ]


def to_agents(scans: Sequence[Scan], notice: ScanNotice, *, once: str, outcome: str, **more: Any) -> list[Notice]:
    """One notice per client for the people of their agencies, who read many of them as one letter. One query."""
    actors = {scan.actor_id for scan in scans if scan.actor_id is not None}
    agents = people_involved(actors=actors, houses=()).agents if actors else {}
    context = about(notice, outcome=outcome, **more)
    return [
        Notice(
            "client-scan",
            person,
            scan.subject,
            once=f"{scan.ref}:{once}",
            path=scan.get_absolute_url(),
            context={**context, "ref": scan.ref, "actor": scan.actor.stage_name, "actor_id": scan.actor_id},
        )
        for scan in scans
        if scan.actor is not None
        for person in agents.get(scan.actor.pk, [])
        if person.pk != scan.actor.user_id
    ]


def to_house(kind: str, people: Iterable[User], scan: Scan, *, once: str, **more: Any) -> list[Notice]:
    """One notice about one person for the people of the house, in the words the house may read."""
    context = about(scan.notice, ref=scan.ref, person=scan.called, **more)
    return [
        Notice(kind, person, scan.subject, once=f"{scan.ref}:{once}", path=scan.get_absolute_url(), context=context)
        for person in people
    ]


def people_of(scan: Scan) -> tuple[list[User], list[User]]:
    """The performer's agents and the house's people, of those who may act there right now. One query."""
    actors = [scan.actor_id] if scan.actor_id is not None else []
    involved = people_involved(actors=actors, houses=[scan.notice.organization_id])
    agents = involved.agents.get(scan.actor_id, []) if scan.actor_id is not None else []
    return agents, involved.members.get(scan.notice.organization_id, [])


def tell(*groups: list[Notice], at: datetime) -> None:
    """Writes what is to be told; somebody who is meant twice (two addresses, two roles) is told once."""
    once = {(notice.to, notice.kind, notice.once): notice for group in reversed(groups) for notice in reversed(group)}
    notify(list(reversed(once.values())), at=at)


def nothing_left_to_ask(scans: Sequence[Scan], *, at: datetime) -> None:
    """Cancels letters that still ask for an answer: it was given, or is no longer wanted."""
    if scans:
        call_off([scan.subject for scan in scans], ASKING, at=at)
