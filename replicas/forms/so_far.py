"""A request that is still being written, as the rulebook can read it: half a form is no reason to be silent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from replicas.forms.terms import LinesField, TermsForm, UseForm
from replicas.rules.rulebook.facts import UseFacts
from replicas.rules.terms import OfferedTerms

Place = tuple[int | None, str]  # the position of a use (None: the request as a whole) and the field's name


@dataclass(frozen=True, slots=True)
class SoFar:
    """``terms`` carry what the request says as a whole and no uses; ``uses`` what can be read of each, None for the
    rest. ``unwritten`` are the places with nothing in them yet; ``titles`` the uses' names."""

    terms: OfferedTerms
    uses: tuple[UseFacts, ...]
    unwritten: frozenset[Place]

    @property
    def titles(self) -> list[str]:
        return [use.title or "" for use in self.uses]


def so_far(form: TermsForm, project: str) -> SoFar:
    """What stands in a bound ``form``, whether or not it could be sent. ``project`` is the title it is for."""
    form.is_valid()
    whole = _read(form, ("business_reason", "currency", "disclosure"))
    terms = OfferedTerms((), whole["business_reason"] or "", whole["currency"] or "", whole["disclosure"] or "")
    blank: set[Place] = {(None, name) for name in _blank(form)}
    uses = []
    for position, use in enumerate(form.uses):
        uses.append(_use(use, project))
        blank |= {(position, name) for name in _blank(use)}
    return SoFar(terms, tuple(uses), frozenset(blank))


def _use(form: UseForm, project: str) -> UseFacts:
    values = _read(form, UseForm.base_fields)
    for name in ("ai", "sensitive", "languages"):
        values[name] = None if values[name] is None else tuple(values[name])
    return UseFacts(**values, project=project)


def _read(form: forms.Form, names: Iterable[str]) -> dict[str, Any]:
    """The clean values; a text that has a fault as it was typed, because the fault is what a rule is about."""
    values = {}
    for name in names:
        values[name] = form.cleaned_data.get(name)
        if name not in form.cleaned_data and isinstance(form.fields[name], LinesField):
            values[name] = str(form[name].value() or "")
        elif values[name] == "" and isinstance(form.fields[name], forms.ChoiceField):
            values[name] = None
    return values


def _blank(form: forms.Form) -> list[str]:
    return [bound.name for bound in form if not str(bound.value() or "").strip()]
