"""Every rule over its truth table: when it fires, when it stays quiet, and the second or day on which that changes."""

import pytest

from replicas.rules.rulebook import RULES, Facts, Stage, judge, judged_ids
from tests.replicas.rulebook import cases_scanning

CASES = cases_scanning.CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_says_what_its_table_says(case):
    found = [finding for finding in judge(case.facts, case.stage) if finding.rule == case.rule]
    assert [(finding.effect, finding.field, finding.use) for finding in found] == list(case.says)


def test_every_rule_that_judges_fires_somewhere_and_stays_quiet_somewhere():
    judging = {rule.id for rule in RULES if rule.judge}
    assert {case.rule for case in CASES if case.says} == judging
    assert {case.rule for case in CASES if not case.says} == judging


def test_nothing_known_is_nothing_to_say():
    assert {stage: judge(Facts(), stage) for stage in Stage} == {stage: [] for stage in Stage}


def test_what_was_asked_is_kept_with_its_version_whether_or_not_it_fired():
    assert judged_ids(Stage.SCAN, Facts(jurisdictions=frozenset({"US-IL"}))) == ["R05.1", "R06.1", "R25.1"]
    assert judged_ids(Stage.SCAN, Facts(jurisdictions=frozenset({"US-CA"}))) == ["R05.1", "R06.1"]
