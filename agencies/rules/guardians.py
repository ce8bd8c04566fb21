"""Guardians of young actors: how many, who may invite and end, and what their papers are called. Pure.

The table of bonds (``rules/bonds.py``) holds here, too: the minor's side plays the house, the guardian the person.
"""

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused

MOST_GUARDIANS = 2


class Relation(Labeled):
    PARENT = "parent", "Parent"
    LEGAL = "legal", "Legal guardian"


NO_MINOR = "Guardians answer for people under 18. {name} answers for themself."
NOT_THEM = "A guardian is somebody else, and of age. Ask another grown-up."
ENOUGH = f"There are {MOST_GUARDIANS} guardians already, and more can’t sign together."
STEPS_BACK = "A confirmed guardian steps back themself, or writes to us. Nobody else can take them off the list here."
OWN_ADDRESS = "This is {name}’s own address. A guardian is somebody else, with an address of their own."


def check_room(taken: int) -> None:
    """Raises Refused when ``taken`` guardians and open invitations leave no room for one more."""
    if taken >= MOST_GUARDIANS:
        raise Refused("enough-guardians", ENOUGH)


def check_other(name: str, *, own: bool) -> None:
    """Raises Refused when the address invited is the minor's ``own``: nobody guards themself."""
    if own:
        raise Refused("own-address", OWN_ADDRESS.format(name=name))


def check_end(*, confirmed: bool, themself: bool) -> None:
    """Raises Refused when somebody else would end a confirmed guardian: a yes that needs two would then need one."""
    if confirmed and not themself:
        raise Refused("not-yours", STEPS_BACK)
