"""An agency and an actor: either takes the first step, the other confirms, and either may end it."""

from datetime import date, datetime

from accounts.actions.moves import move
from accounts.actions.people import register_actor
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.rules.refusal import Refused
from agencies.access.guardians import decides_for
from agencies.access.invitations import addresses_of
from agencies.access.people import may_act_for
from agencies.access.representations import actor_of, bond_between, bond_with_address, sides_in_representation
from agencies.actions.bonding import (
    allowed,
    change,
    closing,
    fresh_link,
    insert,
    let_expire,
    lock_house,
    lock_representation,
    refusals_about,
)
from agencies.actions.telling import nothing_left_to_ask, nothing_more_about, tell_asked, tell_invited, tell_represented
from agencies.models import Organization, Representation
from agencies.rules.bonds import BondMove, BondSide, check_resend, judge_bond, roster_name
from agencies.rules.events import Event
from agencies.rules.organizations import BondState

GUARDIAN_ASKS = "Under 18 a confirmed guardian asks an agency for you."
GUARDIAN_ANSWERS = "Under 18 a guardian answers this for you. Ask the agency to write to your guardian."
WAITS = "An invitation to this address already waits for an answer. You can send it again from the roster."


@move(Event.REPRESENTATION_INVITED)
def invite(
    agency: Organization, *, email: str, name: str = "", message: str = "", by: User, at: datetime
) -> Representation:
    """The agency invites an actor. Nothing of theirs is seen before they accept."""
    agency, email = lock_house(agency), email.strip().lower()
    there = bond_with_address(agency, email)
    if there and there.expired(at):
        let_expire(there, at=at)
        there = None
    sides = frozenset({BondSide.HOUSE} if agency.is_agency and may_act_for(by, agency) else ())
    _judge_opening(BondMove.INVITE, agency, there, sides=sides, at=at, taken=_taken_for_house(there))
    bond = insert(
        _sorted(
            Representation(
                agency=agency, email=email, invited_name=name, message=message, invited_by=by, **fresh_link(at)
            )
        ),
        taken=WAITS,
    )
    tell_invited(bond, by=by, at=at)
    words = {"organization": agency.name, "name": bond.name}
    record(Event.REPRESENTATION_INVITED, subject=bond.subject, by=by, at=at, **words)
    return bond


@move(Event.REPRESENTATION_ASKED)
def ask(
    agency: Organization, *, message: str = "", ward: ActorProfile | None = None, by: User, at: datetime
) -> Representation:
    """An actor asks an agency, or a guardian for their ``ward``. It waits until the agency answers or they take it
    back."""
    actor = ward or actor_of(by)
    if actor is None:
        raise Refused("no-profile", "Only actors can ask to be represented.", subject=agency.subject)
    if not decides_for(by, actor, at):
        raise Refused("guardian-decides", GUARDIAN_ASKS, subject=agency.subject)
    agency = lock_house(agency)
    there = bond_between(agency, actor) or _invitation_to(actor, agency, at=at)
    sides = frozenset({BondSide.PERSON} if agency.is_agency else ())
    _judge_opening(BondMove.ASK, agency, there, sides=sides, at=at, taken=_taken_for_actor(there))
    bond = insert(
        _sorted(
            Representation(
                agency=agency, actor=actor, asked_by_actor=True, message=message, invited_by=by, invited_at=at
            )
        ),
        taken=f"You have already asked {agency}.",
    )
    tell_asked(bond, by=by, at=at)
    record(Event.REPRESENTATION_ASKED, subject=bond.subject, by=by, at=at, organization=agency.name)
    return bond


@move(Event.REPRESENTATION_INVITED_AGAIN)
def resend(bond: Representation, *, by: User, at: datetime) -> Representation:
    """A new letter with a new link, good for another 14 days. Links sent before stop working."""
    bond = lock_representation(bond)
    state = allowed(BondMove.RESEND, bond, sides_in_representation(by, bond), at=at)
    with refusals_about(bond):
        check_resend(bond.invited_at, at=at)
        if bond.asked_by_actor:
            raise Refused("not-yours", "The agency has your question; there is no letter to send again.")
    change(bond, state=state, invited_by=by, **fresh_link(at))
    tell_invited(bond, by=by, at=at)
    record(Event.REPRESENTATION_INVITED_AGAIN, subject=bond.subject, by=by, at=at)
    return bond


@move(Event.REPRESENTATION_WITHDRAWN)
def withdraw(bond: Representation, *, by: User, at: datetime) -> Representation:
    """Whoever took the first step takes it back before the other side has answered."""
    bond = lock_representation(bond)
    state = allowed(BondMove.WITHDRAW, bond, sides_in_representation(by, bond), at=at)
    change(bond, state=state, nonce="", **closing(by, at))
    nothing_left_to_ask(bond, at=at)
    record(Event.REPRESENTATION_WITHDRAWN, subject=bond.subject, by=by, at=at)
    return bond


