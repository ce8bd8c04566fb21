"""Fields that more than one form needs."""

from typing import Any

from django import forms

from accounts.rules import zones


class ZoneField(forms.ChoiceField):
    """A time zone: a list of common ones; any other IANA name a browser gives is taken, too."""

    def __init__(self, **kwargs: Any) -> None:
        values = {"label": "Your time zone", "choices": zones.choices, "initial": zones.DEFAULT, **kwargs}
        super().__init__(**values)
        self.error_messages["invalid_choice"] = "There is no such time zone. Choose one from the list."

    def valid_value(self, value: Any) -> bool:
        return str(value) in zones.known()


def one_line(text: str) -> str:
    """What was typed without line breaks, control characters and runs of spaces."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class LineField(forms.CharField):
    """One line of text: names and titles that later stand in letters and subjects."""

    def to_python(self, value: Any) -> str:
        return one_line(str(super().to_python(value) or ""))
