"""Noting what allauth did with somebody's sign-in: who came, who failed, what was set up or removed."""

import hashlib
from datetime import datetime
from typing import Any

from accounts.actions.people import subject_of
from accounts.audit import record
from accounts.audit.models import AuditEntry
from accounts.audit.origin import current_origin
from accounts.models import User
from accounts.rules.events import Event
from accounts.rules.subject import Subject


def note(event: Event, user: User, *, by: User | None, at: datetime, **data: Any) -> None:
    """One line of the trail about this account."""
    record(event, subject=subject_of(user), by=by, at=at, **data)


def note_sign_in(user: User, *, by: User, at: datetime) -> bool:
    """Remembers a sign-in and says whether it came from a browser this person never used before (not their first)."""
    agent = current_origin().user_agent[:200]
    before = AuditEntry.objects.filter(by_id=user.pk, event=Event.SIGNED_IN)
    new = before.exists() and not before.filter(user_agent=agent).exists()
    note(Event.SIGNED_IN, user, by=by, at=at)
    return new


def note_failed_sign_in(*, email: str, by: None, at: datetime) -> None:
    """Remembers a wrong password: whose account it was, if anybody's. Neither the password nor the address is kept."""
    user = User.objects.filter(email__iexact=email).first() if email else None
    subject = subject_of(user) if user else Subject("user", None)
    digest = hashlib.sha256(email.lower().encode()).hexdigest()[:16]
    record(Event.SIGN_IN_FAILED, subject=subject, by=by, at=at, refused="wrong-password", address=digest)
