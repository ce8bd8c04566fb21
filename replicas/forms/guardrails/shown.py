"""The form of standing rules as its page shows it: switches, the matrix and its cells, what is locked and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from replicas.rules.guardrails import SETS, Guardrails
from replicas.rules.guardrails.judging import pair_words
from replicas.rules.guardrails.merging import FIELDS, Layer, all_of
from replicas.rules.guardrails.words import ANSWER_SENTENCES
from replicas.rules.money import written
from replicas.rules.vocabulary import Currency, Medium, Sensitive, UseRole

ASK, NEVER = "ask", "never"


@dataclass(frozen=True, slots=True)
class Switch:
    """One question of the form. ``locked`` names whose rule it is when it can't be answered."""

    name: str
    label: str
    value: str
    locked: str
    when_asked: str
    when_never: str
    errors: Any
    cells: Sequence["Cell"] = ()

    @property
    def chosen(self) -> int:
        """How many of its cells say never."""
        return sum(1 for cell in self.cells if cell.never)


@dataclass(frozen=True, slots=True)
class Cell:
    """One medium with one content class: never together, or asked like everything else."""

    name: str
    words: str
    column: str
    never: bool
    locked: str


class Shown(forms.Form):
    """What the template reads of a form that knows its ``layers`` and what is saved (``before``)."""

    layers: Sequence[Layer]
    before: Guardrails

    def locked(self, name: str) -> str:
        """Whose rule already says never at this switch, or ""."""
        return next((layer.name for layer in self.layers if says_never(layer.rules, name)), "")

    @property
    def contents(self) -> list[Switch]:
        """The columns of the matrix."""
        return self._switches("never_content")

    @property
    def matrix(self) -> list[Switch]:
        """The rows of the matrix, each with its cells."""
        return [
            replace(switch, cells=[self._cell(medium, content) for content in Sensitive])
            for switch, medium in zip(self._switches("never_media"), Medium, strict=True)
        ]

    @property
    def territories(self) -> list[Switch]:
        return self._switches("never_territories")

    @property
    def permissions(self) -> list[Switch]:
        return self._switches("never_ai")

    @property
    def dubbing_switch(self) -> Switch:
        return self._switch("dubbing", "Dubbing into other languages")

    @property
    def floors(self) -> list[tuple[str, list[tuple[str, Any, str]]]]:
        """For each role: each currency with its field and what is inherited in words."""
        inherited = {(floor.role, floor.currency): written(floor.least) for floor in all_of(self.layers).floors}
        return [
            (
                role.label,
                [(money.label, self[floor_of(role, money)], inherited.get((role, money), "")) for money in Currency],
            )
            for role in UseRole
        ]

    @property
    def fault_count(self) -> int:
        return sum(1 for name in self.errors if name != NON_FIELD_ERRORS)

    def _switches(self, attribute: str) -> list[Switch]:
        return [self._switch(name_of(attribute, word), word.label) for word in SETS[attribute]]

    def _switch(self, name: str, label: str) -> Switch:
        value = str(self[name].value() or (NEVER if says_never(self.before, name) else ASK))
        return Switch(name, label, value, self.locked(name), *ANSWER_SENTENCES, self[name].errors)

    def _cell(self, medium: Medium, content: Sensitive) -> Cell:
        name = pair_of(medium, content)
        locked = next((layer.name for layer in self.layers if (medium, content) in layer.rules.never_pairs), "")
        words = pair_words(medium, content)
        return Cell(name, words, content.label, bool(self[name].value()) or bool(locked), locked)


def name_of(attribute: str, word: str) -> str:
    return f"{FIELDS[attribute]}_{word}"


def pair_of(medium: str, content: str) -> str:
    return f"pair_{medium}_{content}"


def floor_of(role: str, currency: str) -> str:
    return f"floor_{role}_{currency}"


def says_never(rules: Guardrails, name: str) -> bool:
    if name == "dubbing":
        return rules.languages is not None
    kind, _, word = name.partition("_")
    attribute = next(attribute for attribute, field in FIELDS.items() if field == kind)
    return word in getattr(rules, attribute)
