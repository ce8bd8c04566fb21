"""The calculation, to the cent: scan day, replica days, contributions and their ceiling, the agent on top."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from replicas.rulebook import from_files
from replicas.rules.pay import NO_SCAN, RESIDUALS, SAME_PICTURE, breakdown, percent_of
from replicas.rules.rates import in_force
from replicas.rules.rulebook.facts import Facts, ProductionFacts, ReplicaFacts, ScanFacts
from replicas.rules.vocabulary import Agreement
from tests.replicas.rulebook.cases import use

SAG = Agreement.SAG_TV_THEATRICAL
IN_2026 = date(2026, 11, 25)


def asked(*uses, kind="badr", agreement=SAG, day=IN_2026, project="feature", made_for="Low Tide", currency="USD"):
    """Facts and figures of a request for ``uses`` on ``day``."""
    book = in_force(from_files(), day)
    rates = {name: rate.value for name, rate in book.rates_of(agreement).items() if rate.currency == currency}
    facts = Facts(
        day=day,
        agreement=agreement,
        currency=currency,
        uses=uses or (use(project="Harbor Lights"),),
        replica=ReplicaFacts(kind=kind, captured_for=made_for),
        production=ProductionFacts(project="Harbor Lights", kind=project),
        rates=rates,
        rates_currency=currency,
    )
    return facts, book


def sums(facts, book, **how) -> tuple[str, list[str], str]:
    """What reaches the performer, what comes on top, and the total, as text."""
    found = breakdown(facts, book, **how)
    return f"{found.pay.amount:.2f}", [f"{line.amount:.2f}" for line in found.on_top], f"{found.total.amount:.2f}"


PRINCIPAL = use(role="principal", project="Harbor Lights", replica_days=2, fee=Decimal("2566.00"))


@pytest.mark.parametrize(
    ("facts", "has_agent", "pay", "on_top", "total"),
    [
        # three background days at the minimum, 21.5 % of 693.00 is 148.995, rounded up
        (asked(), False, "693.00", ["149.00"], "842.00"),
        (asked(), True, "693.00", ["149.00", "69.30"], "911.30"),
        # above the minimum the agreed fee counts
        (asked(use(fee=Decimal("900.00"))), False, "900.00", ["193.50"], "1093.50"),
        # below it, under a union, the minimum does; in a principal’s role that is the day performer’s
        (asked(use(fee=Decimal("100.00"))), False, "693.00", ["149.00"], "842.00"),
        (asked(use(role="principal", fee=Decimal("100.00"))), False, "3849.00", ["846.78"], "4695.78"),
        # employment-based and independently created replicas: the day performer’s minimum, 22 %
        (asked(PRINCIPAL, kind="ebdr"), False, "2566.00", ["564.52"], "3130.52"),
        (asked(use(fee=Decimal("693.00")), kind="ebdr"), False, "3849.00", ["846.78"], "4695.78"),
        (asked(PRINCIPAL, kind="icdr"), False, "2566.00", ["564.52"], "3130.52"),
        # the day before the raise: 224, 20.5 %
        (asked(use(fee=Decimal(0)), day=date(2026, 6, 30)), False, "672.00", ["137.76"], "809.76"),
        (asked(use(fee=Decimal(0)), day=date(2026, 7, 1)), False, "693.00", ["149.00"], "842.00"),
        # no union agreement: what is agreed counts, no contributions are known, an agent still gets theirs on top
        (asked(use(fee=Decimal("100.00")), agreement=Agreement.NONE), True, "100.00", ["10.00"], "110.00"),
        # no rates known: the agreed fee; contributions of that agreement
        (asked(agreement=Agreement.SAG_COMMERCIALS), False, "693.00", ["162.86"], "855.86"),
        (asked(agreement=Agreement.EQUITY_PACT, currency="GBP"), True, "693.00", [], "693.00"),
        # background and principal uses in one request, each group with its per cent, principals first
        (asked(use(), PRINCIPAL, kind="ebdr"), False, "6415.00", ["1411.30"], "7826.30"),
        (
            asked(use(fee=Decimal("693.00")), use(role="principal", replica_days=1, fee=Decimal("1283.00"))),
            False,
            "1976.00",
            ["282.26", "149.00"],
            "2407.26",
        ),
        # the ceiling: 22 % of 232,000.00 for a feature, of 35,000.00 for an episode, of everything elsewhere
        (asked(use(role="principal", fee=Decimal("300000.00"))), False, "300000.00", ["51040.00"], "351040.00"),
        (
            asked(use(role="principal", fee=Decimal("300000.00")), project="series"),
            False,
            "300000.00",
            ["7700.00"],
            "307700.00",
        ),
        (
            asked(use(role="principal", fee=Decimal("300000.00")), project="game"),
            False,
            "300000.00",
            ["66000.00"],
            "366000.00",
        ),
    ],
)
def test_the_calculation_to_the_cent(facts, has_agent, pay, on_top, total):
    assert sums(*facts, has_agent=has_agent) == (pay, on_top, total)


def test_a_ceiling_is_one_for_both_groups():
    principal = use(role="principal", fee=Decimal("231000.00"))
    facts, book = asked(principal, use(fee=Decimal("5000.00")))
    found = breakdown(facts, book)
    # 22 % of 231,000.00, then 21.5 % of the 1,000.00 that are left below 232,000.00
    assert [line.amount for line in found.on_top] == [Decimal("50820.00"), Decimal("215.00")]
    assert "up to $232,000" in found.on_top[1].note


@pytest.mark.parametrize(
    ("scan", "kind", "paid"),
    [
        (None, "badr", "0.00"),
        (ScanFacts(own_day=False, role="background"), "badr", "0.00"),
        (ScanFacts(own_day=True, role="background", hours=Decimal(2)), "badr", "231.00"),
        (ScanFacts(own_day=True, role="background", hours=Decimal(2), by_request=True), "badr", "231.00"),
        (ScanFacts(own_day=True, role="principal", hours=Decimal(4), by_request=True), "ebdr", "641.50"),
        (ScanFacts(own_day=True, role="principal", hours=Decimal("4.25"), by_request=True), "ebdr", "1283.00"),
        (ScanFacts(own_day=True, role="principal", hours=Decimal(4), by_request=False), "ebdr", "1283.00"),
        (ScanFacts(own_day=True, role="principal", pay=Decimal("1500.00")), "ebdr", "1500.00"),
    ],
)
def test_the_scan_day(scan, kind, paid):
    facts, book = asked(kind=kind)
    assert f"{breakdown(facts, book, scan=scan).lines[0].amount:.2f}" == paid


def test_the_same_picture_costs_background_nothing_more_and_says_that_this_is_unverified():
    facts, book = asked(use(project="Harbor Lights", fee=Decimal(0)), made_for="Harbor Lights")
    line = breakdown(facts, book).lines[1]
    assert (line.amount, line.unverified, SAME_PICTURE in line.note) == (Decimal(0), True, True)
    other, _ = asked(use(project="Harbor Lights", fee=Decimal(0)), made_for="Low Tide")
    assert breakdown(other, book).lines[1].amount == Decimal("693.00")


def test_every_figure_says_where_it_comes_from_and_how_sure_that_is():
    facts, book = asked()
    found = breakdown(facts, book, has_agent=True, to="To Maya Reyes")
    assert [line.label for line in found.lines] == ["Scan day", "Crowd at the harbor fair"]
    assert [line.label for line in found.on_top] == ["Pension and health, background", "The agent, on top"]
    assert found.pay.label == "To Maya Reyes"
    assert found.lines[0].note == NO_SCAN
    assert found.lines[1].note == (
        "3 days × $231. Minimum $231 a day since Jul 1, 2026 (general background, 8 hours; H1: $187 in 2023, with the "
        "raises since; worked out from sourced figures, not checked by a lawyer)."
    )
    assert found.on_top[1].note == "10 % of $693 (C2; primary text seen, not checked by a lawyer)."
    assert found.notes == ()


def test_a_principals_use_has_residuals():
    facts, book = asked(PRINCIPAL, kind="ebdr")
    assert breakdown(facts, book).notes == (RESIDUALS,)
    assert breakdown(replace(facts, agreement=Agreement.NONE), book).notes == ()


def test_no_minimum_in_another_currency():
    facts, book = asked(currency="EUR")
    found = breakdown(facts, book)
    assert (found.pay.amount, "No minimum is known" in found.lines[1].note) == (Decimal("693.00"), True)


@pytest.mark.parametrize(
    ("base", "percent", "rounded"),
    [("693.00", "21.5", "149.00"), ("0.02", "25", "0.01"), ("0.01", "49", "0.00"), ("0.01", "50", "0.01")],
)
def test_half_a_cent_is_rounded_up(base, percent, rounded):
    assert percent_of(Decimal(base), Decimal(percent)) == Decimal(rounded)
