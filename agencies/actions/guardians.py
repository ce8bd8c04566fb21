"""A minor's guardians: invited, accepted, confirmed by staff, ended; and a profile a guardian opens for a child."""

from datetime import date, datetime
from typing import Any

from accounts.actions.moves import move
from accounts.actions.people import actor_subject, person_without_account, register_actor
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.rules.ages import check_birth_date, is_minor, majority
from accounts.rules.refusal import Refused
from agencies.access.guardians import own_actors, sides_in_guardianship
from agencies.access.invitations import owns_address
from agencies.actions.bonding import allowed, change, closing, fresh_link, insert, let_expire, refusals_about
from agencies.actions.telling import nothing_left_to_ask, nothing_more_to_guardian, tell_guardians, tell_invited
from agencies.models import Guardianship
from agencies.rules.bonds import BondMove, BondSide, check_resend, judge_bond
from agencies.rules.events import Event
from agencies.rules.guardians import NO_MINOR, NOT_THEM, check_end, check_other, check_room
from agencies.rules.organizations import BondState

WAITS = "An invitation to this address already waits for an answer. You can send it again from the list."
OF_AGE_NOW = "{name} is of age by now and answers for themself."


def lock_actor(actor: ActorProfile | int) -> ActorProfile:
    """The profile, locked until the end of the transaction, so that its guardians are counted by one at a time."""
    pk = actor if isinstance(actor, int) else actor.pk
    return ActorProfile.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)


def lock_guardianship(bond: Guardianship) -> Guardianship:
    """Actor first, then the row: everybody takes the locks in this order."""
    lock_actor(bond.actor_id)
    rows = Guardianship.objects.select_for_update(of=("self",))
    return rows.select_related("actor__user", "guardian", "invited_by").get(pk=bond.pk)


@move(Event.GUARDIAN_INVITED)
def invite(actor: ActorProfile, *, email: str, by: User, at: datetime) -> Guardianship:
    """The minor, or a guardian they have, invites one by e-mail. Raises Refused when there are two already, or when
    the address is the minor's own."""
    actor, email = lock_actor(actor), email.strip().lower()
    _check_minor(actor, at=at)
    there = list(Guardianship.objects.filter(actor=actor, state__in=[BondState.INVITED, BondState.ACTIVE]))
    for bond in [bond for bond in there if bond.expired(at)]:
        let_expire(bond, at=at)
        there.remove(bond)
    sides = frozenset({BondSide.HOUSE} if own_actors(by, at).filter(pk=actor.pk).exists() else ())
    try:
        judge_bond(BondMove.INVITE, state=None, sides=sides, opened_by=BondSide.HOUSE, at=at, expires_at=None)
        check_other(actor.stage_name, own=owns_address(actor.user, email))
        check_room(len(there))
    except Refused as refusal:
        refusal.subject = actor_subject(actor)
        raise
    bond = insert(Guardianship(actor=actor, email=email, invited_by=by, **fresh_link(at)), taken=WAITS)
    tell_invited(bond, by=by, at=at)
    record(Event.GUARDIAN_INVITED, subject=bond.subject, by=by, at=at, email=email, name=actor.stage_name)
    return bond


