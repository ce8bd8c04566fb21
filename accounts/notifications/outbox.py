"""A mail backend that keeps letters as rows, to be read at /outbox/. For demo and development."""

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from accounts.models import OutboxLetter  # a backend is imported before the models are ready

        now = timezone.now()
        letters = [
            OutboxLetter(
                to=", ".join(message.to),
                subject=str(message.subject),
                text=str(message.body),
                html=_html(message),
                headers={str(name): str(value) for name, value in message.extra_headers.items()},
                at=now,
            )
            for message in email_messages
        ]
        OutboxLetter.objects.bulk_create(letters)
        return len(letters)


def _html(message: Any) -> str:
    return next((part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
