from agencies.access.desks import Desk, current_desk, desks_of
from agencies.access.people import (
    actors_represented_by,
    agency_people_of,
    may_act_for,
    members_of,
    represents,
)

__all__ = [
    "Desk",
    "actors_represented_by",
    "agency_people_of",
    "current_desk",
    "desks_of",
    "may_act_for",
    "members_of",
    "represents",
]
