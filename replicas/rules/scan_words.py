"""Where a scan stands, in one sentence for each side. Pure.

The house reads a refusal, a yes that was taken back and a silence alike: “Not available for scanning” (rule R20).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from replicas.rules.answering import Side
from replicas.rules.scanning import NOT_AVAILABLE, ScanState, seen_by_house
from replicas.rules.states import deadline_words
from replicas.rules.wording import moment_words

FREE = "Refusing costs nothing: it has nothing to do with the job, and it shows nowhere else."


@dataclass(frozen=True, slots=True)
class ScanFactsOf:
    """What the sentences are made of. Moments are aware; ``zone`` is the viewer's. ``whose`` is how others call the
    performer; ``answered_at`` is the moment of the answer that counts."""

    state: ScanState
    side: Side
    whose: str
    organization: str
    scan_at: datetime
    at: datetime
    zone: ZoneInfo
    answered_at: datetime | None = None
    performed_at: datetime | None = None
    performed_place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScanStanding:
    """``badge`` is the state as this side may know it, ``word`` what stands on it where the usual word is not exact."""

    badge: str
    sentence: str
    next: str = ""
    word: str = ""


def standing(facts: ScanFactsOf) -> ScanStanding:
    """The true state by the clock, for one side."""
    if facts.side is Side.LICENSEE:
        return _for_house(facts)
    you = facts.side is Side.ACTOR
    who, whom = ("You", "you") if you else (facts.whose, facts.whose)
    open_ = facts.at < facts.scan_at
    until = deadline_words(facts.scan_at, facts.zone)
    when = moment_words(facts.answered_at, facts.zone)
    match facts.state:
        case ScanState.ANNOUNCED if open_:
            asks = "Your answer is needed." if you else f"{who} has until {until} to answer."
            return ScanStanding("announced", asks, f"If {'you do' if you else 'they do'} nothing, the answer is no.")
        case ScanState.ANNOUNCED:
            silent = "You gave no answer" if you else f"{who} gave no answer"
            return ScanStanding(
                NOT_AVAILABLE,
                f"{silent} before the scan, so the answer is no.",
                f"Nobody may scan {whom} on this notice.",
                "Not agreed",
            )
        case ScanState.AGREED if open_:
            back = f"{'You' if you else 'They'} can take it back until {until}, in one tap."
            return ScanStanding("agreed", f"{who} agreed to this scan on {when}.", back)
        case ScanState.AGREED:
            return ScanStanding(
                "agreed",
                f"{who} agreed to this scan on {when}.",
                f"{facts.organization} has not recorded it as done.",
            )
        case ScanState.REFUSED | ScanState.WITHDRAWN:
            said = "refused this scan" if facts.state is ScanState.REFUSED else "took the agreement back"
            rest = "and the reason that was shared" if facts.reason else "and nothing else"
            later = f" {'You' if you else 'They'} can still agree until {until}." if open_ else ""
            return ScanStanding(
                facts.state.value,
                f"{who} {said} on {when}.",
                f"{facts.organization} reads “Not available for scanning”, {rest}.{later}",
                "Taken back" if facts.state is ScanState.WITHDRAWN else "",
            )
        case _:
            return _over(facts)


def _for_house(facts: ScanFactsOf) -> ScanStanding:
    badge = seen_by_house(facts.state, at=facts.at, scan_at=facts.scan_at)
    until = deadline_words(facts.scan_at, facts.zone)
    if badge == NOT_AVAILABLE:
        return ScanStanding(badge, f"{facts.whose} is not available for scanning.", facts.reason)
    if badge == ScanState.ANNOUNCED:
        return ScanStanding(badge, f"{facts.whose} has until {until} to answer.", "Without a yes by then, it is a no.")
    if badge == ScanState.AGREED:
        when = moment_words(facts.answered_at, facts.zone)
        after = "Record it once it is done." if facts.at >= facts.scan_at else "They can take it back until the scan."
        return ScanStanding(badge, f"{facts.whose} agreed on {when}.", after)
    return _over(facts)


def _over(facts: ScanFactsOf) -> ScanStanding:
    if facts.state is ScanState.CALLED_OFF:
        return ScanStanding("called_off", f"{facts.organization} called this scan off.", "Nothing is left to answer.")
    done = moment_words(facts.performed_at, facts.zone)
    where = f", at {facts.performed_place}" if facts.performed_place else ""
    whom = "You were" if facts.side is Side.ACTOR else f"{facts.whose} was"
    if facts.state is ScanState.PERFORMED:
        return ScanStanding("performed", f"{whom} scanned on {done}{where}.", f"Recorded by {facts.organization}.")
    return ScanStanding("destroyed", f"{whom} scanned on {done}{where}.", "The files have been destroyed.")


FEW = 5


def board_words(counts: Mapping[str, int]) -> str:
    """A list's line in words, for the house: “3 agreed, 8 open”. ``counts`` is by what the house may know.

    Fewer than five who are not available are not counted here (rule R20): in a list of boards a small number would
    name somebody.
    """
    words = (
        (ScanState.PERFORMED.value, "scanned"),
        (ScanState.DESTROYED.value, "scanned, destroyed since"),
        (ScanState.AGREED.value, "agreed"),
        (ScanState.ANNOUNCED.value, "open"),
        (NOT_AVAILABLE, "not available"),
        (ScanState.CALLED_OFF.value, "called off"),
    )
    said = [
        f"{counts[state]:,} {word}"
        for state, word in words
        if counts.get(state) and (state != NOT_AVAILABLE or counts[state] >= FEW)
    ]
    return ", ".join(said) or "nobody has agreed"
