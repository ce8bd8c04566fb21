"""Invitation links: what they say, whom they are for, and where they stand.

A link is signed over what kind of bond it is, its id and its nonce. The signature needs SECRET_KEY, which is not in the
database, and answering needs an account that owns the invited address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from accounts.models import User
from agencies.models import Guardianship, Membership, Representation
from agencies.rules.bonds import Standing, standing_of_link
from agencies.rules.organizations import BondState

SALT = "agencies.invitation"
Bond = Membership | Representation | Guardianship
KINDS: dict[str, tuple[type[Bond], str]] = {
    "team": (Membership, "organization"),
    "roster": (Representation, "agency"),
    "guardian": (Guardianship, "actor__user"),
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """``kind`` is team, roster or guardian; ``standing`` what the link's holder finds."""

    kind: str
    bond: Bond
    standing: Standing

    @property
    def is_team(self) -> bool:
        return self.kind == "team"


def invitation_path(bond: Bond) -> str:
    """The link of an open invitation, without the host."""
    kind = next(kind for kind, (model, _) in KINDS.items() if isinstance(bond, model))
    token = signing.dumps([kind, bond.pk, bond.nonce], salt=SALT)
    return reverse("invitation", args=[token])


def read_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link, whatever became of it. Raises Http404 for a link we did not make."""
    try:
        kind, pk, nonce = signing.loads(token, salt=SALT)
        model, house = KINDS[kind]
        bond: Any = model._default_manager.select_related(house, "invited_by").get(pk=pk)
    except (signing.BadSignature, ValueError, KeyError, TypeError, ObjectDoesNotExist):
        raise Http404 from None
    standing = standing_of_link(
        BondState(bond.state),
        link_nonce=nonce,
        nonce=bond.nonce,
        expires_at=bond.expires_at,
        ended_by=bond.ended_by_id,
        at=at,
    )
    return Invitation(kind, bond, standing)


def owns_address(user: User, address: str) -> bool:
    """Whether the person has proved that this address is theirs."""
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=address).exists()


def owner_of_address(address: str) -> User | None:
    """Who proved that this address is theirs, if anybody has. For telling them; never for showing to the inviter."""
    return User.objects.filter(is_active=True, emailaddress__email__iexact=address, emailaddress__verified=True).first()


def addresses_of(user: User) -> list[str]:
    """The person's verified addresses, lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return [address.lower() for address in rows]


def open_to(user: User, at: datetime) -> Q:
    """Narrows bonds to invitations this person may answer right now."""
    return Q(state=BondState.INVITED, email__in=addresses_of(user)) & (Q(expires_at=None) | Q(expires_at__gt=at))
