"""Who a new person is."""

from typing import Any

from django import forms


class WhoYouAreForm(forms.Form):
    """The part of the sign-up form that is ours."""

    name = forms.CharField(label="Your name", max_length=120)

    def signup(self, request: Any, user: Any) -> None:
        """Called by allauth once the account exists."""
