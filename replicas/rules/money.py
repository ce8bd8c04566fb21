"""Amounts as people type and read them. Pure."""

import re
from decimal import Decimal

SIGNS = {"USD": "$", "CAD": "CA$", "GBP": "£", "EUR": "€"}
MOST = Decimal("9999999.99")
_WRITTEN = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_SIGN = re.compile(r"^(?:[$£€]|CA\$|USD|CAD|GBP|EUR)\s*", re.IGNORECASE)


def read_amount(text: str) -> Decimal:
    """``1,283.50``, ``$1283.5`` or ``1283`` as a Decimal with two places.

    Raises ValueError with a sentence for the person who typed it. Nothing is guessed: ``1.283,50`` is refused.
    """
    plain = _SIGN.sub("", text.strip())
    if plain.startswith(("-", "−")):
        raise ValueError("A fee can't be less than nothing. Write 0 if there is none.")
    if re.fullmatch(r"[0-9,]+\.[0-9]{3,}", plain):
        raise ValueError("Write at most two digits after the point, like 1,283.50.")
    if not _WRITTEN.fullmatch(plain):
        raise ValueError("Write the amount as a number, like 1,283.50.")
    amount = Decimal(plain.replace(",", ""))
    if amount > MOST:
        raise ValueError(f"An amount can be at most {MOST:,.2f}.")
    return amount.quantize(Decimal("0.01"))


def written(amount: Decimal) -> str:
    """An amount as it stands in a form field: ``1283.50``."""
    return f"{amount:.2f}"


def amount(value: Decimal, currency: str) -> str:
    """``$693`` for whole amounts, ``$693.50`` otherwise."""
    figure = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return f"{SIGNS.get(currency, currency + ' ')}{figure}"
