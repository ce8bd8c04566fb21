"""Licenses: issued with the approval, suspended or revoked by the actor, started and ended by the clock."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import acting_for, deciders_of, deciders_of_each, decides_for, guardians_of, people_involved
from replicas.access.licenses import paused_by
from replicas.actions.crowds.filling import place_freed
from replicas.actions.telling import each_once, license_notices, people_of, tell
from replicas.models import Decision, License, ReuseRequest, Use
from replicas.models.license import LIVING_STATES
from replicas.rules.deadlines import end_of_day, start_of_day
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseMove, LicenseState, judge_license, standing

BATCH = 500


def issue(request: ReuseRequest, decision: Decision, uses: Sequence[Use], *, at: datetime) -> License:
    """Writes the license of an approval. Called inside the approval's transaction only."""
    terms = request.current_terms
    assert terms is not None
    zone = request.actor.user.zone
    starts_at = start_of_day(min(use.starts_on for use in uses), zone)
    ends_at = end_of_day(max(use.ends_on for use in uses), zone)
    Decision.approved_uses.through.objects.bulk_create(
        Decision.approved_uses.through(decision=decision, use=use) for use in uses
    )
    approved = {use.position for use in uses}
    document = {
        **terms.document,
        "uses": [use for position, use in enumerate(terms.document["uses"]) if position in approved],
        "after_death": decision.after_death,
    }
    now = standing(state=LicenseState.SCHEDULED, starts_at=starts_at, ends_at=ends_at, at=at)
    license_ = License.objects.create(
        ref=new_reference("L"),
        request=request,
        decision=decision,
        terms=terms,
        actor=request.actor,
        organization=request.organization,
        document=document,
        terms_hash=terms.sha256,
        state=now.state,
        issued_at=at,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return license_


@move(Event.LICENSE_REVOKED)
def revoke(license_: License, *, reason: str, by: User, at: datetime) -> License:
    """The actor ends the license now. The licensee and the agency are told at once.

    Raises Refused for anybody but the actor, and when it is already revoked or has ended.
    """
    return _decide(LicenseMove.REVOKE, license_, reason, by, at, revoked_at=at, revoke_reason=reason)


@move(Event.LICENSE_SUSPENDED)
def suspend(license_: License, *, reason: str, by: User, at: datetime) -> License:
    """The actor pauses the license, for a dispute or a use beyond its terms: no new use until it is taken up again."""
    return _decide(LicenseMove.SUSPEND, license_, reason, by, at)


@move(Event.LICENSE_RESUMED)
def resume(license_: License, *, reason: str = "", by: User, at: datetime) -> License:
    """Takes a suspended license up again. Its last day stays what it was. Of two guardians only who paused it may."""
    return _decide(LicenseMove.RESUME, license_, reason, by, at)


OUTCOMES = {
    LicenseMove.REVOKE: ("license-revoked", Event.LICENSE_REVOKED),
    LicenseMove.SUSPEND: ("license-suspended", Event.LICENSE_SUSPENDED),
    LicenseMove.RESUME: ("license-resumed", Event.LICENSE_RESUMED),
}


def _decide(move_: LicenseMove, license_: License, reason: str, by: User, at: datetime, **values: object) -> License:
    """Locks, asks the rule, writes with compare-and-set, tells everybody of the license, records."""
    license_ = locked(License.objects.filter(pk=license_.pk)).get()
    told = write(move_, license_, reason, by, at, **values)
    record_all([told], at=at)
    return license_


def write(move_: LicenseMove, license_: License, reason: str, by: User, at: datetime, **values: object) -> Happening:
    """One move of a locked license: judged, written, told. Returns the line for the audit trail, recorded last."""
    try:
        decides = decides_for(by, license_.request.actor, at)
        judge_license(move_, now=license_.standing(at), is_performer=decides)
        if move_ is LicenseMove.RESUME:
            check_paused_by(by, license_, at)
    except Refused as refusal:
        refusal.subject = license_.subject
        raise
    values |= {"state": _state_after(move_, license_, at), "suspended_in": None}
    if not License.objects.filter(pk=license_.pk, state=license_.state).update(**values):
        raise Refused("somebody-was-faster", "Somebody was faster. Look at it again.", subject=license_.subject)
    for name, value in values.items():
        setattr(license_, name, value)
    if move_ is LicenseMove.REVOKE:
        place_freed(license_)
    kind, event = OUTCOMES[move_]
    agents, licensees = people_of(license_.request)
    people = each_once(by, *deciders_of(license_.actor, at), *licensees, *agents)
    once = f"{move_}:{at.isoformat()}"
    tell(license_notices(kind, people, license_, once=once, reason=reason), at=at)
    for_label = acting_for(by, license_.actor)
    return Happening(event, license_.subject, by, for_label, data={"reason": reason})


def check_paused_by(by: User, license_: License, at: datetime) -> None:
    """Raises Refused when one guardian would take up what the other paused: for a yes both are needed."""
    others = [guardian.pk for guardian in guardians_of(license_.actor, at) if guardian.pk != by.pk]
    if others and paused_by(license_) in others:
        raise Refused("not-yours", "The other guardian paused it, and takes it up again.", subject=license_.subject)


def _state_after(move_: LicenseMove, license_: License, at: datetime) -> LicenseState:
    if move_ is LicenseMove.RESUME:
        starts_at, ends_at = license_.starts_at, license_.ends_at
        return standing(state=LicenseState.ACTIVE, starts_at=starts_at, ends_at=ends_at, at=at).state
    return {LicenseMove.REVOKE: LicenseState.REVOKED, LicenseMove.SUSPEND: LicenseState.SUSPENDED}[move_]


def locked(rows: QuerySet[License], *, skip_locked: bool = False) -> QuerySet[License]:
    """The rows as they are now, locked, with what letters about them need."""
    return (
        rows.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("request__actor__user", "request__project", "request__organization", "request__replica")
        .select_related("request__current_terms", "actor__user", "suspended_in")
        .prefetch_related("request__current_terms__uses")
    )


def _due(**filters: object) -> list[License]:
    return list(locked(License.objects.filter(**filters), skip_locked=True).order_by("pk")[:BATCH])


@move(Event.LICENSE_STARTED)
def start_due(*, by: None = None, at: datetime) -> int:
    """Writes down that licenses whose first day has come are in force. Returns how many; call until it says 0."""
    due = _due(state=LicenseState.SCHEDULED, starts_at__lte=at)
    ids = [license_.pk for license_ in due]
    License.objects.filter(pk__in=ids, state=LicenseState.SCHEDULED).update(state=LicenseState.ACTIVE)
    record_all([Happening(Event.LICENSE_STARTED, license_.subject) for license_ in due], at=at)
    return len(due)


@move(Event.LICENSE_EXPIRED)
def expire_due(*, by: None = None, at: datetime) -> int:
    """Ends licenses whose last day has passed and tells both sides. Returns how many; call until it says 0."""
    due = _due(state__in=LIVING_STATES, ends_at__lte=at)
    ids = [license_.pk for license_ in due]
    License.objects.filter(pk__in=ids, state__in=LIVING_STATES).update(state=LicenseState.EXPIRED, suspended_in=None)
    involved = people_involved(
        actors={license_.actor_id for license_ in due}, houses={license_.organization_id for license_ in due}
    )
    deciders = deciders_of_each([license_.actor for license_ in due], at)
    for license_ in due:
        agents = involved.agents.get(license_.actor_id, [])
        members = involved.members.get(license_.organization_id, [])
        people = each_once(*deciders[license_.actor_id], *agents, *members)
        tell(license_notices("license-ended", people, license_, once="ended"), at=at)
    record_all([Happening(Event.LICENSE_EXPIRED, license_.subject) for license_ in due], at=at)
    return len(due)
