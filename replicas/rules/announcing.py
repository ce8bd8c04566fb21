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

from replicas.rules.money import amount
from replicas.rules.rulebook.facts import ScanFacts
from replicas.rules.rulebook.stages import Jurisdiction
from replicas.rules.vocabulary import Modality, ReplicaKind, UseRole
from replicas.rules.wording import day

# Places whose law a rule follows, and what else there is.
JURISDICTIONS: dict[str, str] = {
    **{place.value: place.label for place in Jurisdiction},
    "US": "Another US state",
    "CA": "Canada",
    "elsewhere": "Somewhere else",
}
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Announcement:
    """``scan_at`` is aware; ``zone`` is the IANA zone of ``place``; ``minutes`` is how long it takes.

    ``jurisdiction`` is a key of ``JURISDICTIONS``. ``pay`` is for the session, ``own_work_day`` says whether it falls
    on a day the performer works anyway, ``contributions`` whether pension and health come on top. ``organization`` and
    ``project`` are names as they stood when it was announced.
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
    role: str
    alterations: str
    training: bool
    storage: str
    access: str
    retention_until: date
    pay: Decimal
    currency: str
    contributions: bool
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

    @property
    def replica_kind(self) -> ReplicaKind:
        """What comes of the scan, in the union's words."""
        return ReplicaKind.BADR if self.role == UseRole.BACKGROUND else ReplicaKind.EBDR

    @property
    def jurisdictions(self) -> frozenset[str]:
        """As the rulebook reads it."""
        return frozenset({self.jurisdiction})

    @property
    def in_illinois(self) -> bool:
        """Whether the signature is also the written release of 740 ILCS 14/15(b) (L6, primary text)."""
        return self.jurisdiction == Jurisdiction.ILLINOIS


def scan_facts(announcement: Announcement, *, notice_at: datetime, engaged_at: datetime | None) -> ScanFacts:
    """What the rulebook is told about one person's scan. The signed agreement is the release Illinois asks for."""
    return ScanFacts(
        scan_at=announcement.scan_at,
        notice_at=notice_at,
        engaged_at=engaged_at,
        business_reason=announcement.business_reason,
        description=announcement.intended_use,
        uses=announcement.intended_use,
        role=announcement.role,
        equipment=announcement.equipment,
        modalities=announcement.modalities,
        hours=Decimal(announcement.minutes) / 60,
        storage=announcement.storage,
        access=announcement.access,
        retention_until=announcement.retention_until,
        pay=announcement.pay,
        own_day=not announcement.own_work_day,
        training=announcement.training,
        contact=announcement.contact,
        place=announcement.place,
    )


NOT_MATERIAL = frozenset({"contact"})
LABELS = {
    "scan_at": "when",
    "zone": "the time zone",
    "place": "where",
    "jurisdiction": "the jurisdiction",
    "modalities": "what is captured",
    "equipment": "the equipment",
    "minutes": "how long it takes",
    "business_reason": "the reason",
    "intended_use": "what it is for",
    "role": "the kind of role",
    "alterations": "what may be altered",
    "training": "AI training",
    "storage": "where it is stored",
    "access": "who gets access",
    "retention_until": "how long it is kept",
    "pay": "the pay",
    "currency": "the currency",
    "contributions": "the contributions",
    "own_work_day": "whether it is a work day",
    "contact": "whom to ask",
}


def changed(old: Announcement, new: Announcement) -> list[str]:
    """The names of what differs, in the order of ``LABELS``."""
    return [name for name in LABELS if getattr(old, name) != getattr(new, name)]


def is_material(names: list[str]) -> bool:
    """Whether answers given before still stand: a new contact changes nothing of what was agreed."""
    return bool(set(names) - NOT_MATERIAL)


def listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def when_words(announcement: Announcement) -> str:
    """“Thu, Dec 3, 2026, 9:00 AM PST”: on the clock of the place."""
    here = announcement.here
    half = "AM" if here.hour < 12 else "PM"
    return f"{here:%a}, {day(here.date())}, {here.hour % 12 or 12}:{here:%M} {half} {here:%Z}"


def minutes_words(minutes: int) -> str:
    """“about 45 minutes”, “about 2 hours”, “about 2 hours 30 minutes”."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    parts += [f"{rest} minute{'' if rest == 1 else 's'}"] if rest or not hours else []
    return "about " + " ".join(parts)


def pay_words(announcement: Announcement) -> str:
    """“$231.00, with pension and health contributions on top”; “Nothing” where it is unpaid."""
    if not announcement.pay:
        return "Nothing for the session"
    more = "with" if announcement.contributions else "without"
    paid = amount(announcement.pay, announcement.currency)
    return f"{paid} for the session, {more} pension and health contributions on top"


def sentence(announcement: Announcement, whose: str = "your") -> str:
    """What the matter is, in one sentence, before any table."""
    return (
        f"{announcement.organization} wants to scan {whose} {announcement.captured} for {announcement.project} on "
        f"{when_words(announcement)}, at {announcement.place}."
    )


def done_sentence(announcement: Announcement, whose: str) -> str:
    """The same once it was done; the moment and the place are said as they were recorded."""
    one = announcement
    return f"{one.organization} scanned {whose} {one.captured} for {one.project}."


@dataclass(frozen=True, slots=True)
class FactGroup:
    """One of the questions to ask, and its answers as (label, words)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def fact_groups(announcement: Announcement) -> tuple[FactGroup, ...]:
    """The whole announcement in words, grouped by the questions of Equity's on-set guide (U1)."""
    one = announcement
    training = "Yes. They ask to train AI on it." if one.training else "No"
    work_day = "On a day you work anyway" if one.own_work_day else "On a day of its own"
    return (
        FactGroup(
            "When and where",
            (
                ("When", when_words(one)),
                ("Where", f"{one.place} ({JURISDICTIONS.get(one.jurisdiction, one.jurisdiction)})"),
                ("How long", minutes_words(one.minutes).capitalize()),
            ),
        ),
        FactGroup("What is captured", (("Scanned", one.captured.capitalize()), ("With", one.equipment))),
        FactGroup(
            "What it is for",
            (
                ("Project", one.project),
                ("Why a scan", one.business_reason),
                ("Intended use", one.intended_use),
                ("Kind of role", UseRole(one.role).label),
                ("What may be altered", one.alterations),
                ("Training AI", training),
            ),
        ),
        FactGroup(
            "Where it goes",
            (
                ("Stored at", one.storage),
                ("Who gets access", one.access),
                ("Kept until", day(one.retention_until)),
            ),
        ),
        FactGroup("What it pays", (("Pay", pay_words(one)), ("Day", work_day))),
        FactGroup("Whom to ask", (("Contact", one.contact),)),
    )
