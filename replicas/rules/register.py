"""The register of everything scanned of somebody: its lines, its order, its first sentence, its export. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.rules.labeled import Labeled
from replicas.rules.wording import day as day_words

SCHEMA = "understudy-scan-register/1"
YOU = "you"
SHOWN = 60  # lines of the past on the page; “show all” has the rest


class What(Labeled):
    SCAN = "scan", "Announced scan"
    CLAIM = "claim", "Claimed scan"
    REPLICA = "replica", "Replica"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``day`` is the day of the scan where it is known, ``about`` the words for it where it is not.

    ``state`` names a badge and ``status`` says it. ``holders`` are who holds something of it now. ``needs`` is what the
    person has to do, empty when nothing; ``due_at`` by when, where there is a moment. ``overdue``: it should have been
    destroyed by now. ``asked``: somebody was asked and has time to answer; ``silent``: they did not. ``asked_by`` wants
    to scan and waits for an answer.
    """

    what: What
    ref: str
    path: str
    performer: str
    sentence: str
    state: str
    status: str
    day: date | None = None
    about: str = ""
    place: str = ""
    captured_by: str = ""
    production: str = ""
    holders: tuple[str, ...] = ()
    held_at: str = ""
    held_until: date | None = None
    needs: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    silent: bool = False
    asked: bool = False
    asked_by: str = ""

    @property
    def year(self) -> int | None:
        """The year of the scan: the day's, or the last one named in the words for it."""
        if self.day:
            return self.day.year
        years = re.findall(r"\b(?:19|20)\d\d\b", self.about)
        return int(years[-1]) if years else None

    @property
    def when(self) -> str:
        """“Mar 14, 2023”, “about spring 2023”, or that nobody knows."""
        if self.day:
            return day_words(self.day)
        return f"about {self.about}" if self.about else "not known"


@dataclass(frozen=True, slots=True)
class Register:
    """What needs the person first, soonest first; then everything else, newest first."""

    needs: list[Entry] = field(default_factory=list)
    past: list[Entry] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """Every line in the order of the page."""
        return [*self.needs, *self.past]

    def years(self, most: int | None = None) -> list[tuple[str, list[Entry]]]:
        """The past by year, newest first, what nobody can date at the end. ``most`` lines of it, or all."""
        found: dict[str, list[Entry]] = {}
        for entry in self.past[:most]:
            found.setdefault(str(entry.year or "When is not known"), []).append(entry)
        return list(found.items())


def arranged(entries: Iterable[Entry]) -> Register:
    """The lines as the page shows them. The order is total, so that two calls agree."""
    entries = list(entries)
    needs = sorted(
        (entry for entry in entries if entry.needs),
        key=lambda entry: (entry.due_at is None, entry.due_at.timestamp() if entry.due_at else 0, entry.ref),
    )
    past = sorted((entry for entry in entries if not entry.needs), key=lambda entry: entry.ref)
    past.sort(key=_age, reverse=True)
    return Register(needs, past)


def _age(entry: Entry) -> tuple[int, date]:
    return entry.year or 0, entry.day or date.min


# --- The first sentence -----------------------------------------------------------------------------------------------

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def opening(entries: Sequence[Entry], *, today: date, whom: str = YOU) -> str:
    """“Nova Pictures wants to scan you on Thursday. Two companies hold scans of you; one doesn’t answer.”

    ``today`` is the viewer's day. ``whom`` the page is about: “you”, “your clients”, a name.
    """
    if not entries:
        return f"Nothing is known yet about scans of {whom}."
    sentences = [_asked([entry for entry in entries if entry.asked_by], today, whom), _held(entries, whom)]
    if overdue := sum(entry.overdue for entry in entries):
        one = overdue == 1
        scans = f"{_number(overdue)} scan{'' if one else 's'} should have been destroyed by now."
        sentences.append(_capital(scans))
    return " ".join(sentence for sentence in sentences if sentence)


def _asked(asked: Sequence[Entry], today: date, whom: str) -> str:
    if not asked:
        return ""
    first = min(asked, key=lambda entry: entry.day or date.max)
    when = on_day(first.day, today) if first.day else "soon"
    if len(asked) == 1:
        return f"{first.asked_by} wants to scan {whom if whom == YOU else first.performer} {when}."
    many = f"{_capital(_number(len(asked)))} scans wait for {'your answer' if whom == YOU else 'an answer'}"
    return f"{many}, the first is {when}."


def _held(entries: Sequence[Entry], whom: str) -> str:
    holders = len({name.casefold() for entry in entries for name in entry.holders})
    asked, silent = (sum(getattr(entry, name) for entry in entries) for name in ("asked", "silent"))
    held = f"{_number(holders)} compan{'y holds' if holders == 1 else 'ies hold'} scans of {whom}"
    if not holders:
        held = f"nobody is known to hold a scan of {whom}"
    if asked:
        held += f"; {_number(asked)} {'was asked and has' if asked == 1 else 'were asked and have'} time to answer"
    if silent:
        held += f"; {_number(silent)} {'doesn’t' if silent == 1 else 'don’t'} answer"
    return f"{_capital(held)}."


def on_day(day: date, today: date) -> str:
    """“today”, “tomorrow”, “on Thursday” within the week, “on Dec 3, 2026” beyond."""
    ahead = (day - today).days
    if ahead == 0:
        return "today"
    if ahead == 1:
        return "tomorrow"
    return f"on {day:%A}" if timedelta(days=1) < day - today < timedelta(days=7) else f"on {day_words(day)}"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- Taking it away ---------------------------------------------------------------------------------------------------

COLUMNS = {
    "kind": "What",
    "reference": "Reference",
    "performer": "Performer",
    "date": "Day of the scan",
    "about": "About when",
    "place": "Where",
    "captured_by": "Captured by",
    "production": "Production",
    "summary": "In words",
    "status": "Where it stands",
    "held_by": "Held by",
    "kept_at": "Kept at",
    "kept_until": "Kept until",
    "due": "Answer due",
    "to_do": "What is to be done",
}


def as_row(entry: Entry) -> dict[str, str]:
    """One line for an export, every value as text; days as ISO 8601, moments in UTC. Keys as in ``COLUMNS``."""
    return {
        "kind": entry.what.value,
        "reference": entry.ref,
        "performer": entry.performer,
        "date": entry.day.isoformat() if entry.day else "",
        "about": entry.about,
        "place": entry.place,
        "captured_by": entry.captured_by,
        "production": entry.production,
        "summary": entry.sentence,
        "status": entry.status,
        "held_by": "; ".join(entry.holders),
        "kept_at": entry.held_at,
        "kept_until": entry.held_until.isoformat() if entry.held_until else "",
        "due": entry.due_at.isoformat(timespec="seconds") if entry.due_at else "",
        "to_do": entry.needs,
    }


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula [OWASP, CSV injection]: an apostrophe before what could begin one."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") or text.lstrip()[:1] in ("=", "@") else text
