"""How allauth behaves here: our words in its letters, its secrets encrypted, its keys bound to our site."""

import base64
import hashlib
import logging
import secrets
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.forms.fields import one_line
from accounts.forms.signup import LANDING
from accounts.notifications import Notice, notify
from accounts.rules.subject import Subject

logger = logging.getLogger(__name__)
INVITATION = "invitation"  # the session's word for the invitation somebody came by
CHANGES = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was reset.",
    "account/email/password_set": "A password was set for your account.",
    "account/email/email_changed": "Your e-mail address was changed from {from_email} to {to_email}.",
    "account/email/email_confirm": "Your e-mail address was confirmed.",
    "account/email/email_deleted": "The e-mail address {deleted_email} was removed from your account.",
    "mfa/email/totp_activated": "Codes from an app were switched on as your second step.",
    "mfa/email/totp_deactivated": "Codes from an app were switched off as your second step.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made; the old ones stopped working.",
    "mfa/email/webauthn_added": "A passkey was added to your account.",
    "mfa/email/webauthn_removed": "A passkey was removed from your account.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up and sign-in. Codes and links go out at once; news of changes go through the outbox and are never lost."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This e-mail address and password don’t belong together.",
        "incorrect_code": "That code is not right. Please look again, or ask for a new one.",
        "incorrect_password": "That password is not right.",
        "too_many_login_attempts": "That was too many tries. Please wait five minutes, or reset your password.",
        "rate_limited": "That was too many tries. Please wait a little.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a code or a link now. When the mail server is away, a page says so instead of an error."""
        request = allauth_context.request
        letter = {"site_url": settings.SITE_URL, "recipient": _name_in(context), **context}
        try:
            super().send_mail(template_prefix, email, letter)
        except (OSError, SMTPException) as error:
            logger.exception("letter-not-sent", extra={"template": template_prefix})
            # A letter that did not go does not count, so that the next try sends a new code at once.
            ratelimit.clear(request, app="allauth.account", action="confirm_email", key=email.lower())
            raise ImmediateHttpResponse(render(request, "accounts/mail_away.html", status=503)) from error

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tells the owner what changed in their account: at the current address, and at the old one, too."""
        sentence = CHANGES[template_prefix].format_map(context or {})
        self.tell_change(user, sentence, also=email)

    def tell_change(self, user: Any, sentence: str, also: str | None = None) -> None:
        """Writes the notice of a change made just now, with where it came from."""
        request, at = allauth_context.request, timezone.now()
        told = {
            "what": sentence,
            "ip": self.get_client_ip(request) or "",
            "browser": one_line(self.get_http_user_agent(request))[:200],
            "happened_at": at.isoformat(),
        }
        once = f"{at.isoformat()}:{secrets.token_hex(4)}"
        people = [user, *([also] if also and also.lower() != user.email.lower() else [])]
        subject = Subject("user", user.pk, label=str(user))
        notify(
            [Notice("account-changed", to, subject, once=once, path="/accounts/email/", context=told) for to in people],
            at=at,
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation the person came by, or on to founding their house; home otherwise."""
        waiting = [request.session.pop(INVITATION, ""), request.session.pop(LANDING, "")]
        for path in waiting:
            if path and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
                return str(path)
        return str(super().get_login_redirect_url(request))

    get_signup_redirect_url = get_login_redirect_url

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        from accounts.actions.signs import note_failed_sign_in

        note_failed_sign_in(email=str(credentials.get("email", "")), by=None, at=timezone.now())


class MFAAdapter(DefaultMFAAdapter):
    """Keeps TOTP secrets and recovery seeds encrypted with a key made from SECRET_KEY, which is not in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right, or it was used already. Type the one that is shown now.",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth names it so
        """What the form to add a passkey proposes as its name."""
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "My passkey" if number == 1 else f"My passkey {number}"

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": "Understudy"}

    @staticmethod
    def _fernet() -> Fernet:
        key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"mfa-secrets").digest()
        return Fernet(base64.urlsafe_b64encode(key))


def _name_in(context: dict[str, Any]) -> str:
    user = context.get("user")
    return str(getattr(user, "name", "") or "")
