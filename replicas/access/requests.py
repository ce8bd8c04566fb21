"""Which requests a viewer may see, and in whose name they see them. A stranger gets 404, like a missing one."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404
from django.utils import timezone

from accounts.access.prepared import Prepared
from accounts.models import User
from accounts.rules.references import read_reference
from accounts.rules.subject import Subject
from agencies.access import Desk, decides_for, may_act_for, represents, wards_of
from agencies.models import Membership, Representation
from agencies.rules.organizations import BondState
from replicas.access.facts import judging_facts
from replicas.models import ReuseRequest, Terms
from replicas.models.request import read_by_house
from replicas.rules.answering import RequestState, Side

SHOWN = ("actor__user", "project", "organization", "replica", "sent_by", "current_terms")


def _houses_of(user: User | int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE)


def _is_client_of(user: User | int) -> Q:
    """Rows whose ``actor`` an agency of the person represents; looked up for each row, not for the whole roster."""
    houses = _houses_of(user).values("organization")
    return Q(Exists(Representation.objects.filter(actor=OuterRef("actor"), state=BondState.ACTIVE, agency__in=houses)))


def own_side(user: User | int, at: datetime | None = None) -> Q:
    """Narrows rows with an ``actor`` to those of the person's own side: theirs, and those of minors they guard."""
    return Q(actor__user=user) | Q(actor__in=wards_of(user, at).values("actor"))


def requests_seen_by(user: User | int, at: datetime | None = None) -> QuerySet[ReuseRequest]:
    """Everything the person may open in any of their roles at ``at`` (now).

    Drafts are the licensee's alone, and what is of an anonymous crowd is the performer's side's alone until its yes.
    """
    sent = ~Q(state=RequestState.DRAFT) & Q(sent_at__isnull=False)
    return ReuseRequest.objects.filter(
        (Q(organization__in=_houses_of(user).values("organization")) & read_by_house())
        | (sent & (own_side(user, at) | _is_client_of(user)))
    )


def get_request(user: User, ref: str) -> ReuseRequest:
    """One request with what its page shows. Raises Http404 for a stranger and for what does not exist alike."""
    found = _seen(user=user.pk, ref=read_reference(ref), at=timezone.now())
    if not found:
        raise Http404
    prefetch_related_objects(found, Prefetch("current_terms", Terms.objects.prefetch_related("uses")))
    return found[0]


@Prepared
def _seen(*, user: int, ref: str, at: datetime) -> QuerySet[ReuseRequest]:
    rows = requests_seen_by(user, at).select_related(*SHOWN[:-1]).annotate(**judging_facts(at))
    return rows.filter(ref=ref).order_by("pk")[:1]


def subject_of_reference(ref: str) -> Subject | None:
    """What a reference is about, for the trail alone: nothing of it goes to who asked."""
    found = ReuseRequest.objects.select_related("project", "actor").filter(ref=read_reference(ref)).first()
    return found.subject if found else None


def sides_of(
    user: User,
    request: ReuseRequest,
    among: Collection[Side] = (Side.ACTOR, Side.LICENSEE, Side.AGENCY),
    *,
    at: datetime | None = None,
) -> frozenset[Side]:
    """In whose names, of those asked about, the person may *act* on the request at ``at`` (now).

    An assistant acts in nobody's, and neither does a minor. No query for an adult actor's side, one for a minor's and
    one each for the others.
    """
    sides = set()
    if Side.ACTOR in among and decides_for(user, request.actor, at):
        sides.add(Side.ACTOR)
    if Side.LICENSEE in among and may_act_for(user, request.organization_id):
        sides.add(Side.LICENSEE)
    if Side.AGENCY in among and represents(user, request.actor_id):
        sides.add(Side.AGENCY)
    return frozenset(sides)


def actors_of(desk: Desk) -> QuerySet[Representation]:
    """The active representations of an agency's desk."""
    return Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)


def requests_of(desk: Desk) -> QuerySet[ReuseRequest]:
    """The requests on one desk: an actor's own, an agency's clients', or a licensee's (drafts included),
    without those of anonymous crowds before their yes."""
    if desk.kind == "actor":
        return ReuseRequest.objects.filter(actor=desk.actor, sent_at__isnull=False)
    if desk.kind == "agency":
        return ReuseRequest.objects.filter(actor__in=actors_of(desk).values("actor"), sent_at__isnull=False)
    if desk.kind == "casting":
        return ReuseRequest.objects.filter(read_by_house(), organization=desk.organization)
    return ReuseRequest.objects.none()
