"""Replicas: registered, confirmed or declined, changed, shown or hidden, their files recorded. Their only writer."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.access.factors import has_second_factor
from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.notifications import Notice, notify
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import acting_for, deciders_of, decides_for, people_involved, represents
from agencies.models import Organization, Representation
from agencies.rules.organizations import BondState
from replicas.access.replicas import sides_on
from replicas.actions.custody.originals import first_holding, follow_facts
from replicas.actions.listing import relist
from replicas.actions.permitted import follow_rules
from replicas.models import Replica, ReplicaFile
from replicas.rules.answering import Side
from replicas.rules.events import Event
from replicas.rules.files import MOST_FILES, FileRow, twice
from replicas.rules.replicas import Act, Facts, changed, check_facts, judge, shown_hash
from replicas.rules.vocabulary import Modality, ReplicaState, Visibility


def facts_of(replica: Replica) -> Facts:
    """The row as the rules read it."""
    return Facts(
        kind=replica.kind,
        modalities=tuple(modality.value for modality in Modality if getattr(replica, modality.value)),
        captured_on=replica.captured_on,
        captured_at_place=replica.captured_at_place,
        captured_by=replica.captured_by,
        captured_for=replica.captured_for,
        custodian=replica.custodian,
        custody_place=replica.custody_place,
        custody_until=replica.custody_until,
        notes=replica.notes,
    )


def hash_shown(replica: Replica) -> str:
    """What the confirm page shows, as a hash: facts and pictures."""
    return shown_hash(facts_of(replica), list(replica.previews.values_list("key", flat=True)))


def lock(replica: Replica) -> Replica:
    """The row as it is now, locked until the end of the transaction."""
    return Replica.objects.select_for_update(of=("self",)).select_related("actor__user").get(pk=replica.pk)


def allowed(act: Act, replica: Replica, *, by: User) -> frozenset[Side]:
    """The sides in whose name ``by`` may do this right now. Raises Refused with the replica as its subject."""
    sides = sides_on(by, replica)
    try:
        judge(act, sides=sides, state=ReplicaState(replica.state))
        _check_second_factor(sides, by)
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    return sides


def _check_second_factor(sides: frozenset[Side], by: User) -> None:
    """Who acts for clients must have a second factor; for their own replicas people need it only to sign."""
    if settings.REQUIRE_MFA and Side.ACTOR not in sides and not has_second_factor(by):
        raise Refused("second-factor-missing", "Set up a passkey or codes from an app first, then come back to this.")


@move(Event.REPLICA_REGISTERED)
def register(
    *, actor: ActorProfile, facts: Facts, visibility: str = Visibility.HIDDEN, by: User, at: datetime
) -> Replica:
    """Registers a replica of ``actor``: confirmed when it is theirs, proposed (and they are asked) by their agency.

    ``visibility`` takes effect with the confirmation. Raises Refused for anybody else and for facts that can't be true.
    """
    subject = Subject("actor", actor.pk, "", actor.stage_name)
    own = decides_for(by, actor, at)
    if not own and not represents(by, actor):
        raise Refused("not-yours", "Only the actor or their agency can register a replica.", subject=subject)
    if not own:
        _check_second_factor(frozenset({Side.AGENCY}), by)
    _check(facts, by=by, at=at, subject=subject)
    replica = enter(actor=actor, facts=facts, visibility=visibility, confirmed=own, by=by, at=at)
    if not own:
        notify(_to_confirm(replica, by, at), at=at)
    record(Event.REPLICA_REGISTERED, subject=replica.subject, by=by, at=at, for_label=acting_for(by, actor))
    return replica


def enter(
    *,
    actor: ActorProfile,
    facts: Facts,
    visibility: str,
    confirmed: bool,
    by: User,
    at: datetime,
    custodian: Organization | None = None,
) -> Replica:
    """Writes the row of a new replica and the first holding. Called inside the move that records it, whichever it is.

    ``custodian`` is the house that holds the files when it is on the portal. Needs ``actor.user``.
    """
    replica = Replica.objects.create(
        ref=new_reference("P"),
        actor=actor,
        visibility=visibility,
        state=ReplicaState.CONFIRMED if confirmed else ReplicaState.PROPOSED,
        custodian_organization=custodian,
        link_nonce=_nonce(),
        registered_by=by,
        registered_at=at,
        confirmed_at=at if confirmed else None,
        **facts.columns(),
    )
    relist([replica.pk])
    first_holding(replica, by=by, at=at)
    follow_rules([actor.pk], by=by, at=at)
    return replica


@move(Event.REPLICA_CHANGED)
def change(replica: Replica, *, facts: Facts, by: User, at: datetime) -> Replica:
    """Corrects what is said about a replica. Nothing is written when nothing differs."""
    replica = lock(replica)
    allowed(Act.CHANGE, replica, by=by)
    _check(facts, by=by, at=at, subject=replica.subject)
    differences = changed(facts_of(replica), facts)
    if not differences:
        return replica
    _update(replica, **facts.columns())
    follow_facts(replica, by=by, at=at)
    what = ", ".join(differences[:-1]) + " and " + differences[-1] if len(differences) > 1 else differences[0]
    for_label = acting_for(by, replica.actor)
    record(Event.REPLICA_CHANGED, subject=replica.subject, by=by, at=at, for_label=for_label, what=what)
    return replica


@move(Event.REPLICA_CONFIRMED)
def confirm(replica: Replica, *, visibility: str, shown: str, by: User, at: datetime) -> Replica:
    """The actor's yes to a replica their agency registered, and to how visible it is.

    ``shown`` is ``hash_shown`` of what they read. Raises Refused when it was changed meanwhile.
    """
    replica = lock(replica)
    allowed(Act.CONFIRM, replica, by=by)
    if shown != hash_shown(replica):
        raise Refused(
            "changed-meanwhile",
            "Your agency changed this replica since you opened the page. Read it once more, then confirm.",
            subject=replica.subject,
        )
    _update(replica, state=ReplicaState.CONFIRMED, visibility=visibility, confirmed_at=at)
    _tell_agency(replica, confirmed=True, at=at)
    record(Event.REPLICA_CONFIRMED, subject=replica.subject, by=by, at=at, for_label=acting_for(by, replica.actor))
    return replica


@move(Event.REPLICA_DECLINED)
def decline(replica: Replica, *, by: User, at: datetime) -> Replica:
    """The actor's no: the replica stays invisible, and the agency is told."""
    replica = lock(replica)
    allowed(Act.DECLINE, replica, by=by)
    _update(replica, state=ReplicaState.DECLINED, visibility=Visibility.HIDDEN)
    _tell_agency(replica, confirmed=False, at=at)
    record(Event.REPLICA_DECLINED, subject=replica.subject, by=by, at=at, for_label=acting_for(by, replica.actor))
    return replica


