"""Inviting a guardian, accepting to be one, and opening a child's profile."""

from typing import Any

from django import forms

from accounts.forms.fields import LineField, birth_date_field
from agencies.rules.guardians import Relation


def proof_field() -> LineField:
    return LineField(
        label="The paper that shows it",
        max_length=200,
        help_text="What it is, its number, and who issued it. We ask to see it once and never keep it.",
        error_messages={"required": "Name the paper: a birth certificate, a court order, with its number."},
    )


def relation_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="You are their",
        choices=[(relation.value, relation.label.lower()) for relation in Relation],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you are a parent or a legal guardian."},
    )


class InviteGuardianForm(forms.Form):
    email = forms.EmailField(
        label="Their e-mail",
        max_length=254,
        help_text="A parent or legal guardian. If they have no account with this address, the letter leads to one.",
        error_messages={
            "required": "Type the e-mail of your guardian.",
            "invalid": "This is no e-mail address. Write it like name@example.com.",
        },
    )


class HandoverForm(forms.Form):
    email = forms.EmailField(
        label="Their own e-mail",
        max_length=254,
        help_text="The letter leads them to an account of their own. You stay their guardian until they are 18.",
        error_messages={
            "required": "Type their own e-mail.",
            "invalid": "This is no e-mail address. Write it like name@example.com.",
        },
    )


class AcceptForm(forms.Form):
    """What a guardian says about themself when they accept."""

    relation = relation_field()
    proof = proof_field()


class OpenProfileForm(forms.Form):
    """A child's profile, opened by a grown-up."""

    name = LineField(
        label="Your child’s name",
        max_length=120,
        help_text="As it stands in their papers.",
        error_messages={"required": "Type your child’s name."},
    )
    stage_name = LineField(
        label="Stage name",
        max_length=120,
        required=False,
        help_text="How casting people know them. Empty means their name.",
    )
    birth_date = birth_date_field(help_text="Casting people never see it.", required=True)
    relation = relation_field()
    proof = proof_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("name") and not cleaned.get("stage_name"):
            cleaned["stage_name"] = cleaned["name"]
        return cleaned
