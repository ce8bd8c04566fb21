"""The rulebook: what contracts, law and this portal ask of a scan, a request and a license. Pure.

``judge(facts, stage)`` says what stands in the way and what to think about. Each rule is one small function beside what
has to be said about it; figures that change (rates, contributions, strikes) come in with the facts.
"""

from replicas.rules.rulebook import asking, consent, content, custody, pay, scope, spans  # noqa: F401  (they enter rules)
from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.findings import Finding
from replicas.rules.rulebook.registry import Rule, in_order
from replicas.rules.rulebook.stages import Stage

__all__ = ["RULES", "Facts", "Finding", "Rule", "Stage", "judge", "judged_ids"]

RULES: tuple[Rule, ...] = in_order()
_JUDGED = {stage: tuple(rule for rule in RULES if rule.judge and stage in rule.stages) for stage in Stage}


def judge(facts: Facts, stage: Stage) -> list[Finding]:
    """Every finding of every rule that holds for these facts at this stage, in the order of the rules."""
    return [found for rule in _JUDGED[stage] if rule.holds(facts) for found in rule.findings(facts, stage)]


def judged_ids(stage: Stage, facts: Facts) -> list[str]:
    """The rules asked, whether or not they had anything to say, as kept with a decision: ``["R01.1", "R02.1", …]``."""
    return [rule.key for rule in _JUDGED[stage] if rule.holds(facts)]
