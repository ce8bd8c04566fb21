"""Counter-offers of a crowd that ask for the same, as one line: "3 ask for $300". Nobody's name is in it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from replicas.rules.crowds.filling import limit
from replicas.rules.money import amount
from replicas.rules.terms import Change, OfferedTerms, differences, digest, document

KEY_LENGTH = 16


def key_of(terms: OfferedTerms) -> str:
    """What terms are told apart by: the first digits of the hash of their content, without the people."""
    return digest(document(terms, parties={}))[:KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class Variant:
    """Terms that ``people`` propose instead of the offer. ``in_band``: a place that asks for them may still fill."""

    key: str
    terms: OfferedTerms
    people: int
    changes: tuple[Change, ...]
    in_band: bool
    fee_changed: bool

    @property
    def headline(self) -> str:
        """ "3 ask for $300", "1 asks for $300 and other changes", "2 ask for other changes"."""
        asks = f"{self.people:,} ask{'s' if self.people == 1 else ''} for"
        fee = amount(self.terms.total, self.terms.currency)
        others = any(change.label != "Fee" for change in self.changes)
        if not self.fee_changed:
            return f"{asks} other changes"
        return f"{asks} {fee} and other changes" if others else f"{asks} {fee}"


def variants(asked: Iterable[OfferedTerms], *, offer: OfferedTerms, band: Decimal | None) -> list[Variant]:
    """The proposals grouped: what most ask for first, then the cheapest, then by key, so that no order tells who."""
    found: dict[str, tuple[OfferedTerms, int]] = {}
    for terms in asked:
        key = key_of(terms)
        found[key] = (terms, found.get(key, (terms, 0))[1] + 1)
    grouped = [_variant(key, terms, people, offer, band) for key, (terms, people) in found.items()]
    return sorted(grouped, key=lambda one: (-one.people, one.terms.total, one.key))


def _variant(key: str, terms: OfferedTerms, people: int, offer: OfferedTerms, band: Decimal | None) -> Variant:
    same_money = terms.currency == offer.currency
    return Variant(
        key=key,
        terms=terms,
        people=people,
        changes=tuple(differences(offer, terms)),
        in_band=same_money and terms.total <= limit(band, offer.total),
        fee_changed=not same_money or terms.total != offer.total,
    )
