"""Everything known about scans of a person, or of an agency's clients, as lines of one register.

As many queries as there are kinds of thing, however many rows.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse

from accounts.models import User
from agencies.access import Desk
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.access.custody import holdings_of
from replicas.access.scans import scans_of
from replicas.models import ClaimAnswer, Replica, Scan, ScanClaim
from replicas.rules.claim_standing import true_state
from replicas.rules.claiming import ClaimState, Closing, Outcome
from replicas.rules.register import YOU, Entry, Register, What, arranged
from replicas.rules.scanning import ScanState
from replicas.rules.vocabulary import ReplicaState
from replicas.rules.wording import day

MOST = 2000  # rows of one kind; a bigger agency narrows it down by client


def whom(desk: Desk) -> str:
    """Whom the register of this desk is about: “you”, “your clients”, or the ward a guardian looks after."""
    if desk.kind == "agency":
        return "your clients"
    return desk.actor.stage_name if desk.actor and desk.user and desk.actor.user_id != desk.user.pk else YOU


def register_of(desk: Desk, user: User, *, at: datetime) -> Register:
    """The register of one desk: an agency's clients', a guardian's ward's, else the person's own. Four queries.

    Raises Http404 for somebody who is no performer and sits at no agency's desk.
    """
    if desk.kind != "agency" and desk.actor is None:
        raise Http404
    named = whom(desk) != YOU
    held: dict[int, list[Any]] = defaultdict(list)
    for holding in _own(holdings_of(desk, at=at), desk, "replica__actor")[: 2 * MOST]:
        held[holding.replica_id].append(holding)
    clients = desk.kind == "agency"
    entries = [_scan(row, at, named, clients=clients) for row in _scans(desk, user)]
    entries += [_claim(row, at, named, clients=clients) for row in _claims(desk)]
    entries += [_replica(row, held[row.pk], named, clients=clients) for row in _replicas(desk)]
    return arranged(entries)


def _own(rows: QuerySet[Any], desk: Desk, actor: str) -> QuerySet[Any]:
    """Narrows what a person may open to the one performer whose desk they sit at."""
    return rows if desk.kind == "agency" else rows.filter(**{actor: desk.actor})


def _of(desk: Desk, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows about the desk's performer, or about the agency's clients of today."""
    if desk.kind != "agency":
        return rows.filter(actor=desk.actor)
    clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
    return rows.filter(actor__in=clients.values("actor"))


# --- Announced scans --------------------------------------------------------------------------------------------------


def _scans(desk: Desk, user: User) -> QuerySet[Scan]:
    """Announced to the desk's people; at one's own desk also what came to an address of one's own."""
    rows = scans_of(desk, user)
    if desk.kind != "agency":
        unclaimed = Q(actor__isnull=True) if whom(desk) == YOU else Q()
        rows = rows.filter(Q(actor=desk.actor) | unclaimed) if unclaimed else rows.filter(actor=desk.actor)
    return rows.select_related("actor", "notice__organization", "notice__project").order_by("-id")[:MOST]


def _scan(row: Scan, at: datetime, named: bool, *, clients: bool) -> Entry:
    notice = row.notice
    open_ = row.state == ScanState.ANNOUNCED and at < notice.scan_at
    performer = row.actor.stage_name if row.actor else row.called
    state = ScanState(row.state)
    verb = "wants to scan" if open_ else _SCAN_VERBS.get(state, "wanted to scan")
    return Entry(
        what=What.SCAN,
        ref=row.ref,
        path=reverse("scan", args=[row.ref]),
        performer=performer,
        sentence=f"{notice.organization.name} {verb} {performer if named else 'you'} for {notice.project.title}.",
        state=state.value if open_ or state is not ScanState.ANNOUNCED else "lapsed",
        status=state.label if open_ or state is not ScanState.ANNOUNCED else "Not agreed to",
        day=notice.here.date(),
        place=row.performed_place or str(notice.document.get("place", "")),
        captured_by=notice.organization.name,
        production=notice.project.title,
        holders=(row.custodian,) if row.custodian and state is ScanState.PERFORMED and not row.replica_id else (),
        held_at=row.custody_place,
        needs=("They have to answer" if clients else "Agree, refuse or ask a question") if open_ else "",
        due_at=notice.scan_at if open_ else None,
        asked_by=notice.organization.name if open_ else "",
    )


_SCAN_VERBS = {ScanState.AGREED: "may scan", ScanState.PERFORMED: "scanned", ScanState.DESTROYED: "scanned"}


# --- Claims -----------------------------------------------------------------------------------------------------------


def _claims(desk: Desk) -> QuerySet[ScanClaim]:
    rows = _of(desk, ScanClaim.objects.exclude(closing=Closing.DISCARDED))
    if desk.kind == "agency":
        rows = rows.filter(sent_at__isnull=False, tell_agency=True)
    last: Any = ClaimAnswer.objects.filter(claim=OuterRef("pk")).order_by("-round_number")
    said = {
        f"said_{name}": Subquery(last.values(name)[:1]) for name in ("outcome", "custodian", "held_at", "held_until")
    }
    return rows.annotate(**said).select_related("actor", "holder_organization").order_by("-id")[:MOST]


def _claim(row: Any, at: datetime, named: bool, *, clients: bool) -> Entry:
    state = true_state(ClaimState(row.state), at=at, due_at=row.due_at)
    holds = row.said_outcome == Outcome.HOLDS and row.replica_id is None
    who = row.captured_by or row.holder or "Somebody"
    waits = state in (ClaimState.SENT, ClaimState.DISPUTED)
    return Entry(
        what=What.CLAIM,
        ref=row.ref,
        path=row.get_absolute_url(),
        performer=row.actor.stage_name,
        sentence=f"{who[:1].upper()}{who[1:]} scanned {row.actor.stage_name if named else 'you'}"
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
        asked=waits,
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


def _replicas(desk: Desk) -> QuerySet[Replica]:
    rows = _of(desk, Replica.objects.all())
    return rows.select_related("actor").defer("notes").order_by("-id")[:MOST]


def _replica(row: Replica, held: list[Any], named: bool, *, clients: bool) -> Entry:
    proposed = row.state == ReplicaState.PROPOSED and not clients
    late = [holding for holding in held if holding.overdue]
    needs = f"Look whether it is {'theirs' if named else 'yours'}" if proposed else ""
    if late:
        needs = f"{late[0].holder} should have destroyed it by {day(late[0].due_on)}"
    goes = late or row.state == ReplicaState.LEAVING  # then what matters stands on its custody page
    until = [last for holding in held if (last := holding.due_on or holding.until)]
    return Entry(
        what=What.REPLICA,
        ref=row.ref,
        path=reverse("custody", args=[row.ref]) if goes else row.get_absolute_url(),
        performer=row.actor.stage_name,
        sentence=f"{row.actor.stage_name}’s {row.name}" if named else f"Your {row.name}",
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
    """“Held: the original by Volume Stage, 2 copies by Nova Casting”, or the replica's state; both while it goes."""
    if not held:
        return state.label
    holders = ", ".join(f"{holding.what} by {holding.holder}" for holding in held)
    return f"{state.label if state is ReplicaState.LEAVING else 'Held'}: {holders}"
