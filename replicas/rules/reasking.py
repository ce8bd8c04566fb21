"""Rule R21: a no is not worn down. The same use is not asked again within 30 days unless the terms changed. Pure.

A denial and a silence count alike, so that being refused here tells nobody which of the two it was.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from accounts.rules.refusal import Refused
from replicas.rules.terms import OfferedTerms, UseTerms

REST = timedelta(days=30)
_TEXTS = ("title", "description", "scenes", "alterations")
_SAME = ("role", "medium", "territory", "languages")
UNAVAILABLE = "The performer is not available for this use."
INSTEAD = "Offer other terms, or ask for something else."
NOT_AVAILABLE = f"{UNAVAILABLE} {INSTEAD}"


def check_not_reasked(terms: OfferedTerms, refused_before: Iterable[OfferedTerms]) -> None:
    """Raises Refused when a use of ``terms`` was already asked, on the same or worse terms, in ``refused_before``:
    the rounds of the same house, project and actor that ended without a yes within ``REST``."""
    for before in refused_before:
        for use in terms.uses:
            if any(_same_use(use, terms.currency, old, before.currency) for old in before.uses):
                raise Refused("not-available", NOT_AVAILABLE)


def _same_use(new: UseTerms, currency: str, old: UseTerms, old_currency: str) -> bool:
    """Whether nothing was changed for the actor's good: other words for the same, a lower fee, dates moved a little
    or a permission added do not count."""
    return (
        all(getattr(new, name) == getattr(old, name) for name in _SAME)
        and all(_plain(getattr(new, name)) == _plain(getattr(old, name)) for name in _TEXTS)
        and currency == old_currency
        and new.fee <= old.fee
        and new.replica_days >= old.replica_days
        and set(new.ai) >= set(old.ai)
        and set(new.sensitive) >= set(old.sensitive)
        and abs(new.starts_on - old.starts_on) <= REST
        and new.ends_on - old.ends_on >= -REST
    )


def _plain(text: str) -> str:
    """The words alone: no case, punctuation or spacing."""
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
