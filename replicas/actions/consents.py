"""A performer's own hold in a strike: all their consents under the interactive agreement, paused and taken up again.

SAG-AFTRA Interactive Media 2025 lets performers suspend consent for new generation in a strike (T21, secondary source).
"""

from collections.abc import Sequence
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import ActorProfile, User
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import deciders_of_each, decides_for, people_involved
from replicas.access.consents import held_of, holdable_of
from replicas.actions.licensing import BATCH, check_paused_by, locked
from replicas.actions.telling import each_once, license_notices, tell
from replicas.models import License, StrikePeriod
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseState, standing
from replicas.rules.striking import HOLD_OF_ONES_OWN


@move(Event.LICENSE_HELD_IN_STRIKE)
def hold_consents(actor: ActorProfile, *, strike: StrikePeriod, by: User, at: datetime) -> int:
    """Suspends every license the performer gave under the struck agreement until the strike ends, or they say so.

    Returns how many. Raises Refused for anybody who does not decide for them, when no such strike stands, and when
    there is nothing to suspend.
    """
    about = Subject("actor", actor.pk, "", actor.stage_name)
    if not decides_for(by, actor, at):
        raise Refused("not-yours", "Only the performer can hold their consents.", subject=about)
    if strike.agreement != HOLD_OF_ONES_OWN or not strike.value.stands(at):
        raise Refused("no-strike", "No strike stands in which consents can be held.", subject=about)
    rows = list(locked(holdable_of(actor.pk, at)).order_by("pk"))
    if not rows:
        raise Refused("nothing-to-hold", "No license of yours is left to hold.", subject=about)
    for row in rows:
        row.state, row.suspended_in = LicenseState.SUSPENDED, strike
    License.objects.bulk_update(rows, ["state", "suspended_in"])
    _tell(rows, "license-suspended", strike, by, at)
    return len(rows)


@move(Event.LICENSE_AFTER_STRIKE)
def resume_consents(actor: ActorProfile, *, by: User, at: datetime) -> int:
    """Takes up again what the performer held in a strike, before or after its end. Returns how many.

    Raises Refused for anybody who does not decide for them, for the guardian who did not hold them, and when nothing is
    held.
    """
    about = Subject("actor", actor.pk, "", actor.stage_name)
    if not decides_for(by, actor, at):
        raise Refused("not-yours", "Only the performer can take their consents up again.", subject=about)
    rows = list(locked(held_of(actor.pk)).order_by("pk"))
    if not rows:
        raise Refused("nothing-held", "No license of yours is held.", subject=about)
    for row in rows:
        check_paused_by(by, row, at)
    _resume(rows, by, at)
    return len(rows)


@move(Event.LICENSE_AFTER_STRIKE)
def resume_after_strikes(*, by: None = None, at: datetime) -> int:
    """Takes up again what performers held in strikes that are over. One batch; call until it says 0."""
    due = License.objects.filter(suspended_in__ends_at__lte=at)
    rows = list(locked(due, skip_locked=True).order_by("pk")[:BATCH])
    if rows:
        _resume(rows, None, at)
    return len(rows)


def _resume(rows: Sequence[License], by: User | None, at: datetime) -> None:
    strikes = {row.pk: row.suspended_in for row in rows}
    for row in rows:
        now = standing(state=LicenseState.ACTIVE, starts_at=row.starts_at, ends_at=row.ends_at, at=at)
        row.state, row.suspended_in = now.state, None
    License.objects.bulk_update(rows, ["state", "suspended_in"])
    for strike in {strike.pk: strike for strike in strikes.values() if strike}.values():
        _tell([row for row in rows if strikes[row.pk] == strike], "license-resumed", strike, by, at)


def _tell(rows: Sequence[License], kind: str, strike: StrikePeriod, by: User | None, at: datetime) -> None:
    """Everybody of each license, and one entry for each."""
    held = kind == "license-suspended"
    event = Event.LICENSE_HELD_IN_STRIKE if held else Event.LICENSE_AFTER_STRIKE
    reason = f"{'During' if held else 'After'} the {strike.value.short}."
    deciders = deciders_of_each([row.actor for row in rows], at)
    involved = people_involved(actors={row.actor_id for row in rows}, houses={row.organization_id for row in rows})
    for row in rows:
        agents, members = involved.agents.get(row.actor_id, []), involved.members.get(row.organization_id, [])
        people = each_once(*deciders[row.actor_id], *members, *agents)
        once = f"strike:{strike.pk}:{kind}:{at.isoformat()}"
        tell(license_notices(kind, people, row, once=once, reason=reason), at=at)
    record_all([Happening(event, row.subject, by, data={"strike": strike.value.short}) for row in rows], at=at)
