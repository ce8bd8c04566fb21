"""What a request costs, and what of it reaches the performer: the whole calculation, each figure with its source. Pure.

Scan day, replica days at the agreed fee or the floor, whichever is higher, contributions up to their ceiling, the
agent's commission on top, and the total. Amounts are Decimals with two places in one currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from replicas.rules.money import amount
from replicas.rules.rates import AGENT, BACKGROUND, PRINCIPAL, Contribution, Rulebook
from replicas.rules.rulebook.facts import Facts, ScanFacts, UseFacts
from replicas.rules.rulebook.pay import NOTHING, floor_rate, session_floor, use_floor
from replicas.rules.vocabulary import Agreement, UseRole

CENT = Decimal("0.01")
NO_SCAN = "The replica exists already; no scan is asked for."
SAME_PICTURE = "The picture it was made for: no more is owed as background. Unverified, check before you rely on it."
RESIDUALS = "Residuals come on top of a principal’s use, as if it had been performed in person."


@dataclass(frozen=True, slots=True)
class PayLine:
    """One figure. ``note`` says how it comes about, and where its parts come from and how sure they are."""

    label: str
    amount: Decimal
    currency: str
    note: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """``lines`` reach the performer and make ``pay``; ``on_top`` is paid besides. ``total`` is what it costs in all."""

    lines: tuple[PayLine, ...]
    pay: PayLine
    on_top: tuple[PayLine, ...]
    total: PayLine
    notes: tuple[str, ...] = ()


def breakdown(
    facts: Facts, book: Rulebook, *, has_agent: bool = False, scan: ScanFacts | None = None, to: str = "To you"
) -> Breakdown:
    """The calculation for the uses of ``facts``, whose titles, days and fees must be known.

    Under a union agreement a fee below the floor counts as the floor. ``scan`` is a session that is still to come;
    None: the replica is there. ``to`` labels what reaches the performer.
    """
    code = facts.currency
    first = _scan_line(facts, scan)
    by_group = {PRINCIPAL: NOTHING, BACKGROUND: NOTHING}
    by_group[_group_of_scan(facts, scan)] += first.amount
    lines = [first]
    for use in facts.uses:
        line = _use_line(facts, book, use)
        lines.append(line)
        by_group[_group(facts, use)] += line.amount
    pay = sum((line.amount for line in lines), NOTHING)
    on_top = [*_contributions(facts, book, by_group), *(_agent(facts, book, pay) if has_agent else ())]
    total = pay + sum((line.amount for line in on_top), NOTHING)
    return Breakdown(
        tuple(lines),
        PayLine(to, pay, code),
        tuple(on_top),
        PayLine("In all", total, code),
        (RESIDUALS,) if _has_residuals(facts) else (),
    )


def percent_of(base: Decimal, percent: Decimal) -> Decimal:
    """Rounded to the cent, half up."""
    return (base * percent / 100).quantize(CENT, ROUND_HALF_UP)


def _scan_line(facts: Facts, scan: ScanFacts | None) -> PayLine:
    if scan is None:
        return PayLine("Scan day", NOTHING, facts.currency, NO_SCAN)
    if scan.own_day is False:
        return PayLine("Scan day", NOTHING, facts.currency, "On a work day, which is paid as work.")
    least = session_floor(facts, scan)
    paid = max(scan.pay or NOTHING, least or NOTHING)
    return PayLine("Scan day", paid, facts.currency, "One day, or half for up to 4 hours at the performer’s wish.")


def _use_line(facts: Facts, book: Rulebook, use: UseFacts) -> PayLine:
    fee, days = use.fee or NOTHING, use.replica_days or 0
    floor = use_floor(facts, use)
    due = max(fee, floor) if floor is not None and book.under_union(facts.agreement) else fee
    words, unverified = _floor_words(facts, book, use)
    count = f"{days} {'day' if days == 1 else 'days'}"
    each = f"{count} × {amount(due / days, facts.currency)}" if days and due and due % days == 0 else count
    below = f" {amount(fee, facts.currency)} is offered; the minimum counts." if fee < due else ""
    note = f"{each}. {words}{below}".strip()
    return PayLine(use.title or "", due, facts.currency, note, unverified)


def _floor_words(facts: Facts, book: Rulebook, use: UseFacts) -> tuple[str, bool]:
    """What the least is and where that stands; whether it is unverified."""
    key = floor_rate(facts, use)
    if key == "":
        return SAME_PICTURE, True
    rate = book.rates_of(facts.agreement).get(key or "")
    if rate is None or facts.currency != rate.currency:
        return "No minimum is known for this.", False
    since = rate.sourced.effective_from
    from_day = f"{since:%b} {since.day}, {since.year}"
    words = f"Minimum {rate.words} since {from_day} ({rate.name.lower()}; {rate.sourced.words})."
    return words, rate.sourced.unverified


def _group(facts: Facts, use: UseFacts) -> str:
    return BACKGROUND if floor_rate(facts, use) in ("", BACKGROUND) else PRINCIPAL


def _group_of_scan(facts: Facts, scan: ScanFacts | None) -> str:
    return PRINCIPAL if scan is not None and scan.role == UseRole.PRINCIPAL else BACKGROUND


def _contributions(facts: Facts, book: Rulebook, by_group: dict[str, Decimal]) -> Iterable[PayLine]:
    """One line for each group that is paid. The ceiling is one for the whole, principals first."""
    used = NOTHING
    for group, pay in by_group.items():
        found = book.contribution(facts.agreement, group)
        if found is None or not pay:
            continue
        ceiling = found.ceilings.get(facts.production.kind or "")
        base = pay if ceiling is None else min(pay, max(ceiling - used, NOTHING))
        used += base
        yield _share(found, base, facts.currency, "" if base == pay else f" up to {amount(ceiling or pay, 'USD')}")


def _agent(facts: Facts, book: Rulebook, pay: Decimal) -> Iterable[PayLine]:
    found = book.contribution(facts.agreement, AGENT)
    if found is not None and pay:
        yield _share(found, pay, facts.currency)


def _share(found: Contribution, base: Decimal, currency: str, limit: str = "") -> PayLine:
    note = f"{found.percent.normalize():f} % of {amount(base, currency)}{limit} ({found.sourced.words})."
    return PayLine(found.name, percent_of(base, found.percent), currency, note, found.sourced.unverified)


def _has_residuals(facts: Facts) -> bool:
    roles = {use.role for use in facts.uses}
    return facts.agreement == Agreement.SAG_TV_THEATRICAL and UseRole.PRINCIPAL in roles
