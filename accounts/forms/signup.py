"""Who a new person is."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.actions.people import join, register_actor
from accounts.forms.fields import LineField, ZoneField
from accounts.rules.joining import Who

LANDING = "landing"  # the session's word for where a new person goes after the code


class WhoYouAreForm(forms.Form):
    """The part of the sign-up form that is ours; allauth adds e-mail and password."""

    field_order = ("name", "who", "stage_name", "house", "adult", "email", "password1", "time_zone")

    name = LineField(
        label="Your name",
        max_length=120,
        help_text="As you sign. Only people you deal with see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Tell us your name."},
    )
    who = forms.ChoiceField(label="Who you are", choices=Who.choices(), widget=forms.RadioSelect, initial=Who.ACTOR)
    stage_name = LineField(
        label="Stage name",
        max_length=120,
        required=False,
        help_text="For actors: how casting people know you. Empty means your name.",
    )
    house = LineField(
        label="Your agency, office or company",
        max_length=120,
        required=False,
        help_text="For everybody else: its name, if you found it here. Empty if a colleague invites you.",
    )
    adult = forms.BooleanField(
        label="I am at least 18 years old.",
        required=False,
        help_text="For actors. A guardian answers for a minor; that needs a person, so please write to us first.",
    )
    time_zone = ZoneField(
        help_text="Deadlines and quiet hours follow it.", widget=forms.Select(attrs={"data-zone": ""})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("who") == Who.ACTOR and not cleaned.get("adult"):
            self.add_error("adult", "Please confirm that you are at least 18.")
        return cleaned

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth once the account exists: makes the person what they said they are."""
        at, cleaned = timezone.now(), self.cleaned_data
        join(user, name=cleaned["name"], time_zone=cleaned["time_zone"], by=user, at=at)
        if cleaned["who"] == Who.ACTOR:
            register_actor(user, stage_name=cleaned["stage_name"] or cleaned["name"], by=user, at=at)
        elif cleaned["house"]:  # whoever a colleague invites founds nothing
            request.session[LANDING] = founding_path(cleaned["who"], cleaned["house"])


def founding_path(who: str, house: str) -> str:
    """Where a house is founded, with what is known already."""
    try:
        path = reverse("found-organization")
    except NoReverseMatch:
        path = "/organizations/new/"
    return f"{path}?{urlencode({'kind': who, 'name': house})}"
