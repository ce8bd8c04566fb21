"""Writing a claim down, which nobody else sees, and sending its letter."""

from datetime import datetime
from typing import Any

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.notifications import notify
from accounts.notifications.sealed import hash_of, new_nonce, token_of
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import decides_for
from replicas.access.claims import address_of, facts_of, houses_to_ask, letter_at
from replicas.actions.claims.telling import to_holder
from replicas.actions.claims.writing import allowed, change, lock
from replicas.models import ScanClaim
from replicas.rules.claiming import (
    LETTER_LEAVES_WITHIN,
    LINK_LASTS,
    Address,
    ClaimFacts,
    ClaimMove,
    Closing,
    Threshold,
    check_facts,
    missing,
    thresholds,
)
from replicas.rules.events import Event
from replicas.rules.letters import digest
from replicas.rules.wording import day


@move(Event.CLAIM_BEGUN)
def begin(*, actor: ActorProfile, facts: ClaimFacts, by: User, at: datetime) -> ScanClaim:
    """Begins a draft only the actor sees. Raises Refused for anybody else and for a scan that lies in the future."""
    subject = Subject("actor", actor.pk, "", actor.stage_name)
    if not decides_for(by, actor):
        raise Refused("not-yours", "Only the performer can claim a scan; for a minor, a guardian.", subject=subject)
    _check(facts, actor, at, subject)
    claim = ScanClaim.objects.create(
        ref=new_reference("S"), actor=actor, created_by=by, created_at=at, changed_at=at, **_columns(facts)
    )
    record(Event.CLAIM_BEGUN, subject=claim.subject, by=by, at=at)
    return claim


@move(Event.CLAIM_WRITTEN)
def set_facts(claim: ScanClaim, *, facts: ClaimFacts, by: User, at: datetime) -> ScanClaim:
    """Changes what the actor remembers, as long as nothing was sent."""
    claim = lock(claim)
    allowed(ClaimMove.WRITE, claim, by=by, at=at)
    _check(facts, claim.actor, at, claim.subject)
    if facts != facts_of(claim):
        change(claim, at=at, **_columns(facts))
        record(Event.CLAIM_WRITTEN, subject=claim.subject, by=by, at=at, what="what happened")
    return claim


@move(Event.CLAIM_WRITTEN)
def set_address(claim: ScanClaim, *, address: Address, by: User, at: datetime) -> ScanClaim:
    """Changes who should answer, what is asked and who hears of a silence, as long as nothing was sent."""
    claim = lock(claim)
    allowed(ClaimMove.WRITE, claim, by=by, at=at)
    if address.organization and address.organization not in dict(houses_to_ask()):
        raise Refused(
            "unknown-house", "Choose a house from the list, or give a name and an e-mail.", subject=claim.subject
        )
    if address != address_of(claim):
        values = {name: getattr(address, name) for name in Address.__dataclass_fields__ if name != "organization"}
        change(claim, at=at, holder_organization_id=address.organization, **values)
        record(Event.CLAIM_WRITTEN, subject=claim.subject, by=by, at=at, what="who should answer")
    return claim


@move(Event.CLAIM_DISCARDED)
def discard(claim: ScanClaim, *, by: User, at: datetime) -> ScanClaim:
    """Throws a draft away. Nobody was told of it, and nobody will be."""
    claim = lock(claim)
    state = allowed(ClaimMove.DISCARD, claim, by=by, at=at)
    change(claim, at=at, state=state, closed_at=at, closing=Closing.DISCARDED)
    record(Event.CLAIM_DISCARDED, subject=claim.subject, by=by, at=at)
    return claim


@move(Event.CLAIM_SENT)
def send(claim: ScanClaim, *, shown: str, by: User, at: datetime) -> ScanClaim:
    """Sends the letter and starts the clock. ``shown`` is the hash of the letter the actor read.

    Raises Refused when the draft lacks something, or when the letter would be another one by now (midnight passed, it
    was changed in a second window).
    """
    claim = lock(claim)
    state = allowed(ClaimMove.SEND, claim, by=by, at=at)
    if lacks := missing(facts_of(claim), address_of(claim)):
        raise Refused("incomplete", f"The letter still needs: {', '.join(lacks)}.", subject=claim.subject)
    letter = letter_at(claim, at)
    if digest(letter.text) != shown:
        raise Refused(
            "changed-meanwhile",
            "The letter changed since you opened this page. Read it once more, then send it.",
            subject=claim.subject,
        )
    change(
        claim,
        at=at,
        state=state,
        letter_text=letter.text,
        letter_sha256=shown,
        letter_bases=[basis.value for basis in letter.bases],
        sent_at=at,
        **running(claim, at=at, due_at=letter.due_at),
    )
    notify(to_holder("claim-letter", claim, once="letter", letter=letter.text), at=at)
    record(
        Event.CLAIM_SENT,
        subject=claim.subject,
        by=by,
        at=at,
        holder=claim.holder,
        due_day=day(letter.due_on),
        sha256=shown,
    )
    return claim


def running(claim: ScanClaim, *, at: datetime, due_at: datetime) -> dict[str, Any]:
    """The columns of a clock that starts now, and of a new link where the holder has no account."""
    nonce = "" if claim.holder_organization_id else new_nonce()
    return {
        "opened_at": at,
        "due_at": due_at,
        "reminded": Threshold.NONE,
        "next_look_at": at + LETTER_LEAVES_WITHIN if nonce else thresholds(at, due_at)[0][1],
        "link_nonce": nonce,
        "link_hash": hash_of(token_of(nonce)) if nonce else "",
        "link_expires_at": at + LINK_LASTS if nonce else None,
    }


def _columns(facts: ClaimFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in ClaimFacts.__dataclass_fields__}


def _check(facts: ClaimFacts, actor: ActorProfile, at: datetime, subject: Subject) -> None:
    try:
        check_facts(facts, today=at.astimezone(actor.user.zone).date())
    except Refused as refusal:
        refusal.subject = subject
        raise
