"""allauth's forms for coming in, with our one sentence where a new password is chosen."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context

from accounts.rules.joining import Who

WHAT_WILL_DO = "At least 10 characters, not only digits, and nothing others would guess."


class SignupForm(allauth_forms.SignupForm):
    """Who the person is may come with the link, as an invitation knows it: ``?who=casting``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = WHAT_WILL_DO
        asked = context.request.GET.get("who", "") if context.request else ""
        if asked in {who.value for who in Who}:
            self.initial["who"] = asked


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "New password", "The same again"
        self.fields["password1"].help_text = WHAT_WILL_DO


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = WHAT_WILL_DO


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "New password", "The same again"
        self.fields["password1"].help_text = WHAT_WILL_DO
