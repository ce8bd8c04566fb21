"""People, known by their e-mail address."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.rules.people import NO_ACCOUNT


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. What they are follows from their actor profile and their memberships."""

    email = models.EmailField("e-mail", max_length=254, unique=True)
    name = models.CharField("your name", max_length=120, help_text="As you sign. Only people you deal with see it.")
    time_zone = models.CharField(max_length=64, default="America/Los_Angeles", help_text="IANA name of the zone.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def has_account(self) -> bool:
        """False for a child whose guardian opened the profile: nobody signs in as them or writes to them."""
        return not self.email.endswith(NO_ACCOUNT)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def zone_words(self) -> str:
        """“Los Angeles time”: the zone as people say it."""
        return self.time_zone.rsplit("/", 1)[-1].replace("_", " ") + " time"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]