@move(Event.REPLICA_VISIBILITY)
def set_visibility(replica: Replica, *, visibility: str, by: User, at: datetime) -> Replica:
    """Listed, by link, or hidden. Only the actor decides it. Requests already sent are not touched by it."""
    replica = lock(replica)
    allowed(Act.SET_VISIBILITY, replica, by=by)
    if replica.visibility == visibility:
        return replica
    _update(replica, visibility=visibility)
    label = Visibility(visibility).label
    for_label = acting_for(by, replica.actor)
    record(Event.REPLICA_VISIBILITY, subject=replica.subject, by=by, at=at, for_label=for_label, visibility=label)
    return replica


@move(Event.REPLICA_LINK)
def renew_link(replica: Replica, *, by: User, at: datetime) -> Replica:
    """Makes a new link; whoever holds an earlier one finds nothing behind it any more."""
    replica = lock(replica)
    allowed(Act.RENEW_LINK, replica, by=by)
    _update(replica, link_nonce=_nonce())
    record(Event.REPLICA_LINK, subject=replica.subject, by=by, at=at, for_label=acting_for(by, replica.actor))
    return replica


@move(Event.REPLICA_FILES)
def record_files(replica: Replica, *, files: Sequence[FileRow], by: User, at: datetime) -> int:
    """Records delivered files by their SHA-256. Raises Refused when one is named twice or too many are.

    Returns how many were recorded.
    """
    replica = lock(replica)
    allowed(Act.FILES, replica, by=by)
    known = dict(ReplicaFile.objects.filter(replica=replica).values_list("sha256", "name"))
    if sentences := twice(tuple(files), known):
        raise Refused("file-twice", sentences[0], subject=replica.subject)
    if len(known) + len(files) > MOST_FILES:
        raise Refused("too-many-files", f"A replica can hold {MOST_FILES:,} files.", subject=replica.subject)
    ReplicaFile.objects.bulk_create(
        [ReplicaFile(replica=replica, name=row.name, size=row.size, sha256=row.sha256, added_at=at) for row in files],
        batch_size=500,
    )
    for_label = acting_for(by, replica.actor)
    record(Event.REPLICA_FILES, subject=replica.subject, by=by, at=at, for_label=for_label, count=len(files))
    return len(files)


