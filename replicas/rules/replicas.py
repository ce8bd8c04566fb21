"""Who may do what with a replica, and what an actor confirms. Pure.

Until the actor has confirmed it, an agency may shape what it proposes. From then on what others can see is changed by
the actor alone; the agency goes on recording delivered files, which only the two of them see.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from accounts.rules.refusal import Refused
from replicas.rules.answering import Side
from replicas.rules.vocabulary import Modality, ReplicaState


class Act(StrEnum):
    CHANGE = "change"
    CONFIRM = "confirm"
    DECLINE = "decline"
    SET_VISIBILITY = "set-visibility"
    RENEW_LINK = "renew-link"
    FILES = "files"
    PREVIEWS = "previews"
    LEAVE = "leave"


_P, _C, _D = ReplicaState.PROPOSED, ReplicaState.CONFIRMED, ReplicaState.DECLINED
_L, _X = ReplicaState.LEAVING, ReplicaState.DESTROYED
_ALLOWED: dict[Act, dict[Side, frozenset[ReplicaState]]] = {
    Act.CHANGE: {Side.ACTOR: frozenset({_P, _C}), Side.AGENCY: frozenset({_P})},
    Act.CONFIRM: {Side.ACTOR: frozenset({_P, _D})},
    Act.DECLINE: {Side.ACTOR: frozenset({_P})},
    Act.SET_VISIBILITY: {Side.ACTOR: frozenset({_C})},
    Act.RENEW_LINK: {Side.ACTOR: frozenset({_C})},
    Act.FILES: {Side.ACTOR: frozenset({_P, _C}), Side.AGENCY: frozenset({_P, _C})},
    Act.PREVIEWS: {Side.ACTOR: frozenset({_P, _C}), Side.AGENCY: frozenset({_P})},
    Act.LEAVE: {Side.ACTOR: frozenset({_C})},
}
_STANDS = {
    _P: "This replica still waits for the actor to confirm it.",
    _C: "The actor has confirmed this replica, so only they can change that now.",
    _D: "The actor declined this replica.",
    _L: "The actor has withdrawn this replica. Nothing about it can be changed any more.",
    _X: "This replica was withdrawn and destroyed. Only its history stays.",
}


def may(act: Act, *, sides: frozenset[Side], state: ReplicaState) -> bool:
    return any(state in _ALLOWED[act].get(side, frozenset()) for side in sides)


def judge(act: Act, *, sides: frozenset[Side], state: ReplicaState) -> None:
    """Raises Refused when nobody in whose name the person acts may do this to a replica in this state."""
    if may(act, sides=sides, state=state):
        return
    if not any(side in _ALLOWED[act] for side in sides):
        raise Refused("not-yours", "Only the actor can do this.")
    if act is Act.CONFIRM:
        raise Refused("already-confirmed", "This replica is already confirmed.")
    raise Refused(f"replica-{state.value}", _STANDS[state])


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said about a replica. Dates are days; ``modalities`` has at least one."""

    kind: str
    modalities: tuple[str, ...]
    captured_on: date
    captured_at_place: str
    captured_by: str
    custodian: str
    captured_for: str = ""
    custody_place: str = ""
    custody_until: date | None = None
    notes: str = ""

    def columns(self) -> dict[str, object]:
        """As the model's columns: the modalities as four booleans."""
        values = asdict(self)
        chosen = values.pop("modalities")
        return {**values, **{modality.value: modality.value in chosen for modality in Modality}}


LABELS = {
    "kind": "the kind",
    "modalities": "what was captured",
    "captured_on": "the day of the capture",
    "captured_at_place": "where it was captured",
    "captured_by": "who captured it",
    "captured_for": "the project it was captured for",
    "custodian": "who holds the files",
    "custody_place": "where the files are kept",
    "custody_until": "how long the files are kept",
    "notes": "the notes",
}


def check_facts(facts: Facts, *, today: date) -> None:
    """Raises Refused for what can’t be true: nothing captured, in the future, or kept until before the capture."""
    if not facts.modalities:
        raise Refused("nothing-captured", "Choose at least one thing that was captured.")
    if facts.captured_on > today:
        raise Refused("captured-in-future", "The capture can’t lie in the future.")
    if facts.custody_until and facts.custody_until < facts.captured_on:
        raise Refused("kept-until-before", "The files can’t be kept until a day before the capture.")


def changed(old: Facts, new: Facts) -> list[str]:
    """What differs, in words for the timeline: ``["who holds the files", "the notes"]``."""
    return [label for name, label in LABELS.items() if getattr(old, name) != getattr(new, name)]


def shown_hash(facts: Facts, preview_keys: Sequence[str]) -> str:
    """What a confirm page showed, as 64 hex digits, so that nobody confirms what changed under their eyes."""
    shown = {**asdict(facts), "previews": list(preview_keys)}
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()
