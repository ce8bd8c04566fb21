"""Where a request stands, in one sentence for each side, and which moves its page offers. Pure.

The people who asked read a refusal and a silence alike: “Not available”.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused
from replicas.rules.answering import UNDECIDED, WAITING, Move, RequestState, Side, judge
from replicas.rules.striking import Strike, until_words
from replicas.rules.wording import moment_words, possessive, span

NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence about a request is made of. Moments are aware; ``zone`` is the viewer's.

    ``proposed_by`` is the side that put the current round; ``decided_by`` the name of who ended it, for their own
    side. ``answers`` is false for a minor, whose guardian does. ``approved`` counts the uses said yes to, of ``uses``.
    ``shared_reason`` is what the actor let be known.
    ``turn`` is whose move it is. ``strike`` is the one that has stopped the clock, at ``held_at``, whether or not the
    row says so yet. ``over_as`` is what the end of its crowd made of it, if it had no answer then.
    """

    state: RequestState
    side: Side
    viewer_decided: bool
    actor: str
    organization: str
    answer_by: datetime | None
    at: datetime
    zone: ZoneInfo
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    delivered: bool = True
    undelivered: bool = False
    proposed_by: str = ""
    answers: bool = True
    round_number: int = 1
    uses: int = 0
    approved: int = 0
    license: str = ""
    shared_reason: str = ""
    withdrawn_because: str = ""
    turn: Side = Side.ACTOR
    strike: Strike | None = None
    held_at: datetime | None = None
    over_as: RequestState | None = None
    keeps_asked: bool = False

    @property
    def left(self) -> timedelta:
        """What is left of the window of a held request."""
        if self.answer_by is None or self.held_at is None:
            return timedelta(0)
        return self.answer_by - self.held_at


@dataclass(frozen=True, slots=True)
class Standing:
    """``badge`` is the state as this side may know it; ``sentence`` says it; ``next`` says what can be done now."""

    badge: str
    sentence: str
    next: str = ""

    @property
    def is_open(self) -> bool:
        return self.badge in (RequestState.OPEN, RequestState.COUNTERED)

    @property
    def is_held(self) -> bool:
        return self.badge == RequestState.HELD


def standing(facts: Facts) -> Standing:
    """The true state by the clock, whatever a sweep has written down so far."""
    match true_state(facts):
        case RequestState.OPEN:
            return _open(facts)
        case RequestState.COUNTERED:
            return _countered(facts)
        case RequestState.HELD:
            return _held(facts)
        case RequestState.APPROVED:
            return _approved(facts)
        case RequestState.DENIED | RequestState.LAPSED | RequestState.FILLED if facts.side is Side.LICENSEE:
            return Standing(
                NOT_AVAILABLE,
                "Not available.",
                facts.shared_reason
                or f"{facts.actor} is not available for this request. It says nothing about others.",
            )
        case RequestState.DENIED:
            return _denied(facts)
        case RequestState.LAPSED:
            ended = facts.decided_at or facts.answer_by
            return Standing(
                RequestState.LAPSED,
                f"The deadline passed {moment_words(ended, facts.zone)} without an answer, so the answer is no.",
                f"{facts.organization} reads “Not available”, as after a denial. If they still want it, they ask anew.",
            )
        case RequestState.FILLED:
            return Standing(
                RequestState.FILLED,
                f"Every place was taken before {_whose(facts)} answer. Thank you for being there.",
                _after_filled(facts),
            )
        case RequestState.WITHDRAWN:
            return _withdrawn(facts)
        case _:
            return Standing(RequestState.DRAFT, "This is a draft. Nobody outside your house has seen it.")


def true_state(facts: Facts) -> RequestState:
    """Past its deadline and delivered in time, a waiting request has lapsed even if nothing has written that down; and
    from the first second of a strike it is held. Nothing is asked any more from the moment its crowd is over."""
    if facts.over_as and facts.state in UNDECIDED:
        return facts.over_as
    waiting = facts.state in WAITING
    if waiting and facts.strike:
        return RequestState.HELD
    if waiting and facts.delivered and facts.answer_by is not None and facts.at >= facts.answer_by:
        return RequestState.LAPSED
    return facts.state


def moves(
    state: RequestState,
    side: Side,
    *,
    may_act: bool,
    at: datetime,
    answer_by: datetime | None,
    strike: Strike | None = None,
    over_as: RequestState | None = None,
) -> set[Move]:
    """What the page of this side offers right now. The actions ask the same table again."""
    if not may_act:
        return set()
    return {move for move in Move if _may(move, state, side, at, answer_by, strike, over_as)}


def _may(
    move: Move,
    state: RequestState,
    side: Side,
    at: datetime,
    answer_by: datetime | None,
    strike: Strike | None,
    over_as: RequestState | None,
) -> bool:
    struck = strike.short if strike else ""
    try:
        judge(move, state=state, sides=frozenset({side}), at=at, answer_by=answer_by, struck=struck, over_as=over_as)
    except Refused:
        return False
    return True


def deadline_words(moment: datetime | None, zone: ZoneInfo) -> str:
    """The same with the zone's abbreviation: whose clock it is matters when something has to be done by then."""
    return moment_words(moment, zone) + (f" {moment.astimezone(zone):%Z}" if moment else "")


