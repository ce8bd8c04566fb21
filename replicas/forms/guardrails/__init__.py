"""The form of standing rules: a matrix of media and content, places, limits, AI and dubbing; an actor's or an agency's.

What is inherited is shown and can't be answered: a locked field is not sent, and then the answer from before is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from accounts.forms.fields import LineField
from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from agencies.models import Organization
from replicas.forms.guardrails.shown import ASK, NEVER, Shown, floor_of, name_of, pair_of
from replicas.forms.terms import AmountField, DaysField
from replicas.rules.guardrails import LEAST_NOTICE, SETS, Floor, Guardrails
from replicas.rules.guardrails.merging import Layer, all_of, loosened, tighten
from replicas.rules.money import written
from replicas.rules.vocabulary import Currency, Medium, Sensitive, UseRole

ANSWERS = [(ASK, "Ask me"), (NEVER, "Never")]
LONGEST = 36_500  # days: a hundred years
NOTICES = {72: "3 days", 96: "4 days", 120: "5 days", 168: "A week", 336: "Two weeks"}
NO_HOUSE = "No casting office or production company has exactly this name. Check how they write it."


class GuardrailsForm(Shown, forms.Form):
    """``start`` fills it; ``before`` is what is saved; ``layers`` what is inherited. ``rules()`` is the person's own.

    ``spoken`` are the languages they act in. ``houses`` may be ruled out, and ``find`` gives another by its exact name.
    An agency's form has neither houses nor the switch about naming the rule, and needs a reason.
    """

    use_required_attribute = False

    longest_days = DaysField(
        label="Longest use, in days",
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text="The first and the last day count: 366 is a year. Empty: no limit.",
        error_messages={
            "invalid": "Write the days as a whole number, like 365.",
            "min_value": "A use runs one day at least.",
            "max_value": f"Write at most {LONGEST:,} days, or leave it empty.",
        },
    )
    notice_hours = forms.ChoiceField(
        label="Least time to answer",
        required=False,
        error_messages={"invalid_choice": "Choose one of the list."},
        help_text="A request that leaves you less is refused.",
    )
    languages = forms.MultipleChoiceField(
        label="Languages you act in",
        required=False,
        choices=Language.choices(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    blocked = forms.TypedMultipleChoiceField(
        label="Organizations I will not work for",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list, or write the name below."},
    )
    block_name = LineField(
        label="Add one by its exact name", required=False, max_length=120, help_text="As it stands in their requests."
    )
    name_the_rule = forms.BooleanField(
        label="Who is refused may be told which rule it was",
        required=False,
        help_text="Then they can mend their terms. Otherwise, and always for an organization above, they read “not "
        "available”. A search for people whose rules allow certain terms leaves you out where yours don’t, and never "
        "says why.",
    )
    reason = LineField(
        label="Why",
        required=False,
        max_length=300,
        help_text="For yourself, in the history.",
        error_messages={"required": "Say why. Your actors read it beside the rules."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        start: Guardrails,
        before: Guardrails,
        layers: Sequence[Layer] = (),
        spoken: Sequence[str] = (),
        houses: Sequence[Organization] = (),
        find: Callable[[str], Organization | None] | None = None,
        name_the_rule: bool = False,
    ) -> None:
        super().__init__(data)
        self.start, self.before, self.layers, self.find = start, before, layers, find
        for attribute, words in SETS.items():
            for word in words:
                self._add_switch(name_of(attribute, word), word in getattr(start, attribute))
        self._add_switch("dubbing", start.languages is not None)
        for medium in Medium:
            for content in Sensitive:
                never = (medium, content) in start.never_pairs
                self.fields[pair_of(medium, content)] = forms.BooleanField(required=False, initial=never)
        least = {(floor.role, floor.currency): written(floor.least) for floor in start.floors}
        for role in UseRole:
            for currency in Currency:
                initial = least.get((role.value, currency.value), "")
                self.fields[floor_of(role, currency)] = AmountField(required=False, initial=initial)
        hours = sorted({*NOTICES, *{start.notice_hours, before.notice_hours} - {LEAST_NOTICE}})
        notices = [(str(hour), NOTICES.get(hour, f"{hour} hours")) for hour in hours]
        self.fields["notice_hours"].choices = [("", self._least_notice()), *notices]  # type: ignore[attr-defined]
        self.initial = {
            "longest_days": start.longest_days,
            "notice_hours": "" if start.notice_hours == LEAST_NOTICE else str(start.notice_hours),
            "languages": sorted(start.languages or spoken or {Language.ENGLISH}),
            "name_the_rule": name_the_rule,
            "blocked": sorted(start.blocked),
        }
        self.fields["blocked"].choices = [(house.pk, house.name) for house in houses]  # type: ignore[attr-defined]
        if find is None:
            for name in ("blocked", "block_name", "name_the_rule"):
                del self.fields[name]
            self.fields["reason"].required = True
            self.fields["reason"].help_text = "Your actors read it beside the rules."

    def _add_switch(self, name: str, never: bool) -> None:
        errors = {"invalid_choice": "Choose “ask me” or “never”.", "required": "Choose “ask me” or “never”."}
        self.fields[name] = forms.ChoiceField(
            choices=ANSWERS, required=not self.locked(name), initial=NEVER if never else ASK, error_messages=errors
        )

    def _least_notice(self) -> str:
        hours = max([LEAST_NOTICE, *(layer.rules.notice_hours for layer in self.layers)])
        return f"{hours // 24} days, like everybody" if hours == LEAST_NOTICE else f"{hours} hours, as inherited"

    # --- What was typed -----------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        name = cleaned.get("block_name")
        if name and self.find:
            house = self.find(name)
            if house is None:
                self.add_error("block_name", NO_HOUSE)
            else:
                cleaned["blocked"] = [*cleaned.get("blocked", []), house.pk]
        if cleaned.get("dubbing") == NEVER and not cleaned.get("languages") and "languages" not in self.errors:
            self.add_error("languages", "Choose the languages you act in, or let dubbing be asked for.")
        if not self.errors:
            self._check_only_tightened()
        return cleaned

    def _check_only_tightened(self) -> None:
        """Says at the field which inherited rule an answer would take back. What stands from before is left alone."""
        own, old = self.rules(), self.before
        merged = tighten(all_of(self.layers), own)
        asked = {
            attribute: frozenset(
                word for word in getattr(merged, attribute) if self.cleaned_data.get(name_of(attribute, word)) != ASK
            )
            for attribute in SETS
        }
        floors = {(floor.role, floor.currency): floor for floor in merged.floors}
        floors |= {(floor.role, floor.currency): floor for floor in own.floors - old.floors}
        days = own.longest_days if own.longest_days not in (None, old.longest_days) else merged.longest_days
        hours = own.notice_hours if own.notice_hours not in (LEAST_NOTICE, old.notice_hours) else merged.notice_hours
        spoken = own.languages if own.languages != old.languages else merged.languages
        if self.cleaned_data.get("dubbing") == ASK:
            spoken = None
        typed = replace(
            merged,
            **asked,
            longest_days=days,
            notice_hours=hours,
            floors=frozenset(floors.values()),
            languages=spoken,
        )
        for loose in loosened(self.layers, typed):
            self.add_error(loose.field if loose.field in self.fields else None, loose.sentence)

    def rules(self) -> Guardrails:
        """What the person said, without what they inherit. Only for a form that was found valid."""
        cleaned = self.cleaned_data
        sets = {
            attribute: frozenset(word.value for word in words if self._never(attribute, word))
            for attribute, words in SETS.items()
        }
        pairs = {(medium.value, content.value) for medium in Medium for content in Sensitive}
        floors = {
            Floor(role.value, currency.value, least)
            for role in UseRole
            for currency in Currency
            if (least := cleaned.get(floor_of(role, currency))) and least > Decimal(0)
        }
        return Guardrails(
            **sets,
            never_pairs=frozenset(
                pair
                for pair in pairs
                if cleaned.get(pair_of(*pair)) or (self._pair_locked(pair) and pair in self.before.never_pairs)
            ),
            longest_days=cleaned["longest_days"],
            notice_hours=int(cleaned["notice_hours"] or LEAST_NOTICE),
            floors=frozenset(floors),
            languages=self._languages(),
            blocked=frozenset(cleaned.get("blocked", ())),
        )

    def _never(self, attribute: str, word: Labeled) -> bool:
        answer = self.cleaned_data.get(name_of(attribute, word))
        return answer == NEVER if answer else word in getattr(self.before, attribute)

    def _pair_locked(self, pair: tuple[str, str]) -> bool:
        return any(pair in layer.rules.never_pairs for layer in self.layers)

    def _languages(self) -> frozenset[str] | None:
        answer, chosen = self.cleaned_data.get("dubbing"), frozenset(self.cleaned_data["languages"])
        if answer == ASK:
            return None
        return chosen if answer == NEVER or chosen != frozenset(self.initial["languages"]) else self.before.languages
