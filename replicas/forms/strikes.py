"""What staff say about a strike. Moments are in the time zone of who types them."""

from typing import Any

from django import forms

from replicas.rules.striking import LONGEST_NOTE
from replicas.rules.vocabulary import Agreement

ZONE_HELP = "In your own time zone."


def _moment(label: str, *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=ZONE_HELP, widget=widget)


def _wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "vTextField"})


def _note() -> forms.CharField:
    text = "Who called it, and where that can be read. Everybody it touches reads this."
    return forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE, help_text=text, widget=_wide())


class SetStrikeForm(forms.Form):
    """Begins a strike under one agreement."""

    agreement = forms.ChoiceField(
        label="Union agreement", choices=[one for one in Agreement.choices() if one[0] != Agreement.NONE]
    )
    starts_at = _moment("Starts")
    ends_at = _moment("Ends (leave empty while nobody knows)", required=False)
    note = _note()


class _ChangeForm(forms.Form):
    why = forms.CharField(
        label="Why", max_length=LONGEST_NOTE, help_text="Kept with this version of the strike.", widget=_wide()
    )
    shown = forms.IntegerField(widget=forms.HiddenInput)


class CorrectStrikeForm(_ChangeForm):
    """Corrects what was set."""

    starts_at = _moment("Starts")
    ends_at = _moment("Ends (leave empty while nobody knows)", required=False)
    note = _note()
    field_order = ("starts_at", "ends_at", "note", "why")

    def clean(self) -> dict[str, Any]:
        return {"ends_at": None, **self.cleaned_data}


class LiftStrikeForm(_ChangeForm):
    """Sets its end."""

    ends_at = _moment("Ends")
    field_order = ("ends_at", "why")
