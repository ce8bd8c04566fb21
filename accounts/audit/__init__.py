"""What we remember that was done. ``record()`` writes it, ``timeline()`` reads it; nothing ever changes it."""

from accounts.audit.events import Sentence, register
from accounts.audit.origin import Origin, origin
from accounts.audit.recording import record, record_all, record_refusal
from accounts.audit.timeline import Deed, deed, deeds_of, timeline

__all__ = [
    "Deed",
    "Origin",
    "Sentence",
    "deed",
    "deeds_of",
    "origin",
    "record",
    "record_all",
    "record_refusal",
    "register",
    "timeline",
]
