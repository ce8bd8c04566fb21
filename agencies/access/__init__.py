from agencies.access.desks import Desk, current_desk, desks_of
from agencies.access.people import (
    Involved,
    actors_represented_by,
    deciders_of,
    deciders_of_each,
    decides_for,
    may_act_for,
    members_of,
    own_actors,
    people_involved,
    represents,
)

__all__ = [
    "Desk",
    "Involved",
    "actors_represented_by",
    "current_desk",
    "deciders_of",
    "deciders_of_each",
    "decides_for",
    "desks_of",
    "may_act_for",
    "members_of",
    "own_actors",
    "people_involved",
    "represents",
]
