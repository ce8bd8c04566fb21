"""Who a new person is."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.actions.people import join, register_actor
from accounts.forms.fields import LineField, ZoneField, birth_date_field
from accounts.rules.ages import check_birth_date
from accounts.rules.joining import Who
from accounts.rules.refusal import Refused

HANDOVER = "/handover/"  # where a profile that a guardian kept waits for its own person
LANDING = "landing"  # the session's word for where a new person goes after the code


class WhoYouAreForm(forms.Form):
    """The part of the sign-up form that is ours; allauth adds e-mail and password."""

    field_order = ("name", "who", "stage_name", "birth_date", "house", "email", "password1", "time_zone")

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
        help_text="If you work for one: its name, if you found it here. Empty if a colleague invites you.",
    )
    birth_date = birth_date_field(required=False)
    time_zone = ZoneField(
        help_text="Deadlines and quiet hours follow it.", widget=forms.Select(attrs={"data-zone": ""})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("who") == Who.ACTOR and "birth_date" not in self.errors:
            self._check_age(cleaned.get("birth_date"))
        return cleaned

    def _check_age(self, born_on: date | None) -> None:
        """An actor says when they were born, and has an account of their own from 13 on."""
        if born_on is None:
            self.add_error("birth_date", "Type your date of birth. It decides who may sign here.")
            return
        try:
            check_birth_date(born_on, today=timezone.localdate())
        except Refused as refusal:
            self.add_error("birth_date", refusal.sentence)

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth once the account exists: makes the person what they said they are."""
        at, cleaned = timezone.now(), self.cleaned_data
        join(user, name=cleaned["name"], time_zone=cleaned["time_zone"], by=user, at=at)
        if str(request.session.get("invitation", "")).startswith(HANDOVER):
            return  # a profile was kept for this person, and they are led to it
        if cleaned["who"] == Who.ACTOR:
            stage_name = cleaned["stage_name"] or cleaned["name"]
            actor = register_actor(user, stage_name=stage_name, birth_date=cleaned["birth_date"], by=user, at=at)
            if actor.is_minor(at):
                request.session[LANDING] = "/me/guardians/"
        elif cleaned["who"] == Who.GUARDIAN:
            request.session[LANDING] = "/me/guardians/open/"
        elif cleaned["house"]:  # whoever a colleague invites founds nothing
            request.session[LANDING] = founding_path(cleaned["who"], cleaned["house"])


def founding_path(who: str, house: str) -> str:
    """Where a house is founded, with what is known already."""
    try:
        path = reverse("found-organization")
    except NoReverseMatch:
        path = "/organizations/new/"
    return f"{path}?{urlencode({'kind': who, 'name': house})}"
