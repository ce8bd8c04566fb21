"""Inviting a colleague and giving a role."""

from django import forms

from agencies.rules.organizations import ROLE_MEANS, Role


def role_field(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(role.value, f"{role.label}. {ROLE_MEANS[role]}") for role in Role],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role."},
    )


class InviteColleagueForm(forms.Form):
    email = forms.EmailField(
        label="Their e-mail",
        max_length=254,
        help_text="The invitation can only be accepted by the account that owns this address.",
        error_messages={
            "required": "Type the e-mail of your colleague.",
            "invalid": "This is no e-mail address. Write it like name@house.example.",
        },
    )
    role = role_field("What they may do")

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    role = role_field("What they may do")

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
