"""A house's projects. Everybody of the house, assistants too, sees and prepares them; nobody else knows they exist."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.models import Project, ReuseRequest
from replicas.models.request import WAITING_STATES, read_by_house
from replicas.rules.answering import RequestState
from replicas.rules.projects import Group


def projects_seen_by(user: User) -> QuerySet[Project]:
    """The projects of every house the person belongs to, in any role."""
    houses = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__kind__in=LICENSEE_KINDS)
    return Project.objects.filter(organization__in=houses.values("organization"))


def projects_of(desk: Desk, *, at: datetime) -> QuerySet[Project]:
    """The desk's projects with ``waiting`` (open requests at ``at``) and ``granted`` (approved ones)."""
    if desk.kind != "casting":
        raise Http404
    return Project.objects.filter(organization=desk.organization).annotate(
        waiting=Count("requests", filter=_group(Group.WAITING, at)),
        granted=Count("requests", filter=_group(Group.APPROVED, at)),
    )


def get_project(user: User, ref: str) -> Project:
    """One project of the person's house. Raises Http404 for a stranger and for what does not exist alike."""
    found = projects_seen_by(user).select_related("organization").filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def _group(group: Group, at: datetime) -> Q:
    """Requests of one group at ``at`` (aware), by the clock: past its deadline a waiting one has lapsed already.
    Those of an anonymous crowd are counted on its board and not here, until their yes."""
    return read_by_house("requests__") & _standing(group, at)


def _standing(group: Group, at: datetime) -> Q:
    waiting = Q(requests__state__in=WAITING_STATES)
    late = Q(requests__delivered_at__isnull=False, requests__answer_by__lte=at)
    match group:
        case Group.WAITING:
            return (waiting & ~late) | Q(requests__state=RequestState.HELD)
        case Group.NOT_AVAILABLE:
            ended = [RequestState.DENIED, RequestState.LAPSED, RequestState.FILLED]
            return (waiting & late) | Q(requests__state__in=ended)
        case _:
            return Q(requests__state=group.value)


def counts_of(project: Project, *, at: datetime) -> dict[Group, int]:
    """How many of the project's requests stand where. One query."""
    counts = {group.value: Count("requests", filter=_group(group, at)) for group in Group}
    found = Project.objects.filter(pk=project.pk).aggregate(**counts)
    return {group: found[group.value] for group in Group}


def requests_for(project: Project, group: Group, *, at: datetime) -> QuerySet[ReuseRequest]:
    """The project's requests of one group, with what a list shows."""
    ids = Project.objects.filter(_group(group, at), pk=project.pk).values("requests")
    return ReuseRequest.objects.filter(pk__in=ids).select_related("actor", "replica", "current_terms")
