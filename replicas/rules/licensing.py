"""A license's states, and where it stands right now. Pure."""

from dataclasses import dataclass
from datetime import datetime

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused


class LicenseState(Labeled):
    SCHEDULED = "scheduled", "Not started yet"
    ACTIVE = "active", "In force"
    SUSPENDED = "suspended", "Suspended"
    EXPIRED = "expired", "Ended"
    REVOKED = "revoked", "Revoked"


LIVING = frozenset({LicenseState.SCHEDULED, LicenseState.ACTIVE, LicenseState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Standing:
    """``in_force`` is the answer a stranger came for; ``why`` is one sentence."""

    state: LicenseState
    in_force: bool
    why: str


def standing(*, state: LicenseState, starts_at: datetime, ends_at: datetime, at: datetime) -> Standing:
    """Where a license stands at ``at``, by the clock and not by what a sweep has written down yet. Moments aware."""
    if state is LicenseState.REVOKED:
        return Standing(state, in_force=False, why="The performer revoked it. No new use is allowed.")
    if at >= ends_at:
        return Standing(LicenseState.EXPIRED, in_force=False, why="Its last day has passed. No new use is allowed.")
    if state is LicenseState.SUSPENDED:
        return Standing(state, in_force=False, why="It is suspended. No new use is allowed until it is taken up again.")
    if at < starts_at:
        return Standing(LicenseState.SCHEDULED, in_force=False, why="Its first day has not come yet.")
    return Standing(LicenseState.ACTIVE, in_force=True, why="It is in force.")


def judge_revoking(now: Standing) -> None:
    """Raises Refused when there is nothing left to revoke."""
    if now.state is LicenseState.REVOKED:
        raise Refused("already-revoked", "This license was already revoked.")
    if now.state is LicenseState.EXPIRED:
        raise Refused("already-expired", "This license has already ended, so there is nothing to revoke.")
