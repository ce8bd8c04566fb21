"""A house's crowds. Everybody of the house, assistants too, sees and prepares them; nobody else knows they exist.

A person in a crowd reads a request of their own (``access.requests``), never the crowd.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.models import Crowd, CrowdPlace, Project
from replicas.rules.crowds import Shown

SHOWN = ("project", "organization", "offer", "created_by", "sent_by")


def crowds_seen_by(user: User) -> QuerySet[Crowd]:
    """The crowds of every house the person belongs to, in any role, drafts included."""
    houses = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__kind__in=LICENSEE_KINDS)
    return Crowd.objects.filter(organization__in=houses.values("organization"))


def crowds_of(desk: Desk) -> QuerySet[Crowd]:
    """The crowds of a licensee's desk. Raises Http404 for any other desk."""
    if desk.kind != "casting":
        raise Http404
    return Crowd.objects.filter(organization=desk.organization)


def crowds_for(project: Project) -> QuerySet[Crowd]:
    """The crowds of one project, for whoever may open the project."""
    return Crowd.objects.filter(project=project)


def get_crowd(user: User, ref: str) -> Crowd:
    """One crowd of the person's house. Raises Http404 for a stranger, for somebody in the crowd, and for what does not
    exist alike. One query."""
    found = crowds_seen_by(user).select_related(*SHOWN).filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def in_crowds_without_yes(actor_id: int, project_id: int, *, since: datetime) -> QuerySet[CrowdPlace]:
    """The actor's places in released anonymous crowds of a project that run or ended after ``since``, where the board
    names them with no yes; each with its crowd and offer."""
    running = Q(crowd__over_at__isnull=True) | Q(crowd__over_at__gt=since)
    released = CrowdPlace.objects.filter(running, actor=actor_id, crowd__project=project_id, crowd__anonymous=True)
    return released.exclude(shown=Shown.APPROVED).select_related("crowd__offer").order_by("pk")
