"""The fields of a confirm page that prove the person. The page shows only what this person has set up."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.actions.signing import Proof, challenge_for, passkey_options, ways_to_sign
from accounts.models import User
from accounts.rules.factors import Factor
from accounts.rules.subject import Subject


class ProofFields(forms.Form):
    """Challenge, passkey, code and password. Nothing is required here: the action says what is missing or wrong.

    ``fresh`` is a new challenge for the page, good for five minutes; what was posted is in ``proof()``.
    """

    challenge = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    passkey = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)
    code = forms.CharField(
        label="Code from your app",
        required=False,
        max_length=12,
        help_text="Six digits. Each is good once.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "form-control code-input"}
        ),
    )
    password = forms.CharField(
        label="Your password",
        required=False,
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
    )

    def __init__(self, data: Any = None, *, user: User, subject: Subject, digest: str, at: datetime) -> None:
        super().__init__(data)
        self.factors = ways_to_sign(user)
        self.fresh = challenge_for(user, subject, digest, at=at)
        self.options = passkey_options(user, self.fresh) if self.by_passkey else {}

    @property
    def by_passkey(self) -> bool:
        return Factor.PASSKEY in self.factors

    @property
    def by_code(self) -> bool:
        return Factor.TOTP in self.factors

    @property
    def by_password(self) -> bool:
        return Factor.PASSWORD in self.factors

    def proof(self) -> Proof:
        """What was posted, cut to sizes nobody needs more of."""
        sent = self.cleaned_data if self.is_valid() else {}
        return Proof(
            challenge=sent.get("challenge", ""),
            password=sent.get("password", ""),
            code=sent.get("code", ""),
            passkey=sent.get("passkey", ""),
        )
