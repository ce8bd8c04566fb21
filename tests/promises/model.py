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
    "deny": ({"actor"}, {"open", "countered"}, "denied"),
    "propose": ({"actor", "agent"}, {"open"}, "countered"),
    "counter": ({"casting"}, {"countered"}, "open"),
    "accept": ({"casting"}, {"countered"}, "open"),
    "extend": ({"casting"}, {"open"}, ""),
    "withdraw": ({"casting"}, {"draft", "open", "countered"}, "withdrawn"),
    "reopen": ({"actor"}, {"denied"}, "open"),
    "ask": ({"actor", "agent", "casting"}, {"open", "countered"}, ""),
    "advise": ({"agent"}, {"open", "countered"}, ""),
}
AT_ANY_TIME = {"send", "withdraw"}
WAITING, OVER = {"open", "countered"}, {"approved", "denied", "lapsed", "withdrawn"}


@dataclass
class Model:
    state: str = "draft"
    answer_by: datetime | None = None
    sent_at: datetime | None = None
    delivered: bool = False
    rounds: int = 0
    represented: bool = True

    def refusal(self, move: str, who: str, at: datetime) -> str:
        """Why ``who`` may not make ``move`` now; empty when they may."""
        people, states, _ = MOVES[move]
        if who not in people or (who == "agent" and not self.represented):
            return "not-yours"
        if self.state not in states:
            return f"already-{self.state}"
        if move not in AT_ANY_TIME and self.answer_by is not None and at >= self.answer_by:
            return "too-late"
        return ""

    def make(self, move: str, at: datetime, answer_by: datetime | None = None) -> None:
        """The move was allowed: what is true afterwards. ``answer_by`` is what ``send`` and ``extend`` name."""
        self.state = MOVES[move][2] or self.state
        if move == "send":
            self.sent_at = at
        if move in {"send", "propose", "counter"}:
            self.rounds += 1
        if answer_by is not None:
            self.answer_by = answer_by
        if move in {"propose", "counter", "accept"} and self.answer_by is not None:
            self.answer_by = max(self.answer_by, at + 48 * HOUR)

    def deliver(self, at: datetime) -> None:
        """The first letter arrived: one that took longer than a quarter of an hour moves the deadline by its delay."""
        if self.state in WAITING and not self.delivered:
            assert self.sent_at is not None
            assert self.answer_by is not None
            self.delivered = True
            if at - self.sent_at > HOUR / 4:
                self.answer_by += at - self.sent_at

    def sweep(self, at: datetime) -> None:
        """The clock looked at it: silence until the deadline is a no, if the actor was ever told."""
        if self.state in WAITING and self.delivered and self.answer_by is not None and at >= self.answer_by:
            self.state = "lapsed"
