"""A license's states, and where it stands right now. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


class LicenseMove(StrEnum):
    REVOKE = "revoke"
    SUSPEND = "suspend"
    RESUME = "resume"


MOVES: dict[LicenseMove, frozenset[LicenseState]] = {
    LicenseMove.REVOKE: frozenset({LicenseState.SCHEDULED, LicenseState.ACTIVE, LicenseState.SUSPENDED}),
    LicenseMove.SUSPEND: frozenset({LicenseState.SCHEDULED, LicenseState.ACTIVE}),
    LicenseMove.RESUME: frozenset({LicenseState.SUSPENDED}),
}
STANDS = {
    LicenseState.SCHEDULED: "This license is not suspended.",
    LicenseState.ACTIVE: "This license is not suspended.",
    LicenseState.SUSPENDED: "This license is already suspended.",
    LicenseState.EXPIRED: "This license has already ended.",
    LicenseState.REVOKED: "This license was already revoked.",
}


def judge_license(move: LicenseMove, *, now: Standing, is_performer: bool) -> None:
    """Raises Refused unless the performer makes a move that fits where the license stands by the clock."""
    if not is_performer:
        raise Refused("not-yours", "Only the performer can do this with a license.")
    if now.state not in MOVES[move]:
        raise Refused(f"already-{now.state.value}", STANDS[now.state])


def may(move: LicenseMove, now: Standing) -> bool:
    return now.state in MOVES[move]
