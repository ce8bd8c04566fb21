"""What we tell people. ``notify()`` writes notices and their deliveries into the caller's transaction."""

from accounts.notifications.notifying import Notice, call_off, call_off_to, notify

__all__ = ["Notice", "call_off", "call_off_to", "notify"]
