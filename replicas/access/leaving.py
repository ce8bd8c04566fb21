"""What stands to end when an actor withdraws from a replica altogether."""

from dataclasses import dataclass, field

from django.http import Http404

from accounts.models import User
from agencies.access import decides_for
from replicas.access.replicas import get_replica
from replicas.models import Holding, License, Replica, ReuseRequest
from replicas.models.license import LIVING_STATES
from replicas.rules.answering import OVER, RequestState
from replicas.rules.leaving import Fixed

NOT_OPEN = sorted({RequestState.DRAFT, *OVER})


@dataclass(frozen=True, slots=True)
class Stakes:
    """The licenses that run, the requests that are open, and who holds something, each list complete."""

    replica: Replica
    licenses: list[License] = field(default_factory=list)
    requests: list[ReuseRequest] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def fixed(self) -> Fixed:
        return Fixed(
            tuple(license_.ref for license_ in self.licenses),
            tuple(request.ref for request in self.requests),
            tuple(holding.pk for holding in self.holdings),
        )

    @property
    def digest(self) -> str:
        return self.fixed().digest(self.replica.ref)


def get_to_leave(user: User, ref: str) -> Replica:
    """The replica for whoever decides for its actor. Raises Http404 for everybody else."""
    replica = get_replica(user, ref)
    if not decides_for(user, replica.actor):
        raise Http404
    return replica


def stakes_of(replica: Replica) -> Stakes:
    """Three queries, however much there is."""
    licenses = License.objects.filter(request__replica=replica, state__in=LIVING_STATES)
    requests = ReuseRequest.objects.filter(replica=replica).exclude(state__in=NOT_OPEN)
    holdings = Holding.objects.live().filter(replica=replica)
    return Stakes(
        replica,
        list(licenses.select_related("organization", "request__project", "actor__user").order_by("ends_at", "pk")),
        list(requests.select_related("organization", "project").order_by("pk")),
        list(holdings.select_related("organization").order_by("pk")),
    )
