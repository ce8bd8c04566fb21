"""How a bond between a house and a person moves: invitation or question, answer, end. Pure; tested over every case.

The same table holds for colleagues (membership), for an agency's actors (representation) and for a minor's guardians
(guardianship; there the minor's side plays the house). Whoever takes the first step waits for the other side: nobody
is bound without having said so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from agencies.rules.organizations import INVITATION_DAYS, BondState

INVITATION_LASTS = timedelta(days=INVITATION_DAYS)
RESEND_AFTER = timedelta(minutes=10)
WARD_SLUG = re.compile(r"for-\d+")  # keys of the desks of guardians
RESERVED_SLUGS = frozenset({"actor", "staff", "new", "nobody"})  # keys of desks that are not houses


def roster_name(name: str) -> str:
    """What a roster sorts by, whatever the case and spacing: the stage name, or what stands in its place."""
    return " ".join(name.split()).casefold()[:254]


class BondSide(Labeled):
    """In whose name somebody acts on a bond. The clock's own side is the portal."""

    HOUSE = "house", "House"
    PERSON = "person", "Person"
    PORTAL = "portal", "Understudy"


class BondMove(StrEnum):
    INVITE = "invite"
    ASK = "ask"
    RESEND = "resend"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    END = "end"
    EXPIRE = "expire"


class Who(StrEnum):
    """Which sides a rule is for; the opener took the first step, the answerer is the other of the two."""

    HOUSE = "house"
    PERSON = "person"
    PORTAL = "portal"
    OPENER = "opener"
    ANSWERER = "answerer"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class BondRule:
    """One row of the table. ``clock``: ``before`` the invitation expires, ``after`` (at or past it), or ``any`` time.

    ``None`` among the states stands for no bond at all.
    """

    who: Who
    states: frozenset[BondState | None]
    leads_to: BondState
    clock: str = "any"


_S = BondState
_NOT_BOUND = frozenset({None, _S.FORMER, _S.DECLINED})
_INVITED, _ACTIVE = frozenset({_S.INVITED}), frozenset({_S.ACTIVE})

BOND_MOVES: dict[BondMove, BondRule] = {
    BondMove.INVITE: BondRule(Who.HOUSE, _NOT_BOUND, _S.INVITED),
    BondMove.ASK: BondRule(Who.PERSON, _NOT_BOUND, _S.INVITED),
    BondMove.RESEND: BondRule(Who.OPENER, _INVITED, _S.INVITED),
    BondMove.ACCEPT: BondRule(Who.ANSWERER, _INVITED, _S.ACTIVE, "before"),
    BondMove.DECLINE: BondRule(Who.ANSWERER, _INVITED, _S.DECLINED, "before"),
    BondMove.WITHDRAW: BondRule(Who.OPENER, _INVITED, _S.DECLINED),
    BondMove.END: BondRule(Who.EITHER, _ACTIVE, _S.FORMER),
    BondMove.EXPIRE: BondRule(Who.PORTAL, _INVITED, _S.DECLINED, "after"),
}

ALREADY: dict[BondState | None, str] = {
    None: "There is no such invitation.",
    _S.INVITED: "This invitation still waits for an answer.",
    _S.ACTIVE: "This was already accepted.",
    _S.FORMER: "This has already ended.",
    _S.DECLINED: "This invitation was already declined or taken back.",
}
EXPIRED = f"This invitation is older than {INVITATION_DAYS} days and has expired. Ask for a new one."


def judge_bond(
    move: BondMove,
    *,
    state: BondState | None,
    sides: frozenset[BondSide],
    opened_by: BondSide,
    at: datetime,
    expires_at: datetime | None,
) -> BondState:
    """The state ``move`` leads to, or Refused.

    ``sides`` are the names in which the person may act, ``opened_by`` the side of the first step (HOUSE or PERSON).
    ``at`` and ``expires_at`` are aware; ``None`` never expires. The last moment itself is too late.
    """
    rule = BOND_MOVES[move]
    if not _sides_of(rule.who, opened_by) & sides:
        raise Refused("not-yours", "This is not yours to do.")
    if state not in rule.states:
        raise Refused(f"already-{state.value}" if state else "nothing-there", ALREADY[state])
    late = expires_at is not None and at >= expires_at
    if rule.clock == "before" and late:
        raise Refused("expired", EXPIRED)
    if rule.clock == "after" and not late:
        raise Refused("too-early", "This invitation has not expired yet.")
    return rule.leads_to


def _sides_of(who: Who, opened_by: BondSide) -> frozenset[BondSide]:
    answerer = BondSide.PERSON if opened_by is BondSide.HOUSE else BondSide.HOUSE
    return {
        Who.HOUSE: frozenset({BondSide.HOUSE}),
        Who.PERSON: frozenset({BondSide.PERSON}),
        Who.PORTAL: frozenset({BondSide.PORTAL}),
        Who.OPENER: frozenset({opened_by}),
        Who.ANSWERER: frozenset({answerer}),
        Who.EITHER: frozenset({BondSide.HOUSE, BondSide.PERSON}),
    }[who]


def check_resend(invited_at: datetime, *, at: datetime) -> None:
    """Raises Refused when the letter went out less than ten minutes ago: a mailbox is not a doorbell."""
    if at - invited_at < RESEND_AFTER:
        raise Refused("sent-just-now", "The letter went out a moment ago. Give it ten minutes to arrive.")


def check_owners(left: int) -> None:
    """Raises Refused when a change would leave a house without an owner."""
    if left < 1:
        raise Refused("last-owner", "A house needs an owner. Make somebody else an owner first.")


class Standing(StrEnum):
    """What somebody who holds an invitation's link finds."""

    OPEN = "open"
    REPLACED = "replaced"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ENDED = "ended"


def standing_of_link(
    state: BondState, *, link_nonce: str, nonce: str, expires_at: datetime | None, ended_by: int | None, at: datetime
) -> Standing:
    """Where the invitation behind a link stands. Taking back empties ``nonce``; sending again changes it.

    ``ended_by`` is the id of whoever declined, ``None`` when nobody did and the time ran out.
    """
    if state is BondState.ACTIVE:
        return Standing.ACCEPTED
    if state is BondState.FORMER:
        return Standing.ENDED
    if state is BondState.DECLINED:
        if ended_by is None:
            return Standing.EXPIRED
        return Standing.DECLINED if nonce else Standing.WITHDRAWN
    if link_nonce != nonce:
        return Standing.REPLACED
    return Standing.EXPIRED if expires_at is not None and at >= expires_at else Standing.OPEN


def slug_candidates(slug: str) -> Iterator[str]:
    """Addresses to try for a house whose name gives ``slug``: itself, then ``-2``, ``-3``… Never a desk's own key."""
    slug = slug[:50].strip("-") or "house"
    if slug not in RESERVED_SLUGS and not WARD_SLUG.fullmatch(slug):
        yield slug
    base = "house-for" if slug == "for" else slug
    for number in range(2, 1000):
        yield f"{base}-{number}"
