"""The list of rules, and what one of them is. A rule is a pure function with what has to be said about it beside it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from replicas.rules.rulebook.facts import Facts
from replicas.rules.rulebook.findings import Finding, Hit
from replicas.rules.rulebook.stages import Basis, Effect, Grade, Party, Stage, Theme

Judge = Callable[[Facts], Iterable[Hit]]
NOTHING: Mapping[Stage, Effect] = MappingProxyType({})
NO_WORDS: Mapping[Effect, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rulebook.

    ``effect`` is the strongest it has; ``effects`` says where a stage has another, ``otherwise`` in words when the
    facts make it a weaker one ("without a union agreement"). ``bases`` name the portal wherever it asks more than a
    contract or a law would. ``sources`` are keys of the list of sources, ``grade`` that of the weakest of them, and
    ``contract`` the agreement and clause in words. It holds under ``agreements`` and in ``jurisdictions``
    (empty: everywhere), from ``effective_from`` through ``effective_to`` (both days included; None: no limit).
    ``judge`` is None for what no stage can judge. ``by_hand`` says who or what sees to that, or to the part of a
    rule that this portal is not told enough to judge.
    """

    id: str
    version: int
    name: str
    theme: Theme
    binds: tuple[Party, ...]
    stages: tuple[Stage, ...]
    effect: Effect
    bases: tuple[Basis, ...]
    sources: tuple[str, ...]
    grade: Grade
    why: str
    contract: str = ""
    agreements: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    effects: Mapping[Stage, Effect] = field(default_factory=lambda: NOTHING)
    otherwise: Mapping[Effect, str] = field(default_factory=lambda: NO_WORDS)
    judge: Judge | None = None
    by_hand: str = ""

    @property
    def key(self) -> str:
        return f"{self.id}.{self.version}"

    @property
    def possible_effects(self) -> set[Effect]:
        """Every effect a finding of this rule can have."""
        return {self.effect, *self.effects.values(), *self.otherwise}

    def holds(self, facts: Facts) -> bool:
        """Whether the rule is about these facts at all: the agreement, the place and the day. An unknown agreement or
        place is not one the rule names; on an unknown day every rule is in force."""
        if self.agreements and facts.agreement not in self.agreements:
            return False
        if self.jurisdictions and self.jurisdictions.isdisjoint(facts.jurisdictions):
            return False
        day = facts.day
        if day is None:
            return True
        return (self.effective_from is None or day >= self.effective_from) and (
            self.effective_to is None or day <= self.effective_to
        )

    def findings(self, facts: Facts, stage: Stage) -> list[Finding]:
        """What the rule has to say about these facts at this stage, in the order of its function."""
        if self.judge is None:
            return []
        usual = self.effects.get(stage, self.effect)
        return [
            Finding(
                rule=self.id,
                version=self.version,
                effect=hit.effect or usual,
                what=hit.what,
                why=hit.why or self.why,
                mend=hit.mend,
                field=hit.field,
                use=hit.use,
                grade_words=self.grade.label,
            )
            for hit in self.judge(facts)
        ]


_RULES: dict[str, Rule] = {}


def rule(entry: Rule) -> Callable[[Judge], Judge]:
    """Enters the function below into the rulebook as the judge of ``entry``. Raises ValueError for a taken id.

    The version goes up whenever what the function decides changes, so that a stored ``R05.1`` keeps its meaning.
    """

    def enter(judge: Judge) -> Judge:
        _enter(replace(entry, judge=judge))
        return judge

    return enter


def listed(entry: Rule) -> None:
    """Enters a rule no stage can judge; ``by_hand`` says who or what sees to it. Raises ValueError for a taken id."""
    _enter(entry)


def _enter(entry: Rule) -> None:
    if entry.id in _RULES:
        raise ValueError(f"There are two rules {entry.id}.")
    _RULES[entry.id] = entry


def in_order() -> tuple[Rule, ...]:
    """Every rule entered so far, by id."""
    return tuple(_RULES[ident] for ident in sorted(_RULES))
