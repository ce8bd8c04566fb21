"""Preparing a crowd: its beginning, the brief, the people, the numbers and the deadline. Its terms are a TermsForm."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.datastructures import MultiValueDict

from accounts.forms.fields import LineField
from replicas.forms.compose import TYPED, BeginForm, ZonedMomentField
from replicas.forms.lists import ListFileField
from replicas.forms.terms import AmountField, Draft, LinesField
from replicas.rules.crowds import MOST_PEOPLE
from replicas.rules.crowds.drafting import LONGEST_STEP, LONGEST_TITLE, asked_words
from replicas.rules.crowds.plan import LEAST_BRIEF, LONGEST_BRIEF, CrowdPlan, plan_faults
from replicas.rules.deadlines import default_answer_by
from replicas.rules.faults import text_faults
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import Modality

NAMING = [
    ("anonymous", "Nobody is named before their yes. You read counts, and a name once there is a license."),
    ("named", "Everybody is named on the board, like in single requests."),
]
ENDING = [
    ("stays", "The end stays. A standby who could not have 48 hours before it is not called."),
    ("moves", "The end moves for a standby who is called late, so that they have 48 hours, too."),
]
NO_TERMS = OfferedTerms((), "")


def _title() -> LineField:
    return LineField(
        label="Name of the crowd",
        max_length=LONGEST_TITLE,
        help_text="Like “Harbor fair, wide shots”. Everybody who is asked reads it.",
        error_messages={
            "required": "Give the crowd a name, like “Harbor fair, wide shots”.",
            "max_length": f"A name can have {LONGEST_TITLE} characters. Now it has %(show_value)d.",
        },
    )


def _count(label: str, least: int, missing: str, help_text: str = "") -> forms.IntegerField:
    between = f"Write a number from {least} to {MOST_PEOPLE:,}."
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": missing,
            "invalid": "Write a whole number.",
            "min_value": between,
            "max_value": between,
        },
    )


class KeptForm(forms.Form):
    """A form whose fields are kept as they were typed, as a step of ``Crowd.draft``."""

    use_required_attribute = False

    @classmethod
    def data_of(cls, posted: Any) -> Draft:
        """What was typed, for keeping: field name → list of strings. Chosen files are not."""
        return {
            name: [value.replace("\0", "") for value in posted.getlist(name)]
            for name, field in cls.base_fields.items()
            if name in posted and not isinstance(field, forms.FileField)
        }

    @classmethod
    def initial_of(cls, kept: Mapping[str, list[str]]) -> dict[str, Any]:
        """What was kept, as a form that is not checked shows it."""
        several = {name for name, field in cls.base_fields.items() if isinstance(field, forms.MultipleChoiceField)}
        return {name: values if name in several else "".join(values[:1]) for name, values in kept.items() if values}


class BeginCrowdForm(BeginForm):
    """For which of ``projects``, and what it is called."""

    title = _title()


class BriefForm(KeptForm):
    """What everybody reads first: what this crowd is, and how their look is used in it."""

    title = _title()
    brief = LinesField(
        label="How the look is used",
        max_length=LONGEST_BRIEF,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In which scenes, how large and how long they are seen, and who stands beside them.",
        error_messages={
            "required": "Say in a sentence or two how the look is used. Everybody who is asked reads it.",
            "max_length": f"At most {LONGEST_BRIEF:,} characters, please. Now it has %(show_value)d.",
        },
    )
    needs = forms.MultipleChoiceField(
        label="What of a replica you need",
        choices=Modality.choices(),
        initial=[Modality.BODY.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="Who has no replica with all of it can’t be put on the list.",
        error_messages={"required": "Choose at least one.", "invalid_choice": "Choose from the list."},
    )
    naming = forms.ChoiceField(
        label="What you see of them",
        choices=NAMING,
        initial=NAMING[0][0],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of the two."},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        """A step nobody opened yet, of which only the name is kept, stands on what its page shows first."""
        if data is not None and not set(data) - {"title"}:
            chosen = {"needs": self.base_fields["needs"].initial, "naming": [self.base_fields["naming"].initial]}
            data = MultiValueDict({**chosen, "title": [data.get("title", "")]})
        super().__init__(data, **kwargs)

    def clean_brief(self) -> str:
        text: str = self.cleaned_data["brief"]
        if len(" ".join(text.split())) < LEAST_BRIEF:
            raise forms.ValidationError(self.fields["brief"].error_messages["required"])
        for sentence in text_faults(text):
            self.add_error("brief", sentence)
        return text

    @property
    def needed_modalities(self) -> list[str]:
        """What was chosen so far, also while the rest is not filled in yet."""
        data: Any = self.data
        chosen = data.getlist("needs") if self.is_bound else []
        return [word.value for word in Modality if word.value in chosen] or [Modality.BODY.value]


class PeopleForm(KeptForm):
    """A list of people to be added: typed, pasted, or a file."""

    list = LinesField(
        label="E-mail addresses or references",
        required=False,
        max_length=LONGEST_STEP,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="One person per row, like ines@example.com or P-7K3M9Q. More columns do no harm.",
    )
    list_file = ListFileField(most_people=MOST_PEOPLE, help_text="It is read together with what stands above.")


class SomeForm(forms.Form):
    """How many of those a search found, and which."""

    use_required_attribute = False
    some = _count("How many of them", 1, "Say how many.")
    by_lot = forms.BooleanField(label="Draw them by lot, instead of from the top", required=False)


class DeadlineForm(KeptForm):
    """How many are needed of how many, until when, and when a standby is called. ``zone`` is the viewer's.

    ``people`` is how many are on the list, ``terms`` what is offered (None while it is not whole).
    """

    needed = _count("How many yeses you need", 1, "Say how many you need.")
    margin = _count(
        "Asked beyond that from the start",
        0,
        "Write 0 if you ask exactly as many as you need.",
        "Some will say no. The rest of the list waits as standbys, in its order.",
    )
    answer_by = ZonedMomentField(
        label="Answer by",
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"}),
        error_messages={
            "required": "Say by when they answer.",
            "invalid": "Write day and time like 2027-11-30 17:00.",
        },
    )
    ending = forms.ChoiceField(
        label="When somebody says no late",
        choices=ENDING,
        initial=ENDING[0][0],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of the two."},
    )
    band = AmountField(
        label="Highest total you would consider",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="For one person. Who asks for more keeps their place, and a standby is called as well. "
        "Empty: only what you offer.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        zone: ZoneInfo,
        at: datetime,
        people: int,
        terms: OfferedTerms | None = None,
        **kwargs: Any,
    ) -> None:
        preset = {"answer_by": default_answer_by(at, zone).strftime(TYPED), "margin": "0", "ending": ENDING[0][0]}
        if data is not None and not data:  # a step nobody opened yet stands on what its page shows first
            data = preset
        super().__init__(data, initial={**preset, **kwargs.pop("initial", {})}, **kwargs)
        self.at, self.people, self.terms = at, people, terms or NO_TERMS
        field: Any = self.fields["answer_by"]
        field.zone = zone
        field.help_text = (
            f"Your own time ({zone.key.replace('_', ' ')}); each person reads it in theirs. At least 48 hours from now."
        )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if self.errors:
            return values
        for fault in plan_faults(self.plan(title="", brief="", anonymous=True), people=self.people, at=self.at):
            if fault.field in self.fields:
                self.add_error(fault.field, fault.sentence)
            elif fault.field == "people":
                self.add_error(None, fault.sentence)
        return values

    @property
    def asked_words(self) -> str:
        """Who is asked at once and who waits, once the numbers are there; "" before."""
        self.is_valid()
        needed, margin = self.cleaned_data.get("needed"), self.cleaned_data.get("margin")
        if needed is None or margin is None or not self.people:
            return ""
        return asked_words(needed=needed, margin=margin, people=self.people)

    @property
    def asked_first(self) -> int | None:
        """How many of the list are asked at once; None while the numbers are missing."""
        self.is_valid()
        needed, margin = self.cleaned_data.get("needed"), self.cleaned_data.get("margin")
        return None if needed is None or margin is None else needed + margin

    def plan(self, *, title: str, brief: str, anonymous: bool) -> CrowdPlan:
        values = self.cleaned_data
        return CrowdPlan(
            title=title,
            brief=brief,
            needed=values["needed"],
            margin=values["margin"],
            anonymous=anonymous,
            end_moves=values["ending"] == "moves",
            band=values["band"],
            answer_by=values["answer_by"],
            terms=self.terms,
        )


def bound(kept: Mapping[str, list[str]] | None) -> MultiValueDict[str, str]:
    """A kept step as the data of a form that is to be checked; of one nobody opened yet, nothing."""
    return MultiValueDict(dict(kept or {}))
