"""Fields that more than one form needs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.rules import zones
from accounts.rules.ages import check_birth_date
from accounts.rules.refusal import Refused


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


def _somebody_alive(born_on: date) -> None:
    """Refuses a day nobody alive was born on. Who is too young for what is asked of the action."""
    try:
        check_birth_date(born_on, today=timezone.localdate(), own_account=False)
    except Refused as refusal:
        raise ValidationError(refusal.sentence) from None


def birth_date_field(*, required: bool, help_text: str = "") -> forms.DateField:
    """The date of birth, which decides who may say yes."""
    return forms.DateField(
        label="Date of birth",
        required=required,
        help_text=help_text or "Casting people never see it. Under 18, a parent or guardian decides with you.",
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
        validators=[_somebody_alive],
        error_messages={
            "required": "Type your date of birth. It decides who may sign here.",
            "invalid": "Write the date as year, month, day: 2008-05-17.",
        },
    )
