"""What may be told of how many would be refused, and what a crowd costs."""

from collections import Counter
from decimal import Decimal

import pytest

from replicas.rules.crowds.drafting import asked_words
from replicas.rules.crowds.preflight import KEPT, NOTICE, Cause, causes_of, cost_of, shown, told
from replicas.rules.guardrails.judging import Ruled
from replicas.rules.pay import Breakdown, PayLine
from tests.factories import offered_terms, use_terms

USD = "USD"


@pytest.mark.parametrize(
    ("number", "of", "blur", "least"),
    [
        (0, 80, 0, None),
        (4, 80, 0, None),
        (5, 80, 0, 5),
        (5, 80, 1, None),
        (9, 80, 0, 5),
        (9, 80, 4, 5),
        (9, 80, 5, None),
        (10, 80, 0, 10),
        (10, 80, 1, 5),
        (80, 80, 0, 75),  # at least five always stay of whom nothing is told
        (10, 10, 0, 5),
        (9, 9, 0, None),
        (5, 5, 0, None),
        (1, 1, 0, None),
    ],
)
def test_counts_are_told_in_whole_steps_of_five_and_never_of_everybody(number, of, blur, least):
    assert told(number, of, blur=blur) == least


def test_what_is_told_is_never_more_than_is_true_nor_leaves_fewer_than_five_untold():
    for of in range(30):
        for number in range(of + 1):
            for blur in range(5):
                least = told(number, of, blur=blur)
                assert least is None or (5 <= least <= min(number, of - 5) and least % 5 == 0)


def test_nobody_and_a_few_look_the_same():
    assert {told(number, 80, blur=blur) for number in range(5) for blur in range(5)} == {None}


def ruled(about: str, phrase: str, use: str = "Crowd", **more) -> Ruled:
    return Ruled(use, phrase, "You said never.", about=about, **more)


def test_limits_that_differ_from_person_to_person_are_one_cause():
    terms = offered_terms(use_terms("Crowd"), use_terms("Trailer"))
    fee = Cause(1, "fee", "the fee in “Trailer”")
    for phrase in ("less than $300.00 a day as background", "a fee not in Euros"):
        assert causes_of([ruled("fee", phrase, "Trailer")], terms, named=True) == {fee}
    assert causes_of([ruled("ends_on", "longer than 90 days")], terms, named=True) == {
        Cause(0, "ends_on", "how long it runs in “Crowd”")
    }
    assert causes_of([ruled("territory", "territory: Canada")], terms, named=True) == {
        Cause(0, "territory", "the territory in “Crowd”")
    }
    assert causes_of([ruled("medium", "streaming"), ruled("sensitive", "nudity")], terms, named=True) == {
        Cause(0, "medium", "streaming in “Crowd”"),
        Cause(0, "sensitive", "nudity in “Crowd”"),
    }
    assert causes_of([ruled("answer_by", "less than 96 hours to answer", "")], terms, named=True) == {NOTICE}


def test_a_rule_that_may_not_be_named_is_counted_without_its_name():
    terms = offered_terms(use_terms("Crowd"))
    assert causes_of([ruled("fee", "less than $300"), ruled("medium", "streaming")], terms, named=False) == {KEPT}
    assert causes_of([ruled("", "organization", "", private=True)], terms, named=True) == {KEPT}
    assert causes_of([], terms, named=False) == set()


def test_causes_are_told_the_most_frequent_first_and_small_ones_not_at_all():
    fee, medium, rare = (Cause(0, name, f"{name} in “Crowd”") for name in ("fee", "medium", "ai"))
    counts = Counter({fee: 7, medium: 31, rare: 4})
    found = shown(counts, 80, blur=lambda text: 1)
    assert [(one.words, one.least, one.percent, one.anchor) for one in found] == [
        ("medium in “Crowd”", 30, 37, "id_use-0-medium"),
        ("fee in “Crowd”", 5, 6, "id_use-0-fee"),
    ]


def costing(total: str) -> Breakdown:
    line = PayLine("To each", Decimal(total), USD)
    return Breakdown((line,), line, (), PayLine("In all", Decimal(total), USD))


def test_the_cost_is_between_the_cheapest_and_the_dearest_who_could_say_yes():
    each = Counter({costing("250.00"): 6, costing("275.00"): 3, costing("0.00"): 1})
    cost = cost_of(each, 4)
    assert cost is not None
    assert (cost.number, cost.least, cost.most) == (4, Decimal("750.00"), Decimal("1075.00"))
    assert (cost.usual.total.amount, cost.usual_number) == (Decimal("250.00"), 6)
    assert cost.others == ((3, Decimal("275.00")), (1, Decimal("0.00")))
    everybody = cost_of(each, 10)
    assert everybody is not None
    assert everybody.least == everybody.most == Decimal("2325.00")
    assert cost_of(Counter(), 3) is None


@pytest.mark.parametrize(
    ("needed", "margin", "people", "words"),
    [
        (80, 5, 100, "85 are asked at once; 15 wait as standbys, in the order of the list."),
        (80, 5, 86, "85 are asked at once; one person waits as a standby."),
        (80, 5, 80, "80 are asked at once; nobody is left as a standby."),
        (1, 0, 1, "One person is asked; nobody waits as a standby."),
        (1, 0, 3, "One person is asked; 2 wait as standbys, in the order of the list."),
    ],
)
def test_who_is_asked_and_who_waits_is_said_in_a_sentence(needed, margin, people, words):
    assert asked_words(needed=needed, margin=margin, people=people) == words
