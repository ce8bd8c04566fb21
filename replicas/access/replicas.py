"""Which replicas a viewer may see. Hidden and unconfirmed ones exist for the actor and their agency alone."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import CharField, Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import Http404

from accounts.models import ActorProfile, User
from accounts.rules.references import read_reference
from agencies.access import Desk, current_desk, decides_for, represents
from agencies.models import Membership, Representation
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.requests import own_side
from replicas.models import Preview, Replica, ReuseRequest
from replicas.models.request import WAITING_STATES, read_by_house
from replicas.rules.answering import Side
from replicas.rules.vocabulary import ReplicaState, Visibility

Row = TypeVar("Row", bound=Model)

# People who have left are not shown, whatever their replicas say.
SHOWN_OUTSIDE = Q(state=ReplicaState.CONFIRMED, actor__user__is_active=True)


def _houses_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE)


def _own(user: User) -> Q:
    """The person's own replicas, and those of the clients of an agency they belong to."""
    clients = Representation.objects.filter(
        state=BondState.ACTIVE, agency__in=_houses_of(user).values("organization"), actor__isnull=False
    )
    return own_side(user) | Q(actor__in=clients.values("actor"))


def may_see_listing(user: User) -> bool:
    """Whether the person is anything here yet: an actor, or somebody of an agency, a casting office or a production."""
    return current_desk(user, "").kind not in ("new", "nobody")


def is_licensee(user: User) -> bool:
    """Whether the person belongs to a casting office or production company, in any role."""
    return _houses_of(user).filter(organization__kind__in=LICENSEE_KINDS).exists()


def listed_replicas() -> QuerySet[Replica]:
    """What the search may show: listed, confirmed, of active people."""
    return Replica.objects.filter(SHOWN_OUTSIDE, visibility=Visibility.LISTED)


def replicas_seen_by(user: User) -> QuerySet[Replica]:
    """Everything the person may open: their own and their clients', what is listed, and what they were given a link to
    and have asked for since. In an anonymous crowd that takes a yes: else one could tell who was called."""
    houses = _houses_of(user).values("organization")
    asked_for = ReuseRequest.objects.filter(read_by_house(), organization__in=houses).values("replica")
    seen = _own(user) | (SHOWN_OUTSIDE & Q(visibility=Visibility.BY_LINK, pk__in=asked_for))
    if may_see_listing(user):
        seen |= SHOWN_OUTSIDE & Q(visibility=Visibility.LISTED)
    return Replica.objects.filter(seen)


def get_replica(user: User, ref: str, *, link: str = "") -> Replica:
    """One replica the person may see, by its reference; ``link`` is the nonce they came by, if any.

    Raises Http404 for a stranger and for what does not exist alike.
    """
    found = _with_people(replicas_seen_by(user)).filter(ref=read_reference(ref)).first()
    if found is None and link:
        found = get_replica_by_link(user, link)
        if found.ref != read_reference(ref):
            raise Http404
    if found is None:
        raise Http404
    return found


def get_replica_by_link(user: User, nonce: str) -> Replica:
    """The replica behind a link, for its own side and for people of casting offices and productions. Else Http404."""
    opened = SHOWN_OUTSIDE & ~Q(visibility=Visibility.HIDDEN)
    found = _with_people(Replica.objects.filter(_own(user) | opened, link_nonce=nonce)).first()
    if found is None or not (sides_on(user, found) or is_licensee(user)):
        raise Http404
    return found


def _with_people(rows: QuerySet[Replica]) -> QuerySet[Replica]:
    return rows.select_related("actor__user", "registered_by", "custodian_organization")


def sides_on(user: User, replica: Replica, *, at: datetime | None = None) -> frozenset[Side]:
    """In whose names the person may act on the replica right now; an assistant and a minor act in nobody's.

    One query at most for an adult's replica, two for a minor's.
    """
    if decides_for(user, replica.actor, at):
        return frozenset({Side.ACTOR})
    return frozenset({Side.AGENCY}) if represents(user, replica.actor_id) else frozenset()


def is_inside(user: User, replica: Replica) -> bool:
    """Whether the person is of the actor's own side or belongs, in any role, to an agency that represents them."""
    return Replica.objects.filter(_own(user), pk=replica.pk).exists()


def replicas_of(desk: Desk, user: User) -> QuerySet[Replica]:
    """The replicas on one desk: an agency's clients', a ward's, else the person's own, whatever desk they sit at."""
    if desk.kind == "agency":
        clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
        return Replica.objects.filter(actor__in=clients.values("actor"))
    return Replica.objects.filter(actor=desk.actor) if desk.actor else Replica.objects.filter(actor__user=user)


def with_picture(rows: QuerySet[Row], replica: str = "pk") -> QuerySet[Row]:
    """Adds ``picture``: the first preview as ``key width height`` (or None), without a second query.

    ``replica`` names the column with the replica's id, for rows that are not replicas themselves.
    """
    packed = Concat(
        "key",
        Value(" "),
        Cast("width", CharField(max_length=6)),
        Value(" "),
        Cast("height", CharField(max_length=6)),
        output_field=CharField(),
    )
    first = Preview.objects.filter(replica=OuterRef(replica)).order_by("position", "id").values(packed=packed)
    found: Any = rows.annotate(picture=Subquery(first[:1]))
    return found


def with_waiting(rows: QuerySet[Replica]) -> QuerySet[Replica]:
    """Adds ``waiting``: how many requests for the replica are open. For the actor's side only."""
    open_ = ReuseRequest.objects.filter(replica=OuterRef("pk"), state__in=WAITING_STATES).order_by().values("replica")
    count: Any = open_.annotate(number=Count("pk")).values("number")
    return rows.annotate(waiting=Coalesce(Subquery(count, output_field=IntegerField()), 0))


def clients_of(desk: Desk) -> list[tuple[int, str]]:
    """An agency's clients as ``(actor id, stage name)``, by name. One query."""
    clients = Representation.objects.filter(agency=desk.organization, state=BondState.ACTIVE, actor__isnull=False)
    return list(clients.order_by("actor__stage_name", "actor").values_list("actor", "actor__stage_name"))


def get_client(desk: Desk, actor: int) -> ActorProfile:
    """One client of the agency. Raises Http404 for anybody else's."""
    found = ActorProfile.objects.filter(
        pk=actor, representations__agency=desk.organization, representations__state=BondState.ACTIVE
    )
    client = found.select_related("user").first()
    if client is None:
        raise Http404
    return client


def get_preview(user: User, key: str, *, link: str = "") -> Preview:
    """A preview picture for whoever may see its replica. Raises Http404 for everybody else."""
    preview = Preview.objects.filter(key=key).first()
    if preview is None:
        raise Http404
    if replicas_seen_by(user).filter(pk=preview.replica_id).exists():
        return preview
    if link and get_replica_by_link(user, link).pk == preview.replica_id:
        return preview
    raise Http404
