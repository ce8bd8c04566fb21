"""Handing the profile of a child without an account to the person it is about, once they are old enough for one."""

from datetime import datetime

from accounts.actions.moves import move
from accounts.actions.people import actor_subject
from accounts.audit import record
from accounts.models import ActorProfile, User
from accounts.notifications import Notice, notify
from accounts.rules.refusal import Refused
from agencies.access.handover import GOOD_FOR, Handover, handover_path, may_hand_over
from agencies.access.invitations import owner_of_address, owns_address
from agencies.actions.guardians import lock_actor
from agencies.rules.events import Event


@move(Event.HANDOVER_OFFERED)
def offer(actor: ActorProfile, *, email: str, by: User, at: datetime) -> None:
    """Sends the link that gives the profile to whoever owns ``email``: the young person's own address."""
    actor, email = lock_actor(actor), email.strip().lower()
    if not may_hand_over(by, actor, at):
        raise Refused("not-yours", "Only who opened this profile can hand it over.", subject=actor_subject(actor))
    if owns_address(by, email):
        raise Refused("own-address", "Type their address, not yours.", subject=actor_subject(actor))
    context = {"name": actor.stage_name, "by": str(by), "expires_at": (at + GOOD_FOR).isoformat()}
    to = owner_of_address(email) or email
    once = f"handover:{actor.pk}:{at:%Y%m%d%H%M%S}"
    path = handover_path(actor, email)
    notify([Notice("profile-offered", to, actor_subject(actor), once=once, path=path, context=context)], at=at)
    record(Event.HANDOVER_OFFERED, subject=actor_subject(actor), by=by, at=at, email=email, name=actor.stage_name)


@move(Event.HANDED_OVER)
def take(handover: Handover, *, by: User, at: datetime) -> ActorProfile:
    """The profile hangs on the person's own account from now on. Guardians stay until the 18th birthday."""
    actor = lock_actor(handover.actor)
    subject = actor_subject(actor)
    if not owns_address(by, handover.email):
        raise Refused("not-yours", "This link is for somebody else’s address.", subject=subject)
    if actor.user.has_account:
        raise Refused("already-taken", "This profile already has its own account.", subject=subject)
    if ActorProfile.objects.filter(user=by).exists():
        raise Refused("already-an-actor", "You have an actor’s profile already.", subject=subject)
    if actor.guardianships.filter(guardian=by).exists():
        raise Refused("not-yours", "A guardian can’t become the person they answer for.", subject=subject)
    ActorProfile.objects.filter(pk=actor.pk, user=actor.user_id).update(user=by)
    actor.user = by
    record(Event.HANDED_OVER, subject=subject, by=by, at=at, name=actor.stage_name)
    return actor
