"""A new figure for the rulebook, as staff enter it."""

from typing import Any

from django import forms

from replicas.rules.rates import EntryKind
from replicas.rules.rulebook.stages import Grade

NEEDED = {"required": "This is needed."}
FIGURE_LABELS = {
    EntryKind.RATE: "Rate",
    EntryKind.CONTRIBUTION: "Per cent",
    EntryKind.AGREEMENT: "What it asks for, in a sentence",
    EntryKind.JURISDICTION: "What it implies, in a sentence",
}


class VersionForm(forms.Form):
    """``kind`` is an ``EntryKind``: it says what the figure is."""

    figure = forms.CharField(max_length=300, error_messages=NEEDED)
    effective_from = forms.DateField(
        label="Counts from",
        help_text="A new day adds to the history; the same day corrects it.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={**NEEDED, "invalid": "Write the day as year-month-day, like 2027-07-01."},
    )
    source = forms.CharField(
        max_length=200, help_text="Where the figure stands: a document, its date, its page.", error_messages=NEEDED
    )
    grade = forms.ChoiceField(label="How sure", choices=Grade.choices(), error_messages=NEEDED)
    reason = forms.CharField(label="Why it changes", max_length=300, error_messages=NEEDED)
    void = forms.BooleanField(
        label="Take this day back",
        help_text="It was entered by mistake. What counted before counts again.",
        required=False,
    )

    def __init__(self, data: Any = None, *, kind: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["figure"].label = FIGURE_LABELS[EntryKind(kind)]
