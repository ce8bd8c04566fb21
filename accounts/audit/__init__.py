"""What we remember that was done. ``record()`` writes it, ``timeline()`` reads it; nothing ever changes it."""

from accounts.audit.events import Sentence, register
from accounts.audit.origin import Origin, origin
from accounts.audit.recording import record, record_all, record_refusal
from accounts.audit.timeline import timeline

__all__ = ["Origin", "Sentence", "origin", "record", "record_all", "record_refusal", "register", "timeline"]