def _check(facts: Facts, *, by: User, at: datetime, subject: Subject) -> None:
    try:
        check_facts(facts, today=at.astimezone(by.zone).date())
    except Refused as refusal:
        refusal.subject = subject
        raise


def _update(replica: Replica, **values: Any) -> None:
    """Writes only over the state that was judged; the instance carries the new values afterwards."""
    if not Replica.objects.filter(pk=replica.pk, state=replica.state).update(**values):
        raise Refused("changed-meanwhile", "Somebody was faster. Look at it once more.", subject=replica.subject)
    for name, value in values.items():
        setattr(replica, name, value)
    if values.keys() != {"link_nonce"}:
        relist([replica.pk])


def _nonce() -> str:
    return secrets.token_urlsafe(16)[:22]


def _to_confirm(replica: Replica, by: User, at: datetime) -> list[Notice]:
    context = _about(replica, organization=_agency_of(replica.actor, by), by=str(by))
    return [
        Notice(
            "replica-to-confirm",
            person,
            replica.subject,
            once=f"{replica.ref}:to-confirm",
            path=reverse("replica-confirm", args=[replica.ref]),
            context=context,
        )
        for person in deciders_of(replica.actor, at)
    ]


def _tell_agency(replica: Replica, *, confirmed: bool, at: datetime) -> None:
    """Tells the people of the actor's agencies, and nobody who has left them."""
    people = people_involved(actors=[replica.actor_id], houses=()).agents.get(replica.actor_id, [])
    notify(
        [
            Notice(
                "replica-confirmed",
                person,
                replica.subject,
                once=f"{replica.ref}:{'confirmed' if confirmed else 'declined'}",
                path=replica.get_absolute_url(),
                context=_about(replica, outcome="confirmed" if confirmed else "declined", by=replica.actor.stage_name),
            )
            for person in people
            if person.pk != replica.actor.user_id
        ],
        at=at,
    )


def _about(replica: Replica, **more: Any) -> dict[str, Any]:
    return {"ref": replica.ref, "actor": replica.actor.stage_name, "name": replica.name, **more}


def _agency_of(actor: ActorProfile, by: User) -> str:
    """The agency in whose name ``by`` acts for the actor."""
    agencies = Representation.objects.filter(
        actor=actor,
        state=BondState.ACTIVE,
        agency__memberships__user=by,
        agency__memberships__state=BondState.ACTIVE,
    )
    return agencies.order_by("pk").values_list("agency__name", flat=True).first() or str(by)
