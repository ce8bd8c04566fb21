"""What is wrong with terms, as sentences beside their fields. Pure: values in, faults out; an empty list is fine.

The form shows the faults, the actions refuse terms that have any, so that no way around the form exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from replicas.rules.days import years_later
from replicas.rules.descriptions import LEAST_DESCRIPTION, TOO_SHORT, catch_alls, together
from replicas.rules.terms import OfferedTerms

MOST_USES = 8
MOST_YEARS = 10  # rule R16: an adult's license ends after ten years at the latest
MOST_DAYS = 365
TOO_LONG = f"A use can run for {MOST_YEARS} years at most. After that, ask again."
LAST_YEAR = 2100  # of a use's first day; later ones are typing errors
NO_REASON = "Say why you need the replica rather than the person."
USE_TEXTS = ("title", "description", "scenes", "alterations", "script_version", "brand", "product_line")


@dataclass(frozen=True, slots=True)
class Fault:
    """``use`` is the position of the use it is about, counted from 0; None for the request as a whole."""

    use: int | None
    field: str
    sentence: str


def terms_faults(terms: OfferedTerms, *, today: date | None = None) -> list[Fault]:
    """Every fault of a round. ``today`` (in the actor's zone) also refuses uses that begin in the past."""
    faults = [
        Fault(None, field, sentence)
        for field in ("business_reason", "disclosure")
        for sentence in text_faults(getattr(terms, field))
    ]
    if not terms.business_reason.strip():
        faults.append(Fault(None, "business_reason", NO_REASON))
    if not 1 <= len(terms.uses) <= MOST_USES:
        faults.append(Fault(None, "uses", f"Ask for at least one use and at most {MOST_USES}."))
    for position, use in enumerate(terms.uses):
        values = {name: getattr(use, name) for name in use.__dataclass_fields__}
        faults += [Fault(position, field, sentence) for field, sentence in use_faults(values, today=today)]
    return faults


def use_faults(values: Mapping[str, Any], *, today: date | None = None) -> list[tuple[str, str]]:
    """(field, sentence) for one use. Fields that are missing (because they were not readable) are passed over."""
    faults = [(name, sentence) for name in USE_TEXTS for sentence in text_faults(values.get(name) or "")]
    description = values.get("description")
    if description is not None and len(" ".join(description.split())) < LEAST_DESCRIPTION:
        faults.append(("description", TOO_SHORT))
    faults += date_faults(values.get("starts_on"), values.get("ends_on"), today=today)
    days = values.get("replica_days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        faults.append(("replica_days", f"Count between 1 and {MOST_DAYS} replica days."))
    return faults


def text_faults(text: str) -> list[str]:
    """Rule R02, for any text of a request."""
    return together(catch_alls(text))


def date_faults(starts_on: date | None, ends_on: date | None, *, today: date | None) -> list[tuple[str, str]]:
    """Order, the ten years of rule R16, and nothing before ``today``. Days are inclusive."""
    if today and starts_on and starts_on < today:
        return [("starts_on", "This day is over. A use can begin today at the earliest.")]
    if starts_on and starts_on.year > LAST_YEAR:
        return [("starts_on", "This is too far away. Check the year.")]
    if not starts_on or not ends_on:
        return []
    if ends_on < starts_on:
        return [("ends_on", "The last day comes before the first.")]
    if ends_on > years_later(starts_on, MOST_YEARS):
        return [("ends_on", TOO_LONG)]
    return []
