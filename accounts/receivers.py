"""What allauth tells us about sign-ins and factors, written into the audit trail. The only receivers there are."""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import Signal
from django.utils import timezone

from accounts.actions.signs import note, note_sign_in
from accounts.rules.events import Event

FACTORS = {
    Authenticator.Type.TOTP: "codes from an app",
    Authenticator.Type.WEBAUTHN: "a passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def signed_in(request: Any, user: Any, **_: Any) -> None:
    if note_sign_in(user, by=user, at=timezone.now()):
        get_adapter(request).tell_change(user, "Somebody signed in to your account from a browser we had not seen.")


def _noting(event: Event) -> Any:
    def receive(user: Any, **_: Any) -> None:
        note(event, user, by=user, at=timezone.now())

    return receive


def factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    note(Event.FACTOR_ADDED, user, by=user, at=timezone.now(), factor=FACTORS[authenticator.type])


def factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    note(Event.FACTOR_REMOVED, user, by=user, at=timezone.now(), factor=FACTORS[authenticator.type])


def second_step_failed(user: Any, **_: Any) -> None:
    note(Event.SECOND_STEP_FAILED, user, by=None, at=timezone.now())


RECEIVERS: list[tuple[Signal, Any]] = [
    (account.user_logged_in, signed_in),
    (account.password_changed, _noting(Event.PASSWORD_CHANGED)),
    (account.password_set, _noting(Event.PASSWORD_CHANGED)),
    (account.password_reset, _noting(Event.PASSWORD_CHANGED)),
    (account.email_added, _noting(Event.EMAIL_ADDED)),
    (account.email_changed, _noting(Event.EMAIL_CHANGED)),
    (account.email_removed, _noting(Event.EMAIL_REMOVED)),
    (mfa.authenticator_added, factor_added),
    (mfa.authenticator_removed, factor_removed),
    (mfa.authenticator_reset, _noting(Event.CODES_RENEWED)),
    (mfa.authentication_failed, second_step_failed),
]


def connect() -> None:
    """Called once, when the app is ready."""
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, weak=False, dispatch_uid=f"understudy-{id(receiver)}")