@move(Event.REPRESENTATION_BEGAN)
def accept(
    bond: Representation,
    *,
    stage_name: str = "",
    birth_date: date | None = None,
    ward: ActorProfile | None = None,
    by: User,
    at: datetime,
) -> Representation:
    """The other side confirms, with the account they have. Other open letters between the two are closed.

    Somebody who is no actor yet becomes one under ``stage_name``, in the same transaction. For a minor (``ward``) a
    guardian accepts.
    """
    bond = lock_representation(bond)
    state = allowed(BondMove.ACCEPT, bond, sides_in_representation(by, bond), at=at)
    actor = bond.actor or ward or actor_of(by)
    if actor is None and not stage_name:
        raise Refused("no-profile", "Type your stage name, too: you are no actor here yet.", subject=bond.subject)
    actor = actor or register_actor(by, stage_name=stage_name, birth_date=birth_date, by=by, at=at)
    if not decides_for(by, actor, at) and not may_act_for(by, bond.agency_id):
        raise Refused("guardian-decides", GUARDIAN_ANSWERS, subject=bond.subject)
    _close_others(bond, actor, by=by, at=at)
    taken = f"{bond.agency} already represents {actor.stage_name}."
    change(bond, state=state, actor=actor, started_at=at, sort_name=roster_name(actor.stage_name), taken=taken)
    nothing_left_to_ask(bond, at=at)
    sentence = f"{bond.agency} represents {actor.stage_name} from now on."
    tell_represented(bond, "began", sentence, by=by, at=at)
    words = {"organization": bond.agency.name, "name": actor.stage_name}
    record(Event.REPRESENTATION_BEGAN, subject=bond.subject, by=by, at=at, **words)
    return bond


@move(Event.REPRESENTATION_DECLINED)
def decline(bond: Representation, *, by: User, at: datetime) -> Representation:
    """The other side says no. It may be asked again later."""
    bond = lock_representation(bond)
    state = allowed(BondMove.DECLINE, bond, sides_in_representation(by, bond), at=at)
    change(bond, state=state, **closing(by, at))
    nothing_left_to_ask(bond, at=at)
    who = bond.agency.name if bond.asked_by_actor else bond.name
    tell_represented(bond, "declined", f"{who} declined the representation.", by=by, at=at)
    record(Event.REPRESENTATION_DECLINED, subject=bond.subject, by=by, at=at)
    return bond


@move(Event.REPRESENTATION_ENDED)
def end(bond: Representation, *, by: User, at: datetime) -> Representation:
    """Either side ends it, at once: from this transaction on the agency sees nothing of the actor's any more."""
    bond = lock_representation(bond)
    state = allowed(BondMove.END, bond, sides_in_representation(by, bond), at=at)
    change(bond, state=state, **closing(by, at))
    if bond.actor_id:
        nothing_more_about(bond.actor_id, bond.agency_id, at=at)
    sentence = f"{by} ended the representation of {bond.name} by {bond.agency}."
    tell_represented(bond, "ended", sentence, by=by, at=at)
    record(Event.REPRESENTATION_ENDED, subject=bond.subject, by=by, at=at)
    return bond


def rename_on_rosters(actor: ActorProfile) -> int:
    """Puts an actor where their new stage name belongs on every roster. The change of the profile has the entry."""
    return Representation.objects.filter(actor=actor).update(sort_name=roster_name(actor.stage_name))


def _sorted(bond: Representation) -> Representation:
    bond.sort_name = roster_name(bond.name)
    return bond


def _judge_opening(
    move_: BondMove,
    agency: Organization,
    there: Representation | None,
    *,
    sides: frozenset[BondSide],
    at: datetime,
    taken: str,
) -> None:
    opened_by = BondSide.HOUSE if move_ is BondMove.INVITE else BondSide.PERSON
    state = BondState(there.state) if there else None
    try:
        judge_bond(move_, state=state, sides=sides, opened_by=opened_by, at=at, expires_at=None)
    except Refused as refusal:
        refusal.subject = there.subject if there else agency.subject
        if refusal.code.startswith("already"):
            refusal.sentence = taken
        raise


def _taken_for_house(there: Representation | None) -> str:
    if there is None:
        return ""
    if there.state == BondState.ACTIVE:
        return f"{there.name} is already on your roster."
    if there.asked_by_actor:
        return f"{there.name} has asked you to represent them. Confirm it on the roster."
    return WAITS


def _taken_for_actor(there: Representation | None) -> str:
    if there is None:
        return ""
    if there.state == BondState.ACTIVE:
        return f"{there.agency} already represents you."
    if there.asked_by_actor:
        return f"You have already asked {there.agency}. They have not answered yet."
    return f"{there.agency} has already invited you. Answer their invitation instead."


def _invitation_to(actor: ActorProfile, agency: Organization, *, at: datetime) -> Representation | None:
    """An open letter of the agency to one of the actor's addresses."""
    letters = Representation.objects.filter(
        agency=agency, state=BondState.INVITED, expires_at__gt=at, email__in=addresses_of(actor.user)
    )
    return letters.select_related("agency").first()


def _close_others(bond: Representation, actor: ActorProfile, *, by: User, at: datetime) -> None:
    open_ones = Representation.objects.filter(agency=bond.agency_id, state=BondState.INVITED).exclude(pk=bond.pk)
    done = {"state": BondState.DECLINED, "nonce": "", **closing(by, at)}
    open_ones.filter(actor=actor).update(**done)
    open_ones.filter(email__in=addresses_of(actor.user)).update(**done)
