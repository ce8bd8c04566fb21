"""Every rule over its truth table: when it fires, when it stays quiet, and the second or day on which that changes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from replicas.rules.rulebook import RULES, Facts, Stage, judge, judged_ids
from replicas.rules.rulebook.facts import PersonFacts, TransferFacts
from tests.replicas.rulebook import (
    cases_asking,
    cases_consent,
    cases_content,
    cases_custody,
    cases_pay,
    cases_scope,
    cases_spans,
)
from tests.replicas.rulebook.cases import COMPOSING, DAY, ONE_DAY, TV, asked, facts, places, scan
from tests.replicas.rulebook.cases_pay import offer

TABLES = (cases_asking, cases_consent, cases_spans, cases_content, cases_scope, cases_pay, cases_custody)
CASES = [case for table in TABLES for case in table.CASES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_says_what_its_table_says(case):
    found = [finding for finding in judge(case.facts, case.stage) if finding.rule == case.rule]
    assert [(finding.effect, finding.field, finding.use) for finding in found] == list(case.says)


def test_every_rule_that_judges_fires_somewhere_and_stays_quiet_somewhere():
    judging = {rule.id for rule in RULES if rule.judge}
    assert {case.rule for case in CASES if case.says} == judging
    assert {case.rule for case in CASES if not case.says} == judging


def test_every_rule_fires_at_each_of_its_stages():
    asked_at = {(rule.id, stage) for rule in RULES if rule.judge for stage in rule.stages}
    assert asked_at - {(case.rule, case.stage) for case in CASES if case.says} == set()


def test_every_effect_a_rule_can_have_is_seen():
    declared = {(rule.id, effect) for rule in RULES if rule.judge for effect in rule.possible_effects}
    assert {(case.rule, effect) for case in CASES for effect, _, _ in case.says} == declared


def test_there_are_forty_two_rules_and_the_rest_says_who_sees_to_it():
    assert [rule.id for rule in RULES] == [f"R{number:02}" for number in range(1, 43)]
    assert [rule.id for rule in RULES if not rule.judge] == ["R20", "R32", "R42"]
    assert [rule.id for rule in RULES if rule.by_hand] == [
        *("R12", "R20", "R24", "R32", "R33", "R35", "R36", "R38", "R40", "R41", "R42")
    ]


def test_nothing_known_is_nothing_to_say():
    assert {stage: judge(Facts(), stage) for stage in Stage} == {stage: [] for stage in Stage}


def test_a_request_nothing_is_wrong_with_has_no_findings():
    assert judge(facts(), COMPOSING) == []


def test_findings_come_in_the_order_of_the_rules():
    found = [
        finding.rule for finding in judge(Facts(uses=facts().uses * 2, struck=True, business_reason=""), COMPOSING)
    ]
    assert found == sorted(found) == ["R06", "R10"]


def test_a_finding_carries_its_rule_and_how_sure_the_source_is():
    (finding,) = judge(facts(struck=True, agreement=TV), COMPOSING)
    assert (finding.key, finding.blocks, finding.what, finding.grade_words) == (
        "R10.1",
        True,
        "A strike stands under SAG-AFTRA TV/Theatrical 2026.",
        "secondary source, not checked by a lawyer",
    )


def said(told: Facts, stage: Stage, rule: str) -> list[str]:
    return [finding.what for finding in judge(told, stage) if finding.rule == rule]


def waiting(days: int) -> Facts:
    """A transfer the union was asked about so many days ago."""
    asked_on = DAY - days * ONE_DAY
    return facts(
        agreement=TV, transfer=TransferFacts(performer_agreed=True, assumption_signed=True, union_asked_on=asked_on)
    )


@pytest.mark.parametrize(
    ("rule", "stage", "told", "words"),
    [
        ("R01", Stage.SCAN, scan(description="", uses=""), "The intended use is missing."),
        ("R01", Stage.SCAN, scan(description="", uses="A crowd."), "The intended use is too short to be specific."),
        ("R01", COMPOSING, asked(description="A crowd."), "The description is too short to be specific."),
        ("R01", COMPOSING, asked(description=" "), "The description is missing."),
        ("R10", COMPOSING, facts(struck=True), "A strike stands under this agreement."),
        ("R24", Stage.LICENSE_USE, waiting(21), "The union was asked on Feb 8, 2027 and has 21 days to answer."),
        ("R24", Stage.LICENSE_USE, waiting(22), "The union has not answered within its 21 days."),
        (
            "R29",
            Stage.LICENSE_USE,
            facts(access_request_sent_on=date(2027, 2, 1)),
            "The performer asked what is held about them; the answer is due Mar 1, 2027.",
        ),
        (
            "R29",
            Stage.LICENSE_USE,
            facts(access_request_sent_on=date(2027, 1, 1)),
            "The performer asked what is held about them; the answer was due Feb 1, 2027.",
        ),
        ("R30", COMPOSING, offer(Decimal(0), replica_days=1), "$0 is below the minimum of $231: 1 day at $231."),
        ("R30", COMPOSING, offer(Decimal("692.99")), "$692.99 is below the minimum of $693: 3 days at $231."),
        (
            "R34",
            COMPOSING,
            facts(contributions_offered=False, contribution=Decimal("21.50")),
            "The offer does not carry the contributions of 21.5%.",
        ),
    ],
)
def test_a_sentence_says_what_is_the_case(rule, stage, told, words):
    assert said(told, stage, rule) == [words]


def test_a_rule_holds_through_its_last_day():
    rule = replace(RULES[0], effective_from=DAY, effective_to=DAY + ONE_DAY)
    days = (DAY - ONE_DAY, DAY, DAY + ONE_DAY, DAY + 2 * ONE_DAY, None)
    assert [rule.holds(Facts(day=day)) for day in days] == [False, True, True, False, True]


def test_a_finding_may_have_a_reason_of_its_own():
    child = asked({"person": PersonFacts(born_on=date(2012, 6, 15))}, sensitive=("nudity",))
    adult = asked(sensitive=("nudity",), rider=False)
    reasons = [next(one.why for one in judge(told, COMPOSING) if one.rule == "R14") for told in (child, adult)]
    usual = next(rule.why for rule in RULES if rule.id == "R14")
    assert reasons[0].startswith("This is forbidden whoever agrees")
    assert reasons[1] == usual


def test_what_was_asked_is_kept_with_its_version_whether_or_not_it_fired():
    asked = ["R01.1", "R02.1", "R04.1", "R05.1", "R06.1", "R10.1"]
    pay = ["R30.1", "R34.1"]
    assert judged_ids(Stage.SCAN, Facts(**places("US-IL"))) == [*asked, "R25.1", *pay]
    assert judged_ids(Stage.SCAN, Facts(**places("US-CA"))) == [*asked, *pay]
