"""What the clock does to claims: reminds the holder, and tells the actor's side of silence and of letters that failed.

Two sweeps at once are harmless: rows are claimed by locks PostgreSQL's other sweep skips, and every notice has a name
that can be told once.
"""

from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.notifications import Notice, notify
from replicas.access.claims import fate_of_letter
from replicas.actions.claims.telling import agents_of, nothing_left_to_ask, to_actor, to_agents, to_holder, to_union
from replicas.models import ScanClaim
from replicas.rules.claiming import ClaimMove, ClaimSide, ClaimState, Threshold, judge, reminder
from replicas.rules.events import Event

BATCH = 200
CLOCK = frozenset({ClaimSide.PORTAL})


@move(Event.CLAIM_REMINDED)
def look_at_due(*, by: None = None, at: datetime) -> int:
    """Takes one batch of due claims. Returns how many it looked at; call until it says 0."""
    rows = (
        ScanClaim.objects.due(at)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("actor__user", "holder_organization")
    )
    due = list(rows.order_by("next_look_at", "pk")[:BATCH])
    told: list[Notice] = []
    happenings: list[Happening] = []
    for claim in due:
        assert claim.due_at is not None
        notices, happening = _expire(claim, at) if at >= claim.due_at else _remind(claim, at)
        told += notices
        happenings += happening
    ScanClaim.objects.bulk_update(due, ["state", "reminded", "next_look_at", "escalated_at", "changed_at"])
    notify(told, at=at)
    record_all(happenings, at=at)
    return len(due)


def _remind(claim: ScanClaim, at: datetime) -> tuple[list[Notice], list[Happening]]:
    assert claim.opened_at is not None
    assert claim.due_at is not None
    judge(ClaimMove.REMIND, state=ClaimState(claim.state), sides=CLOCK, at=at, due_at=claim.due_at)
    now = reminder(opened_at=claim.opened_at, due_at=claim.due_at, last=Threshold(claim.reminded), at=at)
    claim.reminded, claim.next_look_at = max(now.threshold, claim.reminded), now.next_at
    fate = fate_of_letter(claim) if claim.holder_organization_id is None else None
    failed = fate is not None and fate.failed
    if failed or now.threshold is Threshold.NONE:
        words = "could not be delivered" if failed else "was sent" if fate else "is on its way"
        happening = Happening(Event.CLAIM_LOOKED, claim.subject, data={"holder": claim.holder, "fate": words})
        once = f"undelivered:{claim.rounds}"
        return (to_actor("claim-unanswered", claim, once=once, undelivered=True) if failed else []), [happening]
    once = f"remind:{claim.rounds}:{now.threshold}"
    told = to_holder("claim-reminder", claim, once=once, letter=claim.letter_text)
    return told, [Happening(Event.CLAIM_REMINDED, claim.subject, data={"holder": claim.holder})]


def _expire(claim: ScanClaim, at: datetime) -> tuple[list[Notice], list[Happening]]:
    """Nobody answered: the actor hears, their agency if it was let in, a union contact if the actor named one."""
    state = judge(ClaimMove.EXPIRE, state=ClaimState(claim.state), sides=CLOCK, at=at, due_at=claim.due_at)
    nothing_left_to_ask(claim, at=at)
    once, lost = f"unanswered:{claim.rounds}", _undelivered(claim)
    agents = agents_of(claim)
    union = to_union(claim, once=once, undelivered=lost, letter=claim.letter_text)
    told = [
        *to_actor("claim-unanswered", claim, once=once, undelivered=lost),
        *to_agents("claim-unanswered", claim, once=once, undelivered=lost),
        *union,
    ]
    claim.state, claim.next_look_at, claim.changed_at = state, None, at
    claim.escalated_at = at if agents or union else None
    whom = ["the performer", *(["their agency"] if agents else []), *(["the union contact"] if union else [])]
    return told, [Happening(Event.CLAIM_EXPIRED, claim.subject, data={"holder": claim.holder, "told": ", ".join(whom)})]


def _undelivered(claim: ScanClaim) -> bool:
    """Whether the letter never reached the address: silence is no answer then. A house here has it on its desk."""
    fate = fate_of_letter(claim)
    return claim.holder_organization_id is None and (fate is None or fate.failed)
