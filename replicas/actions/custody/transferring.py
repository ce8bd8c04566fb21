"""A new holder: asked of the actor first, then of the union where there is one, then completed (R24)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.notifications import call_off, notify
from accounts.rules.refusal import Refused
from agencies.access import guardians_of
from agencies.models import Organization
from replicas.access.custody import parties_on
from replicas.actions.custody.recording import close, show_holder
from replicas.actions.custody.telling import answers_transfer, asks_transfer, changed, inside, of_houses
from replicas.actions.custody.writing import GONE, allowed, check_second_factor, day_of, lock_holding
from replicas.models import CustodyTransfer, Holding, Replica
from replicas.rules.custody import (
    ANSWER_DAYS,
    UNION_DAYS,
    Act,
    Ending,
    Facts,
    HoldingKind,
    Party,
    TransferMove,
    TransferState,
    check_completion,
    check_told,
    clock,
    judge_transfer,
)
from replicas.rules.deadlines import END_OF_WORK, end_of_day
from replicas.rules.events import Event
from replicas.rules.vocabulary import ReplicaState


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """To whom, where and why. ``agreement`` is the one the replica was made under: it says whether a union decides."""

    to_name: str
    place: str
    reason: str
    agreement: str
    to_organization: Organization | None = None
    to_contact: str = ""
    until: date | None = None
    told_by: str = ""


@move(Event.TRANSFER_ASKED)
def ask_transfer(holding: Holding, *, facts: TransferFacts, by: User, at: datetime) -> CustodyTransfer:
    """Asks the actor whether a new holder may have it. Nothing passes before their yes; silence is no."""
    replica, holding = lock_holding(holding)
    parties = allowed(Act.ASK_TRANSFER, holding, by=by)
    try:
        check_told(facts.told_by, parties)
        if facts.to_organization and facts.to_organization == holding.organization:
            raise Refused("same-holder", "They hold it already.")
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    today = day_of(at, replica)
    transfer = CustodyTransfer.objects.create(
        replica=replica,
        holding=holding,
        to_name=facts.to_organization.name if facts.to_organization else facts.to_name,
        to_organization=facts.to_organization,
        to_contact=facts.to_contact,
        place=facts.place,
        until=facts.until,
        reason=facts.reason,
        agreement=facts.agreement,
        told_by=facts.told_by,
        asked_by=by,
        asked_at=at,
        answer_by=datetime.combine(today + timedelta(days=ANSWER_DAYS), END_OF_WORK, tzinfo=replica.actor.user.zone),
    )
    deciders = asks_transfer(transfer, replica)
    asked = {notice.to.pk for notice in deciders if isinstance(notice.to, User)}
    others = [person for person in inside(replica, but=by) if person.pk not in asked]
    sentence = f"{holding.holder} asks whether {holding.what} may pass to {transfer.to_name}."
    notify([*deciders, *changed(replica, others, sentence, once=f"transfer:{transfer.pk}")], at=at)
    _record(Event.TRANSFER_ASKED, transfer, replica, by=by, at=at)
    return transfer


@move(Event.TRANSFER_AGREED)
def agree(transfer: CustodyTransfer, *, by: User, at: datetime) -> CustodyTransfer:
    """The actor's yes to this new holder. It still needs the written assumption, and the union where there is one."""
    replica, transfer = _lock(transfer)
    if len(guardians_of(replica.actor, at)) > 1:
        # A minor's yes needs every guardian's signature, and a transfer has room for one: so it stays where it is.
        sentence = "Several guardians decide for this performer, so a new holder can’t be agreed to here. Refuse it."
        raise Refused("several-guardians", sentence, subject=replica.subject)
    _move(TransferMove.AGREE, transfer, replica, by=by, at=at, answered_at=at, agreed_by=by)
    call_off(transfer.subject, ["transfer-asked"], at=at)
    notify([*answers_transfer(transfer, replica, agreed=True), *_to_agents(transfer, replica, by, "agreed")], at=at)
    _record(Event.TRANSFER_AGREED, transfer, replica, by=by, at=at)
    return transfer


