"""What an actor fills in about a scan nobody explained, and what a holder answers."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms

from accounts.forms.fields import LineField
from replicas.forms.replicas import DAY, explained
from replicas.rules.claiming import (
    ASK_MEANS,
    Address,
    Answer,
    Ask,
    ClaimFacts,
    Outcome,
    Place,
    answer_faults,
)

INVALID_DAY = {"invalid": "Write the day as year-month-day, like 2023-03-14."}


def _line(label: str, help_text: str = "", *, most: int = 120, **more: Any) -> LineField:
    errors = {"max_length": f"At most {most} characters fit here."}
    return LineField(label=label, help_text=help_text, max_length=most, required=False, error_messages=errors, **more)


def _words(label: str, help_text: str = "", *, most: int = 2000, rows: int = 3, **more: Any) -> forms.CharField:
    errors = {"max_length": f"At most {most:,} characters fit here. Now it has %(show_value)d.", **NEEDED}
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, widget=widget, error_messages=errors, **more
    )


NEEDED = {"required": "This is needed."}


class FactsForm(forms.Form):
    """What happened, in the order one remembers it. Everything may be filled in later; nothing is sent from here."""

    scanned_on = forms.DateField(
        label="Which day was it?",
        required=False,
        help_text="If you know it.",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=INVALID_DAY,
    )
    about_when = _line("Or about when?", "“Spring 2023” is enough.", most=80)
    place = _line("Where?", "City, studio, a trailer beside the set.")
    captured_by = _line("Who made the scan?", "The company on the call sheet, or on the truck.")
    production = _line("For which production?", "If you know.")
    told = _words("What did they tell you?", "Leave it empty if they told you nothing.", required=False)
    remembered = _words("What do you remember?", "Cameras, what you wore, what they had you do or say.", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Write down at least one thing. A word is enough to begin.", code="empty")
        return cleaned

    def facts(self) -> ClaimFacts:
        return ClaimFacts(**{field.name: self.cleaned_data[field.name] for field in fields(ClaimFacts)})


class AddressForm(forms.Form):
    """Who should answer, what is asked of them, and who hears of it when they do not."""

    organization = forms.TypedChoiceField(
        label="Are they on Understudy?", required=False, coerce=int, empty_value=None, choices=()
    )
    holder_name = _line("If not: their name", "The company that made the scan, or the one you worked for.")
    holder_email = forms.EmailField(
        label="Their e-mail",
        required=False,
        help_text="A data protection or legal address is best; production’s will do.",
        error_messages={"invalid": "This does not look like an e-mail address."},
    )
    jurisdiction = forms.ChoiceField(
        label="Where in the world was the scan?",
        choices=[("", "Choose one"), *Place.choices()],
        help_text="It decides which law the letter names.",
        required=False,
    )
    ask = forms.ChoiceField(
        label="What do you want?",
        choices=explained(Ask, ASK_MEANS),
        widget=forms.RadioSelect,
        initial=Ask.ACCESS,
        error_messages={"required": "Choose one of the three."},
    )
    under_union = forms.BooleanField(label="The job was under a SAG-AFTRA agreement", required=False)
    tell_agency = forms.BooleanField(
        label="My agency sees this claim, and hears of it if nobody answers", required=False, initial=True
    )
    union_contact = forms.EmailField(
        label="Tell my union contact, too, if nobody answers",
        required=False,
        help_text="Their e-mail. Leave it empty, and we tell nobody there.",
        error_messages={"invalid": "This does not look like an e-mail address."},
    )

    def __init__(self, *args: Any, houses: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [("", "No, or I don’t know"), *houses]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("organization") and (cleaned.get("holder_name") or cleaned.get("holder_email")):
            self.add_error("organization", "Choose a house here, or give a name and an e-mail. Not both.")
        return cleaned

    def address(self) -> Address:
        return Address(**{field.name: self.cleaned_data[field.name] for field in fields(Address)})


class SendForm(forms.Form):
    """The letter that was read, by its hash."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class AnswerForm(forms.Form):
    """One of three answers. What belongs to the other two may stay empty."""

    outcome = forms.ChoiceField(
        label="Your answer",
        choices=Outcome.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )
    text = _words(
        "What you hold, or what else they should know",
        "Scans, recordings, models made from them; for each, what it is used for.",
        most=4000,
        required=False,
    )
    custodian = _line("Who keeps it", "If it is somebody else than you.")
    held_at = _line("Where it is kept", "Place or provider, and country.", most=200)
    held_until = forms.DateField(
        label="Until when",
        required=False,
        help_text="Leave it empty if there is no day.",
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=INVALID_DAY,
    )
    held_why = _words("Why you keep it", most=1000, rows=2, required=False)
    destroyed_on = forms.DateField(
        label="The day it was destroyed",
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages=INVALID_DAY,
    )
    attested_by = _line("Attested by", "The name of somebody who knows that it was done.")

    def __init__(self, *args: Any, today: date, by_link: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if by_link:
            self.fields["by_label"] = LineField(
                label="Your name, and what you do there", max_length=160, error_messages=NEEDED
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome"):
            for name, sentence in answer_faults(self.answer(), today=self.today).items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned

    def answer(self) -> Answer:
        return Answer(**{field.name: self.cleaned_data.get(field.name, field.default) for field in fields(Answer)})


class DisputeForm(forms.Form):
    body = _words("What is wrong or missing?", "They read this, word for word, together with your first letter.")
