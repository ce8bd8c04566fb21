"""A project's facts."""

from collections.abc import Iterable
from typing import Any

from django import forms

from replicas.rules.projects import ProjectFacts
from replicas.rules.vocabulary import Agreement, ProjectKind

NEEDED = {"required": "This is needed."}
INVALID_DAY = {"invalid": "Write the day as year-month-day, like 2027-03-14."}


class ProjectForm(forms.Form):
    title = forms.CharField(
        label="Title", max_length=120, help_text="As the actor will know it.", error_messages=NEEDED
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose one"), *ProjectKind.choices()], error_messages={"required": "Choose one."}
    )
    agreement = forms.ChoiceField(
        label="Union agreement",
        choices=[("", "Choose one"), *Agreement.choices()],
        help_text="The agreement the project is made under. It stands in every request.",
        error_messages={"required": "Choose one."},
    )
    company = forms.CharField(
        label="Producing company",
        max_length=120,
        help_text="Who makes it and would hold the license.",
        error_messages=NEEDED,
    )
    synopsis = forms.CharField(
        label="Synopsis",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What it is about. An actor decides better when they know.",
        error_messages=NEEDED,
    )
    photography_from = forms.DateField(
        label="Photography from",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=INVALID_DAY,
    )
    photography_to = forms.DateField(
        label="Photography to",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=INVALID_DAY,
    )

    jurisdictions = forms.MultipleChoiceField(
        label="Places whose law it touches",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where it is shot, made or shown. It decides which rules a request is judged by.",
        error_messages={"invalid_choice": "Choose from the list."},
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        """``places`` are (code, name) of the rulebook's jurisdictions."""
        super().__init__(*args, **kwargs)
        self.fields["jurisdictions"].choices = list(places)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("photography_from"), cleaned.get("photography_to")
        if first and last and last < first:
            self.add_error("photography_to", "Photography can’t end before it begins.")
        return cleaned

    def facts(self) -> ProjectFacts:
        values = {name: self.cleaned_data[name] for name in ProjectFacts.__dataclass_fields__}
        return ProjectFacts(**{**values, "jurisdictions": tuple(values["jurisdictions"])})
