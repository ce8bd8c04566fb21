"""How a crowd fills: who is still in play, what window a standby gets, and what its end makes of who is left. Pure.

All moments are aware and compared in UTC.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from replicas.rules.answering import UNDECIDED, RequestState
from replicas.rules.crowds import STANDBY_WINDOW, CrowdState, Shown

FULL_HOUR = time(12)  # a moved end is always a noon, so that it tells nobody at what moment a standby was called
MAY_ANSWER = frozenset({RequestState.OPEN, RequestState.HELD})


def limit(band: Decimal | None, offered: Decimal) -> Decimal:
    """The highest total a counter-offer may ask for while its place still counts as one that may fill: the band, or
    what is offered where that is more or no band was set."""
    return max(band or offered, offered)


def in_play(
    state: RequestState, *, asks_same_currency: bool, total: Decimal, band: Decimal | None, offered: Decimal
) -> bool:
    """Whether somebody who was asked may still say yes to terms the house would take.

    ``total`` is what their round asks for. A counter-offer beyond the band, or in another currency, is not in play: the
    next standby is called although its author may still be answered.
    """
    if state in MAY_ANSWER:
        return True
    return state is RequestState.COUNTERED and asks_same_currency and total <= limit(band, offered)


def standby_end(answer_by: datetime, *, at: datetime, end_moves: bool) -> datetime | None:
    """By when somebody called at ``at`` has to answer, or None where they can't have their 48 hours.

    The crowd's end where that leaves a full window; else, where the house agreed to it beforehand, the first noon (UTC)
    that does.
    """
    if answer_by - at >= STANDBY_WINDOW:
        return answer_by
    return moved_end(at) if end_moves else None


def moved_end(at: datetime) -> datetime:
    """The first 12:00 UTC that is at least 48 hours after ``at``."""
    earliest = (at + STANDBY_WINDOW).astimezone(UTC)
    noon = datetime.combine(earliest.date(), FULL_HOUR, tzinfo=UTC)
    return noon if noon >= earliest else noon + timedelta(days=1)


def ended_as(crowd: CrowdState) -> RequestState | None:
    """What the end of a crowd makes of a request without an answer in it; None while it runs.

    Filled: every place was taken. Closed: the house takes back what it still asks.
    """
    return {CrowdState.FILLED: RequestState.FILLED, CrowdState.CLOSED: RequestState.WITHDRAWN}.get(crowd)


def state_in_crowd(state: RequestState, crowd: CrowdState) -> RequestState:
    """Where a request stands by the crowd's own row, whether or not a sweep has written its end yet."""
    over = ended_as(crowd)
    return over if over and state in UNDECIDED else state


def shown_as(state: RequestState) -> Shown:
    """What the board of a crowd that names its people shows of a request in ``state``, at once."""
    if state in MAY_ANSWER:
        return Shown.OPEN
    return {RequestState.COUNTERED: Shown.COUNTERED, RequestState.APPROVED: Shown.APPROVED}.get(state, Shown.GONE)


def is_played_out(*, at: datetime, answer_by: datetime, undecided: int, callable_: int) -> bool:
    """Whether a crowd that is not full closes by itself: nobody can still answer, and nobody can be called.

    ``callable_`` are the standbys that could still get a window. While its end has not come and people may take a no
    back, it stays open; a request whose first letter never arrived is undecided for as long as that lasts.
    """
    return undecided == 0 and callable_ == 0 and at >= answer_by
