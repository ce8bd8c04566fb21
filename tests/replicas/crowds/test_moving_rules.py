"""The house's moves, raises and variants, as tables: what is open when, what a better offer makes of each round."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from accounts.rules.refusal import Refused
from replicas.rules.crowds import CrowdState
from replicas.rules.crowds.moving import CrowdMove, check_more, check_nudge, judge_crowd, next_nudge
from replicas.rules.crowds.raising import amended, amended_fees, amendment, check_raise, next_round, with_fees
from replicas.rules.crowds.variants import key_of, variants
from replicas.rules.terms import OfferedTerms, UseTerms, digest, document

AT = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LA = ZoneInfo("America/Los_Angeles")
OPEN_IN = {
    CrowdState.OPEN: set(CrowdMove),
    CrowdState.FILLED: {CrowdMove.RAISE, CrowdMove.MORE},
}


def use(title="Crowd", fee=200, **changes):
    values = {"description": "In the crowd.", "role": "background", "medium": "streaming", "territory": "world"}
    days = {"starts_on": date(2027, 5, 1), "ends_on": date(2028, 5, 1)}
    return UseTerms(title=title, fee=Decimal(fee), **{**values, **days, **changes})


def terms(*uses, **changes):
    return OfferedTerms(uses=uses or (use(),), business_reason="The fair can't be built again.", **changes)


def refused_by(check, *given, **known):
    try:
        check(*given, **known)
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("move", CrowdMove)
def test_which_move_is_open_in_which_state_to_whom(move):
    for state, may_act, people in product(CrowdState, (True, False), (0, 1, 80)):
        found = refused_by(judge_crowd, move, state=state, may_act=may_act, people=people)
        if not may_act:
            assert found == "not-yours"
        elif move not in OPEN_IN.get(state, set()):
            assert found == f"crowd-{state.value}"
        elif people == 0 and move in (CrowdMove.NUDGE, CrowdMove.ACCEPT, CrowdMove.PROMOTE):
            assert found == "nobody"
        else:
            assert found == ""


def test_a_nudge_may_go_every_24_hours_to_the_second():
    assert next_nudge(None, at=AT) is None
    assert next_nudge(AT, at=AT + DAY) is None
    assert next_nudge(AT, at=AT + DAY - SECOND) == AT + DAY
    check_nudge(AT, at=AT + DAY, zone=LA)
    with pytest.raises(Refused) as refused:
        check_nudge(AT, at=AT, zone=LA)
    assert "Mar 13" in refused.value.sentence


@pytest.mark.parametrize(
    ("needed", "more", "code"),
    [(5, 0, "no-number"), (5, 40, ""), (5, 41, "too-many"), (45, 1, "too-many")],
)
def test_how_many_more_may_be_needed_of_a_list_of_45(needed, more, code):
    assert refused_by(check_more, needed, more, people=45) == code


def test_too_many_more_says_how_many_there_could_be():
    for needed, sentence in ((5, "Ask for 40 more at most"), (45, "To ask others, make another crowd.")):
        with pytest.raises(Refused) as refused:
            check_more(needed, 500, people=45)
        assert sentence in refused.value.sentence


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (terms(use(fee=201)), ""),
        (terms(use(fee=200)), "nothing-changed"),
        (terms(use(fee=199)), "fee-lower"),
        (terms(use(fee=201, territory="us")), "not-a-raise"),
        (terms(use(fee=201), use("More", 10)), "not-a-raise"),
        (terms(use(fee=201), currency="CAD"), "not-a-raise"),
    ],
)
def test_what_counts_as_a_raise(raised, code):
    assert refused_by(check_raise, terms(), raised) == code


def test_one_fee_can_not_pay_for_another():
    offer = terms(use(fee=200), use("Trailer", 100))
    with pytest.raises(Refused) as refused:
        with_fees(offer, [Decimal(300), Decimal(99)])
    assert refused.value.code == "fee-lower"
    assert with_fees(offer, [Decimal(200), Decimal(101)]).total == 301


OFFER = terms(use(fee=250), use("Trailer", 100))
BEFORE = terms(use(fee=200), use("Trailer", 100))


@pytest.mark.parametrize(
    ("current", "countered", "then"),
    [
        (BEFORE, False, OFFER),
        (OFFER, False, None),
        (terms(use(fee=300), use("Trailer", 100)), False, None),  # agreed on more: keeps it
        (terms(use(fee=220), use("Trailer", 150)), False, terms(use(fee=250), use("Trailer", 150))),
        (terms(use(fee=220)), False, terms(use(fee=250))),  # only one of the two uses
        (terms(use(fee=220, territory="us")), False, None),  # another use: the offer says nothing about it
        (terms(use(fee=200), currency="CAD"), False, None),
        (terms(use(fee=900)), True, OFFER),  # a counter-offer is answered with the offer
    ],
)
def test_the_round_each_gets_from_a_better_offer(current, countered, then):
    assert next_round(current, OFFER, countered=countered) == then


def test_a_license_gets_each_better_fee_and_keeps_what_was_signed():
    signed = document(terms(use(fee=200), use("Trailer", 120)), parties={})
    fees = amended_fees(signed, OFFER)
    assert fees == [Decimal(250), Decimal(120)]
    first = amendment("L-1", 1, signed, fees, "hash")
    assert first["uses"] == [
        {"title": "Crowd", "fee_before": "200.00", "fee": "250.00"},
        {"title": "Trailer", "fee_before": "120.00", "fee": "120.00"},
    ]
    now = amended(signed, [first])
    assert [each["fee"] for each in now["uses"]] == ["250.00", "120.00"]
    assert [each["fee"] for each in signed["uses"]] == ["200.00", "120.00"]
    assert amended_fees(now, OFFER) is None
    assert amended(signed, []) is signed
    assert amended_fees(document(terms(currency="CAD"), parties={}), OFFER) is None
    assert digest(first) != digest(amendment("L-2", 1, signed, fees, "hash"))


def test_who_asks_for_the_same_is_one_variant_without_a_name_and_the_order_tells_nobody():
    offer = terms()
    more, other = terms(use(fee=300)), terms(use(fee=200, territory="us"))
    both, reasoned = terms(use(fee=300, territory="us")), replace(more, business_reason="Another reason.")
    found = variants([more, other, more, both, more, reasoned], offer=offer, band=Decimal(300))
    assert [one.headline for one in found] == [
        "3 ask for $300",
        "1 asks for other changes",
        *sorted(
            ["1 asks for $300 and other changes"] * 2,
        ),
    ]
    assert [one.in_band for one in found] == [True] * 4
    assert variants([more], offer=offer, band=None)[0].in_band is False
    assert variants([terms(currency="CAD")], offer=offer, band=Decimal(900))[0].in_band is False
    assert len({one.key for one in found}) == 4
    assert found == variants([both, reasoned, more, more, other, more], offer=offer, band=Decimal(300))
    assert key_of(more) == key_of(terms(use(fee=Decimal("300.00"))))
    assert variants([], offer=offer, band=None) == []
