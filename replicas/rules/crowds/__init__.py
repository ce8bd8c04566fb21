"""One brief to many actors: the words of a crowd, how it fills, and what its board gives away. Pure.

Each actor gets a request of their own. What a crowd adds is how many are needed, who is called next, and that nobody
is named to the people who asked before they said yes (docs/decisions/0012).
"""

from datetime import timedelta

from accounts.rules.labeled import Labeled
from replicas.rules.deadlines import LEAST_WINDOW

MOST_PEOPLE = 10_000
LEAST_COUNTED = 5  # nothing about fewer people than this is counted out to the people who asked
STANDBY_WINDOW = LEAST_WINDOW  # who is called later has as long as everybody has at least
NUDGE_EVERY = timedelta(hours=24)


class CrowdState(Labeled):
    """``sending``: released by the house, the requests are being written and nobody was asked yet; then all are."""

    DRAFT = "draft", "Draft"
    SENDING = "sending", "Being sent"
    OPEN = "open", "Open"
    FILLED = "filled", "Filled"
    CLOSED = "closed", "Closed"


class PlaceState(Labeled):
    """How far a place has come, in truth; what became of who was asked, their request says. Never shown to the house.

    ``ruled_out``: their own rules, or the law, said no before they were asked. ``released``: it was over before they
    were called.
    """

    STANDBY = "standby", "Standby"
    ASKED = "asked", "Asked"
    RULED_OUT = "ruled_out", "Ruled out"
    RELEASED = "released", "Never called"


class Shown(Labeled):
    """What the board shows of one place. It follows the truth late and in steps (``releasable``), a yes at once."""

    WAITING = "waiting", "Standby"
    OPEN = "open", "Open"
    COUNTERED = "countered", "Changes proposed"
    APPROVED = "approved", "Approved"
    GONE = "gone", "Not available"


class Mailing(Labeled):
    """What everybody in a crowd who still can answer is told at once, because the house did it to all of them."""

    NUDGE = "nudge", "Reminded by the house"
    EXTEND = "extend", "More time"


PLAYING = frozenset({CrowdState.SENDING, CrowdState.OPEN})
OVER = frozenset({CrowdState.FILLED, CrowdState.CLOSED})


def releasable(ended: int, shown: int) -> int:
    """How many of ``ended`` ends without a yes the board may show beyond the ``shown`` it shows: whole steps of five.

    So that neither a small number nor the difference between two looks tells of one person.
    """
    return max(ended - ended % LEAST_COUNTED - shown, 0)


def counted(number: int) -> int | None:
    """A count of people who are not told apart, or None where it is too small to be told ("fewer than 5")."""
    return number if number == 0 or number >= LEAST_COUNTED else None


def to_call(*, needed: int, margin: int, approved: int, in_play: int, standbys: int) -> int:
    """How many standbys are called now, so that as many people are asked as there are places left, and ``margin`` more.

    ``in_play`` are those who can still say yes to terms the house would take: a counter-offer beyond its band is none.
    """
    return max(0, min(standbys, needed + margin - approved - in_play))
