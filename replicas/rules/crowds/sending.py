"""How far a crowd has come on its way from the release to the last first letter. Pure."""

from dataclasses import dataclass

from accounts.rules.labeled import Labeled


class Phase(Labeled):
    """In this order. Nobody is asked before ``asked``, and then everybody is at once."""

    DRAFT = "draft", "Not released"
    WRITING = "writing", "Writing the requests"
    TELLING = "telling", "Sending the letters"
    SENT = "sent", "Sent"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` in this phase; what it counts are requests, then letters."""

    phase: Phase
    done: int
    total: int

    @property
    def percent(self) -> int:
        """A whole number from 0 to 100; 100 only when the phase is over."""
        if self.phase is Phase.SENT:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def words(self) -> str:
        """“3,500 of 10,000 requests are written. Nobody has been asked yet.”"""
        if self.phase is Phase.DRAFT:
            return "Not released yet."
        if self.phase is Phase.WRITING:
            return f"{self.done:,} of {self.total:,} requests are written. Nobody has been asked yet."
        if self.phase is Phase.TELLING:
            return f"Everybody was asked at once. {self.done:,} of {self.total:,} letters are written."
        return "Everybody was asked, and every letter is written."


def wanted(*, needed: int, margin: int, people: int) -> int:
    """How many are asked when it is sent: as many as are needed and the margin, as far as the list goes."""
    return min(needed + margin, people)
