"""What was not as announced and agreed, found when a scan is recorded as done. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from replicas.rules.scanning import NOTICE, BreachKind
from replicas.rules.states import deadline_words


@dataclass(frozen=True, slots=True)
class Done:
    """One person's scan as it was announced and as it was done. Moments are aware; ``zone`` is the place's."""

    agreed: bool
    told_at: datetime
    at_engagement: bool
    performed_at: datetime
    place: str
    purpose: str
    announced_place: str
    announced_use: str
    announced_when: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Breach:
    kind: BreachKind
    agreed: str
    happened: str


def breaches(done: Done) -> list[Breach]:
    """Every breach, in the order a performer would ask. Notice is rule R05, place and purpose are rule R01."""
    when = deadline_words(done.performed_at, done.zone)
    told = deadline_words(done.told_at, done.zone)
    found = []
    if not done.agreed:
        found.append(
            Breach(BreachKind.NO_AGREEMENT, "No agreement was in force at the time of the scan.", f"Scanned {when}.")
        )
    if done.told_at >= done.performed_at:
        found.append(
            Breach(BreachKind.NO_NOTICE, "Notice at least 48 hours before.", f"Scanned {when}, told {told}, after it.")
        )
    elif done.performed_at - done.told_at < NOTICE and not done.at_engagement:
        found.append(
            Breach(BreachKind.LATE_NOTICE, "Notice at least 48 hours before.", f"Told {told}, scanned {when}.")
        )
    if _plain(done.purpose) != _plain(done.announced_use):
        found.append(Breach(BreachKind.OTHER_PURPOSE, done.announced_use, done.purpose))
    if _plain(done.place) != _plain(done.announced_place):
        found.append(Breach(BreachKind.OTHER_PLACE, done.announced_place, done.place))
    return found


def _plain(text: str) -> str:
    """What is compared: letters and digits, whatever the case, spacing and punctuation."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())