@move(Event.TRANSFER_REFUSED)
def refuse(transfer: CustodyTransfer, *, by: User, at: datetime) -> CustodyTransfer:
    """The actor's no, also after a yes as long as nothing has passed. The holder reads “not agreed”, nothing else."""
    replica, transfer = _lock(transfer)
    _move(TransferMove.REFUSE, transfer, replica, by=by, at=at, answered_at=at, ended_at=at)
    call_off(transfer.subject, ["transfer-asked"], at=at)
    notify(
        [*answers_transfer(transfer, replica, agreed=False), *_to_agents(transfer, replica, by, "not agreed")], at=at
    )
    _record(Event.TRANSFER_REFUSED, transfer, replica, by=by, at=at)
    return transfer


@move(Event.TRANSFER_UNION_ASKED)
def ask_union(
    transfer: CustodyTransfer, *, document: str, sha256: str, told_by: str = "", by: User, at: datetime
) -> CustodyTransfer:
    """Writes down the new holder's promise and that the union has it before it. Its 21 days begin."""
    replica, transfer = _lock(transfer)
    if not transfer.needs_union:
        raise Refused("no-union", "No union agreement applies, so there is no union to ask.", subject=replica.subject)
    _check_document(document, sha256, replica)
    union_due_at = end_of_day(day_of(at, replica) + timedelta(days=UNION_DAYS), replica.actor.user.zone)
    _move(
        TransferMove.ASK_UNION,
        transfer,
        replica,
        by=by,
        at=at,
        told_by=told_by,
        document=document,
        document_sha256=sha256,
        union_asked_at=at,
        union_due_at=union_due_at,
    )
    _record(Event.TRANSFER_UNION_ASKED, transfer, replica, by=by, at=at)
    return transfer


@move(Event.TRANSFER_COMPLETED)
def complete(
    transfer: CustodyTransfer,
    *,
    document: str = "",
    sha256: str = "",
    union_approved_on: date | None = None,
    union_reference: str = "",
    told_by: str = "",
    by: User,
    at: datetime,
) -> Holding:
    """It passes to the new holder. Returns their holding; the old one is ended.

    Raises Refused without the actor's yes, without the written assumption, and where a union's agreement applies
    without its approval: at the end of its 21 days its silence is no approval (§39.I, secondary source).
    """
    replica, transfer = _lock(transfer)
    if replica.state != ReplicaState.CONFIRMED:
        raise Refused("replica-leaving", GONE, subject=replica.subject)
    document, sha256 = document or transfer.document, sha256 or transfer.document_sha256
    today = day_of(at, replica)
    old = transfer.holding
    was = TransferState(transfer.state)
    _move(
        TransferMove.COMPLETE,
        transfer,
        replica,
        by=by,
        at=at,
        told_by=told_by,
        document=document,
        document_sha256=sha256,
        union_approved_on=union_approved_on,
        union_reference=union_reference,
        ended_at=at,
    )
    try:
        check_completion(
            agreement=transfer.agreement,
            state=was,
            document=document,
            sha256=sha256,
            union_approved_on=union_approved_on,
            today=today,
        )
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    close(old, Ending.TRANSFERRED, at=at)
    new = _new_holding(transfer, old, today, by, at)
    if old.kind == HoldingKind.ORIGINAL:
        show_holder(
            replica, new.holder, organization=transfer.to_organization, place=transfer.place, until=transfer.until
        )
    people = [*inside(replica, but=by), *of_houses(old.organization_id, transfer.to_organization_id, but=by)]
    sentence = f"{new.holder} now holds {new.what} that {old.holder} held."
    notify(changed(replica, people, sentence, once=f"transfer:{transfer.pk}:completed"), at=at)
    _record(Event.TRANSFER_COMPLETED, transfer, replica, by=by, at=at)
    return new


