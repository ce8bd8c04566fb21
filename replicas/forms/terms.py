"""The terms form: what is asked, use by use. The same form begins a request, answers one and answers the answer.

Uses are numbered in the field names (``use-0-title``). Which uses there are is read from the names that came, so that
the page may add and remove them with or without JavaScript, and a half-filled form can be kept as it is.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.rules.people import Language
from replicas.rules.descriptions import LEAST_DESCRIPTION
from replicas.rules.faults import MOST_DAYS, MOST_USES, text_faults, use_faults
from replicas.rules.money import read_amount, written
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

Draft = dict[str, list[str]]
_NUMBERED = re.compile(r"use-([0-9]{1,3})-([a-z_]+)")
_CHOOSE = [("", "Choose…")]


class LinesField(forms.CharField):
    """Text whose line ends are one character on every system, so that sending it back changes nothing."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class AmountField(forms.Field):
    """An amount of money: ``1,283.50`` as a Decimal with two places. The currency is the request's."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return read_amount(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DaysField(forms.IntegerField):
    widget = forms.TextInput(attrs={"inputmode": "numeric"})


def _words(label: str, missing: str, most: int, rows: int = 0, **more: Any) -> LinesField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    errors = {"required": missing, "max_length": f"At most {most:,} characters, please. Now it has %(show_value)d."}
    return LinesField(label=label, max_length=most, widget=widget, error_messages=errors, **more)


def _one_of(label: str, words: Any, **more: Any) -> forms.ChoiceField:
    errors = {"required": "Choose one.", "invalid_choice": "Choose one of the list."}
    return forms.ChoiceField(label=label, choices=_CHOOSE + words.choices(), error_messages=errors, **more)


def _some_of(label: str, words: Any, **more: Any) -> forms.MultipleChoiceField:
    errors = {"required": "Choose at least one.", "invalid_choice": "Choose from the list."}
    widget = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(label=label, choices=words.choices(), widget=widget, error_messages=errors, **more)


def _day(label: str, missing: str, **more: Any) -> forms.DateField:
    errors = {"required": missing, "invalid": "Write the day as year-month-day, like 2027-11-30."}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, error_messages=errors, **more)


class UseForm(forms.Form):
    """One use, with its own yes or no. Everything that is not asked for is off."""

    use_required_attribute = False  # a half-filled form can be saved

    title = _words("Name of this use", "Give the use a short name, like “Crowd at the harbor fair”.", 80)
    description = _words(
        "Description",
        "Describe what is seen or heard.",
        2000,
        rows=4,
        help_text=f"What is seen or heard, and where in the story. At least {LEAST_DESCRIPTION} characters.",
    )
    role = _one_of("Role", UseRole)
    scenes = _words("Scenes", "Name the scenes, or the part of the story.", 120, help_text="Like 12A, 14, 41.")
    medium = _one_of("Medium", Medium, help_text="Each medium is its own use.")
    territory = _one_of("Territory", Territory)
    languages = _some_of("Languages", Language, initial=[Language.ENGLISH.value])
    starts_on = _day("First day", "Say when the use begins.")
    ends_on = _day("Last day", "Say when the use ends.")
    alterations = _words(
        "Alterations",
        "Say what would be changed, or “None”.",
        500,
        rows=2,
        help_text="What would be changed about the performer: clothing, age, voice… “None” if nothing.",
    )
    ai = _some_of("AI permission", AIUse, required=False, help_text="All off unless you ask. The actor sees each one.")
    sensitive = _some_of("Sensitive content", Sensitive, required=False)
    work_replaced = forms.BooleanField(
        label="The actor would otherwise have done this in person",
        required=False,
        help_text="In California, New York and Illinois the law then asks more of the request.",
    )
    as_scripted = forms.BooleanField(label="The alterations follow the script as it stood", required=False)
    script_version = _words("Script version", "", 80, required=False, help_text="Like “blue pages”.")
    script_dated = _day("Script dated", "", required=False)
    brand = _words("Brand", "", 80, required=False, help_text="The advertiser. Each brand is its own use.")
    product_line = _words("Product line", "", 80, required=False)
    replica_days = DaysField(
        label="Replica days",
        initial=1,
        min_value=1,
        max_value=MOST_DAYS,
        help_text="Days of work the replica stands in for.",
        error_messages={
            "required": "Count the replica days.",
            "invalid": "Write the days as a whole number.",
            "min_value": f"Count between 1 and {MOST_DAYS} replica days.",
            "max_value": f"Count between 1 and {MOST_DAYS} replica days.",
        },
    )
    fee = AmountField(
        label="Fee for this use",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Write the fee; 0 if there is none."},
    )

    def __init__(self, data: Any = None, *, number: int, today: date, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"use-{number}", **kwargs)
        self.number = number
        self.today = today

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for field, sentence in use_faults(values, today=self.today):
            self.add_error(field, sentence)
        return values

    def offered(self) -> UseTerms:
        values = dict(self.cleaned_data)
        values["languages"] = " ".join(values["languages"])
        return UseTerms(**{**values, "ai": tuple(values["ai"]), "sensitive": tuple(values["sensitive"])})


class TermsForm(forms.Form):
    """Reason, currency and the uses (``form.uses``, a list of ``UseForm``).

    ``today`` is the day in the actor's zone. ``draft`` fills the form with what was typed before, as it was typed;
    ``terms`` fills it with a round. With ``data`` it is checked; ``offered()`` then gives the terms.
    """

    use_required_attribute = False

    business_reason = _words(
        "Why the replica",
        "Say why you need the replica rather than the person.",
        1000,
        rows=3,
        help_text="Why the replica rather than the person. Both sides read it.",
    )
    currency = _one_of("Currency", Currency, initial=Currency.USD.value)
    disclosure = _words(
        "How people are told that it is a replica",
        "",
        300,
        required=False,
        help_text="Like “in the end credits”. The European Union asks for it, and New York in advertising.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        draft: Mapping[str, list[str]] | None = None,
        terms: OfferedTerms | None = None,
        **kwargs: Any,
    ) -> None:
        self.today = today
        typed = self.draft_of(terms) if terms is not None else dict(draft or {})
        super().__init__(data, initial={**self.as_initial(typed), **kwargs.pop("initial", {})}, **kwargs)
        numbers = numbers_in(data if data is not None else typed) or [0]
        self.too_many = len(numbers) > MOST_USES
        self.uses = [
            UseForm(data, number=number, today=today, initial=_initial_of(UseForm, typed, f"use-{number}-"))
            for number in numbers
        ]

    @classmethod
    def from_terms(cls, terms: OfferedTerms, *, today: date, **kwargs: Any) -> "TermsForm":
        """The form prefilled with a round, for a counter-offer."""
        return cls(today=today, terms=terms, **kwargs)

    @classmethod
    def as_initial(cls, typed: Mapping[str, list[str]]) -> dict[str, Any]:
        return _initial_of(cls, typed, "")

    @classmethod
    def data_of(cls, post: QueryDict) -> Draft:
        """What was typed, as a draft keeps it: the form's own fields and nothing else, in the order of the page."""
        own = set(cls.base_fields)
        return {
            name: [value.replace("\0", "") for value in post.getlist(name)]
            for name in post
            if name in own or ((found := _NUMBERED.fullmatch(name)) and found[2] in UseForm.base_fields)
        }

    @classmethod
    def draft_of(cls, terms: OfferedTerms) -> Draft:
        """A round as it would have been typed."""
        draft = {name: [getattr(terms, name)] for name in ("business_reason", "currency", "disclosure")}
        for number, use in enumerate(terms.uses):
            for name in UseForm.base_fields:
                draft[f"use-{number}-{name}"] = _as_typed(name, getattr(use, name))
        return draft

    @property
    def may_add(self) -> bool:
        return len(self.uses) < MOST_USES

    @property
    def blank_use(self) -> UseForm:
        """An empty use for the page's script, with a number no other use has."""
        blank = UseForm(number=0, today=self.today)
        blank.prefix = "use-__n__"
        return blank

    def clean_business_reason(self) -> str:
        text: str = self.cleaned_data["business_reason"]
        for sentence in text_faults(text):
            self.add_error("business_reason", sentence)
        return text

    def clean_disclosure(self) -> str:
        text: str = self.cleaned_data["disclosure"]
        for sentence in text_faults(text):
            self.add_error("disclosure", sentence)
        return text

    def clean(self) -> dict[str, Any]:
        if self.too_many:
            raise forms.ValidationError(f"A request can have at most {MOST_USES} uses. Remove some, or send another.")
        return self.cleaned_data

    def is_valid(self) -> bool:
        uses = [use.is_valid() for use in self.uses]  # all of them, so that each shows its own errors
        return super().is_valid() and all(uses)

    @property
    def fault_count(self) -> int:
        """How many fields need a look; for the sentence above a form that came back."""
        return len(self.errors) + sum(len(use.errors) for use in self.uses)

    def offered(self) -> OfferedTerms:
        """The terms of a valid form."""
        return OfferedTerms(
            uses=tuple(use.offered() for use in self.uses),
            business_reason=self.cleaned_data["business_reason"],
            currency=self.cleaned_data["currency"],
            disclosure=self.cleaned_data["disclosure"],
        )


