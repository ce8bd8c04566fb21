"""A house's projects. Everybody of the house, assistants too, sees and prepares them; nobody else knows they exist."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.models import Project, ReuseRequest
from replicas.models.request import WAITING_STATES


def projects_seen_by(user: User) -> QuerySet[Project]:
    """The projects of every house the person belongs to, in any role."""
    houses = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__kind__in=LICENSEE_KINDS)
    return Project.objects.filter(organization__in=houses.values("organization"))


def projects_of(desk: Desk) -> QuerySet[Project]:
    """The desk's projects with ``waiting`` (open requests) and ``granted`` (approved ones)."""
    if desk.kind != "casting":
        raise Http404
    return Project.objects.filter(organization=desk.organization).annotate(
        waiting=Count("requests", filter=Q(requests__state__in=WAITING_STATES)),
        granted=Count("requests", filter=Q(requests__state="approved")),
    )


def get_project(user: User, ref: str) -> Project:
    """One project of the person's house. Raises Http404 for a stranger and for what does not exist alike."""
    found = projects_seen_by(user).select_related("organization").filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def requests_for(project: Project) -> QuerySet[ReuseRequest]:
    """The project's requests with what a list shows."""
    return ReuseRequest.objects.filter(project=project).select_related("actor", "replica", "current_terms")
