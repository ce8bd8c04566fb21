from agencies.access.desks import Desk, current_desk, desks_of
from agencies.access.people import (
    Involved,
    actors_represented_by,
    may_act_for,
    members_of,
    people_involved,
    represents,
)

__all__ = [
    "Desk",
    "Involved",
    "actors_represented_by",
    "current_desk",
    "desks_of",
    "may_act_for",
    "members_of",
    "people_involved",
    "represents",
]
