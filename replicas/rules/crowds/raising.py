"""A better offer to a whole crowd: what may change, the round each gets, and what it makes of a license. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accounts.rules.refusal import Refused
from replicas.rules.terms import OfferedTerms, UseTerms, differences

SCHEMA = "understudy-amendment/1"


def with_fees(offer: OfferedTerms, fees: Sequence[Decimal]) -> OfferedTerms:
    """The same offer with these fees, use by use in its order. Raises Refused unless it is a raise."""
    uses = tuple(replace(use, fee=fee) for use, fee in zip(offer.uses, fees, strict=True))
    raised = replace(offer, uses=uses)
    check_raise(offer, raised)
    return raised


def check_raise(offer: OfferedTerms, raised: OfferedTerms) -> None:
    """Raises Refused unless fees went up, none went down, and nothing else changed."""
    as_before = replace(
        raised, uses=tuple(replace(new, fee=old.fee) for old, new in zip(offer.uses, raised.uses, strict=False))
    )
    if len(offer.uses) != len(raised.uses) or differences(offer, as_before):
        raise Refused("not-a-raise", "Only the fees can change here. For other terms, make a new crowd.")
    if any(new.fee < old.fee for old, new in zip(offer.uses, raised.uses, strict=True)):
        raise Refused("fee-lower", "A fee can only go up: some have said yes to the present one.")
    if raised.total == offer.total:
        raise Refused("nothing-changed", "These are the fees as they are. Raise at least one.")


def next_round(current: OfferedTerms, offer: OfferedTerms, *, countered: bool) -> OfferedTerms | None:
    """The round somebody who still can answer gets when ``offer`` is the better one; None where theirs is as good.

    A counter-offer is answered with the offer. Who agreed on other terms with the house keeps them, with each fee that
    the offer beats raised to it.
    """
    if countered:
        return offer
    if current.currency != offer.currency:
        return None
    better = replace(current, uses=_raised(current.uses, offer.uses))
    return better if better.total > current.total else None


def _raised(uses: Sequence[UseTerms], offered: Sequence[UseTerms]) -> tuple[UseTerms, ...]:
    fees = _fees([(use.title, use.medium, use.territory, use.fee) for use in uses], offered)
    return tuple(replace(use, fee=fee) for use, fee in zip(uses, fees, strict=True))


def _fees(uses: Sequence[tuple[str, str, str, Decimal]], offered: Sequence[UseTerms]) -> list[Decimal]:
    """The better fee of each use: its own, or that of the first offered use with the same name, medium and territory
    that no other use has taken."""
    left, fees = list(offered), []
    for title, medium, territory, fee in uses:
        found = next(
            (use for use in left if (use.title, use.medium, use.territory) == (title, medium, territory)), None
        )
        if found is None:
            fees.append(fee)
        else:
            left.remove(found)
            fees.append(max(fee, found.fee))
    return fees


def amended_fees(document: dict[str, Any], offer: OfferedTerms) -> list[Decimal] | None:
    """The fees a license has under the better ``offer``, in the order of its uses; None where nothing is better.

    ``document`` is the license's, with the fees it has now. An offer in another currency amends nothing.
    """
    if document["currency"] != offer.currency:
        return None
    uses = document["uses"]
    was = [Decimal(use["fee"]) for use in uses]
    now = _fees(
        [(use["title"], use["medium"], use["territory"], fee) for use, fee in zip(uses, was, strict=True)], offer.uses
    )
    return now if now != was else None


def amendment(
    license_: str, number: int, document: dict[str, Any], fees: Sequence[Decimal], terms_hash: str
) -> dict[str, Any]:
    """The amendment as plain JSON values: which license, of which signed terms, and each fee before and after.

    It only ever betters the performer's side, so that nothing is signed anew.
    """
    return {
        "schema": SCHEMA,
        "license": license_,
        "number": number,
        "terms_hash": terms_hash,
        "currency": document["currency"],
        "uses": [
            {"title": use["title"], "fee_before": use["fee"], "fee": f"{fee:.2f}"}
            for use, fee in zip(document["uses"], fees, strict=True)
        ],
    }


def amended(document: dict[str, Any], amendments: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The license's document with the fees of its last amendment; the same document where there is none."""
    if not amendments:
        return document
    fees = [use["fee"] for use in amendments[-1]["uses"]]
    return {**document, "uses": [{**use, "fee": fee} for use, fee in zip(document["uses"], fees, strict=True)]}
