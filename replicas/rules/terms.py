"""One round of terms: what is asked, its canonical form and hash, and what changed between two rounds. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.rules.people import Language
from replicas.rules.money import amount
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory, UseRole


@dataclass(frozen=True, slots=True)
class UseTerms:
    """One use, with its own yes or no. Dates are inclusive days in the actor's zone; ``fee`` is for the whole use.

    ``work_replaced``: the actor would otherwise have done this in person. ``as_scripted``: the alterations follow the
    script, whose version and day are named. ``brand`` and ``product_line`` are an advertisement's.
    """

    title: str
    description: str
    role: str
    medium: str
    territory: str
    starts_on: date
    ends_on: date
    fee: Decimal
    replica_days: int = 1
    scenes: str = ""
    languages: str = "en"
    alterations: str = ""
    ai: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    work_replaced: bool = False
    as_scripted: bool = False
    script_version: str = ""
    script_dated: date | None = None
    brand: str = ""
    product_line: str = ""


# What rounds did not always ask. Left out of a document where nothing is said, so that old documents keep their hash.
ADDED = {field.name: field.default for field in fields(UseTerms)[-6:]}


@dataclass(frozen=True, slots=True)
class OfferedTerms:
    """Everything one side puts forward in one round. ``disclosure``: how the audience is told of the replica."""

    uses: tuple[UseTerms, ...]
    business_reason: str
    currency: str = "USD"
    disclosure: str = ""

    @property
    def total(self) -> Decimal:
        return sum((use.fee for use in self.uses), Decimal(0))


def canonical(document: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces; decimals as text, dates as ISO 8601. The same terms, the same text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical document, as 64 hex digits: the terms hash that signatures are bound to."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def document(terms: OfferedTerms, *, parties: dict[str, Any]) -> dict[str, Any]:
    """The frozen round as plain JSON values: who, which replica, which project (``parties``), and the terms."""
    asked = asdict(terms)
    asked["uses"] = [
        {name: value for name, value in use.items() if name not in ADDED or value != ADDED[name]}
        for use in asked["uses"]
    ]
    if not terms.disclosure:
        del asked["disclosure"]
    whole = {"schema": "understudy-terms/1", **parties, **asked}
    return json.loads(canonical(whole))


LABELS = {
    "title": "Use",
    "description": "Description",
    "role": "Role",
    "scenes": "Scenes",
    "medium": "Medium",
    "territory": "Territory",
    "languages": "Languages",
    "starts_on": "From",
    "ends_on": "Until",
    "alterations": "Alterations",
    "ai": "AI permission",
    "sensitive": "Sensitive content",
    "replica_days": "Replica days",
    "fee": "Fee",
    "work_replaced": "Instead of work in person",
    "as_scripted": "Alterations as scripted",
    "script_version": "Script version",
    "script_dated": "Script dated",
    "brand": "Brand",
    "product_line": "Product line",
    "business_reason": "Reason",
    "currency": "Currency",
    "disclosure": "How people are told",
}
_WORDS = {"role": UseRole, "medium": Medium, "territory": Territory}
_LISTS = {"ai": AIUse, "sensitive": Sensitive}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, in words: ``use`` names the use it is about ("" for the request as a whole)."""

    use: str
    label: str
    old: str
    new: str


def differences(old: OfferedTerms, new: OfferedTerms) -> list[Change]:
    """What the second round changes in the first, use by use in their order; added and removed uses as whole lines."""
    changes = _changes("", ("business_reason", "currency", "disclosure"), old, new)
    for position in range(max(len(old.uses), len(new.uses))):
        before = old.uses[position] if position < len(old.uses) else None
        after = new.uses[position] if position < len(new.uses) else None
        if before and after:
            changes += _changes(after.title, [field.name for field in fields(UseTerms)], before, after, old, new)
        else:
            gone, added = before.title if before else "", after.title if after else ""
            changes.append(Change(gone or added, LABELS["title"], gone, added))
    return changes


def _changes(
    use: str, names: Sequence[str], old: Any, new: Any, was: OfferedTerms | None = None, now: OfferedTerms | None = None
) -> list[Change]:
    """The fields that differ, in words; ``was`` and ``now`` are the rounds, whose currencies a fee is written in."""
    before, after = was.currency if was else "", now.currency if now else ""
    return [
        Change(use, LABELS[name], _words(name, getattr(old, name), before), _words(name, getattr(new, name), after))
        for name in names
        if getattr(old, name) != getattr(new, name)
    ]


def _words(name: str, value: Any, currency: str) -> str:
    if name in _WORDS:
        return _WORDS[name](value).label
    if name == "languages":
        return ", ".join(Language(code).label for code in value.split()) or "None"
    if name in _LISTS:
        return ", ".join(_LISTS[name](item).label for item in value) or "None"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%b} {value.day}, {value.year}"
    if isinstance(value, Decimal):
        return amount(value, currency)
    return str(value or "") or "None"
