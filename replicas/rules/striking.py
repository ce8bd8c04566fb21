"""A strike as the rules see it: when it stands, and how it is said. Pure.

While a union strikes under an agreement, nothing of it is used, approved, scanned or newly asked (SAG-AFTRA 2026
§39.G; the 2023 strike order named scanning and consenting to reuse as struck work; secondary sources).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused
from replicas.rules.vocabulary import Agreement
from replicas.rules.wording import moment_words

LONGEST_NOTE = 300
HOLD_OF_ONES_OWN = Agreement.SAG_INTERACTIVE  # under it performers may suspend consents themselves (T21)


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike under ``agreement``: from its first second ``starts_at`` up to, not including, ``ends_at`` (None: open
    end). Moments are aware."""

    agreement: str
    starts_at: datetime
    ends_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def meets(self, other: "Strike") -> bool:
        """Whether both strikes stand at some moment, under the same agreement."""
        return (
            self.agreement == other.agreement
            and (self.ends_at is None or other.starts_at < self.ends_at)
            and (other.ends_at is None or self.starts_at < other.ends_at)
        )

    @property
    def label(self) -> str:
        """“SAG-AFTRA Interactive Media 2025”."""
        return agreement_words(self.agreement)

    @property
    def short(self) -> str:
        return f"strike under {self.label}"

    @property
    def no_new_use(self) -> str:
        """What a license says while the strike stands."""
        return f"Held: {self.short}; no new use is allowed until it ends."


def agreement_words(code: str) -> str:
    """The agreement's name, or the code itself where the name is not known any more."""
    return dict(Agreement.choices()).get(code, code)


def until_words(ends_at: datetime | None, zone: ZoneInfo) -> str:
    """“until Mon, Nov 23, 2:02 PM PST”, or that nobody knows yet."""
    if ends_at is None:
        return "no end is set yet"
    return f"it ends {moment_words(ends_at, zone)} {ends_at.astimezone(zone):%Z}"


def blocked_words(strike: Strike, *, at: datetime, zone: ZoneInfo) -> str:
    """Why a move is refused while a strike stands or has just ended: what, since when, and what happens next."""
    if not strike.stands(at):
        return f"The {strike.short} is over. This request is taken up again in a moment, with all the time it had left."
    since = moment_words(strike.starts_at, zone)
    return f"The {strike.short} stands since {since}; {until_words(strike.ends_at, zone)}."


def check_strike(strike: Strike, others: list[Strike]) -> None:
    """Raises Refused for a strike that can't be: nowhere, ended before it began, or beside another one."""
    if strike.agreement == Agreement.NONE or strike.agreement not in set(Agreement):
        raise Refused("no-agreement", "Choose the union agreement that is struck.")
    if strike.ends_at is not None and strike.ends_at <= strike.starts_at:
        raise Refused("ends-before-start", "A strike ends after it starts.")
    if any(strike.meets(other) for other in others):
        raise Refused("overlaps", "There is a strike under this agreement at that time already. Change that one.")
