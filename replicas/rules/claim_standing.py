"""Where a claim stands, in one sentence for each side. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from replicas.rules.claiming import RUNNING, ClaimSide, ClaimState, Closing, Outcome, last_day
from replicas.rules.wording import day


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """What the sentences are made of. ``zone`` is the actor's: its days are the ones the letter names."""

    state: ClaimState
    side: ClaimSide
    actor: str
    holder: str
    at: datetime
    zone: ZoneInfo
    due_at: datetime | None = None
    closing: str = ""
    outcome: str = ""
    undelivered: bool = False


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """``badge`` is the state by the clock, ``sentence`` says it, ``next`` says what can be done now."""

    badge: str
    sentence: str
    next: str = ""


def true_state(state: ClaimState, *, at: datetime, due_at: datetime | None) -> ClaimState:
    """Past its last day a running claim is unanswered, whether or not a sweep has written that down."""
    return ClaimState.UNANSWERED if state in RUNNING and due_at is not None and at >= due_at else state


def standing(shown: ClaimShown) -> ClaimStanding:
    state = true_state(shown.state, at=shown.at, due_at=shown.due_at)
    until = last_day(shown.due_at, shown.zone) if shown.due_at else None
    match state:
        case ClaimState.DRAFT:
            return ClaimStanding(
                state, "You have not sent this yet, and nobody else can see it.", "Read the letter, then send it."
            )
        case ClaimState.SENT:
            return _sent(shown, until)
        case ClaimState.ACKNOWLEDGED:
            return _answered(shown)
        case ClaimState.DISPUTED:
            if shown.side is ClaimSide.HOLDER:
                return ClaimStanding(
                    state, f"{shown.actor} disputes your answer.", f"Answer once more by {_until(until)}."
                )
            return ClaimStanding(state, f"{shown.holder} has until {_until(until)} to answer once more.")
        case ClaimState.UNANSWERED:
            return _unanswered(shown, until)
        case _:
            return ClaimStanding(state, _closed(shown), "Everything said here stays on file.")


def _sent(shown: ClaimShown, until: date | None) -> ClaimStanding:
    if shown.side is ClaimSide.HOLDER:
        return ClaimStanding(
            ClaimState.SENT,
            f"{shown.actor} asks what you hold of them. Please answer by {_until(until)}.",
            "Say what you hold, that you hold nothing, or when you destroyed it.",
        )
    if shown.undelivered:
        return ClaimStanding(
            ClaimState.SENT,
            f"The letter to {shown.holder} could not be delivered.",
            "Print it and post it, or withdraw this claim and write to another address.",
        )
    return ClaimStanding(
        ClaimState.SENT,
        f"{shown.holder} has until {_until(until)} to answer.",
        "We remind them twice and tell you what comes of it.",
    )


def _answered(shown: ClaimShown) -> ClaimStanding:
    said = {
        Outcome.HOLDS: "says that they hold something",
        Outcome.NOTHING: "says that they hold nothing",
        Outcome.DESTROYED: "says that it was destroyed",
    }.get(Outcome(shown.outcome), "answered")
    if shown.side is ClaimSide.HOLDER:
        return ClaimStanding(
            ClaimState.ACKNOWLEDGED, "You have answered.", f"{shown.actor} says whether it settles the matter."
        )
    whose = f"{shown.actor} says" if shown.side is ClaimSide.AGENCY else "You say"
    return ClaimStanding(
        ClaimState.ACKNOWLEDGED, f"{shown.holder} {said}.", f"{whose} whether that settles it. There is no deadline."
    )


def _unanswered(shown: ClaimShown, until: date | None) -> ClaimStanding:
    if shown.side is ClaimSide.HOLDER:
        return ClaimStanding(
            ClaimState.UNANSWERED, f"This was to be answered by {_until(until)}.", "You can still answer it."
        )
    if shown.undelivered:
        return ClaimStanding(
            ClaimState.UNANSWERED,
            f"The letter to {shown.holder} never arrived, so their silence says nothing.",
            "Print it and post it, or withdraw this claim and write to another address.",
        )
    return ClaimStanding(
        ClaimState.UNANSWERED,
        f"{shown.holder} did not answer by {_until(until)}.",
        "They can still answer. The letter and this history are your proof that you asked.",
    )


def _closed(shown: ClaimShown) -> str:
    if shown.closing == Closing.WITHDRAWN:
        who = "You" if shown.side is ClaimSide.ACTOR else shown.actor
        return f"{who} withdrew this claim."
    who = "You say" if shown.side is ClaimSide.ACTOR else f"{shown.actor} says"
    return f"{who} that the answer of {shown.holder} settles it."


def _until(until: date | None) -> str:
    return day(until) if until else "the day in the letter"
