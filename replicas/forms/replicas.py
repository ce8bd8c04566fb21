"""A replica's facts, its visibility, its files by hash."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html

from replicas.rules.files import FileRow, read_json, read_lines, twice
from replicas.rules.replicas import Facts
from replicas.rules.vocabulary import (
    KIND_MEANS,
    VISIBILITY_MEANS,
    Modality,
    ReplicaKind,
    Visibility,
)

DAY = {"type": "date"}
MOST_JSON = 2_000_000  # characters; 2,000 files with long names


def explained(enum: Any, means: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Choices whose label carries what each of them means, on a line of its own."""
    return [
        (member.value, format_html('{}<span class="detail">{}</span>', member.label, means[member])) for member in enum
    ]


def _text(label: str, help_text: str = "", *, most: int = 120, required: bool = True, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": "This is needed.", "max_length": f"At most {most} characters fit here."},
    )


class ReplicaForm(forms.Form):
    """What is said about a replica, in the order one remembers it."""

    kind = forms.ChoiceField(
        label="What kind of replica is it?",
        choices=explained(ReplicaKind, KIND_MEANS),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )
    modalities = forms.MultipleChoiceField(
        label="What was captured?",
        choices=Modality.choices(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    captured_on = forms.DateField(
        label="When was it captured?",
        help_text="The day, or the nearest you remember.",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Write the day as year-month-day, like 2024-03-14."},
    )
    captured_at_place = _text("Where?", "City, studio or stage.")
    captured_by = _text("Who made the scan?", "The company or person behind the cameras.")
    captured_for = _text("For which project?", "If you were told. Leave it empty if not.", required=False)
    custodian = _text(
        "Who holds the files now?", "Whoever could hand them out. If nobody told you, write “Nobody told me”."
    )
    custody_place = _text("Where are they kept?", "If you know.", required=False)
    custody_until = forms.DateField(
        label="Until when may they keep them?",
        required=False,
        help_text="If a date was agreed.",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as year-month-day, like 2027-03-14."},
    )
    notes = forms.CharField(
        label="Notes",
        required=False,
        max_length=2000,
        help_text="Quality, formats, wardrobe, hair at the time. Casting people can search these words.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Says at the field what the rule would refuse, as far as it can be known without a clock."""
        cleaned = super().clean() or self.cleaned_data
        until, captured = cleaned.get("custody_until"), cleaned.get("captured_on")
        if until and captured and until < captured:
            self.add_error("custody_until", "This day lies before the capture.")
        return cleaned

    def facts(self) -> Facts:
        values = {name: self.cleaned_data[name] for name in Facts.__dataclass_fields__}
        return Facts(**{**values, "modalities": tuple(values["modalities"])})

    @staticmethod
    def initial_of(facts: Facts) -> dict[str, Any]:
        return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(
        label="Who can see it?",
        choices=explained(Visibility, VISIBILITY_MEANS),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )


class NewReplicaForm(ReplicaForm):
    """The same, with the first visibility; for an agency also whose it is."""

    visibility = forms.ChoiceField(
        label="Who can see it?",
        choices=explained(Visibility, VISIBILITY_MEANS),
        widget=forms.RadioSelect,
        initial=Visibility.HIDDEN,
        error_messages={"required": "Choose one of the three."},
    )

    def __init__(self, *args: Any, clients: Sequence[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if clients is not None:
            self.fields["client"] = forms.TypedChoiceField(
                label="Whose replica is it?",
                choices=[("", "Choose a client"), *clients],
                coerce=int,
                error_messages={"required": "Choose a client.", "invalid_choice": "This is no client of yours."},
            )
            self.order_fields(["client"])


class ConfirmForm(VisibilityForm):
    """The actor's yes: how visible it is, and a hash of what they were shown."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class FilesForm(forms.Form):
    """Files by SHA-256: what the browser computed, what ``sha256sum`` printed, or both."""

    computed = forms.CharField(
        required=False,
        max_length=MOST_JSON,
        widget=forms.HiddenInput,
        error_messages={"max_length": "These are too many files for one go. Record some of them first."},
    )
    lines = forms.CharField(
        label="Or paste what sha256sum printed",
        required=False,
        max_length=MOST_JSON,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="One file per line: the 64 hex digits, two spaces, the name.",
    )

    def __init__(self, *args: Any, known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.rows: tuple[FileRow, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Reads both fields; every sentence names its line or file. Rows named twice are refused."""
        cleaned = super().clean() or self.cleaned_data
        computed, typed = read_json(cleaned.get("computed", "")), read_lines(cleaned.get("lines", ""))
        for name, read in (("computed", computed), ("lines", typed)):
            for sentence in read.errors:
                self.add_error("lines" if name == "lines" else None, sentence)
        self.rows = (*computed.rows, *typed.rows)
        for sentence in twice(self.rows, self.known):
            self.add_error("lines" if sentence.startswith("Line") else None, sentence)
        if not self.rows and not self.errors:
            self.nothing_named()
        return cleaned

    def nothing_named(self) -> None:
        """What a form without any file means: here it does nothing, so it is said."""
        self.add_error("lines", "Choose files, or paste at least one line.")
