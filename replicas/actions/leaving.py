"""Withdrawing from a replica altogether: one signature ends licenses, closes requests and has it destroyed (R28)."""

from collections.abc import Mapping
from datetime import date, datetime

from accounts.actions.moves import move
from accounts.actions.signing import Proof, prove
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.notifications import Notice, notify
from accounts.rules.refusal import Refused
from agencies.access import decides_for, people_involved
from replicas.access.leaving import NOT_OPEN, Stakes
from replicas.actions import licensing
from replicas.actions.answering import end
from replicas.actions.custody.destroying import due_task, happening, is_destroyed
from replicas.actions.custody.telling import about, asks_destruction
from replicas.actions.custody.writing import day_of, lock_replica
from replicas.actions.listing import relist
from replicas.actions.telling import notices, people_of, tell
from replicas.models import CustodyTransfer, DestructionTask, Holding, License, Replica, ReuseRequest
from replicas.models.custody import LIVE
from replicas.models.license import LIVING_STATES
from replicas.rules.answering import RequestState, Side
from replicas.rules.custody import TaskReason, TransferState, check_due_on
from replicas.rules.events import Event
from replicas.rules.leaving import Fate, check_fates, due_on
from replicas.rules.licensing import LicenseMove
from replicas.rules.replicas import Act, judge
from replicas.rules.vocabulary import ReasonSeenBy, ReplicaState, Visibility

REASON = "The performer withdrew this replica altogether."


@move(Event.REPLICA_LEAVING)
def leave(
    replica: Replica,
    *,
    shown: str,
    fates: Mapping[str, str],
    wanted: date,
    contacts: Mapping[int, str],
    typed_name: str,
    proof: Proof,
    by: User,
    at: datetime,
) -> Replica:
    """The actor withdraws the replica: no request any more, each license as chosen, every holder has to destroy it.

    ``shown`` is the digest of what the page showed, ``fates`` the choice for each license by its number, ``wanted`` the
    day the proofs are due, ``contacts`` addresses of holders off the portal by the holding's id. Raises Refused for
    anybody but the actor, when something changed meanwhile, when a license has no choice, and when the proof fails.
    """
    replica = lock_replica(replica.pk)
    stakes = _locked(replica)
    try:
        sides = frozenset({Side.ACTOR}) if decides_for(by, replica.actor) else frozenset()
        judge(Act.LEAVE, sides=sides, state=ReplicaState(replica.state))
        if stakes.digest != shown:
            raise Refused("changed-meanwhile", "Something changed since you opened the page. Read it once more.")
        if not _same_name(typed_name, by, replica):
            raise Refused("name-differs", f"Type your name as it stands here: {by.name}.")
        check_due_on(wanted, today=day_of(at, replica))
        check_fates(fates, [license_.ref for license_ in stakes.licenses])
        proven = prove(proof, by=by, subject=replica.subject, digest=shown, at=at)
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    _write_state(replica)
    happenings = _end_licenses(stakes, fates, by=by, at=at)
    happenings += _close_requests(stakes, by=by, at=at)
    happenings += _end_transfers(replica, at=at)
    happenings += _ask_holders(stakes, fates, wanted, contacts, by=by, at=at)
    _tell_agents(replica, by=by, at=at)
    leaving = Happening(
        Event.REPLICA_LEAVING,
        replica.subject,
        by,
        data={"factor": proven.factor.label, "challenge": proven.nonce, "shown": shown, "licenses": dict(fates)},
    )
    if not stakes.holdings:
        is_destroyed(replica)
        happenings.append(Happening(Event.REPLICA_DESTROYED, replica.subject))
    record_all([leaving, *happenings], at=at)
    return replica


def _locked(replica: Replica) -> Stakes:
    """Everything at stake, locked: requests before licenses, since an approval turns one into the other."""
    requests = (
        ReuseRequest.objects.select_for_update(of=("self",))
        .filter(replica=replica)
        .exclude(state__in=NOT_OPEN)
        .select_related("actor__user", "project", "organization", "replica", "current_terms")
        .prefetch_related("current_terms__uses")
    )
    found = list(requests.order_by("pk"))
    living = License.objects.filter(request__replica=replica, state__in=LIVING_STATES)
    licenses = list(licensing.locked(living).order_by("ends_at", "pk"))
    holdings = Holding.objects.select_for_update(of=("self",)).live().filter(replica=replica)
    return Stakes(replica, licenses, found, list(holdings.select_related("organization").order_by("pk")))


