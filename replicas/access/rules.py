"""The rulebook for the public page: rows in words, with their sources. The same for everybody, and made once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from replicas.access.sources import Source, sources
from replicas.rules.rulebook import RULES, Rule
from replicas.rules.rulebook.stages import Basis, Effect, Jurisdiction, Theme
from replicas.rules.rulebook.words import day_words, label, listed
from replicas.rules.vocabulary import Agreement


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as its row shows it. ``stages`` are those of its own effect; ``holds`` says under which agreement,
    where and when (empty: always)."""

    rule: Rule
    binds: str
    stages: str
    bases: str
    holds: str
    sources: tuple[Source, ...]

    @property
    def effects(self) -> list[tuple[Effect, str]]:
        """(effect, when) beginning with the rule's own, which needs no when."""
        rule = self.rule
        at = {
            effect: listed(stage.label.lower() for stage, other in rule.effects.items() if other is effect)
            for effect in rule.effects.values()
        }
        return [(rule.effect, ""), *at.items(), *rule.otherwise.items()]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    theme: Theme
    rows: tuple[RuleRow, ...]


@cache
def rule_groups(effect: Effect | None = None, basis: Basis | None = None) -> tuple[RuleGroup, ...]:
    """The rules by theme, in order; those that can have ``effect`` and stand on ``basis`` where given. No queries."""
    kept = [
        _row(rule)
        for rule in RULES
        if (effect is None or effect in rule.possible_effects) and (basis is None or basis in rule.bases)
    ]
    groups = (RuleGroup(theme, tuple(row for row in kept if row.rule.theme is theme)) for theme in Theme)
    return tuple(group for group in groups if group.rows)


def _row(rule: Rule) -> RuleRow:
    return RuleRow(
        rule=rule,
        binds=_capitalized(listed(_small(party.label) for party in rule.binds)),
        stages=_sentence(stage.label for stage in rule.stages if stage not in rule.effects),
        bases=_sentence((basis.label for basis in rule.bases), " · "),
        holds=_holds(rule),
        sources=tuple(sources()[key] for key in rule.sources),
    )


def _holds(rule: Rule) -> str:
    """“Under SAG-AFTRA TV/Theatrical 2026, from Jul 1, 2026.”"""
    parts = []
    if rule.agreements:
        parts.append(f"under {listed(sorted(label(Agreement, code) for code in rule.agreements))}")
    if rule.jurisdictions:
        parts.append(f"in {listed(sorted(label(Jurisdiction, code) for code in rule.jurisdictions))}")
    parts += _dated(rule.effective_from, "from") + _dated(rule.effective_to, "until")
    return _capitalized(", ".join(parts))


def _sentence(words: Iterable[str], between: str = ", ") -> str:
    """Labels one after another, only the first with a capital letter."""
    return _capitalized(between.join(map(_small, words)))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


def _dated(day: date | None, word: str) -> list[str]:
    return [f"{word} {day_words(day)}"] if day else []
