"""Asking the rulebook inside an action: a finding that stops it is a refusal, what was asked is kept."""

from collections.abc import Sequence

from accounts.rules.refusal import Refused
from replicas.models import ReuseRequest
from replicas.rules.findings import refusal_of
from replicas.rules.rulebook import judge, judged_ids
from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.stages import Stage


def check(request: ReuseRequest, facts: Facts, stage: Stage) -> list[str]:
    """The rules that were asked, with their versions, to be kept. Raises Refused with the first that stops it."""
    found = judge(facts, stage)
    if refusal := refusal_of(found, _titles(facts)):
        code, sentence = refusal
        raise Refused(code, sentence, subject=request.subject)
    return judged_ids(stage, facts)


def _titles(facts: Facts) -> Sequence[str]:
    return [use.title or "" for use in facts.uses]
