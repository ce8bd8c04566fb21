"""A list of people as a file: what every form that takes one has in common."""

from typing import Any

from django import forms

from replicas.rules.lists import LARGEST_FILE, decode

UNREADABLE = "This file is no list we can read. Save it as CSV or plain text, then choose it again."


class ListFileField(forms.FileField):
    """A chosen file that is added to a typed list. Its value is the text of the file, "" where there is none.

    ``most_people`` is how many a list can have at most; it is said where somebody chooses something far larger.
    """

    def __init__(self, *, most_people: int, **kwargs: Any) -> None:
        values: dict[str, Any] = {
            "label": "Or choose a CSV file",
            "required": False,
            "widget": forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
            "error_messages": {"empty": "This file is empty. Choose the list itself, or type it above."},
        }
        super().__init__(**{**values, **kwargs})
        self.most_people = most_people

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                f"This file is larger than 1 MB. A list of {self.most_people:,} people is smaller: "
                "choose the list itself."
            )
        text = decode(file.read())
        if text is None or not text.strip():
            raise forms.ValidationError(UNREADABLE)
        return text


def joined(typed: str, uploaded: str) -> str:
    """The list with what a file added below it."""
    return "\n".join(part.strip("\n") for part in (typed, uploaded) if part.strip())
