"""What a holder answers, and what the actor makes of it."""

from dataclasses import asdict
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.notifications import notify
from accounts.notifications.sealed import hash_of
from accounts.rules.refusal import Refused
from replicas.actions.claims.drafting import running
from replicas.actions.claims.telling import nothing_left_to_ask, to_actor, to_agents, to_holder
from replicas.actions.claims.writing import allowed, change, lock
from replicas.actions.replicas import register
from replicas.models import ClaimAnswer, ClaimMessage, Replica, ScanClaim
from replicas.rules.claiming import (
    Answer,
    ClaimMove,
    ClaimSide,
    Closing,
    Outcome,
    check_answer,
    due_moment,
)
from replicas.rules.events import Event
from replicas.rules.letters import Basis, by_month
from replicas.rules.replicas import Facts
from replicas.rules.wording import day


@move(Event.CLAIM_ANSWERED)
def answer(
    claim: ScanClaim, *, answer: Answer, by: User | None, at: datetime, by_label: str = "", token: str = ""
) -> ClaimAnswer:
    """Files a holder's answer: by a member of the house it was sent to, or by whoever holds the link (``token``).

    ``by_label`` is who they say they are, needed where there is no account. Raises Refused for anybody else, when the
    claim was answered already, and for an answer that lacks something.
    """
    claim = lock(claim)
    sides = frozenset({ClaimSide.HOLDER}) if _opens(claim, token, at) else None
    state = allowed(ClaimMove.ANSWER, claim, by=by, at=at, sides=sides)
    who = f"{by}, {claim.holder}" if by and sides is None else by_label
    try:
        check_answer(answer, today=at.astimezone(claim.actor.user.zone).date())
        if not who:
            raise Refused("nobody-answers", "Give your name and what you do there.")
    except Refused as refusal:
        refusal.subject = claim.subject
        raise
    filed = ClaimAnswer.objects.create(
        claim=claim,
        round_number=claim.rounds,
        by=by if sides is None else None,
        by_label=who[:200],
        at=at,
        **asdict(answer),
    )
    change(claim, at=at, state=state, answered_at=at, next_look_at=None)
    nothing_left_to_ask(claim, at=at)
    outcome = Outcome(answer.outcome).label
    told = {"outcome": outcome, "text": answer.text, "who": who, "once": f"answered:{claim.rounds}"}
    notify([*to_actor("claim-answered", claim, **told), *to_agents("claim-answered", claim, **told)], at=at)
    record(Event.CLAIM_ANSWERED, subject=claim.subject, by=filed.by, at=at, who=who, outcome=outcome)
    return filed


def _opens(claim: ScanClaim, token: str, at: datetime) -> bool:
    """Whether this token is the one of the last letter, and not too old."""
    fresh = claim.link_expires_at is not None and at < claim.link_expires_at
    return bool(token and claim.link_hash and fresh and hash_of(token) == claim.link_hash)


@move(Event.CLAIM_DISPUTED)
def dispute(claim: ScanClaim, *, body: str, by: User, at: datetime) -> ScanClaim:
    """The answer does not settle it: back to the holder with the actor's words, and the clock runs once more."""
    claim = lock(claim)
    state = allowed(ClaimMove.DISPUTE, claim, by=by, at=at)
    if not body.strip():
        raise Refused("no-words", "Say what is wrong or missing in the answer.", subject=claim.subject)
    ClaimMessage.objects.create(
        claim=claim, round_number=claim.rounds, side=ClaimSide.ACTOR, body=body.strip(), by=by, at=at
    )
    law = by_month([Basis(basis) for basis in claim.letter_bases])
    due_at = due_moment(at, by_month=law, zone=claim.actor.user.zone)
    change(
        claim, at=at, state=state, rounds=claim.rounds + 1, escalated_at=None, **running(claim, at=at, due_at=due_at)
    )
    once = f"disputed:{claim.rounds}"
    notify(to_holder("claim-disputed", claim, once=once, body=body.strip(), letter=claim.letter_text), at=at)
    record(Event.CLAIM_DISPUTED, subject=claim.subject, by=by, at=at, due_day=day(claim.due_on or at.date()))
    return claim


@move(Event.CLAIM_SETTLED)
def settle(claim: ScanClaim, *, by: User, at: datetime) -> ScanClaim:
    """The answer settles it."""
    claim = lock(claim)
    state = allowed(ClaimMove.SETTLE, claim, by=by, at=at)
    change(claim, at=at, state=state, closed_at=at, closing=Closing.SETTLED)
    notify(to_holder("claim-closed", claim, once="closed", with_link=False, settled=True), at=at)
    record(Event.CLAIM_SETTLED, subject=claim.subject, by=by, at=at)
    return claim


@move(Event.CLAIM_WITHDRAWN)
def withdraw(claim: ScanClaim, *, by: User, at: datetime) -> ScanClaim:
    """The actor asks no longer. The holder is told, so that nobody goes on looking."""
    claim = lock(claim)
    state = allowed(ClaimMove.WITHDRAW, claim, by=by, at=at)
    change(claim, at=at, state=state, closed_at=at, closing=Closing.WITHDRAWN, next_look_at=None)
    nothing_left_to_ask(claim, at=at)
    notify(to_holder("claim-closed", claim, once="closed", with_link=False), at=at)
    record(Event.CLAIM_WITHDRAWN, subject=claim.subject, by=by, at=at)
    return claim


@move(Event.CLAIM_REGISTERED)
def register_replica(claim: ScanClaim, *, facts: Facts, visibility: str, by: User, at: datetime) -> Replica:
    """Puts the scan on record as a replica of the actor's, as ``register`` does for any other."""
    claim = lock(claim)
    allowed(ClaimMove.REGISTER, claim, by=by, at=at)
    if claim.replica_id or not claim.answers.filter(outcome=Outcome.HOLDS).exists():
        sentence = "There is a replica of it already." if claim.replica_id else "Nobody said that they hold this scan."
        raise Refused("nothing-to-register", sentence, subject=claim.subject)
    replica = register(actor=claim.actor, facts=facts, visibility=visibility, by=by, at=at)
    change(claim, at=at, replica_id=replica.pk)
    record(Event.CLAIM_REGISTERED, subject=claim.subject, by=by, at=at, replica=replica.ref)
    return replica
