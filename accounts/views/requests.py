"""The request of somebody who is signed in, as the middleware completes it."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """``user`` is a real person; ``desk`` is the ``agencies.access.Desk`` they sit at."""

    user: User
    desk: Any
