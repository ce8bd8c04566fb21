"""Rules as numbers answer as the rules themselves do, for every rule and every term they claim to know."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from replicas.rules.guardrails import Floor, Guardrails
from replicas.rules.guardrails.judging import judge_guardrails
from replicas.rules.permitted import SearchTerms, allows, asked_uses, refused_words, rule_set
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory
from tests.replicas.permitted_cases import as_offer, guardrails, offers, searches

OPEN = Guardrails(never_ai=frozenset())
MANY = settings(max_examples=400, deadline=None)


def judged(rules, terms, *, voiced):
    """What the rules themselves say about the terms alone: nobody is blocked, and the time to answer is no term."""
    return not judge_guardrails(replace(rules, blocked=frozenset()), terms, 7, voiced=voiced)


@MANY
@given(guardrails(), offers())
def test_numbers_agree_with_the_rules_on_any_round_of_terms(rules, terms):
    numbers, uses = rule_set(rules), asked_uses(terms)
    for voiced in (True, False):
        assert all(allows(numbers, use, voiced=voiced) for use in uses) == judged(rules, terms, voiced=voiced)


@MANY
@given(guardrails(), searches())
def test_numbers_agree_with_the_rules_on_any_search(rules, search):
    terms, kept = as_offer(search, rules)
    for voiced in (True, False):
        assert allows(rule_set(rules), search.asked(), voiced=voiced) == judged(
            replace(rules, **kept), terms, voiced=voiced
        )


@pytest.mark.parametrize("words", [Medium, Sensitive, AIUse, Territory])
def test_every_word_is_told_apart(words):
    """One rule about one word, asked about each word: only where the rule itself says no."""
    names = {Medium: "never_media", Sensitive: "never_content", AIUse: "never_ai", Territory: "never_territories"}
    for never in words:
        rules = replace(OPEN, **{names[words]: frozenset({never.value})})
        for asked in words:
            search = SearchTerms(
                medium=asked if words is Medium else Medium.STREAMING,
                territory=asked if words is Territory else Territory.AFRICA_MIDDLE_EAST,
                content=(asked,) if words is Sensitive else (),
                ai=(asked,) if words is AIUse else (),
            )
            expected = judged(rules, as_offer(search, rules)[0], voiced=True)
            assert allows(rule_set(rules), search.asked()) is expected, (never, asked)
            if words is not Territory:
                assert expected is (never is not asked)


def test_whom_somebody_will_not_work_for_and_how_they_are_asked_make_no_difference():
    rules = replace(OPEN, never_media=frozenset({"game"}))
    assert rule_set(rules) == rule_set(replace(rules, blocked=frozenset({1, 2})))
    assert rule_set(rules).key == rule_set(replace(rules, blocked=frozenset({3}))).key
    assert rule_set(rules).key != rule_set(OPEN).key


def test_a_least_fee_of_nothing_is_none():
    free = replace(OPEN, floors=frozenset({Floor("background", "USD", Decimal(0))}))
    assert rule_set(free) == rule_set(OPEN)


@pytest.mark.parametrize(("fee", "days", "enough"), [("299.99", 3, False), ("300", 3, True), ("100", 0, True)])
def test_the_least_fee_counts_whole_days(fee, days, enough):
    rules = replace(OPEN, floors=frozenset({Floor("background", "USD", Decimal(100))}))
    search = SearchTerms(medium="streaming", territory="us", fee=Decimal(fee))
    offer = as_offer(search, rules)[0]
    offer = replace(offer, uses=(replace(offer.uses[0], replica_days=days),))
    assert allows(rule_set(rules), asked_uses(offer)[0]) is enough is judged(rules, offer, voiced=True)


def test_the_same_terms_have_the_same_key_in_any_order():
    one = SearchTerms(medium="game", territory="us", content=("drugs", "crime"))
    assert one.key == replace(one, content=("crime", "drugs")).key
    assert one.key != replace(one, content=("crime",)).key
    assert one.key != replace(one, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2)).key


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, ""), (1, ""), (4, ""), (5, "5"), (9, "5"), (10, "10"), (212, "210"), (9_999, "9,995"), (10_001, "10,000+")],
)
def test_the_refused_are_counted_in_steps_of_five(number, words):
    assert refused_words(number, 10_000) == words
