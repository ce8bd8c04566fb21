"""Everything known about scans of a person, or of an agency's clients, as lines of one register.

As many queries as there are kinds of thing, however many rows.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse

from accounts.models import User
from agencies.access import Desk, own_actors
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.access.custody import holdings_of
from replicas.access.replicas import replicas_of
from replicas.access.scans import scans_of
from replicas.models import ClaimAnswer, Holding, Replica, Scan, ScanClaim
from replicas.rules.claim_standing import true_state
from replicas.rules.claiming import ClaimState, Closing, Outcome
from replicas.rules.register import Entry, Register, What, arranged
from replicas.rules.scanning import ScanState
from replicas.rules.vocabulary import ReplicaState
from replicas.rules.wording import day

MOST = 2000  # rows of one kind; a bigger agency narrows it down by client


def register_of(desk: Desk, user: User, *, at: datetime) -> Register:
    """The register of one desk: an agency's clients', else the person's own. Four queries, five for the latter.

    Raises Http404 for somebody who is no performer and sits at no agency's desk.
    """
    clients = desk.kind == "agency"
    if not clients and desk.actor is None and not own_actors(user).exists():
        raise Http404
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in holdings_of(desk if clients else Desk("actor", "actor", "", user), at=at)[: 2 * MOST]:
        held[holding.replica_id].append(holding)
    entries = [_scan(row, at, clients) for row in _scans(desk, user, clients)]
    entries += [_claim(row, at, clients) for row in _claims(desk, user, clients)]
    entries += [_replica(row, held[row.pk], clients) for row in _replicas(desk, user)]
    return arranged(entries)


# --- Announced scans --------------------------------------------------------------------------------------------------


def _scans(desk: Desk, user: User, clients: bool) -> QuerySet[Scan]:
    own = desk if clients else Desk("actor", "actor", "", user)
    rows = scans_of(own, user).select_related("actor", "notice__organization", "notice__project", "replica")
    return rows.order_by("-id")[:MOST]


def _scan(row: Scan, at: datetime, clients: bool) -> Entry:
    notice = row.notice
    open_ = row.state == ScanState.ANNOUNCED and at < notice.scan_at
    performer = row.actor.stage_name if row.actor else row.name
    state = ScanState(row.state)
    return Entry(
        what=What.SCAN,
        ref=row.ref,
        path=reverse("scan", args=[row.ref]),
        performer=performer,
        sentence=f"{notice.organization.name} scans {performer if clients else 'you'} for {notice.project.title}.",
        state=_SCAN_BADGES[state] if open_ or state is not ScanState.ANNOUNCED else "lapsed",
        status=state.label if open_ or state is not ScanState.ANNOUNCED else "Not agreed to",
        day=notice.here.date(),
        place=row.performed_place or str(notice.document.get("place", "")),
        captured_by=notice.organization.name,
        production=notice.project.title,
        held_at=row.custody_place,
        needs=("Your client has to answer" if clients else "Agree, refuse or ask a question") if open_ else "",
        due_at=notice.scan_at if open_ else None,
        asked_by=notice.organization.name if open_ else "",
    )


_SCAN_BADGES = {
    ScanState.ANNOUNCED: "open",
    ScanState.AGREED: "approved",
    ScanState.REFUSED: "denied",
    ScanState.WITHDRAWN: "withdrawn",
    ScanState.CALLED_OFF: "withdrawn",
    ScanState.PERFORMED: "confirmed",
    ScanState.DESTROYED: "destroyed",
}


# --- Claims -----------------------------------------------------------------------------------------------------------


def _claims(desk: Desk, user: User, clients: bool) -> QuerySet[ScanClaim]:
    rows = ScanClaim.objects.exclude(closing=Closing.DISCARDED)
    if clients:
        represented = Representation.objects.filter(
            agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False
        )
        rows = rows.sent().filter(tell_agency=True, actor__in=represented.values("actor"))
    else:
        rows = rows.filter(actor__in=own_actors(user))
    last: Any = ClaimAnswer.objects.filter(claim=OuterRef("pk")).order_by("-round_number")
    said = {
        f"said_{name}": Subquery(last.values(name)[:1]) for name in ("outcome", "custodian", "held_at", "held_until")
    }
    return rows.annotate(**said).select_related("actor", "holder_organization").order_by("-id")[:MOST]


def _claim(row: Any, at: datetime, clients: bool) -> Entry:
    state = true_state(ClaimState(row.state), at=at, due_at=row.due_at)
    holds = row.said_outcome == Outcome.HOLDS and row.replica_id is None
    who = row.captured_by or row.holder or "Somebody"
    waits = state in (ClaimState.SENT, ClaimState.DISPUTED)
    return Entry(
        what=What.CLAIM,
        ref=row.ref,
        path=row.get_absolute_url(),
        performer=row.actor.stage_name,
        sentence=f"{who} scanned {row.actor.stage_name if clients else 'you'}"
        f"{f' for {row.production}' if row.production else ''}, and nobody said what for.",
        state="open" if waits else state.value,
        status=_status(row, state),
        day=row.scanned_on,
        about=row.about_when if row.scanned_on is None else "",
        place=row.place,
        captured_by=row.captured_by,
        production=row.production,
        holders=(row.said_custodian or row.holder,) if holds else (),
        held_at=row.said_held_at or "" if holds else "",
        held_until=row.said_held_until if holds else None,
        needs="" if clients and state is not ClaimState.UNANSWERED else _CLAIM_NEEDS.get(state, ""),
        due_at=row.due_at if waits else None,
        silent=state is ClaimState.UNANSWERED,
    )


_CLAIM_NEEDS = {
    ClaimState.DRAFT: "Read the letter and send it",
    ClaimState.ACKNOWLEDGED: "Read the answer and say whether it settles it",
    ClaimState.UNANSWERED: "See what can be done",
}


def _status(row: Any, state: ClaimState) -> str:
    holder = row.holder or "They"
    match state:
        case ClaimState.DRAFT:
            return "Not sent yet"
        case ClaimState.SENT:
            return f"{holder} was asked and has time to answer"
        case ClaimState.DISPUTED:
            return f"{holder} was asked once more"
        case ClaimState.UNANSWERED:
            return f"{holder} did not answer"
        case ClaimState.ACKNOWLEDGED:
            return f"{holder} answered: {Outcome(row.said_outcome).label.lower()}"
        case _:
            ended = Closing(row.closing).label
            return f"{ended}: {Outcome(row.said_outcome).label.lower()}" if row.said_outcome else ended


# --- Replicas ---------------------------------------------------------------------------------------------------------


def _replicas(desk: Desk, user: User) -> QuerySet[Replica]:
    own = Replica.objects.filter(actor__in=own_actors(user))
    rows = replicas_of(desk, user) if desk.kind == "agency" else own
    return rows.select_related("actor").defer("search_text", "notes").order_by("-id")[:MOST]


def _replica(row: Replica, held: list[Any], clients: bool) -> Entry:
    proposed = row.state == ReplicaState.PROPOSED and not clients
    late = [holding for holding in held if holding.overdue]
    needs = "Look whether it is yours" if proposed else ""
    if late:
        needs = f"{late[0].holder} should have destroyed it by {day(late[0].due_on)}"
    until = [holding.until for holding in held if holding.until]
    return Entry(
        what=What.REPLICA,
        ref=row.ref,
        path=row.get_absolute_url(),
        performer=row.actor.stage_name,
        sentence=f"{row.actor.stage_name}’s {row.name}" if clients else f"Your {row.name}",
        state="overdue" if late else row.state,
        status="Destruction overdue" if late else _kept(held, ReplicaState(row.state)),
        day=row.captured_on,
        place=row.captured_at_place,
        captured_by=row.captured_by,
        production=row.captured_for,
        holders=tuple(dict.fromkeys(holding.holder for holding in held)),
        held_at="; ".join(dict.fromkeys(holding.place for holding in held if holding.place)),
        held_until=max(until) if until else None,
        needs=needs,
        overdue=bool(late),
    )


def _kept(held: list[Any], state: ReplicaState) -> str:
    """“Held: the original by Volume Stage, 2 copies by Nova Casting”, or the replica's own state."""
    if not held:
        return state.label
    return "Held: " + ", ".join(f"{holding.what} by {holding.holder}" for holding in held)
