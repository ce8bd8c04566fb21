"""What both sides fill in while they negotiate: questions, advice, notes, withdrawing, more time."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

MORE_TIME = {
    "24h": ("24 hours more", timedelta(hours=24)),
    "3d": ("3 days more", timedelta(days=3)),
    "7d": ("7 days more", timedelta(days=7)),
}


def _text(label: str, missing: str, most: int, *, rows: int = 4, **more: Any) -> forms.CharField:
    errors = {"required": missing, "max_length": f"At most {most:,} characters, please. Now it has %(show_value)d."}
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, error_messages=errors, **more)


class AskForm(forms.Form):
    body = _text("Your message", "Write your question or answer first.", 4000)


class AdviseForm(forms.Form):
    body = _text("Your advice", "Write your advice first.", 2000, help_text="Only the actor and your agency read it.")


class NoteForm(forms.Form):
    """What goes with changed terms: a note, and the hash of the round that was shown."""

    terms_hash = forms.CharField(max_length=64, widget=forms.HiddenInput(), required=False)
    note = _text("A note with it", "", 1000, rows=3, required=False, help_text="Optional. The other side reads it.")

    def is_read_after_the_yes(self) -> None:
        """Says beside the note that it stays on its own side until then, as in a crowd that is anonymous."""
        self.fields["note"].help_text = "Optional. Your own side reads it now, the people who asked only after a yes."


class AcceptForm(forms.Form):
    terms_hash = forms.CharField(max_length=64, widget=forms.HiddenInput(), required=False)


class WithdrawForm(forms.Form):
    reason = _text("Why", "", 1000, rows=3, required=False, help_text="Optional. The actor reads it.")


class ExtendForm(forms.Form):
    """More time: one of the usual spans, or a moment of one's own in the viewer's zone."""

    more = forms.ChoiceField(
        label="How much more",
        choices=[*((key, label) for key, (label, _) in MORE_TIME.items()), ("own", "Until another moment")],
        widget=forms.RadioSelect(),
        error_messages={"required": "Choose how much more time you give.", "invalid_choice": "Choose one of the list."},
    )
    answer_by = forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text="In your own time zone. Only used with “Until another moment”.",
        error_messages={"invalid": "Write the moment as year-month-day and time, like 2027-11-30 17:00."},
    )

    def __init__(self, data: Any = None, *, now_until: datetime | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.now_until = now_until

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("more") == "own" and not values.get("answer_by") and "answer_by" not in self.errors:
            self.add_error("answer_by", "Choose the day and the time.")
        return values

    @property
    def until(self) -> datetime:
        """The deadline of a valid form: the present one and the chosen span, or the chosen moment."""
        more = self.cleaned_data["more"]
        if more == "own":
            moment: datetime = self.cleaned_data["answer_by"]
            return moment
        assert self.now_until is not None
        return self.now_until + MORE_TIME[more][1]
