"""Which scans a viewer may see, and in whose name. A stranger gets 404, like a missing one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import Http404

from accounts.models import ActorProfile, User
from accounts.rules.references import read_reference
from agencies.access import Desk, decides_for, may_act_for, own_actors, represents
from agencies.access.invitations import owns_address
from agencies.models import Membership, Representation
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.strikes import strike_id
from replicas.models import Scan
from replicas.rules.answering import Side

SHOWN = ("notice__organization", "notice__project", "notice__announced_by", "actor__user", "replica", "recorded_by")


def _houses_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE)


def _proved_by(user: User) -> QuerySet[Any, Any]:
    """The person's verified addresses, lower case, as a subquery."""
    return EmailAddress.objects.filter(user=user, verified=True).annotate(plain=Lower("email")).values("plain")


def own_scans(user: User) -> QuerySet[Scan]:
    """The person's own register: announced to a profile that is theirs, or to an address they proved to be theirs."""
    return Scan.objects.filter(
        Q(actor__in=own_actors(user)) | Q(actor__isnull=True, email__in=_proved_by(user)),
    )


def scans_seen_by(user: User) -> QuerySet[Scan]:
    """Everything the person may open: their own, their agency's clients', and what their house announced."""
    houses = _houses_of(user)
    clients = Representation.objects.filter(
        state=BondState.ACTIVE, agency__in=houses.values("organization"), actor__isnull=False
    )
    announcers = houses.filter(organization__kind__in=LICENSEE_KINDS)
    return Scan.objects.filter(
        Q(actor__in=own_actors(user))
        | Q(actor__isnull=True, email__in=_proved_by(user))
        | Q(actor__in=clients.values("actor"))
        | Q(notice__organization__in=announcers.values("organization"))
    )


def scans_of(desk: Desk, user: User) -> QuerySet[Scan]:
    """The scans on one desk: an agency's clients', a house's announced ones, else the person's own."""
    if desk.kind == "agency":
        clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
        return Scan.objects.filter(actor__in=clients.values("actor"))
    if desk.kind == "casting":
        return Scan.objects.filter(notice__organization=desk.organization)
    return own_scans(user)


def get_scan(user: User, ref: str, *, at: datetime | None = None) -> Scan:
    """One scan with what its page shows. Raises Http404 for a stranger and for what does not exist alike.

    With ``at``, the row carries ``struck_by``: the id of the strike that stands then under its project's agreement.
    """
    rows = scans_seen_by(user).select_related(*SHOWN)
    if at is not None:
        rows = rows.annotate(struck_by=Subquery(strike_id(at, "notice__project__agreement")))
    found = rows.filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def sides_on_scan(user: User, scan: Scan, *, at: datetime | None = None) -> frozenset[Side]:
    """In whose names the person may *act* on the scan right now. An assistant acts in nobody's."""
    sides = set()
    if is_own(user, scan, at=at):
        sides.add(Side.ACTOR)
    if scan.actor_id is not None and represents(user, scan.actor_id):
        sides.add(Side.AGENCY)
    if may_act_for(user, scan.notice.organization_id):
        sides.add(Side.LICENSEE)
    return frozenset(sides)


def is_own(user: User, scan: Scan, *, at: datetime | None = None) -> bool:
    """Whether the person is the one who answers: the performer or who decides for them, or the owner of the address.

    A minor who owns the address does not answer for themself there either.
    """
    actor = scan.actor or ActorProfile.objects.filter(user=user).first()
    mine = scan.actor is not None or owns_address(user, scan.email)
    return mine and (actor is None or decides_for(user, actor, at))


def performers_at(addresses: Sequence[str]) -> dict[str, ActorProfile]:
    """Who proved that these addresses (lower case) are theirs, by address, with ``user``. One query.

    For telling them. Never for showing to whoever typed the addresses: nobody learns here who has an account.
    """
    proved = EmailAddress.objects.filter(verified=True, email__in=addresses)
    profiles = ActorProfile.objects.filter(user__is_active=True, user__emailaddress__in=proved)
    rows = profiles.annotate(address=F("user__emailaddress__email")).select_related("user")
    return {row.address: row for row in rows}
