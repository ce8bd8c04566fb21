"""The people of a house: invited, joining, given roles, leaving. Every power ends in the transaction that ends it."""

from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access.teams import belongs_to, is_owner, sides_in_team
from agencies.actions.bonding import (
    allowed,
    change,
    closing,
    fresh_link,
    insert,
    let_expire,
    lock_house,
    lock_membership,
    refusals_about,
)
from agencies.actions.telling import nothing_left_to_ask, tell_invited, tell_team
from agencies.models import Membership, Organization
from agencies.rules.bonds import BondMove, BondSide, check_owners, check_resend, judge_bond
from agencies.rules.events import Event
from agencies.rules.organizations import BondState, Role

WAITS = "An invitation to this address already waits for an answer. You can send it again below."
BELONGS = "Somebody with this address already works in the house."


@move(Event.TEAM_INVITED)
def invite(organization: Organization, *, email: str, role: Role, by: User, at: datetime) -> Membership:
    """An owner invites a colleague. The link in the letter is good for 14 days."""
    organization, email = lock_house(organization), email.strip().lower()
    waiting = Membership.objects.filter(organization=organization, email=email, state=BondState.INVITED).first()
    if waiting and waiting.expired(at):
        let_expire(waiting, at=at)
        waiting = None
    sides = frozenset({BondSide.HOUSE} if is_owner(by, organization) else ())
    _judge_inviting(organization, email, waiting=waiting, sides=sides, at=at)
    membership = insert(
        Membership(organization=organization, email=email, role=role, invited_by=by, **fresh_link(at)), taken=WAITS
    )
    tell_invited(membership, by=by, at=at)
    record(Event.TEAM_INVITED, subject=organization.subject, by=by, at=at, email=email, role=membership.role_label)
    return membership


@move(Event.TEAM_INVITED_AGAIN)
def resend(membership: Membership, *, by: User, at: datetime) -> Membership:
    """A new letter with a new link, good for another 14 days. Links sent before stop working."""
    membership = lock_membership(membership)
    state = allowed(BondMove.RESEND, membership, sides_in_team(by, membership), at=at)
    with refusals_about(membership):
        check_resend(membership.invited_at, at=at)
    change(membership, state=state, invited_by=by, **fresh_link(at))
    tell_invited(membership, by=by, at=at)
    subject = membership.organization.subject
    record(Event.TEAM_INVITED_AGAIN, subject=subject, by=by, at=at, email=membership.email)
    return membership


@move(Event.TEAM_WITHDRAWN)
def withdraw(membership: Membership, *, by: User, at: datetime) -> Membership:
    """An owner takes an invitation back. Its link says so from now on."""
    membership = lock_membership(membership)
    state = allowed(BondMove.WITHDRAW, membership, sides_in_team(by, membership), at=at)
    change(membership, state=state, nonce="", **closing(by, at))
    nothing_left_to_ask(membership, at=at)
    record(Event.TEAM_WITHDRAWN, subject=membership.organization.subject, by=by, at=at, email=membership.email)
    return membership


@move(Event.TEAM_JOINED)
def accept(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Whoever owns the invited address joins with the account they have."""
    membership = lock_membership(membership)
    state = allowed(BondMove.ACCEPT, membership, sides_in_team(by, membership), at=at)
    taken = f"You already belong to {membership.organization}."
    change(membership, state=state, user=by, started_at=at, taken=taken)
    nothing_left_to_ask(membership, at=at)
    sentence = f"{by} joined {membership.organization} as {membership.role_label}."
    tell_team(membership, "joined", sentence, by=by, at=at)
    record(Event.TEAM_JOINED, subject=membership.organization.subject, by=by, at=at, role=membership.role_label)
    return membership


@move(Event.TEAM_DECLINED)
def decline(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Whoever owns the invited address says no."""
    membership = lock_membership(membership)
    state = allowed(BondMove.DECLINE, membership, sides_in_team(by, membership), at=at)
    change(membership, state=state, **closing(by, at))
    nothing_left_to_ask(membership, at=at)
    sentence = f"The invitation of {membership.email} to {membership.organization} was declined."
    tell_team(membership, "declined", sentence, by=by, at=at)
    record(Event.TEAM_DECLINED, subject=membership.organization.subject, by=by, at=at, email=membership.email)
    return membership


@move(Event.TEAM_ROLE)
def change_role(membership: Membership, *, role: Role, by: User, at: datetime) -> Membership:
    """An owner gives somebody another role. The last owner stays one."""
    membership = lock_membership(membership)
    _check_owner_acts(membership, by)
    if membership.state != BondState.ACTIVE:
        raise Refused("already-former", "This person has already left.", subject=membership.organization.subject)
    if membership.role == role:
        return membership
    _check_owner_stays(membership)
    before = membership.role_label
    change(membership, state=BondState.ACTIVE, role=role)
    sentence = f"{by} made {membership.name} {membership.role_label} of {membership.organization}."
    tell_team(membership, "role", sentence, by=by, at=at)
    words = {"name": membership.name, "role": membership.role_label, "before": before}
    record(Event.TEAM_ROLE, subject=membership.organization.subject, by=by, at=at, **words)
    return membership


@move(Event.TEAM_REMOVED)
def remove(membership: Membership, *, by: User, at: datetime) -> Membership:
    """An owner ends somebody's membership, and with it every power it gave, in this transaction."""
    membership = lock_membership(membership)
    _check_owner_acts(membership, by)
    _end(membership, "removed", f"{by} removed {membership.name} from {membership.organization}.", by=by, at=at)
    record(Event.TEAM_REMOVED, subject=membership.organization.subject, by=by, at=at, name=membership.name)
    return membership


@move(Event.TEAM_LEFT)
def leave(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Somebody leaves of their own accord. The last owner can't."""
    membership = lock_membership(membership)
    if membership.user_id != by.pk:
        raise Refused("not-yours", "Only you can leave for yourself.", subject=membership.organization.subject)
    _end(membership, "left", f"{by} left {membership.organization}.", by=by, at=at)
    record(Event.TEAM_LEFT, subject=membership.organization.subject, by=by, at=at)
    return membership


def _judge_inviting(
    organization: Organization, email: str, *, waiting: Membership | None, sides: frozenset[BondSide], at: datetime
) -> None:
    state = BondState.INVITED if waiting else BondState.ACTIVE if belongs_to(email, organization) else None
    try:
        judge_bond(BondMove.INVITE, state=state, sides=sides, opened_by=BondSide.HOUSE, at=at, expires_at=None)
    except Refused as refusal:
        refusal.subject = organization.subject
        if refusal.code.startswith("already"):
            refusal.sentence = WAITS if waiting else BELONGS
        elif refusal.code == "not-yours":
            refusal.sentence = "Only an owner of the house can invite people."
        raise


def _end(membership: Membership, change_name: str, sentence: str, *, by: User, at: datetime) -> None:
    state = allowed(BondMove.END, membership, sides_in_team(by, membership), at=at)
    _check_owner_stays(membership)
    change(membership, state=state, **closing(by, at))
    tell_team(membership, change_name, sentence, by=by, at=at)


def _check_owner_acts(membership: Membership, by: User) -> None:
    if not is_owner(by, membership.organization_id):
        raise Refused("not-yours", "Only an owner of the house can do this.", subject=membership.organization.subject)


def _check_owner_stays(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    owners = Membership.objects.filter(
        organization=membership.organization_id, state=BondState.ACTIVE, role=Role.OWNER, user__is_active=True
    )
    with refusals_about(membership):
        check_owners(owners.exclude(pk=membership.pk).count())
