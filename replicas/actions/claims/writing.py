"""What every move of a claim has in common: lock, ask the rule, write with compare-and-set."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.access.factors import has_second_factor
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access.claims import sides_of
from replicas.models import ScanClaim
from replicas.rules.claiming import ALREADY, ClaimMove, ClaimSide, ClaimState, judge


def lock(claim: ScanClaim) -> ScanClaim:
    """The row as it is now, locked until the end of the transaction."""
    rows = ScanClaim.objects.select_for_update(of=("self",))
    return rows.select_related("actor__user", "holder_organization").get(pk=claim.pk)


def allowed(
    move: ClaimMove, claim: ScanClaim, *, by: User | None, at: datetime, sides: frozenset[ClaimSide] | None = None
) -> ClaimState:
    """The state ``move`` leads to. ``sides`` are given where no account stands behind them (the clock, a link).

    Raises Refused with the claim as its subject.
    """
    if sides is None:
        sides = sides_of(by, claim) if by else frozenset()
    try:
        state = judge(move, state=ClaimState(claim.state), sides=sides, at=at, due_at=claim.due_at)
        _check_second_factor(by, sides)
    except Refused as refusal:
        refusal.subject = claim.subject
        raise
    return state


def _check_second_factor(by: User | None, sides: frozenset[ClaimSide]) -> None:
    """Who answers for a house must have a second factor; for their own claims people need none."""
    if settings.REQUIRE_MFA and by and ClaimSide.ACTOR not in sides and not has_second_factor(by):
        raise Refused("second-factor-missing", "Set up a passkey or codes from an app first, then come back to this.")


def change(claim: ScanClaim, *, at: datetime, **values: Any) -> None:
    """Writes only over the state and round that were judged; the instance carries the new values afterwards."""
    values = {**values, "changed_at": at}
    won = ScanClaim.objects.filter(pk=claim.pk, state=claim.state, rounds=claim.rounds).update(**values)
    if not won:
        now = ClaimState(ScanClaim.objects.values_list("state", flat=True).get(pk=claim.pk))
        raise Refused(f"already-{now.value}", ALREADY[now], subject=claim.subject)
    for name, value in values.items():
        setattr(claim, name, value)
