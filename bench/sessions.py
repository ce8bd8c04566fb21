"""Signing in without the sign-in page."""

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(email: str) -> Client:
    """A client in this process, signed in as the person of this address; a stranger for an empty one."""
    client = Client(SERVER_NAME="127.0.0.1", headers={"User-Agent": "Mozilla/5.0 (bench)"})
    if email:
        client.force_login(get_user_model()._default_manager.get(email=email), backend=BACKEND)
    return client


def session_of(email: str) -> str:
    """The value of a session cookie of that person."""
    return client_of(email).cookies["session"].value


def measure(emails: list[str]) -> dict[str, Any]:
    return {email: session_of(email) for email in emails}
