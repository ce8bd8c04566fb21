"""Every rule over its truth table: when it fires, when it stays quiet, and the second or day on which that changes."""

import pytest

from replicas.rules.rulebook import RULES, Facts, Stage, judge, judged_ids
from tests.replicas.rulebook import (
    cases_asking,
    cases_consent,
    cases_content,
    cases_custody,
    cases_pay,
    cases_scope,
    cases_spans,
)
from tests.replicas.rulebook.cases import COMPOSING, TV, facts, places

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
    assert [rule.id for rule in RULES if rule.by_hand] == ["R20", "R32", "R36", "R42"]


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


def test_what_was_asked_is_kept_with_its_version_whether_or_not_it_fired():
    asked = ["R01.1", "R02.1", "R04.1", "R05.1", "R06.1", "R10.1"]
    pay = ["R30.1", "R34.1"]
    assert judged_ids(Stage.SCAN, Facts(**places("US-IL"))) == [*asked, "R25.1", *pay]
    assert judged_ids(Stage.SCAN, Facts(**places("US-CA"))) == [*asked, *pay]
