from accounts.audit.models import AuditEntry
from accounts.models.heartbeat import Heartbeat
from accounts.models.profiles import ActorProfile, DirectorProfile
from accounts.models.signing import UsedChallenge
from accounts.models.submission import FormSubmission
from accounts.models.user import User
from accounts.notifications.models import Delivery, Notification, OutboxLetter, Preference

__all__ = [
    "ActorProfile",
    "AuditEntry",
    "Delivery",
    "DirectorProfile",
    "FormSubmission",
    "Heartbeat",
    "Notification",
    "OutboxLetter",
    "Preference",
    "UsedChallenge",
    "User",
]
