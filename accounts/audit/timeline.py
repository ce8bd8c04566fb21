"""The trail of one thing, told in full sentences to one side."""

from dataclasses import dataclass
from datetime import datetime

from accounts.audit.events import SENTENCES, Sentence
from accounts.audit.models import AuditEntry
from accounts.rules.subject import Subject

SOURCES = {"web": "on the portal", "worker": "by the clock", "command": "by an operator", "system": "by the portal"}


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


def _tell(entry: AuditEntry, side: str) -> Told | None:
    sentence = SENTENCES.get(entry.event) or Sentence(entry.event)
    text = sentence.for_side(side)
    if not text:
        return None
    words = _Gaps(by=entry.by_label or "Understudy", **{key: str(value) for key, value in entry.data.items()})
    told = text.format_map(words)
    if entry.refused:
        told = f"Refused ({entry.refused}): {told}"
    who = f"{entry.by_label} for {entry.for_label}" if entry.for_label else entry.by_label
    return Told(told, entry.at, who, SOURCES.get(entry.source, entry.source), sentence.icon)