@move(Event.GUARDIAN_INVITED_AGAIN)
def resend(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """A new letter with a new link, good for another 14 days. Links sent before stop working."""
    bond = lock_guardianship(bond)
    state = allowed(BondMove.RESEND, bond, sides_in_guardianship(by, bond, at), at=at)
    with refusals_about(bond):
        check_resend(bond.invited_at, at=at)
    change(bond, state=state, invited_by=by, **fresh_link(at))
    tell_invited(bond, by=by, at=at)
    record(Event.GUARDIAN_INVITED_AGAIN, subject=bond.subject, by=by, at=at)
    return bond


@move(Event.GUARDIAN_WITHDRAWN)
def withdraw(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """The minor's side takes an invitation back before it is answered."""
    bond = lock_guardianship(bond)
    state = allowed(BondMove.WITHDRAW, bond, sides_in_guardianship(by, bond, at), at=at)
    change(bond, state=state, nonce="", **closing(by, at))
    nothing_left_to_ask(bond, at=at)
    record(Event.GUARDIAN_WITHDRAWN, subject=bond.subject, by=by, at=at)
    return bond


@move(Event.GUARDIAN_ACCEPTED)
def accept(bond: Guardianship, *, relation: str, proof: str, by: User, at: datetime) -> Guardianship:
    """The invited grown-up accepts and names the paper that shows it. They see from now on; they decide once staff
    have confirmed them. Raises Refused for the minor, for another minor, and when the minor is of age by now."""
    bond = lock_guardianship(bond)
    state = allowed(BondMove.ACCEPT, bond, sides_in_guardianship(by, bond, at) - {BondSide.HOUSE}, at=at)
    with refusals_about(bond):
        _check_minor(bond.actor, at=at)
        _check_grown_up(by, bond.actor, at=at)
    taken = f"You are a guardian of {bond.actor.stage_name} already."
    change(bond, state=state, guardian=by, relation=relation, proof=proof, started_at=at, taken=taken)
    nothing_left_to_ask(bond, at=at)
    sentence = f"{by} accepted to be your guardian here. We confirm it before anything can be decided."
    tell_guardians(bond, "accepted", sentence, by=by, at=at)
    record(Event.GUARDIAN_ACCEPTED, subject=bond.subject, by=by, at=at, name=bond.actor.stage_name)
    return bond


@move(Event.GUARDIAN_DECLINED)
def decline(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """The invited person says no. They may be asked again."""
    bond = lock_guardianship(bond)
    state = allowed(BondMove.DECLINE, bond, sides_in_guardianship(by, bond, at), at=at)
    change(bond, state=state, **closing(by, at))
    nothing_left_to_ask(bond, at=at)
    sentence = f"{bond.email} declined to be a guardian of {bond.actor.stage_name} here."
    tell_guardians(bond, "declined", sentence, by=by, at=at)
    record(Event.GUARDIAN_DECLINED, subject=bond.subject, by=by, at=at, email=bond.email)
    return bond


@move(Event.GUARDIAN_ENDED)
def end(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """Ends it at once: from this transaction on the person neither sees nor decides anything of the minor's.

    A confirmed guardian steps back themself, or staff end it; one who is not confirmed yet can be taken off the list by
    the minor's side, too.
    """
    bond = lock_guardianship(bond)
    sides = sides_in_guardianship(by, bond, at) | (frozenset({BondSide.HOUSE}) if by.is_staff else frozenset())
    state = allowed(BondMove.END, bond, sides, at=at)
    with refusals_about(bond):
        themself = by.is_staff or bond.guardian_id == by.pk
        check_end(confirmed=bond.verified_at is not None, themself=themself)
    change(bond, state=state, **closing(by, at))
    nothing_more_to_guardian(bond, at=at)
    sentence = f"{bond.name} is no longer a guardian of {bond.actor.stage_name} here."
    tell_guardians(bond, "ended", sentence, by=by, at=at)
    record(Event.GUARDIAN_ENDED, subject=bond.subject, by=by, at=at, name=bond.actor.stage_name, guardian=bond.name)
    return bond


@move(Event.GUARDIAN_CONFIRMED)
def confirm(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """Staff have looked at the paper the guardian named. From this transaction on the guardian decides."""
    bond = lock_guardianship(bond)
    with refusals_about(bond):
        _check_staff(by, bond)
        _check_minor(bond.actor, at=at)
    _mark(bond, verified_at=at, verified_by=by)
    sentence = f"{bond.name} is confirmed as a guardian of {bond.actor.stage_name} and can answer now."
    tell_guardians(bond, "confirmed", sentence, by=by, at=at)
    guardian = bond.name
    record(Event.GUARDIAN_CONFIRMED, subject=bond.subject, by=by, at=at, name=bond.actor.stage_name, guardian=guardian)
    return bond


@move(Event.GUARDIAN_UNCONFIRMED)
def unconfirm(bond: Guardianship, *, by: User, at: datetime) -> Guardianship:
    """Staff take the confirmation back: the guardian sees, and decides nothing any more."""
    bond = lock_guardianship(bond)
    with refusals_about(bond):
        _check_staff(by, bond)
    _mark(bond, verified_at=None, verified_by=None)
    sentence = f"We took back that {bond.name} is confirmed as a guardian of {bond.actor.stage_name}."
    tell_guardians(bond, "unconfirmed", sentence, by=by, at=at)
    record(Event.GUARDIAN_UNCONFIRMED, subject=bond.subject, by=by, at=at, guardian=bond.name)
    return bond


@move(Event.PROFILE_OPENED)
def open_profile(
    *, name: str, stage_name: str, birth_date: date, relation: str, proof: str, by: User, at: datetime
) -> Guardianship:
    """A grown-up opens the profile of a child who has no account; nothing is decided before staff have confirmed them.

    Raises Refused for a child who is of age, and for somebody who is a minor themself.
    """
    about = actor_subject(ActorProfile(stage_name=stage_name))
    try:
        check_birth_date(birth_date, today=at.astimezone(by.zone).date(), own_account=False)
        if not is_minor(majority(birth_date, by.zone), at):
            raise Refused("of-age", f"{name} is of age and opens a profile of their own.")
        _check_grown_up(by, None, at=at)
    except Refused as refusal:
        refusal.subject = refusal.subject or about
        raise
    child = person_without_account(name=name, time_zone=by.time_zone)
    actor = register_actor(child, stage_name=stage_name or name, birth_date=birth_date, by=by, at=at)
    bond = Guardianship.objects.create(
        actor=actor,
        guardian=by,
        email=by.email,
        state=BondState.ACTIVE,
        relation=relation,
        proof=proof,
        opened_profile=True,
        invited_by=by,
        invited_at=at,
        started_at=at,
    )
    record(Event.PROFILE_OPENED, subject=bond.subject, by=by, at=at, name=actor.stage_name)
    return bond


def _check_minor(actor: ActorProfile, *, at: datetime) -> None:
    if not actor.is_minor(at):
        sentence = OF_AGE_NOW if actor.adult_at else NO_MINOR
        raise Refused("of-age", sentence.format(name=actor.stage_name), subject=actor_subject(actor))


def _check_grown_up(by: User, actor: ActorProfile | None, *, at: datetime) -> None:
    """A guardian is neither the minor themself nor a minor of their own."""
    young = ActorProfile.objects.filter(user=by, adult_at__gt=at).exists()
    if young or (actor is not None and actor.user_id == by.pk):
        raise Refused("not-grown-up", NOT_THEM)


def _check_staff(by: User, bond: Guardianship) -> None:
    """Nobody confirms themself, staff or not."""
    if not by.is_staff or bond.guardian_id == by.pk:
        raise Refused("not-yours", "Only staff confirm guardians, and never themselves.")


def _mark(bond: Guardianship, **values: Any) -> None:
    was = {"verified_at__isnull": values["verified_at"] is not None}
    rows = Guardianship.objects.filter(pk=bond.pk, state=BondState.ACTIVE, **was)
    if not rows.update(**values):
        raise Refused("nothing-changed", "It ended, or somebody has done this already.", subject=bond.subject)
    for name, value in values.items():
        setattr(bond, name, value)
