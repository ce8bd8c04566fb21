"""The trail of one thing, told in full sentences to one side."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from accounts.audit.events import SENTENCES, Sentence
from accounts.audit.models import AuditEntry
from accounts.rules.subject import Subject

SOURCES = {"web": "on the portal", "worker": "by the clock", "command": "by an operator", "system": "by the portal"}

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline. ``at`` is aware UTC; the template shows it in the viewer's zone."""

    sentence: str
    at: datetime
    who: str
    how: str
    icon: str


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def timeline(subject: Subject, *, side: str) -> list[Told]:
    """Everything done to ``subject``, oldest first, in the words for ``side`` (actor, agency, licensee or staff).

    Refused attempts are told to staff only. One query.
    """
    entries = AuditEntry.objects.filter(subject_type=subject.type, subject_id=subject.id).order_by("id")
    if side != "staff":
        entries = entries.filter(refused="")
    return [told for entry in entries if (told := _tell(entry, side))]


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a person's own history: what they did, to what, and whether it was refused."""

    sentence: str
    at: datetime
    label: str
    how: str
    icon: str
    refused: bool


def deeds_of(user_id: int) -> QuerySet[AuditEntry]:
    """Everything one person did or tried, for paging; tell each with ``deed``."""
    return AuditEntry.objects.filter(by_id=user_id)


def deed(entry: AuditEntry) -> Deed:
    """An entry as its own doer reads it: nothing is hidden, and a refused attempt says why."""
    sentence = SENTENCES.get(entry.event) or Sentence(entry.event)
    told = _fill(sentence.text or sentence.outside or entry.event, entry)
    if entry.refused:
        told = str(entry.data.get("sentence", "")) or told
    label = " ".join(part for part in (entry.subject_ref, entry.subject_label) if part)
    icon = "exclamation-triangle" if entry.refused else sentence.icon
    return Deed(told, entry.at, label, SOURCES.get(entry.source, entry.source), icon, bool(entry.refused))


def _fill(text: str, entry: AuditEntry) -> str:
    values = {key: _words(str(value)) for key, value in entry.data.items()}
    return text.format_map(_Gaps({**values, "by": entry.by_label or "Understudy"}))


def _tell(entry: AuditEntry, side: str) -> Told | None:
    sentence = SENTENCES.get(entry.event) or Sentence(entry.event)
    text = sentence.for_side(side)
    if not text:
        return None
    told = _fill(text, entry)
    if entry.refused:
        told = f"Refused ({entry.refused}): {told}"
    if side == "licensee" and sentence.outside is not None:
        # Told in other words, so without the name, the way and the icon too: they would say what the words do not.
        return Told(told, entry.at, "", "", Sentence("").icon)
    who = f"{entry.by_label} for {entry.for_label}" if entry.for_label else entry.by_label
    return Told(told, entry.at, who, SOURCES.get(entry.source, entry.source), sentence.icon)


def _words(value: str) -> str:
    """A moment kept as ISO 8601 as people read it, in the viewer's zone; everything else as it is."""
    moment = parse_datetime(value) if _MOMENT.match(value) else None
    if moment is None or moment.tzinfo is None:
        return value
    here = localtime(moment)
    half = "AM" if here.hour < 12 else "PM"
    return f"{here:%a, %b} {here.day}, {here.hour % 12 or 12}:{here:%M} {half} {here.tzname()}"