@move(Event.TRANSFER_WITHDRAWN)
def withdraw(transfer: CustodyTransfer, *, told_by: str = "", by: User, at: datetime) -> CustodyTransfer:
    """The holder takes the question back. It stays with them."""
    replica, transfer = _lock(transfer)
    _move(TransferMove.WITHDRAW, transfer, replica, by=by, at=at, told_by=told_by, ended_at=at)
    call_off(transfer.subject, ["transfer-asked"], at=at)
    sentence = f"{transfer.holding.holder} no longer asks to pass {transfer.holding.what} to {transfer.to_name}."
    notify(changed(replica, inside(replica, but=by), sentence, once=f"transfer:{transfer.pk}:withdrawn"), at=at)
    _record(Event.TRANSFER_WITHDRAWN, transfer, replica, by=by, at=at)
    return transfer


def told_about(transfer: CustodyTransfer) -> dict[str, str]:
    """What the sentences of the audit trail need."""
    return {"holder": transfer.holding.holder, "what": transfer.holding.what, "to": transfer.to_name}


def _record(event: Event, transfer: CustodyTransfer, replica: Replica, *, by: User, at: datetime) -> None:
    record(event, subject=replica.subject, by=by, at=at, **told_about(transfer))


def _lock(transfer: CustodyTransfer) -> tuple[Replica, CustodyTransfer]:
    replica, holding = lock_holding(CustodyTransfer.objects.values_list("holding", flat=True).get(pk=transfer.pk))
    rows = CustodyTransfer.objects.select_for_update(of=("self",)).select_related("to_organization")
    found = rows.get(pk=transfer.pk)
    found.replica, found.holding = replica, holding
    return replica, found


def _move(
    move_: TransferMove,
    transfer: CustodyTransfer,
    replica: Replica,
    *,
    by: User,
    at: datetime,
    told_by: str | None = None,
    **values: Any,
) -> None:
    """Asks the rule, then writes with compare-and-set. ``told_by`` is given by moves a holder makes."""
    try:
        parties = parties_on(by, replica, transfer.holding)
        state = judge_transfer(
            move_, state=TransferState(transfer.state), parties=parties, at=at, due_at=transfer.due_at
        )
        check_second_factor(parties, by)
        if told_by is not None and Party.NOTED in parties:
            check_told(told_by or transfer.told_by, parties)
            values["told_by"] = told_by or transfer.told_by
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    if not CustodyTransfer.objects.filter(pk=transfer.pk, state=transfer.state).update(state=state, **values):
        raise Refused("somebody-was-faster", "Somebody was faster. Look at it again.", subject=replica.subject)
    for name, value in {**values, "state": state}.items():
        setattr(transfer, name, value)


def _new_holding(transfer: CustodyTransfer, old: Holding, today: date, by: User, at: datetime) -> Holding:
    return Holding.objects.create(
        replica=transfer.replica,
        holder=transfer.to_name,
        organization=transfer.to_organization,
        contact=transfer.to_contact,
        place=transfer.place,
        kind=old.kind,
        copies=old.copies,
        purpose=transfer.reason[:300],
        source=old.source,
        since=today,
        until=transfer.until,
        last_interaction_on=today,
        look_on=clock(Facts(today, transfer.until)).opens_on,
        told_by=transfer.told_by,
        recorded_by=by,
        recorded_at=at,
    )


def _check_document(document: str, sha256: str, replica: Replica) -> None:
    if not document or not sha256:
        sentence = "Name the document in which the new holder takes over the duties, and its hash."
        raise Refused("no-assumption", sentence, subject=replica.subject)


def _to_agents(transfer: CustodyTransfer, replica: Replica, by: User, answer: str) -> list[Any]:
    people = inside(replica, but=by)
    sentence = f"{replica.actor.stage_name}’s answer to the transfer to {transfer.to_name}: {answer}."
    return changed(replica, people, sentence, once=f"transfer:{transfer.pk}:{answer}")
