"""The announcement of a scan: everything a performer is told before, as one value with one hash. Pure.

The fields answer the questions Equity's guide tells performers to ask on set (source U1, the union's own page) and rule
R01: what is captured, what for, for how long, where it is kept, who gets at it, what it pays, whom to ask.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from accounts.rules.labeled import Labeled
from replicas.rules.vocabulary import Currency, Modality


class Jurisdiction(Labeled):
    """Where the scan takes place, as far as a rule asks."""

    US_CA = "us_ca", "California"
    US_NY = "us_ny", "New York"
    US_IL = "us_il", "Illinois"
    US_TN = "us_tn", "Tennessee"
    US_OTHER = "us_other", "Another US state"
    CANADA = "canada", "Canada"
    UK = "uk", "United Kingdom"
    EU = "eu", "European Union"
    OTHER = "other", "Somewhere else"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``scan_at`` is aware; ``zone`` is the IANA zone of ``place``; ``minutes`` is how long it takes.

    ``pay`` is for the session, ``own_work_day`` says whether it falls on a day the performer works anyway.
    ``organization`` and ``project`` are names as they stood when it was announced.
    """

    organization: str
    project: str
    scan_at: datetime
    zone: str
    place: str
    jurisdiction: str
    modalities: tuple[str, ...]
    equipment: str
    minutes: int
    business_reason: str
    intended_use: str
    alterations: str
    training: bool
    storage: str
    access: str
    retention_until: date
    pay: Decimal
    currency: str
    own_work_day: bool
    contact: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON values: moments in ISO 8601 with the place's offset, days as ``YYYY-MM-DD``, money as text."""
        values = asdict(self)
        return {
            **values,
            "scan_at": self.here.isoformat(),
            "retention_until": self.retention_until.isoformat(),
            "pay": f"{self.pay:.2f}",
            "modalities": list(self.modalities),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        known = {field.name: values[field.name] for field in fields(cls)}
        return cls(
            **{
                **known,
                "scan_at": datetime.fromisoformat(values["scan_at"]),
                "retention_until": date.fromisoformat(values["retention_until"]),
                "pay": Decimal(values["pay"]),
                "modalities": tuple(values["modalities"]),
            }
        )

    @property
    def sha256(self) -> str:
        """The hash agreements are bound to: canonical JSON (sorted keys, no spaces)."""
        text = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def here(self) -> datetime:
        """The moment of the scan on the clock of its place."""
        return self.scan_at.astimezone(ZoneInfo(self.zone))

    @property
    def captured(self) -> str:
        """“face, body and voice”."""
        return listed([Modality(name).label.lower() for name in self.modalities])


def listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def when_words(announcement: Announcement) -> str:
    """“Thu, Dec 3, 2026, 9:00 AM PST”: on the clock of the place."""
    here = announcement.here
    half = "AM" if here.hour < 12 else "PM"
    return f"{here:%a, %b} {here.day}, {here.year}, {here.hour % 12 or 12}:{here:%M} {half} {here:%Z}"


def pay_words(announcement: Announcement) -> str:
    """“$231.00” or “350.00 EUR”; “nothing” where it is unpaid."""
    if not announcement.pay:
        return "nothing"
    sign = {Currency.USD: "$", Currency.GBP: "£"}.get(Currency(announcement.currency))
    return f"{sign}{announcement.pay:,.2f}" if sign else f"{announcement.pay:,.2f} {announcement.currency}"


def sentence(announcement: Announcement) -> str:
    """What the matter is, in one sentence, before any table."""
    return (
        f"{announcement.organization} wants to scan your {announcement.captured} for {announcement.project} on "
        f"{when_words(announcement)}, at {announcement.place}."
    )
