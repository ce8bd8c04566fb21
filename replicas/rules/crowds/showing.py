"""The step a board takes: how many more places read as not available, and how many standbys as asked in their stead.

Pure. What a place of an anonymous crowd is shown as says nothing about its person; only the numbers are true, and they
follow in steps (docs/decisions/0012).
"""

from dataclasses import dataclass

from replicas.rules.crowds import releasable


@dataclass(frozen=True, slots=True)
class Step:
    """``gone`` more places are shown as not available, and ``called`` standbys as open, at the same time."""

    gone: int
    called: int


def next_step(*, ended: int, shown_gone: int, hidden: int, shown_asked: int) -> Step:
    """What the board may show now.

    ``ended`` without a yes, ``shown_gone`` of them as the board has it, ``hidden`` were called and still read as
    standbys, ``shown_asked`` read as open or with changes proposed. Never more standbys than ends, so that the step
    tells of no end beyond it.
    """
    gone = releasable(ended, shown_gone)
    called = min(hidden, gone)
    return Step(min(gone, shown_asked + called), called)
