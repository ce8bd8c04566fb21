"""The sentences the custody pages open with. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from replicas.rules.custody import HoldingKind
from replicas.rules.wording import day

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Held:
    """One live holding, as a sentence needs it. ``due`` is the last day of an open destruction task."""

    holder: str
    kind: str
    copies: int = 1
    until: date | None = None
    overdue: bool = False
    due: date | None = None


def count(number: int, noun: str) -> str:
    """“one copy”, “two copies”, “12 copies”."""
    words = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{words} {noun if number == 1 else plural}"


def opening(held: Sequence[Held], *, ended: str = "") -> str:
    """“Volume Stage holds the original until Mar 14, 2027; two copies are at Nova Pictures; nobody is overdue.”

    ``ended`` is what the page says when nobody holds anything: why.
    """
    if not held:
        return ended or "Nobody holds it, as far as the register knows."
    parts = [_original(row) for row in held if row.kind == HoldingKind.ORIGINAL]
    copies: dict[str, list[Held]] = {}
    for row in held:
        if row.kind == HoldingKind.COPY:
            copies.setdefault(row.holder, []).append(row)
    parts += [_copies(holder, rows) for holder, rows in copies.items()]
    late = list(dict.fromkeys(row.holder for row in held if row.overdue))
    parts.append(f"{joined(late)} {'is' if len(late) == 1 else 'are'} overdue" if late else "nobody is overdue")
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _original(row: Held) -> str:
    if row.due:
        return f"{row.holder} has to destroy the original by {day(row.due)}"
    return f"{row.holder} holds the original{f' until {day(row.until)}' if row.until else ''}"


def _copies(holder: str, rows: Sequence[Held]) -> str:
    number = sum(row.copies for row in rows)
    due = {row.due for row in rows}
    last = max((one for one in due if one), default=None)
    gone = f", to be destroyed by {day(last)}" if last and None not in due else ""
    return f"{count(number, 'copy')} {'is' if number == 1 else 'are'} at {holder}{gone}"


def house_opening(*, owed: int, overdue: int, first: date | None, held: bool) -> str:
    """What a house owes, in one sentence: “Two destructions are due, one of them overdue.”"""
    if not owed:
        return "You owe nothing. This is what you hold." if held else "You hold nothing that was registered here."
    noun = count(owed, "destruction")
    noun, verb = f"{noun[:1].upper()}{noun[1:]}", "is" if owed == 1 else "are"
    if overdue == owed:
        return f"{noun} {verb} overdue."
    if overdue:
        return f"{noun} {verb} due, {NUMBERS[overdue] if overdue < len(NUMBERS) else overdue} of them overdue."
    when = day(first) if first else ""
    return f"{noun} {verb} due by {when}." if owed == 1 else f"{noun} {verb} due, the first by {when}."


def joined(names: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def liability(holder: str, *, union: bool) -> str:
    """Who answers for it after a transfer (SAG-AFTRA TV/Theatrical 2026 §39.I, secondary source)."""
    if union:
        return f"{holder} stays liable for what the new holder does, unless the union approves the new holder."
    return f"{holder} stays liable until the new holder has taken over the duties in writing."
