"""Licenses: issued with the approval, revoked by the actor, started and ended by the clock."""

from collections.abc import Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record, record_all
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import people_involved
from replicas.actions.telling import each_once, license_notices, people_of, tell
from replicas.models import Decision, License, ReuseRequest, Use
from replicas.models.license import LIVING_STATES
from replicas.rules.deadlines import end_of_day, start_of_day
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseState, judge_revoking, standing

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
    }
    now = standing(state=LicenseState.SCHEDULED, starts_at=starts_at, ends_at=ends_at, at=at)
    license_ = License.objects.create(
        ref=new_reference("L"),
        request=request,
        decision=decision,
        terms=terms,
        actor_id=request.actor_id,
        organization_id=request.organization_id,
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
    license_ = (
        License.objects.select_for_update(of=("self",))
        .select_related("request__actor__user", "request__project", "request__organization", "request__replica")
        .select_related("request__current_terms")
        .get(pk=license_.pk)
    )
    if license_.request.actor.user_id != by.pk:
        raise Refused("not-yours", "Only the performer can revoke a license.", subject=license_.subject)
    try:
        judge_revoking(license_.standing(at))
    except Refused as refusal:
        refusal.subject = license_.subject
        raise
    won = License.objects.filter(pk=license_.pk, state=license_.state).update(
        state=LicenseState.REVOKED, revoked_at=at, revoke_reason=reason
    )
    if not won:
        raise Refused("already-revoked", "This license was already revoked.", subject=license_.subject)
    license_.state, license_.revoked_at, license_.revoke_reason = LicenseState.REVOKED, at, reason
    agents, licensees = people_of(license_.request)
    tell(
        license_notices("license-revoked", each_once(by, *licensees, *agents), license_, once="revoked", reason=reason),
        at=at,
    )
    record(Event.LICENSE_REVOKED, subject=license_.subject, by=by, at=at, reason=reason)
    return license_


def _due(at: datetime, **filters: object) -> list[License]:
    return list(
        License.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(**filters)
        .select_related("request__actor__user", "request__project", "request__organization", "request__replica")
        .select_related("request__current_terms")
        .prefetch_related("request__current_terms__uses")
        .order_by("pk")[:BATCH]
    )


@move(Event.LICENSE_STARTED)
def start_due(*, by: None = None, at: datetime) -> int:
    """Writes down that licenses whose first day has come are in force. Returns how many; call until it says 0."""
    due = _due(at, state=LicenseState.SCHEDULED, starts_at__lte=at)
    ids = [license_.pk for license_ in due]
    License.objects.filter(pk__in=ids, state=LicenseState.SCHEDULED).update(state=LicenseState.ACTIVE)
    record_all([Happening(Event.LICENSE_STARTED, license_.subject) for license_ in due], at=at)
    return len(due)


@move(Event.LICENSE_EXPIRED)
def expire_due(*, by: None = None, at: datetime) -> int:
    """Ends licenses whose last day has passed and tells both sides. Returns how many; call until it says 0."""
    due = _due(at, state__in=LIVING_STATES, ends_at__lte=at)
    ids = [license_.pk for license_ in due]
    License.objects.filter(pk__in=ids, state__in=LIVING_STATES).update(state=LicenseState.EXPIRED)
    involved = people_involved(
        actors={license_.actor_id for license_ in due}, houses={license_.organization_id for license_ in due}
    )
    for license_ in due:
        agents = involved.agents.get(license_.actor_id, [])
        members = involved.members.get(license_.organization_id, [])
        people = each_once(license_.request.actor.user, *agents, *members)
        tell(license_notices("license-ended", people, license_, once="ended"), at=at)
    record_all([Happening(Event.LICENSE_EXPIRED, license_.subject) for license_ in due], at=at)
    return len(due)
