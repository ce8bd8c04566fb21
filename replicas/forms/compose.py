"""Beginning a request, and the draft with its deadline."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.rules.refusal import Refused
from replicas.forms.terms import TermsForm
from replicas.models import Project
from replicas.rules.deadlines import check_answer_by, default_answer_by

TYPED = "%Y-%m-%dT%H:%M"  # what a browser's date and time field sends


class ZonedMomentField(forms.DateTimeField):
    """A moment typed in a zone that is not the viewer's; becomes an aware datetime in that zone."""

    zone = ZoneInfo("UTC")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)


class BeginForm(forms.Form):
    """Which project a replica is asked for. ``projects`` are those the person may choose from."""

    project = forms.ChoiceField(
        label="Project",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the project.", "invalid_choice": "Choose one of your projects."},
    )

    def __init__(self, *args: Any, projects: Iterable[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = {project.ref: project for project in projects}
        self.fields["project"].choices = [  # type: ignore[attr-defined]
            (project.ref, f"{project.title}, {project.get_kind_display().lower()}, {project.company}")
            for project in self.projects.values()
        ]

    def chosen(self) -> Project:
        return self.projects[self.cleaned_data["project"]]


class DraftForm(TermsForm):
    """The terms and by when the actor answers. ``zone`` is the actor's; ``at`` is now."""

    answer_by = ZonedMomentField(
        label="Answer by",
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"}),
        error_messages={
            "required": "Say by when the actor answers.",
            "invalid": "Write day and time like 2027-11-30 17:00.",
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        zone: ZoneInfo,
        at: datetime,
        draft: Mapping[str, list[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        preset = {} if draft and "answer_by" in draft else {"answer_by": default_answer_by(at, zone).strftime(TYPED)}
        super().__init__(data, today=at.astimezone(zone).date(), draft=draft, initial=preset, **kwargs)
        self.at = at
        field: Any = self.fields["answer_by"]
        field.zone = zone
        field.help_text = f"The actor's own time ({zone.key.replace('_', ' ')}). At least 48 hours from now."

    def clean_answer_by(self) -> datetime:
        answer_by: datetime = self.cleaned_data["answer_by"]
        try:
            check_answer_by(answer_by, at=self.at)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return answer_by