def _write_state(replica: Replica) -> None:
    """Out of the listing at once, and every link to it closed with it."""
    won = Replica.objects.filter(pk=replica.pk, state=ReplicaState.CONFIRMED).update(
        state=ReplicaState.LEAVING, visibility=Visibility.HIDDEN
    )
    if not won:
        raise Refused("changed-meanwhile", "Somebody was faster. Look at it once more.", subject=replica.subject)
    relist([replica.pk])
    replica.state, replica.visibility = ReplicaState.LEAVING, Visibility.HIDDEN


def _end_licenses(stakes: Stakes, fates: Mapping[str, str], *, by: User, at: datetime) -> list[Happening]:
    return [
        licensing.write(LicenseMove.REVOKE, license_, REASON, by, at, revoked_at=at, revoke_reason=REASON)
        for license_ in stakes.licenses
        if fates[license_.ref] == Fate.NOW
    ]


def _close_requests(stakes: Stakes, *, by: User, at: datetime) -> list[Happening]:
    """A no to each open request. The people who asked read “not available”, and no reason."""
    happenings = []
    for request in stakes.requests:
        end(request, RequestState.DENIED, by=by, at=at, seen_by=ReasonSeenBy.AGENT)
        once = f"denied:{request.version}"
        agents, licensees = people_of(request)
        tell(
            notices("request-not-available", licensees, request, once=once),
            notices("client-answered", agents, request, once=once, outcome="denied"),
            at=at,
        )
        happenings.append(Happening(Event.REQUEST_DENIED, request.subject, by))
    return happenings


def _end_transfers(replica: Replica, *, at: datetime) -> list[Happening]:
    """Nothing passes to anybody any more."""
    rows = list(CustodyTransfer.objects.select_for_update().filter(replica=replica, state__in=LIVE).order_by("pk"))
    ids = [row.pk for row in rows]
    CustodyTransfer.objects.filter(pk__in=ids).update(state=TransferState.REFUSED, answered_at=at, ended_at=at)
    data = {"what": "it"}
    return [Happening(Event.TRANSFER_REFUSED, replica.subject, data={**data, "to": row.to_name}) for row in rows]


def _ask_holders(
    stakes: Stakes, fates: Mapping[str, str], wanted: date, contacts: Mapping[int, str], *, by: User, at: datetime
) -> list[Happening]:
    """A task and a letter for each holder. Who holds it for a license that runs on has until 30 days after its end."""
    runs = {
        license_.organization_id: license_.last_day for license_ in stakes.licenses if fates[license_.ref] == Fate.RUN
    }  # in the order they end: the last of a house stays
    replica = stakes.replica
    open_ = {task.holding_id: task for task in DestructionTask.objects.open().filter(replica=replica)}
    houses = {holding.organization_id for holding in stakes.holdings if holding.organization_id}
    members = people_involved(actors=(), houses=houses).members if houses else {}
    told: list[Notice] = []
    happenings = []
    for holding in stakes.holdings:
        if holding.pk in open_:  # asked before; the earlier day stands
            continue
        if contact := contacts.get(holding.pk, ""):
            Holding.objects.filter(pk=holding.pk).update(contact=contact)
            holding.contact = contact
        day = due_on(wanted, runs_until=runs.get(holding.organization_id or 0))
        task = due_task(holding, replica, reason=TaskReason.LEAVING, due_on=day, at=at, by=by)
        task.save()
        told += asks_destruction(task, holding, replica, members.get(holding.organization_id or 0, []))
        happenings.append(happening(task, holding, replica, by=by))
    notify(told, at=at)
    return happenings


def _tell_agents(replica: Replica, *, by: User, at: datetime) -> None:
    agents = people_involved(actors=[replica.actor_id], houses=()).agents.get(replica.actor_id, [])
    path = replica.get_absolute_url()
    once = f"{replica.ref}:leaving"
    context = about(replica)
    people = [person for person in agents if person.pk != by.pk]
    notify(
        [
            Notice("replica-leaving", person, replica.subject, once=once, path=path, context=context)
            for person in people
        ],
        at=at,
    )


def _same_name(typed: str, by: User, replica: Replica) -> bool:
    """The person's own name, or the performer's own stage name, whatever the case and spacing."""
    plain = " ".join(typed.split()).casefold()
    stage_name = replica.actor.stage_name if replica.actor.user_id == by.pk else by.name
    return plain in {" ".join(name.split()).casefold() for name in (by.name, stage_name)}
