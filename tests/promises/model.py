"""The request as it was promised, in sixty lines that know nothing of the portal's code.

``test_state_machine.py`` makes the same moves here and there and compares. Moments are aware datetimes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
# move: (who may, in which states, where it leads; "" keeps the state)
MOVES = {
    "send": ({"casting"}, {"draft"}, "open"),
    "approve": ({"actor"}, {"open"}, "approved"),
    "deny": ({"actor"}, {"open", "countered", "held"}, "denied"),
    "propose": ({"actor", "agent"}, {"open"}, "countered"),
    "counter": ({"casting"}, {"countered"}, "open"),
    "accept": ({"casting"}, {"countered"}, "open"),
    "extend": ({"casting"}, {"open"}, ""),
    "withdraw": ({"casting"}, {"draft", "open", "countered", "held"}, "withdrawn"),
    "reopen": ({"actor"}, {"denied"}, "open"),
    "ask": ({"actor", "agent", "casting"}, {"open", "countered", "held"}, ""),
    "advise": ({"agent"}, {"open", "countered", "held"}, ""),
}
AT_ANY_TIME = {"send", "withdraw"}
IN_A_STRIKE = {"approve", "propose", "counter", "accept", "extend"}  # of what is open; also no sending, no taking back
WAITING, OVER = {"open", "countered"}, {"approved", "denied", "lapsed", "withdrawn"}


@dataclass
class Model:
    """``strike`` is since when one stands. ``stopped`` is when the clock stopped, ``ended`` when that strike was over,
    both until the sweep lets the clock go on; ``held_at`` what the sweep wrote down, ``before`` the state it was in."""

    state: str = "draft"
    answer_by: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    delivered: bool = False
    rounds: int = 0
    represented: bool = True
    strike: datetime | None = None
    stopped: datetime | None = None
    ended: datetime | None = None
    held_at: datetime | None = None
    held_for: timedelta = timedelta(0)
    before: str = ""

    def refusal(self, move: str, who: str, at: datetime) -> str:
        """Why ``who`` may not make ``move`` now; empty when they may."""
        people, states, _ = MOVES[move]
        if who not in people or (who == "agent" and not self.represented):
            return "not-yours"
        if self.state not in states and not (self.state == "held" and move in IN_A_STRIKE):
            return f"already-{self.state}"
        if self.stopped and move in IN_A_STRIKE:
            return "strike"
        if move == "send" and self.strike:
            return "strike"
        if move == "reopen" and self.strike and self.answer_by and self.strike < self.answer_by:
            return "strike"
        if move not in AT_ANY_TIME and not self.stopped and self.answer_by is not None and at >= self.answer_by:
            return "too-late"
        return ""

    def make(self, move: str, at: datetime, answer_by: datetime | None = None) -> None:
        """The move was allowed: what is true afterwards. ``answer_by`` is what ``send`` and ``extend`` name."""
        self.state = MOVES[move][2] or self.state
        if move == "send":
            self.sent_at = at
        if move in {"send", "propose", "counter"}:
            self.rounds += 1
        if move in {"send", "propose", "counter", "accept", "extend", "reopen"}:
            self.opened_at = at
        if answer_by is not None:
            self.answer_by = answer_by
        if move in {"propose", "counter", "accept"} and self.answer_by is not None:
            self.answer_by = max(self.answer_by, at + 48 * HOUR)
        if self.state in OVER:
            self.stopped = self.ended = self.held_at = None

    def deliver(self, at: datetime) -> None:
        """The first letter arrived: one that took longer than a quarter of an hour moves the deadline by its delay.

        Time that stood still is no delay.
        """
        if self.state in {*WAITING, "held"} and not self.delivered:
            assert self.sent_at is not None
            assert self.answer_by is not None
            assert self.opened_at is not None
            self.delivered = True
            heard = min(at, self.held_at) if self.held_at else at
            delay = heard - self.held_for - self.sent_at
            if delay > HOUR / 4:
                self.answer_by += delay
            self.opened_at = max(self.opened_at, heard)
            if self.ended and not self.held_at and self.ended <= self.opened_at:
                self.stopped = self.ended = None  # the window began after that strike

    def strike_begins(self, at: datetime) -> None:
        self.strike = at
        if self.state in WAITING and self.answer_by is not None and at < self.answer_by:
            self.stopped = at

    def strike_ends(self, at: datetime) -> None:
        self.strike = None
        self.ended = at if self.stopped else None

    def sweep(self, at: datetime) -> None:
        """The clock looked at it: a strike holds and lets go; silence until the deadline is a no, if it was heard."""
        if self.stopped and self.state in WAITING:
            assert self.opened_at is not None
            self.before, self.state, self.held_at = self.state, "held", max(self.stopped, self.opened_at)
        if self.state == "held" and self.ended:
            assert self.held_at is not None
            assert self.answer_by is not None
            assert self.opened_at is not None
            stood = at - self.held_at
            self.answer_by, self.opened_at = self.answer_by + stood, self.opened_at + stood
            self.held_for, self.state = self.held_for + stood, self.before
            self.stopped = self.ended = self.held_at = None
        if self.state in WAITING and self.delivered and self.answer_by is not None and at >= self.answer_by:
            self.state = "lapsed"
