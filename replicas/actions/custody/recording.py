"""Writing down copies, who opened the files, and that somebody no longer holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.notifications import notify
from accounts.rules.refusal import Refused
from agencies.models import Organization
from replicas.actions.custody.telling import changed, inside, of_houses
from replicas.actions.custody.writing import allowed, day_of, lock_holding
from replicas.models import CustodyAccess, Holding, License, Replica
from replicas.rules.custody import (
    RECORDABLE,
    Act,
    Ending,
    Facts,
    HoldingKind,
    check_handing_on,
    check_told,
    clock,
)
from replicas.rules.events import Event


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What is said about copies. ``organization`` when the holder is on the portal, ``license`` what they are for."""

    holder: str
    place: str
    purpose: str
    since: date
    copies: int = 1
    until: date | None = None
    contact: str = ""
    organization: Organization | None = None
    license: License | None = None
    told_by: str = ""


@move(Event.CUSTODY_COPY)
def record_copy(source: Holding, *, facts: CopyFacts, by: User, at: datetime) -> Holding:
    """Writes down copies made from ``source`` and tells the actor's side.

    Raises Refused for strangers, for a copy in new hands without a license (that is a transfer), for days that can't
    be true, and when ``source`` is no longer held.
    """
    replica, source = lock_holding(source)
    parties = allowed(Act.RECORD_COPY, source, by=by)
    today = day_of(at, replica)
    try:
        check_told(facts.told_by, parties)
        _check_days(facts, today)
        license_ = _license_of(facts, replica)
        same = facts.organization == source.organization if source.organization else facts.holder == source.holder
        check_handing_on(parties=parties, same_holder=same, licensed=license_ is not None)
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    made = Holding.objects.create(
        replica=replica,
        holder=facts.organization.name if facts.organization else facts.holder,
        organization=facts.organization,
        contact=facts.contact,
        place=facts.place,
        kind=HoldingKind.COPY,
        copies=facts.copies,
        purpose=facts.purpose,
        source=source,
        license=license_,
        since=facts.since,
        until=facts.until,
        last_interaction_on=today,
        look_on=clock(Facts(today, facts.until)).opens_on,
        told_by=facts.told_by,
        recorded_by=by,
        recorded_at=at,
    )
    sentence = f"{made.holder} now holds {made.what} of the {replica}, for: {made.purpose}"
    people = {person.pk: person for person in [*inside(replica, but=by), *of_houses(made.organization_id, but=by)]}
    notify(changed(replica, people.values(), sentence, once=f"copy:{made.pk}"), at=at)
    record(Event.CUSTODY_COPY, subject=replica.subject, by=by, at=at, what=made.what, holder=made.holder)
    return made


@move(Event.CUSTODY_ACCESS)
def log_access(
    holding: Holding,
    *,
    who: str,
    purpose: str,
    opened_at: datetime,
    files: Sequence[str] = (),
    told_by: str = "",
    by: User,
    at: datetime,
) -> CustodyAccess:
    """Adds who opened the files, for what and when. Nobody is told: it stands on the custody page."""
    replica, holding = lock_holding(holding)
    parties = allowed(Act.LOG_ACCESS, holding, by=by)
    try:
        check_told(told_by, parties)
        if opened_at > at:
            raise Refused("opened-in-future", "Nobody can have opened the files in the future.")
        if not purpose.strip():
            raise Refused("no-need", "Say what the files were opened for.")
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    made = CustodyAccess.objects.create(
        replica=replica,
        holding=holding,
        who=who,
        purpose=purpose,
        at=opened_at,
        files=list(files),
        told_by=told_by,
        recorded_by=by,
        recorded_at=at,
    )
    record(Event.CUSTODY_ACCESS, subject=replica.subject, by=by, at=at, who=who, purpose=purpose)
    return made


@move(Event.CUSTODY_ENDED)
def end_holding(holding: Holding, *, ending: str, told_by: str = "", by: User, at: datetime) -> Holding:
    """Writes down that somebody handed it back, or never held it. Destruction is attested, transfer is completed.

    Raises Refused for an original recorded by mistake: that is corrected with the replica's facts.
    """
    replica, holding = lock_holding(holding)
    parties = allowed(Act.END, holding, by=by)
    try:
        check_told(told_by, parties)
        if ending not in RECORDABLE:
            raise Refused("other-ending", "Passing on and destroying have their own pages, because each needs proof.")
        if ending == Ending.MISTAKE and holding.kind == HoldingKind.ORIGINAL:
            raise Refused("correct-the-facts", "Correct who holds the files on the replica’s page instead.")
    except Refused as refusal:
        refusal.subject = replica.subject
        raise
    close(holding, Ending(ending), at=at)
    if holding.kind == HoldingKind.ORIGINAL:
        show_holder(replica, replica.actor.stage_name)
    how = Ending(ending).label.lower()
    sentence = f"{holding.holder} no longer holds {holding.what} of the {replica}: {how}."
    notify(changed(replica, inside(replica, but=by), sentence, once=f"ended:{holding.pk}"), at=at)
    record(
        Event.CUSTODY_ENDED,
        subject=replica.subject,
        by=by,
        at=at,
        holder=holding.holder,
        what=holding.what,
        how=how,
    )
    return holding


def close(holding: Holding, ending: Ending, *, at: datetime) -> None:
    """Ends a locked holding, if nobody did before."""
    if not Holding.objects.live().filter(pk=holding.pk).update(ended_at=at, ending=ending):
        raise Refused("holding-ended", "They do not hold it any more.", subject=holding.replica.subject)
    holding.ended_at, holding.ending = at, ending


def show_holder(
    replica: Replica,
    name: str,
    *,
    organization: Organization | None = None,
    place: str = "",
    until: date | None = None,
) -> None:
    """Keeps the replica's own columns, which pages show, in step with who holds the original."""
    values = {
        "custodian": name,
        "custodian_organization": organization,
        "custody_place": place,
        "custody_until": until,
    }
    Replica.objects.filter(pk=replica.pk).update(**values)
    for column, value in values.items():
        setattr(replica, column, value)


def _check_days(facts: CopyFacts, today: date) -> None:
    if facts.since > today:
        raise Refused("since-in-future", "They can’t hold it from a day in the future.")
    if facts.until and facts.until < facts.since:
        raise Refused("kept-until-before", "It can’t be kept until a day before it was made.")


def _license_of(facts: CopyFacts, replica: Replica) -> License | None:
    """The license a copy is kept for, if it is one of this replica and of the house that holds the copy."""
    if facts.license is None:
        return None
    license_ = License.objects.filter(pk=facts.license.pk, request__replica=replica).first()
    if license_ is None or (facts.organization and license_.organization_id != facts.organization.pk):
        raise Refused("other-license", "That license is not theirs, or not for this replica.")
    return license_
