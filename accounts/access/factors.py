"""What a person may sign with."""

from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.rules.factors import Factor

_OF = {Authenticator.Type.WEBAUTHN: Factor.PASSKEY, Authenticator.Type.TOTP: Factor.TOTP}


def authenticators_of(user: User) -> dict[Factor, list[Authenticator]]:
    """What the person has set up beside a password, passkeys first. One query."""
    found = list(Authenticator.objects.filter(user=user, type__in=_OF))
    sorted_ = {factor: [row for row in found if row.type == type_] for type_, factor in _OF.items()}
    return {factor: rows for factor, rows in sorted_.items() if rows}


def second_factors_of(user: User) -> list[Factor]:
    """Passkey and TOTP, as far as set up. One query."""
    return list(authenticators_of(user))


def factors_of(user: User) -> list[Factor]:
    """What signs an approval: passkey or TOTP once set up; the password until then; nothing for who has neither."""
    return second_factors_of(user) or ([Factor.PASSWORD] if user.has_usable_password() else [])


def has_second_factor(user: User) -> bool:
    return bool(second_factors_of(user))
