"""Handing a profile without an account to the person it is about: who may begin it, and the link that completes it.

The link is signed over the profile, the row it hangs on until then, and the address it goes to; nothing is stored. It
stops working once the profile hangs on somebody's own account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.http import Http404
from django.urls import reverse

from accounts.models import ActorProfile, User
from accounts.rules.ages import OWN_ACCOUNT, age_on
from accounts.rules.people import NO_ACCOUNT
from agencies.models import Guardianship

SALT = "agencies.handover"
GOOD_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Handover:
    """A link that still works: ``actor`` with its ``user``, and the address it was sent to."""

    actor: ActorProfile
    email: str


def handover_path(actor: ActorProfile, email: str) -> str:
    return reverse("handover", args=[signing.dumps([actor.pk, actor.user_id, email], salt=SALT)])


def read_handover(token: str) -> Handover:
    """The profile behind a link. Raises Http404 for one we did not make, one too old, and one that was used."""
    try:
        pk, user, email = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    actor = ActorProfile.objects.select_related("user").filter(pk=pk, user=user, user__email__endswith=NO_ACCOUNT)
    found = actor.first()
    if found is None:
        raise Http404
    return Handover(found, email)


def may_hand_over(user: User, actor: ActorProfile, at: datetime) -> bool:
    """Whoever opened the profile of a child without an account, from the child's 13th birthday on and also after the
    18th: then nobody else could."""
    if actor.user.has_account or actor.birth_date is None:
        return False
    old_enough = age_on(actor.birth_date, at.astimezone(actor.user.zone).date()) >= OWN_ACCOUNT
    opened = Guardianship.objects.filter(actor=actor, guardian=user, opened_profile=True, verified_at__isnull=False)
    return old_enough and opened.exists()


def profiles_to_hand_over(user: User, at: datetime) -> list[ActorProfile]:
    """Those the person may hand over now. One query for the profiles, and one for each."""
    opened = Guardianship.objects.filter(guardian=user, opened_profile=True, verified_at__isnull=False).values("actor")
    rows = ActorProfile.objects.filter(pk__in=opened, user__email__endswith=NO_ACCOUNT).select_related("user")
    return [actor for actor in rows.order_by("stage_name", "pk") if may_hand_over(user, actor, at)]


def get_profile_to_hand_over(user: User, pk: int, at: datetime) -> ActorProfile:
    found = next((actor for actor in profiles_to_hand_over(user, at) if actor.pk == pk), None)
    if found is None:
        raise Http404
    return found
