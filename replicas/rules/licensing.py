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
    """``in_force`` is the answer a stranger came for; ``why`` is one sentence. ``held``: a strike stops it for now."""

    state: LicenseState
    in_force: bool
    why: str
    held: bool = False

    @property
    def badge(self) -> str:
        return "held" if self.held else self.state.value


def standing(
    *, state: LicenseState, starts_at: datetime, ends_at: datetime, at: datetime, struck: str = ""
) -> Standing:
    """Where a license stands at ``at``, by the clock and not by what a sweep has written down yet. Moments aware.

    ``struck`` says, while a strike stands under its agreement, that there is no new use (R10; §39.G): nothing is
    written down for that, so it goes on by itself when the strike ends.
    """
    if state is LicenseState.REVOKED:
        return Standing(state, in_force=False, why="The performer revoked it. No new use is allowed.")
    if at >= ends_at:
        return Standing(LicenseState.EXPIRED, in_force=False, why="Its last day has passed. No new use is allowed.")
    if state is LicenseState.SUSPENDED:
        return Standing(state, in_force=False, why="It is suspended. No new use is allowed until it is taken up again.")
    if at < starts_at:
        return Standing(LicenseState.SCHEDULED, in_force=False, why="Its first day has not come yet.")
    if struck:
        return Standing(LicenseState.ACTIVE, in_force=False, why=struck, held=True)
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