def numbers_in(names: Any) -> list[int]:
    """The numbers of the uses that stand in the field names, in order."""
    found = (_NUMBERED.fullmatch(name) for name in names)
    return sorted({int(match[1]) for match in found if match})


def with_another_use(draft: Draft) -> Draft:
    """The draft with an empty use at its end; unchanged when it is full."""
    numbers = numbers_in(draft)
    if len(numbers) >= MOST_USES:
        return draft
    blank = UseForm(number=0, today=date.min)
    number = max(numbers, default=-1) + 1
    return {**draft, **{f"use-{number}-{name}": _as_typed(name, blank[name].value()) for name in UseForm.base_fields}}


def without_use(draft: Draft, number: int) -> Draft:
    """The draft without one use, the others in their order. The last one stays: a request asks for something."""
    if numbers_in(draft) == [number]:
        return draft
    return {name: values for name, values in draft.items() if not name.startswith(f"use-{number}-")}


def _as_typed(name: str, value: Any) -> list[str]:
    if name == "languages":
        return value.split() if isinstance(value, str) else [str(item) for item in value or []]
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    if isinstance(value, Decimal):
        return [written(value)]
    if isinstance(value, date):
        return [value.isoformat()]
    return ["" if value is None else str(value)]


def _initial_of(form: type[forms.Form], typed: Mapping[str, list[str]], prefix: str) -> dict[str, Any]:
    """A draft's strings as ``initial``: they go into the page unread, so that nothing typed is lost.

    A use that was typed at all counts as typed whole: a box that is not in it was left empty.
    """
    known = any(name.startswith(prefix) for name in typed) if prefix else bool(typed)
    initial: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        values = typed.get(f"{prefix}{name}")
        if isinstance(field, forms.MultipleChoiceField):
            if known:
                initial[name] = values or []
        elif values:
            initial[name] = values[-1]
    return initial
