"""On whose side somebody sits who opens a request."""

from accounts.models import User
from agencies.access import Desk, desks_of
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.models import ReuseRequest
from replicas.rules.answering import Side


def seat_of(user: User, desk: Desk, request: ReuseRequest) -> tuple[Side, bool, list[int]]:
    """Whose page it is, whether the person may act there, and the viewer's agencies that represent the actor.

    The desk decides where a person is several things at once; else their own, then the house's, then the agency's.
    """
    desks = desks_of(user)
    own = next((one for one in desks if one.actor and one.actor.pk == request.actor_id), None)
    house = None if request.is_hidden_from_house else _house(desks, request)
    if own and desk.kind == "actor":
        return Side.ACTOR, own.may_act, []
    if house and desk.key == house.key:
        return Side.LICENSEE, house.may_act, []
    agencies = _representing(desks, request)
    if agencies and (desk.kind == "agency" or not (own or house)):
        return (
            Side.AGENCY,
            any(one.may_act for one in agencies),
            [one.organization.pk for one in agencies if one.organization],
        )
    if own:
        return Side.ACTOR, own.may_act, []
    assert house is not None
    return Side.LICENSEE, house.may_act, []


def _house(desks: list[Desk], request: ReuseRequest) -> Desk | None:
    """The person's desk in the house that asked."""
    return next((one for one in desks if one.organization and one.organization.pk == request.organization_id), None)


def _representing(desks: list[Desk], request: ReuseRequest) -> list[Desk]:
    """The person's agency desks that represent the actor right now. One query, none without an agency."""
    agencies = {one.organization.pk: one for one in desks if one.kind == "agency" and one.organization}
    if not agencies:
        return []
    bonds = Representation.objects.filter(actor=request.actor_id, state=BondState.ACTIVE, agency__in=agencies)
    return [agencies[pk] for pk in bonds.values_list("agency", flat=True)]
