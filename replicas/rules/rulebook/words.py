"""How rules name things in their sentences. Never fails on a word that is not in a list."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from accounts.rules.labeled import Labeled
from replicas.rules.money import amount


def label(words: type[Labeled], value: str) -> str:
    """The label of ``value``, or the value itself where it is not one of ``words``."""
    found = words._value2member_map_.get(value)
    return found.label if isinstance(found, words) else value


def listed(values: Iterable[str]) -> str:
    """“a, b and c”."""
    *first, last = [*values] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def day_words(day: date) -> str:
    """“Jul 1, 2027”."""
    return f"{day:%b} {day.day}, {day.year}"


def money(value: Decimal, currency: str) -> str:
    return amount(value, currency or "USD")


def blank(text: str | None) -> bool:
    """Whether a text says nothing."""
    return not (text or "").strip()
