"""Whatever the facts are, the rulebook answers, and answers the same again."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from replicas.rules.rulebook import RULES, Facts, Finding, Stage, judge, judged_ids
from replicas.rules.rulebook.facts import BACKGROUND, DAY_PERFORMER, LicenseFacts, UseFacts
from replicas.rules.rulebook.stages import Deliverable, Grade, Jurisdiction, Represented, Signer
from replicas.rules.vocabulary import Agreement, AIUse, Medium, ProjectKind, ReplicaKind, Sensitive, Territory, UseRole

WORDS = [
    word.value
    for words in (Agreement, AIUse, Medium, ProjectKind, ReplicaKind, Sensitive, Territory, UseRole)
    for word in words
] + [word.value for words in (Deliverable, Represented, Signer) for word in words]
TEXTS = st.sampled_from(["", " ", "In perpetuity, in all media.", "en", "P-1", "P-2", *WORDS]) | st.text(max_size=60)
AMOUNTS = st.decimals(min_value=-1, max_value=10_000_000, places=2) | st.sampled_from([Decimal(0), Decimal(10)])
MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
RATES = st.dictionaries(st.sampled_from([BACKGROUND, DAY_PERFORMER]) | st.text(max_size=5), AMOUNTS, max_size=3)
SCALARS = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(-5, 10_000),
    date: st.dates() | st.sampled_from([date.min, date.max, date(2028, 2, 29)]),
    datetime: MOMENTS,
    Decimal: AMOUNTS,
}


def of_type(kind: object) -> st.SearchStrategy:
    """Values of an annotated type of the facts, so that a new field is covered the day it is written."""
    if isinstance(kind, types.UnionType):
        return st.one_of(*(of_type(part) for part in typing.get_args(kind)))
    if kind is type(None):
        return st.none()
    if kind in SCALARS:
        return SCALARS[kind]
    if dataclasses.is_dataclass(kind):
        return values_of(kind)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Mapping:
        return RATES
    if origin is tuple:
        return st.lists(of_type(parts[0]), max_size=3).map(tuple)
    assert origin is frozenset, kind
    return st.frozensets(st.sampled_from([*WORDS, *(place.value for place in Jurisdiction)]), max_size=4)


def values_of(kind: type) -> st.SearchStrategy:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: of_type(hints[field.name]) for field in dataclasses.fields(kind)})


FACTS = values_of(Facts)


@settings(max_examples=250, deadline=None)
@given(facts=FACTS, stage=st.sampled_from(Stage))
def test_no_combination_of_facts_makes_the_rulebook_raise(facts, stage):
    found = judge(facts, stage)
    assert judge(facts, stage) == found
    asked = judged_ids(stage, facts)
    assert {finding.key for finding in found} <= set(asked)
    assert asked == sorted(set(asked))
    assert [finding.rule for finding in found] == sorted(finding.rule for finding in found)


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, stage=st.sampled_from(Stage))
def test_a_finding_can_be_read(facts, stage):
    names = {field.name for kind in _kinds(Facts) for field in dataclasses.fields(kind)}
    possible = {rule.id: rule.possible_effects for rule in RULES}
    for finding in judge(facts, stage):
        assert isinstance(finding, Finding)
        assert finding.what.endswith((".", "…"))
        assert finding.why.endswith(".")
        assert finding.mend.endswith(".")
        assert finding.effect in possible[finding.rule]
        assert finding.grade_words in {grade.label for grade in Grade}
        assert finding.field in names | {""}
        assert finding.use is None or finding.use < max(len(facts.uses), len(facts.reports))


def _kinds(kind: type) -> set[type]:
    found = {kind, UseFacts, LicenseFacts}
    for hint in typing.get_type_hints(kind).values():
        for part in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(part):
                found.add(part)
    return found


def test_every_rule_reads_as_a_whole():
    for rule in RULES:
        assert rule.why.endswith("."), rule.id
        assert rule.binds, rule.id
        assert rule.bases, rule.id
        assert rule.sources, rule.id
        assert bool(rule.stages) is bool(rule.judge), rule.id
        assert set(rule.effects) <= set(rule.stages), rule.id
        assert rule.judge is None or rule.judge.__doc__, rule.id
