"""What a person may sign with."""

from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.rules.factors import Factor

_OF = {Authenticator.Type.WEBAUTHN: Factor.PASSKEY, Authenticator.Type.TOTP: Factor.TOTP}


def second_factors_of(user: User) -> list[Factor]:
    """Passkey and TOTP, as far as set up. One query."""
    types = set(Authenticator.objects.filter(user=user, type__in=_OF).values_list("type", flat=True))
    return [factor for type_, factor in _OF.items() if type_ in types]


def factors_of(user: User) -> list[Factor]:
    """What signs an approval: passkey or TOTP once set up; the password until then; nothing for who has neither."""
    return second_factors_of(user) or ([Factor.PASSWORD] if user.has_usable_password() else [])


def has_second_factor(user: User) -> bool:
    return bool(second_factors_of(user))
