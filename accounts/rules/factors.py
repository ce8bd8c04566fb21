"""What proves a person."""

from accounts.rules.labeled import Labeled


class Factor(Labeled):
    PASSKEY = "passkey", "passkey"
    TOTP = "totp", "code from an app"
    PASSWORD = "password", "password"