def _open(facts: Facts) -> Standing:
    until = deadline_words(facts.answer_by, facts.zone)
    if not facts.delivered and facts.undelivered and facts.side is not Side.ACTOR:
        return Standing(
            RequestState.OPEN,
            f"The first notice could not be delivered to {facts.actor}.",
            "The request does not lapse until they have it. Reach them another way: opening this page is enough.",
        )
    if facts.side is Side.ACTOR:
        said = f"{facts.organization} accepted the changes. Nothing is agreed until you sign."
        needed = "Your answer is needed." if facts.answers else "A guardian’s answer is needed."
        return Standing(RequestState.OPEN, said if facts.proposed_by != Side.LICENSEE else needed)
    if facts.side is Side.AGENCY:
        return Standing(
            RequestState.OPEN, f"{facts.actor} decides until {until}.", f"Only {_first(facts.actor)} can approve."
        )
    accepted = "You accepted the changes; the actor still signs. " if facts.proposed_by != Side.LICENSEE else ""
    return Standing(
        RequestState.OPEN,
        f"{accepted}{facts.actor} has until {until} to answer.",
        "Without an answer by then, the answer is no. You can withdraw, or give more time.",
    )


def _countered(facts: Facts) -> Standing:
    until = deadline_words(facts.answer_by, facts.zone)
    number = f"round {facts.round_number}"
    if facts.side is Side.LICENSEE:
        return Standing(
            RequestState.COUNTERED,
            f"{facts.actor} proposes changes ({number}). Your reply is due {until}.",
            "Accept them, answer with other terms, or withdraw. Nothing is agreed until the actor signs.",
        )
    signs = "you sign" if facts.side is Side.ACTOR else "the actor signs"
    return Standing(
        RequestState.COUNTERED,
        f"{proposer(facts)} proposed changes ({number}). {facts.organization} has until {until} to reply.",
        f"Nothing is agreed until {signs}. Without a reply, the request lapses.",
    )


def _held(facts: Facts) -> Standing:
    """The clock stands still: what that means for this side, and what is still possible."""
    strike, left = facts.strike, span(facts.left.total_seconds())
    assert strike is not None
    who = facts.organization if facts.turn is Side.LICENSEE else facts.actor
    mine = facts.side is facts.turn
    for_whom = f"{'you' if mine else who} to {'reply' if facts.turn is Side.LICENSEE else 'answer'}"
    if not strike.stands(facts.at):
        return Standing(
            RequestState.HELD,
            f"The {strike.short} is over. The clock goes on in a moment with {left} left for {for_whom}.",
            "Come back in a minute.",
        )
    sentence = f"Held while the {strike.short} stands. {left} are left for {for_whom}; the clock stands still."
    until = until_words(strike.ends_at, facts.zone)
    until = until[:1].upper() + until[1:]
    if facts.side is Side.LICENSEE:
        return Standing(RequestState.HELD, sentence, f"{until}. Nothing is lost: you can write, or withdraw.")
    if facts.side is Side.AGENCY:
        return Standing(RequestState.HELD, sentence, f"{until}. You can write, and advise {_first(facts.actor)}.")
    return Standing(
        RequestState.HELD,
        sentence,
        f"{until}. Nothing can be approved meanwhile. You can say no.",
    )


def proposer(facts: Facts) -> str:
    """Who put the terms of this round forward, as the viewer's side says it: “You”, “Your agency”, or the actor."""
    if facts.side is Side.ACTOR and facts.proposed_by == Side.ACTOR:
        return "You"
    if facts.side is not Side.LICENSEE and facts.proposed_by == Side.AGENCY:
        return "Your agency"
    return facts.actor


def _approved(facts: Facts) -> Standing:
    who = "You" if facts.viewer_decided else facts.decided_by or facts.actor
    what = f"{facts.approved} of {facts.uses} use{'' if facts.uses == 1 else 's'}"
    when = moment_words(facts.decided_at, facts.zone)
    return Standing(
        RequestState.APPROVED,
        f"{who} approved {what} on {when}; license {facts.license}.",
        "The license says what is allowed, and nothing else. Everybody has the same copy.",
    )


def _denied(facts: Facts) -> Standing:
    who = "You" if facts.viewer_decided else facts.decided_by or facts.actor
    when = moment_words(facts.decided_at, facts.zone)
    still = facts.answer_by is not None and facts.at < facts.answer_by
    back = ""
    if still and facts.strike:
        back = f"While the {facts.strike.short} stands, it can’t be taken back."
    elif still and facts.side is Side.ACTOR:
        back = f"You can take it back until {deadline_words(facts.answer_by, facts.zone)}."
    elif still:
        back = f"{_first(facts.actor)} can take it back until {deadline_words(facts.answer_by, facts.zone)}."
    else:
        back = "The window is over, so it can’t be taken back. A new request can still come."
    return Standing(RequestState.DENIED, f"{who} denied this request on {when}.", back)


def _withdrawn(facts: Facts) -> Standing:
    if facts.sent_at is None:
        return Standing(RequestState.WITHDRAWN, "This draft was thrown away. Nobody was asked.")
    who = "Your house" if facts.side is Side.LICENSEE else facts.organization
    why = f" The reason given: {facts.withdrawn_because}" if facts.withdrawn_because else ""
    when = moment_words(facts.decided_at, facts.zone)
    return Standing(
        RequestState.WITHDRAWN, f"{who} withdrew this request on {when}.", f"Nothing is left to answer.{why}"
    )


def _after_filled(facts: Facts) -> str:
    reads = f"{facts.organization} reads “Not available”, as after any answer that is not a yes."
    if not facts.keeps_asked:
        return reads
    who, their = ("You", "your") if facts.side is Side.ACTOR else (_first(facts.actor), "their")
    called = f"{who} will be asked again, with a full window, if a place comes free in time"
    return f"{reads} {called}; {their} yes is signed then."


def _whose(facts: Facts) -> str:
    return "your" if facts.side is Side.ACTOR else possessive(facts.actor)


def _first(name: str) -> str:
    return name.split(" ")[0]
