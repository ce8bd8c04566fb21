from agencies.access.desks import Desk, current_desk, desks_of
from agencies.access.guardians import (
    acting_for,
    deciders_of,
    deciders_of_each,
    decides_for,
    guardians_of,
    may_speak_for,
    own_actors,
    wards_of,
    who_decides,
)
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
    "acting_for",
    "actors_represented_by",
    "current_desk",
    "deciders_of",
    "deciders_of_each",
    "decides_for",
    "desks_of",
    "guardians_of",
    "may_act_for",
    "may_speak_for",
    "members_of",
    "own_actors",
    "people_involved",
    "represents",
    "wards_of",
    "who_decides",
]
